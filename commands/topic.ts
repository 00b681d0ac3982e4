/** `/topic`: admins add, reword, close and merge topics; every change is kept, and an opinion stays with the wording it answers. */
import {
  buttons,
  type CommandContext,
  defineCommand,
  formatTime,
  heading,
  isPrivateCommunity,
  literal,
  note,
  type Reply,
  reply,
  type Services,
  type Topic,
  type TopicBook,
  type TopicChange,
  type TopicPlace,
  type TopicWords,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const said: Readonly<Record<TopicChange["kind"], string>> = {
  added: "added",
  edited: "edited",
  closed: "closed",
  opened: "opened again",
  merged: "merged into",
  absorbed: "took in a wording of",
};

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
    if (into !== undefined && action !== "merge")
      throw new UserError(
        "bad_arguments",
        "`into` is for `merge` alone.",
        `A name of several words stands in quotes: \`/topic ${action} "${literal(`${typed} ${into}`)}"\`.`,
      );
    const place = placeOf(context, scope);
    const book = await services.opinions.book(place);
    switch (action) {
      case "add": {
        await checkMetric(services, given.metric);
        return shown(await services.opinions.word(place, typed, wordsOf(given), actor.member, now), "Added");
      }
      case "edit": {
        const topic = openTopic(book, typed);
        if (Object.values(given).every((value) => value === undefined))
          throw new UserError("nothing_to_edit", "Say what to change.", `Such as \`/topic edit ${topic.id} proposition=…\`.`);
        await checkMetric(services, given.metric);
        const edited = await services.opinions.word(place, topic, wordsOf(given), actor.member, now);
        return shown(edited, edited.version === topic.version ? "Changed" : "Reworded");
      }
      case "close": {
        const topic = openTopic(book, typed);
        await services.opinions.close(place, topic, actor.member, now);
        return reply(
          text(
            `**${literal(topic.title)}** is closed: nothing is logged on it any more, and \`/sentiment ${topic.id}\` still shows what was.`,
          ),
          note(`\`/topic edit ${topic.id} title=…\` opens it again.`),
        );
      }
      case "merge": {
        if (into === undefined) throw new UserError("bad_arguments", "`into` is missing: the topic that goes on.");
        const [topic, target] = [openTopic(book, typed), openTopic(book, into)];
        await services.opinions.merge(place, topic, target, actor.member, now);
        return reply(
          text(
            `**${literal(topic.title)}** goes on as **${literal(target.title)}**. What was said on it stays with the wording that it answered, and is counted apart.`,
          ),
          buttons([{ label: target.title, command: "sentiment", args: { topic: target.id } }]),
        );
      }
      case "history": {
        const topic = book.any(typed);
        if (topic === null) throw unknown(book, typed);
        return history(topic, book.history(topic.id));
      }
    }
  },
});

/** What was given; what was not is absent, which exact optional types tell from `undefined`. */
const wordsOf = (given: { readonly [K in keyof TopicWords]?: TopicWords[K] | undefined }): Partial<TopicWords> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

function placeOf({ platform, room }: Pick<CommandContext<Services>, "platform" | "room">, scope: "here" | "bot"): TopicPlace {
  if (scope === "bot") {
    // An admin of one community decides nothing for another.
    if (platform !== "console") throw new UserError("operator_only", "Topics of every community are changed at the bot's own console.");
    return "*";
  }
  if (platform !== "console" && isPrivateCommunity(room.community))
    throw new UserError("no_topics_here", "Topics belong to a server or group. Use this command there.");
  return room.community;
}

function openTopic(book: TopicBook, typed: string): Topic {
  // A closed topic is opened again by rewording it.
  const topic = book.topic(typed) ?? book.any(typed);
  if (topic === null) throw unknown(book, typed);
  return topic;
}

const unknown = (book: TopicBook, typed: string): UserError =>
  new UserError(
    "unknown_topic",
    `There is no topic “${literal(typed)}”.`,
    `The nearest are ${book
      .nearest(typed)
      .slice(0, 3)
      .map((t) => `\`${t.id}\``)
      .join(", ")}. \`/topics\` lists all.`,
  );

/** A metric that nothing has ever measured could never stand beside a belief. */
async function checkMetric({ market }: Services, metric: string | undefined): Promise<void> {
  if (metric === undefined || metric === "none" || (await market.known(metric)) !== null) return;
  throw new UserError(
    "unknown_metric",
    `Nothing here measures \`${literal(metric)}\`.`,
    "`/network` and `/market` name what is measured, such as `filecoin.capacity_raw` or `sector.market_cap`.",
  );
}

function shown(topic: Topic, done: string): Reply {
  return reply(
    text(`${done}: **${literal(topic.title)}** – \`${topic.id}\`\n${literal(topic.proposition)}`),
    text(
      `**Agree:** ${literal(topic.sides.agree)}\n**Disagree:** ${literal(topic.sides.disagree)}\n**Open question:** ${literal(topic.question)}`,
    ),
    ...(topic.metric === undefined ? [] : [text(`**Measured by:** \`${literal(topic.metric)}\``)]),
    ...(topic.version === 1 ? [] : [note(`This is wording ${topic.version}. Earlier opinions stay with the wording they answered.`)]),
    buttons([{ label: "Say what I think", command: "opinion", args: { topic: topic.id } }]),
  );
}

function history(topic: Topic, changes: readonly TopicChange[]): Reply {
  const first = changes.some(({ kind }) => kind === "added") ? [] : [text(`Wording 1 came with the bot.`)];
  return reply(
    heading(`${topic.title}: history`),
    ...first,
    ...changes.map(({ kind, at, other, topic: then }) =>
      text(
        `${formatTime(at, "day")}: ${said[kind]}${other === null ? "" : ` ${literal(other)}`}${kind === "closed" || kind === "merged" ? "" : ` (wording ${then.version}) “${literal(then.proposition)}”`}`,
      ),
    ),
    note(changes.length === 0 ? "Nothing was changed here." : "An opinion stays with the wording it answers."),
  );
}
