/** In English: polls, their results, and the rooms and accounts that are linked for them. */
import type { Said } from "../said.ts";
import { peopleOf } from "./count.ts";

export const poll = {
  /** What a stance on a topic is voted with. */
  stances: { agree: "Agree", mixed: "Mixed", disagree: "Disagree" },
  aboutTopic: (proposition: string, topic: string): string => `${proposition} (A vote is a stance on “${topic}”.)`,
  ending: "It ends now: the count follows within a minute or two.",
  over: "There is nothing to end: it is over already.",
  alsoHours: "How long it is open is said with `hours`.",
  asked: (question: string, rooms: number, until: string, hidden: boolean): string =>
    `The poll “${question}” is on its way and will stand ${rooms === 1 ? "here" : `in ${rooms} rooms`}, open until **${until}**${hidden ? ", its counts hidden until then" : ""}. \`/results\` counts it.`,
  repeated: (question: string, rooms: number, when: string, hours: number, hidden: boolean): string =>
    `From now on I ask “${question}” ${rooms === 1 ? "here" : `in ${rooms} rooms`} **${when}**, open for ${hours} h each time${hidden ? ", its counts hidden until it ends" : ""}.`,
  next: (runs: string): string => `Next: ${runs}`,
  undo: "Undo",
  noOptions: {
    message: "A question of your own needs options, and I know no topic of this name.",
    hint: 'Such as `/poll Which network next? options="Akash|Render|None"`. `/topics` lists the topics.',
  },
  none: 'Nothing was asked here yet. Try `/poll Which network next? options="Akash|Render|None"`, or `/poll latency`.',
  results: (question: string): string => `Results: ${question}`,
  end: (question: string): string => `End: ${question}`,
  repeatNoMore: (question: string): string => `Repeat no more: ${question}`,
  again: "**Again and again**",
  title: "Polls",
  counts: "Counts: `/results`.",
  openLine: (question: string, until: string): string => `${question}: open until ${until}`,
  closedLine: (question: string, at: string): string => `${question}: closed ${at}`,
  /** Below a poll that stands in a room. */
  openUntil: (time: string): string => `Open until ${time}.`,
  countsLater: "Counts are shown when it ends.",
  withoutNames: "Votes are counted without names.",
  takeBack: "Take my vote back",
  notAlone: { message: "A poll needs a room with other people.", hint: "Ask it in a Discord channel or a Telegram group." },
  notLinked: { message: "This room is not linked with another one.", hint: "An admin links rooms with `/link`." },
  noSuchPoll: { message: "This room has no such poll to vote in here.", hint: "Use the buttons under the poll." },
  noSuchOption: { message: "This poll has no such option.", hint: "Use the buttons under the poll." },
  tooLate: { message: "This poll is over: your vote was not counted.", hint: "`/results` shows how it ended." },
  noQuestion: { message: "A poll needs a question.", hint: 'Such as `/poll Which network next? options="Akash|Render"`.' },
  longQuestion: (most: number, length: number): string => `A question may have at most ${most} characters, and yours has ${length}.`,
  fewOptions: { message: "A poll needs at least two options, with | between them.", hint: 'Such as `options="Yes|No|Not yet"`.' },
  manyOptions: (most: number, count: number, native: number): Said => ({
    message: `A poll may have at most ${most} options, and yours has ${count}.`,
    hint: `Up to ${native} are shown as the platform's own poll, more as buttons.`,
  }),
  longOption: (most: number, length: number): string => `An option may have at most ${most} characters, and one of yours has ${length}.`,
  sameOptions: "Two of the options are the same.",
  badHours: (most: number): string => `A poll may be open for 1 to ${most} hours.`,
} as const;

export const vote = {
  takenBack: "Your vote is taken back.",
  counted: (option: string): string => `Counted: **${option}**.`,
  sealed: "The counts are shown when it ends.",
  soFar: (counts: string): string => `So far: ${counts}.`,
} as const;

