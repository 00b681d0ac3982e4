/** In English: what members think, how it was read, and the topics it is about; the topics' own sentences are content. */
import type { Said } from "../said.ts";

/** What a person of each stance does. */
const verbs = { agree: "agrees", mixed: "is in two minds", disagree: "disagrees", unclear: "unclear" } as const;
const optedOut = { message: "You have told me never to log anything of you, so I did not.", hint: "`/privacy optin` takes that back." };

/** What an opinion is about, and what it rests on. */
const aspects = {
  price: "price",
  latency: "latency",
  uptime: "uptime",
  bandwidth: "bandwidth",
  checkpointing: "checkpointing",
  privacy: "privacy",
  compliance: "compliance",
  knowledge: "knowledge",
  competition: "competition",
  growth: "growth",
} as const;
const grades = { heard: "heard", experienced: "experienced", measured: "measured", linked: "linked" } as const;

export const opinion = {
  /** A stance as a word of its own. */
  stances: { agree: "agree", mixed: "mixed", disagree: "disagree", unclear: "unclear" },
  optedOut,
  topicClosed: { message: "That topic has been closed, so nothing was logged.", hint: "`/topics` lists those that are open." },
  notWithoutThem: "I can log someone else's words only in a server or group that has added me: here I cannot ask them.",
  nothing: "There is nothing here that I could log: only words that a member wrote as text.",
  tooLong: (most: number, length: number): string => `An opinion may have at most ${most} characters, and this has ${length}.`,
  whichTopic: "Which topic is this about?",
  whichOther: (topic: string): string =>
    `The topic “${topic}” is not open any more, so nothing has been logged. Which other one is this about?`,
  prompt: (proposition: string): string => `${proposition} What do you think?`,
  log: "Log it",
  mayI: (author: string, topics: readonly string[]): string =>
    `${author}, may I log this as your opinion on ${topics.join(" and ")}? Only you can say yes.`,
  yesLogMine: "Yes, log mine",
  /** How an opinion was read: "disagrees, strongly · about latency · measured". */
  read: (
    stance: keyof typeof verbs,
    strength: "strong" | "moderate" | "weak",
    aspect: keyof typeof aspects | null,
    evidence: keyof typeof grades | null,
  ): string => {
    const firmness = stance === "unclear" || strength === "moderate" ? "" : strength === "strong" ? ", strongly" : ", with reservations";
    const parts = [
      `**${verbs[stance]}**${firmness}`,
      ...(aspect === null ? [] : [`about ${aspects[aspect]}`]),
      ...(evidence === null ? [] : [grades[evidence]]),
    ];
    return parts.join(" · ");
  },
  logged: (topic: string, read: string): string => `Logged on **${topic}**, read as: ${read}.`,
  loggedSeveral: "Logged, and read as:",
  loggedOne: (topic: string, read: string): string => `**${topic}**: ${read}`,
  brief: (topics: readonly { readonly topic: string; readonly stance: keyof typeof verbs }[]): string =>
    `Logged on ${topics.map(({ topic, stance }) => `**${topic}** (${verbs[stance]})`).join(" and ")}.`,
  wrong: "Wrong? Correct it below; your word wins. Your newest opinion on a topic is the one that counts.",
  choices: { agree: "I agree", mixed: "Mixed", disagree: "I disagree", unclear: "Unclear", delete: "Delete" },
  /** The same on one of several topics. */
  choicesOn: (topic: string, choice: "agree" | "mixed" | "disagree" | "unclear" | "delete"): string => `${topic}: ${choice}`,
  alsoOn: (topic: string | null): string => (topic === null ? "Also on another topic" : `Also on ${topic}`),
  quoteMe: "You may quote me",
} as const;

export const stance = {
  none: "This is not an opinion of yours, or it has been deleted already.",
  deleted: "Deleted. Nothing of it is kept.",
  noted: (stance: string): string => `Noted: **${stance}**. Your word wins over my reading.`,
  delete: "Delete",
  make: (stance: string): string => `Make it ${stance}`,
  which: "Which other topic is this about?",
  logged: (topic: string, stance: string): string => `Logged on **${topic}** too, read as: **${stance}**.`,
} as const;

