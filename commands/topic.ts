/** `/topic`: admins add, reword, close and merge topics; every change is kept, and an opinion stays with the wording it answers. */
import {
  buttons,
  type CommandContext,
  defineCommand,
  formatTime,
  heading,
  isLedgerMetric,
  isPrivateCommunity,
  literal,
  note,
  type Reply,
  reply,
  type Services,
  type Texts,
  type Topic,
  type TopicBook,
  type TopicChange,
  type TopicPlace,
  type TopicWords,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["topic"];

const words = (most: number, about: string) => z.string().trim().min(1).max(most).optional().describe(about);

export default defineCommand({
  name: "topic",
  summary: "Add, reword, close or merge the topics of this community",
  args: z.object({
    action: z.enum(["add", "edit", "close", "merge", "history"]).describe("What to do"),
    topic: z.string().trim().min(1).max(40).describe("A topic of /topics, or the name of a new one"),
    into: words(40, "For merge: the topic that goes on"),
    title: words(60, "Its title; without it, made of the name"),
    agree: words(200, "What those who agree hold"),
    disagree: words(200, "What those who disagree hold"),
    question: words(200, "What nobody's opinion answers yet"),
    metric: words(60, "The figure that would settle it, such as filecoin.capacity_raw; none takes it off"),
    scope: z.enum(["here", "bot"]).optional().describe("This community (default), or every one: at the console only"),
    proposition: words(200, "One sentence that people can agree or disagree with"),
  }),
  examples: [
    '/topic add gpu-supply proposition="There are enough decentralised GPUs for everyone who asks"',
    '/topic edit gpu-supply agree="Queues are short"',
    "/topic merge gpu-supply into=compute-pricing",
    "/topic close gpu-supply",
    "/topic history latency",
  ],
  access: "admin",
  visibility: "public",
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run(context, { action, topic: typed, into, scope = "here", ...given }) {
    const { services, actor, now } = context;
    const { topic: said } = context.texts;
    if (into !== undefined && action !== "merge") throw new UserError("bad_arguments", said.intoAlone(action, literal(`${typed} ${into}`)));
    const place = placeOf(context, scope);
    const book = await services.opinions.book(place);
    switch (action) {
      case "add": {
        await checkMetric(services, given.metric, said);
        return shown(
          await services.opinions.word(place, typed, { said: wordsOf(given), unsaid: said.unsaid }, actor.member, now),
          "added",
          said,
        );
      }
      case "edit": {
        const topic = openTopic(book, typed, said);
        if (Object.values(given).every((value) => value === undefined))
          throw new UserError("nothing_to_edit", said.nothingToEdit(topic.id));
        await checkMetric(services, given.metric, said);
        const edited = await services.opinions.word(place, topic, { said: wordsOf(given), unsaid: said.unsaid }, actor.member, now);
        const changed = edited.version === topic.version ? "changed" : "reworded";
        return shown(edited, book.isClosed(topic.id) ? "opened" : changed, said);
      }
      case "close": {
        const topic = openTopic(book, typed, said);
        await services.opinions.close(place, topic, actor.member, now);
        return reply(text(said.closed(literal(topic.title), topic.id)), note(said.reopen(topic.id)));
      }
      case "merge": {
        if (into === undefined) throw new UserError("bad_arguments", said.intoMissing);
        const [topic, target] = [openTopic(book, typed, said), openTopic(book, into, said)];
        await services.opinions.merge(place, topic, target, actor.member, now);
        return reply(
          text(said.merged(literal(topic.title), literal(target.title))),
          buttons([{ label: target.title, command: "sentiment", args: { topic: target.id } }]),
        );
      }
      case "history": {
        const topic = book.any(typed);
        if (topic === null) throw unknown(book, typed, said);
        return history(topic, book.history(topic.id), said);
      }
    }
  },
});

/** What was given; what was not is absent, which exact optional types tell from `undefined`. */
const wordsOf = (given: { readonly [K in keyof TopicWords]?: TopicWords[K] | undefined }): Partial<TopicWords> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

function placeOf(
  { platform, room, texts: { topic: said } }: Pick<CommandContext<Services>, "platform" | "room" | "texts">,
  scope: "here" | "bot",
): TopicPlace {
  if (scope === "bot") {
    // An admin of one community decides nothing for another.
    if (platform !== "console") throw new UserError("operator_only", said.atTheConsole);
    return "*";
  }
  if (platform !== "console" && isPrivateCommunity(room.community)) throw new UserError("no_topics_here", said.notHere);
  return room.community;
}

function openTopic(book: TopicBook, typed: string, said: Words): Topic {
  const open = book.topic(typed);
  // A closed topic is opened again by rewording it.
  const topic = open ?? book.any(typed);
  if (topic === null) throw unknown(book, typed, said);
  // Who names a topic that was merged does not mean the one that took it in.
  if (open === null && !book.isClosed(topic.id))
    throw new UserError("topic_merged", said.mergedInto(literal(typed), literal(topic.title), topic.id));
  return topic;
}

function unknown(book: TopicBook, typed: string, said: Words): UserError {
  const nearest = book
    .nearest(typed)
    .slice(0, 3)
    .map((t) => `\`${t.id}\``);
  return new UserError("unknown_topic", said.unknown(literal(typed), nearest.join(", ")));
}

/** A metric that nothing has ever measured could never stand beside a belief. */
async function checkMetric({ market }: Services, metric: string | undefined, said: Words): Promise<void> {
  if (metric === undefined || metric === "none" || isLedgerMetric(metric) || (await market.known(metric)) !== null) return;
  throw new UserError("unknown_metric", said.unmeasured(literal(metric)));
}

function shown(topic: Topic, done: Parameters<Words["done"]>[0], said: Words): Reply {
  return reply(
    text(`${said.done(done)}: **${literal(topic.title)}** – \`${topic.id}\`\n${literal(topic.proposition)}`),
    text(`${said.sides(literal(topic.sides.agree), literal(topic.sides.disagree))}\n${said.question(literal(topic.question))}`),
    ...(topic.metric === undefined ? [] : [text(said.measuredBy(literal(topic.metric)))]),
    ...(topic.version === 1 ? [] : [note(said.wording(topic.version))]),
    buttons([{ label: said.sayMine, command: "opinion", args: { topic: topic.id } }]),
  );
}

function history(topic: Topic, changes: readonly TopicChange[], said: Words): Reply {
  const first = changes.some(({ kind }) => kind === "added") ? [] : [text(said.first)];
  return reply(
    heading(said.history(topic.title)),
    ...first,
    ...changes.map(({ kind, at, other, topic: then }) => {
      const [title, proposition] = [literal(then.title), literal(then.proposition)];
      const sides = said.sides(literal(then.sides.agree), literal(then.sides.disagree));
      const wording = kind === "closed" || kind === "merged" ? null : { n: then.version, title, proposition, sides };
      return text(said.change(formatTime(at, "day"), { kind, other: other === null ? null : literal(other) }, wording));
    }),
    note(changes.length === 0 ? said.unchanged : said.stays),
  );
}
