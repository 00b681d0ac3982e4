/** In English: what is kept of a member and of a community, and what both decide. */
import type { Said } from "../said.ts";
import type { Utterances } from "../utterances.ts";
import { counted, listed, utterances } from "./count.ts";

const days = (n: number): string => counted(n, "day", "days");

/** How many there are of each kind that is not an opinion. */
interface Kinds {
  readonly reports: number;
  readonly audience: number;
  readonly claims: number;
  readonly claimVotes: number;
  readonly votes: number;
  readonly polls: number;
  readonly forecasts: number;
  readonly questions: number;
  readonly joined: number;
  readonly subscriptions: number;
  /** Of the private chat. */
  readonly ownTimes: number;
  readonly changes: number;
  readonly settings: number;
  readonly digests: number;
  readonly buttons: number;
}

/** What is deleted where a member erases everything, opinions first. */
const own = (opinions: number, kinds: Kinds): string[] => [
  counted(opinions, "opinion", "opinions"),
  ...some([
    [kinds.reports, "report of a run", "reports of runs"],
    [kinds.audience, "choice of whom I explain things for", ""],
    [kinds.claims, "claim for others to vote on", "claims for others to vote on"],
    [kinds.claimVotes, "vote on claims", "votes on claims"],
    [kinds.votes, "vote in a poll", "votes in polls"],
    [kinds.forecasts, "forecast", "forecasts"],
    [kinds.joined, "joined account on another platform", ""],
    [kinds.ownTimes, "digest time of your private chat", "digest times of your private chat"],
    [kinds.settings, "setting of your private chat", "settings of your private chat"],
    [kinds.digests, "digest in your private chat", "digests in your private chat"],
  ]),
];

/** What was asked for or set, which stays in a group without its author. */
const asked = (kinds: Kinds): string[] =>
  some([
    [kinds.polls, "poll that you asked", "polls that you asked"],
    [kinds.questions, "question about a figure", "questions about figures"],
    [kinds.subscriptions, "digest time that you asked for", "digest times that you asked for"],
    [kinds.changes, "change of settings by you", "changes of settings by you"],
  ]);

const some = (kinds: readonly (readonly [number, string, string])[]): string[] =>
  kinds.flatMap(([n, one, many]) => (n === 0 ? [] : [counted(n, one, many)]));

export const privacy = {
  title: "Your privacy",
  stored: (opinions: number, kinds: Kinds): string => {
    const [first = "", ...others] = own(opinions, kinds);
    const buttons = `Besides, ${counted(kinds.buttons, "button", "buttons")} of mine that concern you, gone after 30 days.`;
    return `Stored of you on this platform: ${listed([`**${first}**`, ...others, ...asked(kinds)])}. ${buttons}`;
  },
  how: "You are stored as a keyed hash, never by name or id. Each opinion has its text, topic, stance, how I read it, time and community, and each report of a run what you said of it; both are counted only in that community. Nothing is logged unless you ask for it or press a button; other messages are not kept, and what you send to me only until I have answered it.",
  optedOut: "**You have opted out:** nothing of you is logged. That wish itself is kept under your hash.",
  quoted: "**You may be quoted**, without a name, in the community where you said it.",
  notQuoted: (asked: boolean): string =>
    `**You are never quoted:** ${asked ? "you said so" : "you have not allowed it"}. Only your stance is counted.`,
  asking:
    "What you ask with `/ask` is not stored: your last three questions in a place stay in my memory for an hour, so that you can go on from them.",
  erasing:
    "Erasing deletes all of it at once; what you set or asked for in a group stays there, without your hash. Your votes are counted no more; what the platform shows of an open poll you take back there. My daily backups may still hold it for up to seven days; one that is put back in that time forgets it again.",
  buttons: {
    export: "Export as JSON",
    erase: "Erase everything",
    unquote: "Quote me no more",
    quote: "You may quote me",
    optIn: "Log me again",
    optOut: "Never log me",
    reallyErase: "Yes, erase everything",
    reallyOptOut: "Yes, never log me",
  },
  exported: "What is stored of you on this platform:",
  exportFile: "Your data as JSON",
  reallyErase: (opinions: number, kinds: Kinds): string =>
    `This deletes for good what is yours in every community on this platform: ${listed(own(opinions, kinds))}.`,
  nothingStored: "Nothing of you is stored now.",
  nowQuoted: "You may be quoted now, without a name and only in the community where you said it. `/privacy unquotable` takes that back.",
  earlierToo: "Your opinions of before may be quoted too.",
  noLongerQuoted:
    "You are quoted no more: not in new answers and digests, nor where an earlier digest is shown again. Claims made of your opinions are gone.",
  messagesStay: "Messages that stand in a chat already stay there until somebody deletes them.",
  reallyOptOut: "This erases everything of you on this platform, and nothing of you is logged here any more, whoever asks for it.",
  wishStays: "To know that, your hash and this wish stay stored, and nothing else.",
  nothingLogged: "Nothing of you is logged from now on; `/privacy optin` takes that back.",
  loggedAgain: "Your opinions are logged again when you ask for it, and only then.",
  erased: (opinions: number, kinds: Kinds): string =>
    `Erased: ${listed([...own(opinions, kinds), counted(kinds.buttons, "button", "buttons")])}.`,
  left: (path: string): string => `Your export ${path} could not be deleted: please do that yourself.`,
  otherPlatforms: "Your other platforms are separate: use `/privacy` there too.",
  backups: {
    others: "Backups of my database are made by whoever runs me: ask them how long they keep those.",
    none: "There is no backup now.",
    there: (dates: string): string => `Backups there are: ${dates}.`,
    noneOlder: (kept: number): string => `None is older than the ${kept} days for which this community keeps what is said.`,
    older: (kept: number, dates: string): string => `Older than the ${kept} days for which this community keeps what is said: ${dates}.`,
  },
} as const;

