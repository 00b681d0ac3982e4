/** In English: a community's settings taken elsewhere, and what became of them. */
import type { Said } from "../said.ts";
import type { Utterances } from "../utterances.ts";
import { counted, utterances } from "./count.ts";

export const setup = {
  /** What each setting is called. */
  names: {
    language: "Language",
    audience: "Audience",
    zone: "Time zone",
    sections: "Digest sections",
    quoting: "Members are quoted",
    suggestions: "Digests ask a question",
    retentionDays: "What members say is kept",
  },
  yes: "yes",
  no: "no",
  forEver: "for ever",
  days: (n: number): string => counted(n, "day", "days"),
  none: "none",
  exported: "The settings of this community and the assets it follows. Digest times belong to rooms and are not among them.",
  code: (code: string): string => `To take them over in another community, an admin types there:\n\`/setup import ${code}\``,
  exportFile: "Settings of this community",
  noCode: {
    message: "Whose settings shall I take over?",
    hint: "Type `/setup import` and the code that `/setup export` gives.",
  } satisfies Said,
  badCode: {
    message: "I cannot read that code.",
    hint: "Copy it whole from what `/setup export` gave; it begins with `depinion-settings-`.",
  } satisfies Said,
  same: "It is like that here already; nothing has changed.",
  wouldChange: "This would change here, and has not yet:",
  changed: "Taken over:",
  change: (name: string, before: string, after: string): string => `${name}: ${before} → **${after}**`,
  followed: (n: number): string => `${counted(n, "asset", "assets")} more to follow`,
  unfollowed: (n: number): string => `${counted(n, "asset", "assets")} to follow no more`,
  erases: (gone: Utterances, days: number): string =>
    `**This erases ${utterances(gone)} of this community for good:** what is older than ${counted(days, "day", "days")}.`,
  confirm: "Yes, take them over",
  history: "What was changed, and by whom",
  nothingYet: "Nothing has been changed here yet.",
  row: (at: string, name: string, before: string, after: string, by: string): string => `${at}: ${name}: ${before} → ${after}, by ${by}`,
  admin: (pseudonym: string): string => `admin ${pseudonym}`,
  left: "a member who has left",
  historyFile: (changes: number): string => counted(changes, "change", "changes"),
  pseudonyms: (shown: number, inFile: number): string =>
    `The newest ${shown} of ${inFile}; all are in the file. Admins are shown by pseudonym, and by none once they have erased themselves.`,
} as const;
