/** `/opinion`: logs what a member thinks, on one topic or on several at once, shows how it was read, and lets only its author change that. */
import {
  type Aspect,
  type Block,
  type Button,
  buttons,
  type CommandContext,
  defineCommand,
  form,
  isPrivateCommunity,
  literal,
  note,
  type Opinion,
  quote,
  type Reading,
  type Reply,
  type Services,
  type Stance,
  stances,
  type Topic,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** An opinion is a remark, not an essay; Discord's and Telegram's own messages end near here too. */
const maxText = 2000;

const stanceWords: Readonly<Record<Stance, string>> = {
  agree: "agrees",
  mixed: "is in two minds",
  disagree: "disagrees",
  unclear: "unclear",
};

export default defineCommand({
  name: "opinion",
  summary: "Log what you think about a topic",
  args: z.object({
    topic: z.string().trim().max(60).optional().describe("One of /topics, such as compute-pricing; without it, I look for it in the text"),
    text: z.string().max(maxText).optional().describe("What you think, in your own words"),
  }),
  examples: ["/opinion compute-pricing Cheaper for batch jobs, once you count egress", "/opinion Cheaper for batch jobs, but far too slow"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  opensForm: "text",
  messageMenu: "Log as opinion",
  suggest: {
    topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed),
  },
  async run(context, { topic: typedTopic = "", text: typedText = "" }) {
    const { services, actor, room, replyTo } = context;
    const { opinions } = services;
    const book = await opinions.book(room.community);
    const { topics } = book;
    const topic = book.named(typedTopic);
    // What is pointed at counts only where nothing was typed.
    const quoted = typedText === "" ? replyTo : undefined;
    if (quoted !== undefined) checkWords(quoted.text);
    // No topic, or a remark that began without one: no word of it is lost.
    const typed = topic === null ? [typedTopic, typedText].filter((part) => part !== "").join(" ") : typedText;
    const words = quoted?.text ?? typed;
    if (words === "") return topic === null ? askTopic(topics, { words }) : askText(topic);
    const nameOnly = topic === null && typedText === "" && quoted === undefined ? book.topic(typedTopic) : null;
    if (nameOnly !== null) return askText(nameOnly);
    checkWords(words);
    // Who names a topic that is no longer open means that one: nothing is logged on another by guessing.
    const gone = topic === null && book.topic(typedTopic) === null && book.any(typedTopic) !== null;
    if (gone) return askTopic(topics, { words, quoted });
    const foreign = quoted !== undefined && quoted.author !== actor.member && !actor.former.includes(quoted.author) ? quoted : undefined;
    if (foreign !== undefined && isPrivateCommunity(room.community))
      throw new UserError(
        "no_consent_here",
        "I can log someone else's words only in a server or group that has added me: here I cannot ask them.",
      );
    if (foreign !== undefined && topic !== null) return askAuthor(words, foreign.authorLabel, [topic], topic);
    const read = await opinions.read(
      { text: words, topics, on: topic, own: foreign === undefined, member: actor.member, room: room.id },
      context.signal,
    );
    // Without a topic only sides that were taken are logged; what is touched on is offered.
    const meant = topic === null ? read.filter(({ stance }) => stance !== "unclear") : read.filter((one) => one.topic === topic.id);
    if (meant.length === 0) return askTopic(topics, { words, quoted, near: read });
    if (foreign !== undefined) return askAuthor(words, foreign.authorLabel, meant.map(topicOf(topics)), null);
    const [logged, mayAsk] = await Promise.all([logAll(context, words, meant, topics), services.privacy.mayAskToQuote(actor.member)]);
    const others = read.filter((one) => !meant.includes(one)).map(topicOf(topics));
    return shown(logged, others, mayAsk);
  },
});

interface Logged {
  readonly topic: Topic;
  readonly reading: Reading;
  readonly opinion: Opinion;
}

const topicOf =
  (topics: readonly Topic[]) =>
  ({ topic }: Reading): Topic => {
    const found = topics.find(({ id }) => id === topic);
    if (found === undefined) throw new TypeError("a reading on a topic that does not exist");
    return found;
  };

async function logAll(context: CommandContext<Services>, words: string, meant: readonly Reading[], topics: readonly Topic[]) {
  const logged: Logged[] = [];
  for (const reading of meant) logged.push({ reading, opinion: await log(context, words, reading), topic: topicOf(topics)(reading) });
  return logged;
}

const log = (
  { services, room, actor, platform, now, pressed, key }: CommandContext<Services>,
  words: string,
  reading: Reading,
): Promise<Opinion> =>
  services.opinions.log({
    community: room.community,
    member: actor.member,
    reading,
    text: words,
    at: now,
    origin: pressed ?? key,
    platform,
    since: actor.since,
  });

function checkWords(words: string): void {
  if (words === "")
    throw new UserError("nothing_to_log", "There is nothing here that I could log: only words that a member wrote as text.");
  if (words.length > maxText)
    throw new UserError("long_opinion", `An opinion may have at most ${maxText} characters, and this has ${words.length}.`);
}

interface Said {
  readonly words: string;
  readonly quoted?: { readonly text: string; readonly authorLabel: string } | undefined;
  /** What it may be about, the likeliest first. */
  readonly near?: readonly Reading[];
}

function askTopic(topics: readonly Topic[], { words, quoted, near = [] }: Said): Reply {
  const place = ({ id }: Topic) => (near.findIndex(({ topic }) => topic === id) + near.length + 1) % (near.length + 1);
  const args = words === "" || quoted !== undefined ? {} : { text: words };
  const blocks: Block[] = [
    text("Which topic is this about?"),
    ...(words === "" ? [] : [quote(words, quoted?.authorLabel)]),
    buttons(
      topics
        .toSorted((a, b) => (near.length === 0 ? 0 : place(a) - place(b)))
        .map((topic) => ({ label: topic.title, command: "opinion", args: { topic: topic.id, ...args }, for: "author" as const })),
    ),
  ];
  return { blocks, brief: blocks };
}

function askText(topic: Topic): Reply {
  const ask = form(topic.title, `${topic.proposition} What do you think?`, maxText, {
    label: "Log it",
    command: "opinion",
    args: { topic: topic.id },
    for: "author",
  });
  return { blocks: [ask], brief: [ask] };
}

/** Someone else's words are logged only when their author presses; the words stay in the message until then, not in the database. */
function askAuthor(words: string, author: string, topics: readonly Topic[], named: Topic | null): Reply {
  const titles = topics.map(({ title }) => `**${literal(title)}**`).join(" and ");
  const blocks: Block[] = [
    text(`${literal(author)}, may I log this as your opinion on ${titles}? Only you can say yes.`),
    quote(words, author),
    buttons([{ label: "Yes, log mine", command: "opinion", args: named === null ? {} : { topic: named.id }, for: "quoted", update: true }]),
  ];
  return { blocks, public: true };
}

const aspectWords: Readonly<Record<Aspect, string>> = {
  price: "about price",
  latency: "about latency",
  uptime: "about uptime",
  bandwidth: "about bandwidth",
  checkpointing: "about checkpointing",
  privacy: "about privacy",
  compliance: "about compliance",
  knowledge: "about knowledge",
  competition: "about competition",
  growth: "about growth",
};

/** "disagrees, strongly · about latency · measured". */
function inWords({ stance, strength, aspect, evidence }: Reading): string {
  const firmness = stance === "unclear" || strength === "moderate" ? "" : strength === "strong" ? ", strongly" : ", with reservations";
  const parts = [
    `**${stanceWords[stance]}**${firmness}`,
    ...(aspect === null ? [] : [aspectWords[aspect]]),
    ...(evidence === null ? [] : [evidence]),
  ];
  return parts.join(" · ");
}

/** The buttons need no binding to the author: `/stance` changes only what the presser wrote. */
function shown(logged: readonly Logged[], others: readonly Topic[], askToQuote: boolean): Reply {
  const several = logged.length > 1;
  const choices = logged.map(({ topic, opinion }) => choicesOf(topic, opinion, several));
  const first = logged[0];
  const more: Button[] = [
    ...others.map((topic) => ({ label: `Also on ${topic.title}`, topic })),
    ...(several || others.length > 0 ? [] : [{ label: "Also on another topic", topic: null }]),
  ].map(({ label, topic }) => ({
    label,
    command: "stance",
    args: { opinion: first?.opinion.id ?? "", as: "another", ...(topic === null ? {} : { topic: topic.id }) },
  }));
  const ask: Button[] = askToQuote ? [{ label: "You may quote me", command: "privacy", args: { action: "quotable" }, for: "author" }] : [];
  const brief = logged.map(({ topic, reading }) => `**${literal(topic.title)}** (${stanceWords[reading.stance]})`).join(" and ");
  const lines = logged.map(({ topic, reading }) =>
    text(
      several
        ? `**${literal(topic.title)}**: ${inWords(reading)}\n${literal(topic.proposition)}`
        : `Logged on **${literal(topic.title)}**, read as: ${inWords(reading)}.\n${literal(topic.proposition)}`,
    ),
  );
  const rowsWith = (last: readonly Button[]) => {
    const rows = several ? [...choices, last] : [[...choices.flat(), ...last]];
    return rows.filter((row) => row.length > 0).map((row) => buttons(row));
  };
  return {
    blocks: [
      ...(several ? [text("Logged, and read as:")] : []),
      ...lines,
      ...(first === undefined ? [] : [quote(first.opinion.text)]),
      note("Wrong? Correct it below; your word wins. Your newest opinion on a topic is the one that counts."),
      ...rowsWith([...more, ...ask]),
    ],
    brief: [text(`Logged on ${brief}.`), ...rowsWith(ask)],
  };
}

const choiceWords: Readonly<Record<Stance, string>> = { agree: "I agree", mixed: "Mixed", disagree: "I disagree", unclear: "Unclear" };

/** One tap corrects or deletes. Of several each has a row, and what was corrected leaves the others as they are. */
function choicesOf(topic: Topic, opinion: Opinion, several: boolean): readonly Button[] {
  const offered = stances.filter((stance) => stance !== opinion.stance && !(several && stance === "unclear"));
  const press = { command: "stance", ...(several ? {} : { update: true }) };
  const label = (words: string) => (several ? `${topic.title}: ${words.toLowerCase()}` : words);
  return [
    ...offered.map((stance) => ({
      ...press,
      label: several ? `${topic.title}: ${stance}` : choiceWords[stance],
      args: { opinion: opinion.id, as: stance },
    })),
    { ...press, label: label("Delete"), args: { opinion: opinion.id, as: "delete" } },
  ];
}
