/** Discord's limits that this program can meet; each names the page of Discord's documentation that states it. */

/** Characters of one message (resources/message, "Create Message"). */
export const maxContent = 2000;
/** One embed, and all embeds of one message together (resources/message, "Embed Limits"). */
export const maxTitle = 256;
export const maxDescription = 4096;
export const maxFooter = 2048;
export const maxEmbedAuthor = 256;
export const maxEmbeds = 10;
/** 6,000 in the documentation; the rest is a margin for how Discord counts emoji and line breaks. */
export const maxEmbedTotal = 5900;
/** Rows of buttons, buttons in a row, and their labels (components/reference, "Action Row", "Button"). */
export const maxRows = 5;
export const maxRowButtons = 5;
export const maxLabel = 80;
/** Files of one message, and their size without boosts (resources/message; reference, "Uploading Files"). */
export const maxFiles = 10;
export const maxFileBytes = 10 * 1024 * 1024;
export const maxFileDescription = 1024;
/** Modals (components/reference, "Label", "Text Input"). */
export const maxModalTitle = 45;
export const maxModalLabel = 45;
export const maxModalDescription = 100;
export const maxModalText = 4000;
/** Autocomplete choices (interactions/application-commands, "Application Command Option Choice Structure"). */
export const maxChoices = 25;
export const maxChoice = 100;
/** Flag of a message that only its receiver sees (resources/message, "Message Flags"). */
export const ephemeral = 64;
/** Nobody is ever pinged; without this field Discord pings whoever the text names (resources/message, "Allowed Mentions Object"). */
export const noMentions: { readonly parse: [] } = { parse: [] };