export const exporting = {
  notHere: {
    message: "A community's counts are exported where it is: use this in a server or group.",
    hint: "Your own data: `/privacy export`.",
  },
  nothing: "Nobody here has said anything in the whole weeks of that time.",
  done: (n: number): string => `Counts of people by topic, wording and week, over ${n} days.`,
  file: "Counts of opinions by topic and week",
  note: (fewest: number, suppressed: number): string =>
    `Whole weeks, Monday to Monday. Numbers of fewer than ${fewest} people are left out (${suppressed} here), and with them the sum that would tell them. Texts, in JSON alone, only of members who allow quoting.`,
} as const;

type Setting = "language" | "audience" | "timezone" | "sections" | "quoting" | "suggestions" | "retention";

const titles = {
  language: "Language",
  audience: "Audience",
  timezone: "Time zone",
  sections: "Digest sections",
  quoting: "Members are quoted, without a name",
  suggestions: "Digests ask a question, with a button to log one's own answer",
  retention: "What members say is kept",
} as const;

/** @param choices what can be chosen, where that is a list of names */
function expected(setting: Setting, choices: string): string {
  switch (setting) {
    case "language":
      return `${choices}: no other is built in yet. Answers of \`/ask\` come in each member's own language where a language model is configured`;
    case "audience":
      return choices;
    case "timezone":
      return "a city or a zone, such as `Vienna` or `Europe/Vienna`";
    case "sections":
      return `\`all\`, \`-movers\` to switch one off, \`+movers\` to switch it on, or a list of ${choices}`;
    case "quoting":
    case "suggestions":
      return "`yes` or `no`";
    case "retention":
      return "a number of days, such as `365`, or `forever`. Erased after as many are opinions, reports of runs and claims, and, once they are over, polls with their votes and what was forecast";
  }
}

export const settings = {
  title: "Settings of this community",
  titles,
  noValue: (setting: Setting, choices: string): Said => ({
    message: `What shall ${setting} be?`,
    hint: `It can be ${expected(setting, choices)}.`,
  }),
  badValue: (typed: string, setting: Setting, choices: string): Said => ({
    message: `“${typed}” does not fit ${titles[setting].toLowerCase()}.`,
    hint: `It can be ${expected(setting, choices)}.`,
  }),
  unchanged: "It is like that already; nothing has changed.",
  reallyErase: (gone: Utterances, kept: number): string =>
    `This erases **${utterances(gone)}** of this community for good: what is older than ${days(kept)}. Nothing has changed yet.`,
  yesErase: "Yes, erase what is older",
  usualList: "the usual list",
  watched: (added: number, off: number): string => `${added} added, ${off} taken off`,
  none: "none",
  yes: "yes",
  no: "no",
  forEver: "for ever",
  days,
  assets: "Assets",
  lastChanges: "Last changes:",
  /** @param admin null once that member has left */
  change: (
    time: string,
    { what, before, after }: { readonly what: string; readonly before: string; readonly after: string },
    admin: string | null,
  ): string => `${time}: ${what}: ${before} → ${after}, by ${admin === null ? "a member who has left" : `admin ${admin}`}`,
  /** What was changed is kept in English words, such as "for ever" and "not followed", beside names and numbers. */
  kept: (words: string): string => words,
  how: "Change one with `/settings <setting> <value>`, such as `/settings timezone Vienna`. Admins are shown by pseudonym.",
  digestTimes: "Digest times",
  offers: {
    allSections: "all sections",
    switchOff: (section: string): string => `switch ${section} off`,
    switchOn: (section: string): string => `switch ${section} on`,
    withoutName: "yes, without a name",
    oneEach: "yes, one in each digest",
  },
} as const;

export const status = {
  title: "Status",
  head: { what: "What", state: "State" },
  database: "Database",
  well: (version: string): string => `${version}, well`,
  notAnswering: (version: string): string => `${version}, not answering`,
  noAnswer: "no answer stored yet",
  lastAnswer: (age: string): string => `last answer ${age} ago`,
  priceSources: "Price sources",
  allOff: "all off; the August 2024 baseline is shown",
  on: "on",
  off: "off: the log says why",
  narratives: "Narratives",
  noModel: "off: no language model",
  noneWritten: "none written since the start",
  written: (posted: number, thrownAway: number, failed: number): string =>
    `${posted} posted, ${thrownAway} thrown away, ${failed} not to be had since the start`,
  tokens: "Model tokens today",
  unreadable: "cannot be read now",
  used: (bot: string, room: string, own: string): string => `${bot}; questions in this room ${room}, yours ${own}`,
  of: (used: string, limit: string): string => `${used} of ${limit}`,
  version: "Version",
  upFor: "Up for",
} as const;
