/** In English: what cannot be done, and whose fault that is. */
import type { Said } from "../said.ts";

/** Of every command: what cannot be done, and whose fault that is. Whatever is put in has been made literal. */
export const refusals = {
  surplusArguments: (command: string, takesNone: boolean, words: string): string =>
    takesNone
      ? `\`/${command}\` takes no arguments, and I do not know what to do with “${words}”.`
      : `I do not know what to do with “${words}” behind \`/${command}\`.`,
  usage: (usage: string, example: string): string => `Usage: \`${usage}\`\nExample: \`${example}\``,
  unknownCommand: (typed: string): string => `I do not know the command “/${typed}”.`,
  commandList: "`/help` lists what I can do.",
  meantCommand: (name: string): string => `Did you mean \`/${name}\`? \`/help\` lists what I can do.`,
  expiredButton: { message: "This button is no longer valid.", hint: "Type the command again and use the new buttons." },
  notYours: {
    message: "This button is for the member it was made for.",
    hint: "Type the command yourself to get your own.",
  },
  notAsked: "I did not ask for an answer to that.",
  adminOnly: (command: string): string => `\`/${command}\` is for the admins of this place.`,
  notAPerson: (command: string): Said => ({
    message: `\`/${command}\` is about one person, and I cannot tell who writes in the name of a chat.`,
    hint: "Write as yourself, here or in the private chat with me.",
  }),
  forYouAlone: "This is for your eyes only.",
  openInPrivate: "Open in private",
  restarting: {
    message: "I am being restarted, and cannot say whether this was done.",
    hint: "Please look again in a moment.",
  },
  tookTooLong: {
    message: "This took too long, and I cannot say whether it was done.",
    hint: "Please look again in a moment.",
  },
  /** @param sentence on what went wrong, as those of `troubles` */
  serviceFailed: (sentence: string, reference: string): string => `${sentence} Ref ${reference}`,
  /** @param what asks too much: this member, or everyone at this place */
  slowDown: (what: "member" | "room", seconds: number): string =>
    `${what === "member" ? "You are" : "This place is"} a little fast for me. Please wait ${seconds === 1 ? "a second" : `${seconds} seconds`}.`,
  diskFull: {
    message: "The disk I keep things on is full, so I could not do this. Nothing was stored.",
    hint: "Please try again later; whoever runs me finds the reason in the log.",
  },
  wentWrong: (reference: string): string => `Something went wrong on my side. Ref ${reference}`,
} as const;

/** What is wrong with an argument: `name` is followed by one of the others. */
export const params = {
  unknown: "I do not understand these arguments.",
  missing: (name: string, what: string): string => `\`${name}\` is missing: ${what}.`,
  wrong: (name: string, how: string): string => `\`${name}\` ${how}.`,
  oneOf: (choices: string): string => `must be one of ${choices}`,
  tooLong: (most: number, length: number): string => `may have at most ${most} characters, and yours has ${length}`,
  tooShort: (least: number): string => `needs at least ${least} characters`,
  empty: "is empty: say something, or leave it out",
  invalid: "is not valid",
  number(whole: boolean, min: number | undefined, max: number | undefined): string {
    const kind = whole ? "a whole number" : "a number";
    if (min !== undefined && max !== undefined) return `must be ${kind} from ${min} to ${max}`;
    if (min !== undefined) return `must be ${kind} of at least ${min}`;
    return max === undefined ? `must be ${kind}` : `must be ${kind} of at most ${max}`;
  },
  yesOrNo: "must be `yes` or `no`",
} as const;