export const topics = {
  title: "Topics",
  people: (n: number): string => (n === 0 ? "nobody yet" : n === 1 ? "1 member" : `${n} members`),
  how: "Say what you think: `/opinion <topic> <your words>`. See what others think: `/sentiment <topic>`.",
} as const;

const unknown = (typed: string, nearest: string): Said => ({
  message: `There is no topic “${typed}”.`,
  hint: `The nearest are ${nearest}. \`/topics\` lists all.`,
});

export const topic = {
  unknown,
  intoAlone: (action: string, name: string): Said => ({
    message: "`into` is for `merge` alone.",
    hint: `A name of several words stands in quotes: \`/topic ${action} "${name}"\`.`,
  }),
  intoMissing: "`into` is missing: the topic that goes on.",
  nothingToEdit: (id: string): Said => ({ message: "Say what to change.", hint: `Such as \`/topic edit ${id} proposition=…\`.` }),
  done: (done: "added" | "changed" | "reworded" | "opened"): string =>
    ({ added: "Added", changed: "Changed", reworded: "Reworded", opened: "Opened again" })[done],
  closed: (title: string, id: string): string =>
    `**${title}** is closed: nothing is logged on it any more, and \`/sentiment ${id}\` still shows what was.`,
  reopen: (id: string): string => `\`/topic edit ${id} title=…\` opens it again.`,
  merged: (title: string, into: string): string =>
    `**${title}** goes on as **${into}**. What was said on it stays with the wording that it answered, and is counted apart.`,
  atTheConsole: "Topics of every community are changed at the bot's own console.",
  notHere: "Topics belong to a server or group. Use this command there.",
  unmeasured: (metric: string): Said => ({
    message: `Nothing here measures \`${metric}\`.`,
    hint: "`/network` and `/market` name what is measured, such as `filecoin.capacity_raw` or `sector.market_cap`.",
  }),
  sides: (agree: string, disagree: string): string => `**Agree:** ${agree}\n**Disagree:** ${disagree}`,
  question: (question: string): string => `**Open question:** ${question}`,
  measuredBy: (metric: string): string => `**Measured by:** \`${metric}\``,
  wording: (n: number): string => `This is wording ${n}. Earlier opinions stay with the wording they answered.`,
  sayMine: "Say what I think",
  history: (title: string): string => `${title}: history`,
  first: "Wording 1 came with the bot.",
  /** @param wording null where the topic ended there */
  change: (
    day: string,
    { kind, other }: { readonly kind: "added" | "edited" | "closed" | "opened" | "merged" | "absorbed"; readonly other: string | null },
    wording: { readonly n: number; readonly title: string; readonly proposition: string; readonly sides: string } | null,
  ): string => {
    const said = {
      added: "added",
      edited: "edited",
      closed: "closed",
      opened: "opened again",
      merged: "merged into",
      absorbed: "took in a wording of",
    }[kind];
    return `${day}: ${said}${other === null ? "" : ` ${other}`}${wording === null ? "" : ` (wording ${wording.n}) **${wording.title}**: “${wording.proposition}”\n${wording.sides}`}`;
  },
  unchanged: "Nothing was changed here.",
  stays: "An opinion stays with the wording it answers.",
  tooMany: (most: number): Said => ({
    message: `There can be ${most} open topics here.`,
    hint: "Close one first: `/topic close <topic>`.",
  }),
  same: "A topic cannot be merged into itself.",
  badName: "A topic's name needs letters or digits, such as `gpu-supply`.",
  mergedInto: (typed: string, title: string, id: string): Said => ({
    message: `“${typed}” was merged into **${title}**, and goes on there.`,
    hint: `To change that one, name it: \`${id}\`.`,
  }),
  mergedAlready: (id: string): string => `\`${id}\` was merged into another topic, and goes on there.`,
  exists: (title: string, id: string): Said => ({
    message: `There is a topic “${title}” already.`,
    hint: `Reword it: \`/topic edit ${id}\`.`,
  }),
  noProposition: { message: "A topic needs one sentence that people can agree or disagree with.", hint: "Give it as `proposition=`." },
  /** What a topic says where its author said nothing. */
  unsaid: { agree: "It is so.", disagree: "It is not so.", question: "What have you seen or measured yourself?" },
} as const;
