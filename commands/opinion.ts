/** `/opinion`: logs what a member thinks, on one topic or on several at once, shows how it was read, and lets only its author change that. */
import {
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
  stances,
  type Texts,
  type Topic,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** An opinion is a remark, not an essay; Discord's and Telegram's own messages end near here too. */
const maxText = 2000;

type Words = Texts["opinion"];

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
  async run(context, { topic: firstWord = "", text: behind = "" }) {
    const { services, actor, room, replyTo } = context;
    const { opinion: said } = context.texts;
    const { opinions } = services;
    const book = await opinions.book(room.community);
    const { topics } = book;
    // Where one line is typed, a title of several words has come apart at its spaces.
    const named = book.named(firstWord);
    const led = named === null && firstWord !== "" ? book.leading(`${firstWord} ${behind}`.trim()) : null;
    const topic = named ?? led?.topic ?? null;
    const [typedTopic, typedText] = led === null ? [firstWord, behind] : [led.topic.id, led.rest];
    // What is pointed at counts only where nothing was typed.
    const quoted = typedText === "" ? replyTo : undefined;
    if (quoted !== undefined) checkWords(quoted.text, said);
    // No topic, or a remark that began without one: no word of it is lost.
    const typed = topic === null ? [typedTopic, typedText].filter((part) => part !== "").join(" ") : typedText;
    const words = quoted?.text ?? typed;
    if (words === "") return topic === null ? askTopic(topics, { words }, said) : askText(topic, said);
    const nameOnly = topic === null && typedText === "" && quoted === undefined ? book.topic(typedTopic) : null;
    if (nameOnly !== null) return askText(nameOnly, said);
    checkWords(words, said);
    // Who names a topic that is no longer open means that one: nothing is logged on another by guessing.
    const gone = topic === null && book.topic(typedTopic) === null ? book.any(typedTopic) : null;
    if (gone !== null) return askTopic(topics, { words: quoted?.text ?? typedText, quoted, gone: typedTopic }, said);
    const foreign = quoted !== undefined && quoted.author !== actor.member && !actor.former.includes(quoted.author) ? quoted : undefined;
    if (foreign !== undefined && isPrivateCommunity(room.community)) throw new UserError("no_consent_here", said.notWithoutThem);
    if (foreign !== undefined && topic !== null) return askAuthor({ words, author: foreign.authorLabel }, [topic], topic, said);
    const read = await opinions.read(
      { text: words, topics, on: topic, own: foreign === undefined, member: actor.member, room: room.id },
      context.signal,
    );
    // Without a topic only sides that were taken are logged; what is touched on is offered.
    const meant = topic === null ? read.filter(({ stance }) => stance !== "unclear") : read.filter((one) => one.topic === topic.id);
    if (meant.length === 0) return askTopic(topics, { words, quoted, near: read }, said);
    if (foreign !== undefined) return askAuthor({ words, author: foreign.authorLabel }, meant.map(topicOf(topics)), null, said);
    const [logged, mayAsk] = await Promise.all([logAll(context, words, meant, topics), services.privacy.mayAskToQuote(actor.member)]);
    const others = read.filter((one) => !meant.includes(one)).map(topicOf(topics));
    return shown(logged, others, mayAsk, said);
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

function checkWords(words: string, said: Words): void {
  if (words === "") throw new UserError("nothing_to_log", said.nothing);
  if (words.length > maxText) throw new UserError("long_opinion", said.tooLong(maxText, words.length));
}

interface Given {
  readonly words: string;
  readonly quoted?: { readonly text: string; readonly authorLabel: string } | undefined;
  /** The name of a topic that is no longer open. */
  readonly gone?: string;
  /** What it may be about, the likeliest first. */
  readonly near?: readonly Reading[];
}

function askTopic(topics: readonly Topic[], { words, quoted, gone, near = [] }: Given, said: Words): Reply {
  const place = ({ id }: Topic) => (near.findIndex(({ topic }) => topic === id) + near.length + 1) % (near.length + 1);
  const args = words === "" || quoted !== undefined ? {} : { text: words };
  const blocks: Block[] = [
    text(gone === undefined ? said.whichTopic : said.whichOther(literal(gone))),
    ...(words === "" ? [] : [quote(words, quoted?.authorLabel)]),
    buttons(
      topics
        .toSorted((a, b) => (near.length === 0 ? 0 : place(a) - place(b)))
        .map((topic) => ({ label: topic.title, command: "opinion", args: { topic: topic.id, ...args }, for: "author" as const })),
    ),
  ];
  return { blocks, brief: blocks };
}

function askText(topic: Topic, said: Words): Reply {
  const ask = form(topic.title, said.prompt(topic.proposition), maxText, {
    label: said.log,
    command: "opinion",
    args: { topic: topic.id },
    for: "author",
  });
  return { blocks: [ask], brief: [ask] };
}

/** Someone else's words are logged only when their author presses; the words stay in the message until then, not in the database. */
function askAuthor(
  { words, author }: { readonly words: string; readonly author: string },
  topics: readonly Topic[],
  named: Topic | null,
  said: Words,
): Reply {
  const titles = topics.map(({ title }) => `**${literal(title)}**`);
  const blocks: Block[] = [
    text(said.mayI(literal(author), titles)),
    quote(words, author),
    buttons([{ label: said.yesLogMine, command: "opinion", args: named === null ? {} : { topic: named.id }, for: "quoted", update: true }]),
  ];
  return { blocks, public: true };
}

/** The buttons need no binding to the author: `/stance` changes only what the presser wrote. */
function shown(logged: readonly Logged[], others: readonly Topic[], askToQuote: boolean, said: Words): Reply {
  const several = logged.length > 1;
  const choices = logged.map(({ topic, opinion }) => choicesOf(topic, opinion, several, said));
  const first = logged[0];
  const more: Button[] = [
    ...others.map((topic) => ({ label: said.alsoOn(topic.title), topic })),
    ...(several || others.length > 0 ? [] : [{ label: said.alsoOn(null), topic: null }]),
  ].map(({ label, topic }) => ({
    label,
    command: "stance",
    args: { opinion: first?.opinion.id ?? "", as: "another", ...(topic === null ? {} : { topic: topic.id }) },
  }));
  const ask: Button[] = askToQuote ? [{ label: said.quoteMe, command: "privacy", args: { action: "quotable" }, for: "author" }] : [];
  const brief = said.brief(logged.map(({ topic, reading: { stance } }) => ({ topic: literal(topic.title), stance })));
  const lines = logged.map(({ topic, reading: { stance, strength, aspect, evidence } }) => {
    const read = said.read(stance, strength, aspect, evidence);
    const line = several ? said.loggedOne(literal(topic.title), read) : said.logged(literal(topic.title), read);
    return text(`${line}\n${literal(topic.proposition)}`);
  });
  const rowsWith = (last: readonly Button[]) => {
    const rows = several ? [...choices, last] : [[...choices.flat(), ...last]];
    return rows.filter((row) => row.length > 0).map((row) => buttons(row));
  };
  return {
    blocks: [
      ...(several ? [text(said.loggedSeveral)] : []),
      ...lines,
      ...(first === undefined ? [] : [quote(first.opinion.text)]),
      note(said.wrong),
      ...rowsWith([...more, ...ask]),
    ],
    brief: [text(brief), ...rowsWith(ask)],
  };
}

/** One tap corrects or deletes. Of several each has a row, and what was corrected leaves the others as they are. */
function choicesOf(topic: Topic, opinion: Opinion, several: boolean, said: Words): readonly Button[] {
  const offered = stances.filter((stance) => stance !== opinion.stance && !(several && stance === "unclear"));
  const press = { command: "stance", ...(several ? {} : { update: true }) };
  return [...offered, "delete" as const].map((choice) => ({
    ...press,
    label: several ? said.choicesOn(topic.title, choice) : said.choices[choice],
    args: { opinion: opinion.id, as: choice },
  }));
}