export const results = {
  none: { message: "There is no such poll here.", hint: "`/poll` lists those that were asked." },
  open: (until: string): string => `open until ${until}`,
  counting: "over; the last votes are being counted",
  closed: (at: string): string => `closed ${at}`,
  sealed: (people: number, when: string): string => `${peopleOf(people)} voted so far; ${when}. The counts are shown when it ends.`,
  nobody: (when: string): string => `Nobody has voted; ${when}.`,
  voted: (people: number, when: string): string => `**${peopleOf(people)}** voted; ${when}.`,
  chart: (people: number, closed: string | null): string => `${peopleOf(people)}, ${closed === null ? "so far" : `closed ${closed}`}`,
  few: (fewest: number): string => `Fewer than ${fewest} people: counts only, no percentages. Each person counts once.`,
  once: "Each person counts once, in the first room of the list where they voted: also with two joined accounts (`/linkme`).",
  head: { option: "Option", people: "People", room: "Room" },
  shareOf: (people: number): string => `Share of ${people}`,
  allOf: (platform: string): string => `All of ${platform}`,
  again: (votes: number): string =>
    `${votes === 1 ? "1 vote" : `${votes} votes`} of people who had voted in another room already: not counted again.`,
  outside: (people: number, each: string | null): string =>
    `Counted apart: ${peopleOf(people)} from outside${each === null ? "" : ` (${each})`}, who came by a forwarded poll or are no members.`,
  unchecked: (people: number): string => `Of ${peopleOf(people)} the platform does not say whether they are members here.`,
  leftOut: (platform: "discord" | "telegram" | "console", n: number): string =>
    platform === "telegram"
      ? `${n} of whom I knew nothing on Telegram before it opened`
      : `${n} whose ${n === 1 ? "account was" : "accounts were"} new or had joined after it opened`,
  /** @param counts what is counted then; null where it is the same */
  robust: (leftOut: readonly string[], people: number, of: number, counts: string | null): string => {
    const told = `**Robust count**, without ${leftOut.join(" and ")}: ${people} of ${peopleOf(of)}`;
    return counts === null ? `${told}. It says the same.` : `${told}. **It tells something else:** ${counts}.`;
  },
  robustFew: (leftOut: readonly string[], people: number, of: number): string =>
    `**Robust count**, without ${leftOut.join(" and ")}: ${people} of ${peopleOf(of)} are left, too few to compare.`,
  missed: (rooms: number): string => `${rooms === 1 ? "One room" : `${rooms} rooms`} could not be asked.`,
  incomplete: (why: string): string => `**Incomplete.** ${why}`,
  untold: (platform: string, known: number): string => `${platform} did not tell how many votes it counted; I know of ${known}.`,
  lacking: (platform: string, total: number, each: string, known: number, missing: number): string =>
    `${platform} counted ${total} votes (${each}), and I know of ${known}: ${missing} were cast while I could not be told.`,
} as const;

export const link = {
  gone: "That room does not ask any more.",
  refused: "Refused: it stays outside.",
  linked: "Linked. `/poll … everywhere=yes` now asks in all of these rooms.",
  left: "This room is linked no more.",
  notLinked: "This room was not linked.",
  asked: "Asked. Now an admin of the other room types `/link` there and agrees.",
  rooms: { discord: "a Discord channel", telegram: "a Telegram chat", console: "a Telegram chat" },
  agree: (nth: number | null): string => (nth === null ? "Agree" : `Agree to ${nth}`),
  refuse: (nth: number | null): string => (nth === null ? "Refuse" : `Refuse ${nth}`),
  alone: "This room is not linked with another one.",
  with: (rooms: string): string => `Linked with: ${rooms}.`,
  asks: (rooms: string): string => `With this room's code ${rooms} asks to join.`,
  how: (code: string): string =>
    `To link another room, an admin there types \`/link ${code}\` within 15 minutes; then \`/link\` here asks you to agree.`,
  noCode: (command: string): Said => ({
    message: "This code is not valid: each works once, for 15 minutes.",
    hint: `Ask for a new one with \`/${command}\` on the other side.`,
  }),
  pending: { message: "This room has asked to join others, and they have not agreed yet.", hint: "`/link leave` takes it back." },
  full: (most: number): string => `At most ${most} rooms can be linked.`,
  already: { message: "This room is linked already.", hint: "`/link leave` ends that first." },
  ownCode: { message: "This is this room's own code.", hint: "Type it in the other room." },
} as const;

export const linkme = {
  apart: "Your accounts are apart again.",
  notJoined: "This account was not joined with another one.",
  joined: "Joined: in polls your two accounts count as one person.",
  isJoined: "This account is joined with one on another platform: in polls they count as one person.",
  takeApart: "Take them apart",
  how: (code: string): string => `Send me \`/linkme ${code}\` from your other account within 15 minutes.`,
  stored: "What is stored then is that two hashes are one person, and `/privacy` erases it.",
  already: { message: "This account is joined with another one already.", hint: "`/linkme apart` ends that first." },
  ownCode: { message: "This is this account's own code.", hint: "Send it to me from your other account." },
  third: "The other account is joined with a third one already.",
} as const;
