/** In English: what a platform says of its own accord, and how it asks for what is written into a form. */

export const forms = {
  /** Discord's label of the input, where the question is too long for one. */
  yourWords: "Your words",
  reply: "Reply to this message.",
  inPrivate: "Answer in private",
  atPrompt: "Type your answer and press Enter.",
} as const;

export const doors = {
  /** What a private chat is told that wrote no command. */
  hint: (example: string | null): string => `I answer commands${example === null ? "" : `, such as ${example}`}. /help lists them.`,
  flooded: "More is waiting here than I can answer. Until I have caught up I skip what comes: please send it again later.",
  elsewhere: "I have an answer for you alone.",
  openInPrivate: "Open in private",
  unseen: "I can no longer see this message. Please use the buttons of a newer one.",
  notShown: (reference: string): string => `Something went wrong on my side: I could not show the answer. Ref ${reference}`,
  restarting: "I am being restarted. Please try again in a moment.",
} as const;

export const terminal = {
  greeting: "Depinion console. Try /explain depin, /market, /topics or /help; a number presses a button; /quit leaves.",
  working: "Working …",
  writing: "Writing …",
  saved: (path: string): string => `Saved as ${path}`,
  /** @param code the system's, where it gave one */
  notSaved: (path: string, code: string | null): string =>
    `It could not be saved as ${path}${code === null ? "" : ` (${code})`}: is there room, and may I write there?`,
  noSuchButton: (count: number): string => (count === 0 ? "The last answer has no buttons." : `The last answer has buttons 1 to ${count}.`),
} as const;
