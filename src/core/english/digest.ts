/** In English: what stands around a digest's figures. */

/** What stands around a digest's figures. Figures bring their own names, and dates are written as in Britain. */
import type { Said } from "../said.ts";
import { network, troubles } from "./market.ts";

export const digest = {
  troubles: troubles.all,
  networkNotes: network.notes,
  title: (day: string): string => `DePIN digest · ${day}`,
  noMarketData: "**There is no market data today.**",
  bundled: (why: string): string => `**No price source was reached.**${why} The market figures are those of **August 2024**, not today's.`,
  notLive: (why: string, age: string): string => `**The market figures are not live.**${why} They are ${age} old.`,
  sector: (cap: string): string => `**DePIN sector: ${cap}**`,
  noSector: "**DePIN sector: no data**",
  movers: (floor: string): string => `**Movers over 24 h** (volume of ${floor} and more)`,
  followed: "**Followed here**",
  networks: "**Networks**",
  compute: "**GPU-hours on networks against clouds' lists** (same GPU, on demand; 100 % is the same price)",
  computeMiddle: (share: string): string => `All GPUs that both have, the middle one: ${share}`,
  computeClass: (name: string, networks: string, clouds: string, share: string): string =>
    `${name} ${networks} against ${clouds}: ${share}`,
  aWeekAgo: (figure: string): string => ` (a week ago ${figure})`,
  old: (age: string): string => `${age} old`,
  changes: "Changes of single coins, and those with \\*, are the source's own; others are worked out from Depinion's archive.",
  byModel: (receipt: string | null): string =>
    `The opening sentences are a language model's${receipt === null ? "" : ` (\`${receipt}\`)`}; the figures in them are not.`,
  noAdvice: "Not financial advice.",
  pulse: "**Community pulse** (last 24 h)",
  question: (question: string): string => `**Question of the day:** ${question}`,
  recounted: "(counted anew: something was erased or corrected since)",
  pollsEnded: "**Polls that ended** (last 24 h)",
  pollVotes: (question: string, people: number, counts: string, incomplete: boolean): string =>
    `${question} ${people === 0 ? "nobody voted" : `${people} ${people === 1 ? "person" : "people"}, ${counts}`}${incomplete ? " (incomplete, see `/results`)" : ""}`,
  /** @param counts of the others; null where they are too few to compare */
  pollRobust: (newcomers: number, counts: string | null): string =>
    counts === null ? ` (${newcomers} of them new here)` : ` (without ${newcomers} new here: ${counts})`,
  pulseErased: (topic: string): string => `${topic}: what was said here has been erased`,
  people: (topic: string, people: number, counts: string): string => `${topic}: ${people} ${people === 1 ? "person" : "people"}, ${counts}`,
  shift: (direction: "up" | "down", before: string, now: string): string =>
    ` (agreement ${direction} from ${before} to ${now} who took a side)`,
  robustly: (left: number, agree: number, of: number): string =>
    ` (without ${left} that look${left === 1 ? "s" : ""} made to sway it, ${agree} of ${of} agree)`,
  ofPeople: (percent: number, people: number): string => `${percent} % of ${people}`,
  quotedMember: (topic: string): string => `a member on ${topic}`,
  quoteHidden: "A quote stood here; this community quotes nobody now.",
  quoteErased: "A quote stood here; it was taken back or erased.",
  picture: (description: string): string => `(Picture: ${description})`,
  chart: {
    sector: "DePIN sector market cap, 30 days",
    archive: "Depinion's archive",
    line: "DePIN sector",
    movers: "Movers in 24 hours",
    subtitle: (source: string, time: string): string => `${source}, ${time}`,
  },
  whereFrom: "Where the numbers are from",
  logMine: "Log mine",
  /** To the admins of a community, or to whom it is the private chat of. */
  paused: (own: boolean, time: string, zone: string): string =>
    `${own ? "The" : "Admins: the"} digest at ${time} (${zone}) is paused, because I cannot post it in its room any more. \`/subscribe\` there says why.`,
  wasPaused: (own: boolean, time: string, zone: string): string =>
    `${own ? "The" : "Admins: the"} digest at ${time} (${zone}) was paused for a while, because I could not post it; it goes on now.`,
  periods: { "24h": "24 h", "7d": "7 d", "30d": "30 d", baseline: "since Aug 2024" },
  since: (date: string): string => `**Since the digest of ${date}**`,
} as const;

/** `/digest` itself. */
export const digestCommand = {
  collecting: "Collecting the figures …",
  figuresOf: (date: string): string => `Figures of the digest of ${date}`,
  noFigure: "There was no figure in it.",
  receipts: "`/why` with a receipt shows where a figure came from.",
  asPosted: (date: string): string => `As it was posted on ${date}.`,
  notKept: { message: "That digest is not kept here.", hint: "`/digest` makes today's." },
  /** @param known days that have one */
  none: (date: string, known: string | null): Said => ({
    message: `There is no digest of ${date} here.`,
    hint: known === null ? "`/digest` makes today's." : `There are digests of ${known}.`,
  }),
  badDate: (typed: string): Said => ({
    message: `“${typed}” is no date I can read.`,
    hint: "Write it like `2026-11-20`, or `yesterday`.",
  }),
  both: (from: string, to: string): string => `Digests of ${from} and ${to}`,
  nothingInCommon: "The two have no figure in common that comes from the same source.",
  change: "change",
  noData: "no data",
} as const;
