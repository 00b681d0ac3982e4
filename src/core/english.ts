/** What the bot says of itself, in English: the catalogue that every further language answers line by line. Inline markup throughout. */

/** How a member's mistake is answered: one clear sentence, and what to do next. */
interface Said {
  readonly message: string;
  readonly hint: string;
}

/** Of every command: what cannot be done, and whose fault that is. Whatever is put in has been made literal. */
const refusals = {
  surplusArguments: (command: string, takesNone: boolean, words: string): string =>
    `\`/${command}\` takes ${takesNone ? "no" : "fewer"} arguments, and I do not know what to do with “${words}”.`,
  usage: (usage: string, example: string): string => `Usage: \`${usage}\`\nExample: \`${example}\``,
  unknownCommand: (typed: string): string => `I do not know the command “/${typed}”.`,
  commandList: "`/help` lists what I can do.",
  meantCommand: (name: string): string => `Did you mean \`/${name}\`? \`/help\` lists what I can do.`,
  expiredButton: { message: "This button is no longer valid.", hint: "Type the command again and use the new buttons." } satisfies Said,
  notYours: {
    message: "This button is for the member it was made for.",
    hint: "Type the command yourself to get your own.",
  } satisfies Said,
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
  } satisfies Said,
  tookTooLong: {
    message: "This took too long, and I cannot say whether it was done.",
    hint: "Please look again in a moment.",
  } satisfies Said,
  serviceFailed: (service: string, how: string, reference: string): string =>
    `${service} did not answer as it should (${how}). Ref ${reference}`,
  wentWrong: (reference: string): string => `Something went wrong on my side. Ref ${reference}`,
} as const;

const help = {
  title: "Depinion",
  about: "I explain DePIN, show its market with sources, and keep what this community thinks.",
  forAdmins: "For admins:",
  more: "`/help <command>` shows arguments and examples.",
  unknown: (name: string): Said => ({ message: `There is no command “/${name}”.`, hint: "`/help` lists all." }),
  optional: "(optional)",
  oneOf: (choices: string): string => `One of ${choices}`,
  usage: (usage: string): string => `Usage: \`${usage}\``,
  examples: (lines: string): string => `Examples:\n${lines}`,
} as const;

const start = {
  title: "Hello, I am Depinion",
  about:
    "I explain decentralised physical infrastructure (DePIN) in plain words, show its market with a source and a time behind every number, and keep what this community thinks, without names.",
  first:
    "`/explain depin` explains a term\n`/market` shows the sector, `/digest` the day\n`/topics` lists what you can take a stand on\n`/help` lists everything",
  forAdmins:
    "**For admins:** nothing needs setting up. `/subscribe 9 Vienna` brings a digest every morning at nine, `/settings` shows what you can decide. Members type commands here; I read no other messages. `/privacy` says what I store.",
  noAdvice: "Information, not financial advice.",
} as const;

/** Labels below the first answers that a member sees. */
const buttons = { explainDepin: "Explain DePIN", market: "Market", topics: "Topics" } as const;

/** What stands around a digest's figures. Figures bring their own names, and dates are written as in Britain. */
const digest = {
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
  noAdvice: "Not financial advice.",
  pulse: "**Community pulse** (last 24 h)",
  question: (question: string): string => `**Question of the day:** ${question}`,
  recounted: "(counted anew: something was erased or corrected since)",
  pollsEnded: "**Polls that ended** (last 24 h)",
  pollVotes: (question: string, people: number, counts: string, incomplete: boolean): string =>
    `${question} ${people === 0 ? "nobody voted" : `${people} ${people === 1 ? "person" : "people"}, ${counts}`}${incomplete ? " (incomplete, see `/results`)" : ""}`,
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
  since: (date: string): string => `**Since the digest of ${date}**`,
} as const;

export const english = { refusals, help, start, buttons, digest } as const;
