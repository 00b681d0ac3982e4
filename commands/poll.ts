/** `/poll`: asks a question with options here or in all linked rooms, once or again and again; alone it lists what is asked. */
import {
  type Block,
  type Button,
  buttons,
  defineCommand,
  formatTime,
  heading,
  literal,
  note,
  type Poll,
  type Reply,
  reply,
  type Services,
  type Texts,
  type TopicBook,
  text,
  UserError,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "poll",
  summary: "Ask this room, or all linked ones, with options to vote for",
  args: z.object({
    question: z
      .string()
      .trim()
      .min(1)
      .max(400)
      .optional()
      .describe("One of /topics, or a question of your own; without it, the polls here"),
    options: z.string().trim().max(1_400).optional().describe("With | between them; a topic needs none"),
    hours: z.int().min(1).max(730).optional().describe("How long it is open (default 24)"),
    hidden: z.boolean().optional().describe("Show the counts only when it ends"),
    everywhere: z.boolean().optional().describe("Ask in the linked rooms too"),
    time: z.string().trim().min(1).max(20).optional().describe("Ask it at this local time again and again, such as 9 or 18:30"),
    timezone: z.string().trim().min(1).max(60).optional().describe("A city or a zone for the time"),
    days: z.string().trim().min(1).max(60).optional().describe("daily, weekdays, or such as mon,thu"),
    end: z.string().trim().min(1).max(40).optional().describe("End this poll, or no longer repeat it"),
  }),
  examples: ['/poll Which network next? options="Akash|Render|None" hours=24', "/poll latency hours=48", "/poll"],
  access: "admin",
  named: ["options", "hours", "hidden", "everywhere", "time", "timezone", "days", "end"],
  visibility: "public",
  suggest: {
    question: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed),
    timezone: ({ planning }, { typed, texts }) => planning.suggestZones(typed, new Date(), texts.schedule),
  },
  async run(
    { services, room, actor, now, texts },
    { question, options, hours: open, hidden: sealed = false, everywhere: all = false, time, timezone, days, end },
  ) {
    const { polls, planning, communities } = services;
    const { poll: words } = texts;
    if (end !== undefined) {
      const ended = await polls.end(end, room.community, now);
      return reply(text(ended ? words.ending : words.over));
    }
    if (question === undefined) return overview(services, room.community, words);
    const { behind, ...asked } = read(await services.opinions.book(room.community), question, options, words);
    const {
      hours = 24,
      hidden,
      everywhere,
    } = { hidden: sealed, everywhere: all, ...behind, ...(open === undefined ? {} : { hours: open }) };
    const said = [time, timezone, days].filter((word) => word !== undefined).join(" ");
    const unsaid = { zone: (await communities.settings(room.community)).zone, also: (said: Texts) => said.poll.alsoHours };
    const schedule = time === undefined ? null : await planning.plan(said, unsaid, now);
    const wish = { room: room.id, community: room.community, ...asked, hours, hidden, everywhere, schedule, by: actor.member, now };
    const { series, rooms, closesAt } = await polls.ask(wish);
    if (schedule === null) return reply(text(words.asked(literal(asked.question), rooms, formatTime(closesAt, "instant"), hidden)));
    const runs = planning.next(schedule, { after: now, count: 3, words: texts.schedule });
    return reply(
      text(words.repeated(literal(asked.question), rooms, literal(planning.describe(schedule, texts.schedule)), hours, hidden)),
      text(words.next(runs.map(literal).join(" · "))),
      buttons([{ label: words.undo, command: "poll", args: { end: series.id } }]),
    );
  },
});

/** @throws UserError where the options are missing */
function read(book: TopicBook, question: string, options: string | undefined, words: Texts["poll"]) {
  if (options !== undefined) return { question, options: options.split("|"), topic: null, behind: {} };
  const { name, behind } = readBehind(question);
  const whole = book.named(question);
  const topic = whole ?? book.named(name);
  if (topic === null) throw new UserError("no_options", words.noOptions);
  return {
    question: words.aboutTopic(topic.proposition, topic.title),
    // In this order a vote is counted as a stance.
    options: [words.stances.agree, words.stances.mixed, words.stances.disagree],
    topic: topic.id,
    behind: whole === null ? behind : {},
  };
}

interface Behind {
  readonly hours?: number;
  readonly hidden?: true;
  readonly everywhere?: true;
}

/** What stands behind a topic's name, where no word can be one of a question: "latency 48h hidden". */
function readBehind(typed: string): { readonly name: string; readonly behind: Behind } {
  const [, name = typed, words = ""] = /^(.*?)((?:\s+(?:hidden|everywhere|\d{1,3}(?:\s*h(?:ours?)?)?))+)$/isu.exec(typed) ?? [];
  const hours = /\d+/.exec(words)?.[0];
  return {
    name,
    behind: {
      ...(hours === undefined ? {} : { hours: Number(hours) }),
      ...(/hidden/i.test(words) ? { hidden: true } : {}),
      ...(/everywhere/i.test(words) ? { everywhere: true } : {}),
    },
  };
}

async function overview({ polls }: Services, community: Parameters<Services["polls"]["list"]>[0], words: Texts["poll"]): Promise<Reply> {
  const { polls: asked, repeating } = await polls.list(community);
  if (asked.length === 0 && repeating.length === 0) return reply(text(words.none));
  const own = asked.filter((poll) => poll.closedAt === null && poll.community === community);
  const list: Button[] = [
    ...asked.slice(0, 5).map((poll) => ({ label: words.results(shorten(poll.question)), command: "results", args: { poll: poll.id } })),
    ...own.map((poll) => ({ label: words.end(shorten(poll.question)), command: "poll", args: { end: poll.id } })),
    ...repeating.map(({ id, question }) => ({ label: words.repeatNoMore(shorten(question)), command: "poll", args: { end: id } })),
  ];
  const again: readonly Block[] =
    repeating.length === 0 ? [] : [text([words.again, ...repeating.map(({ question }) => literal(question))].join("\n"))];
  return reply(
    heading(words.title),
    ...(asked.length === 0 ? [] : [text(asked.map((one) => line(one, words)).join("\n"))]),
    ...again,
    note(words.counts),
    buttons(list),
  );
}

const line = ({ question, closedAt, closesAt }: Poll, words: Texts["poll"]): string =>
  closedAt === null
    ? words.openLine(literal(question), formatTime(closesAt, "instant"))
    : words.closedLine(literal(question), formatTime(closedAt, "instant"));

const shorten = (question: string): string => (question.length <= 30 ? question : `${question.slice(0, 29).toWellFormed()}…`);
