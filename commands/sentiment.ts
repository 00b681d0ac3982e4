/** `/sentiment`: what this community thinks about one topic or all of them, counted by people, with how sure so few or many make one. */
import {
  type Block,
  buttons,
  type CommandContext,
  type Course,
  defineCommand,
  fewestForShares,
  figures,
  formatTime,
  heading,
  isLedgerMetric,
  type LedgerMetric,
  literal,
  note,
  quote,
  type Reply,
  reply,
  type SentimentView,
  type Services,
  type Share,
  type Standpoint,
  stances,
  type Texts,
  type Topic,
  type TopicBook,
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["sentiment"];

export default defineCommand({
  name: "sentiment",
  summary: "What this community thinks about a topic, or about all of them",
  args: z.object({
    topic: z.string().trim().min(1).max(60).optional().describe("One of /topics, such as compute-pricing; without it, all of them"),
    days: z.int().min(1).max(365).optional().describe("How many days back (default 30)"),
  }),
  examples: ["/sentiment", "/sentiment 7 days", "/sentiment compute-pricing", "/sentiment latency 7"],
  access: "everyone",
  visibility: "public",
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run({ services, room, now, texts }, { topic: typed, days = 30 }) {
    const { sentiment: words, topic: said } = texts;
    if (typed === undefined) return overview(await services.opinions.overview(room.community, days, now), days, words);
    const book = await services.opinions.book(room.community);
    const topic = book.any(typed);
    if (topic === null) throw unknownTopic(book, typed, said);
    const [view, { chart, course }, { quoting }, measured, earlier] = await Promise.all([
      services.opinions.sentiment(room.community, topic, days, now),
      services.opinions.weekly(room.community, topic, now, words),
      services.communities.current(room.community),
      measurement({ services, room, texts }, topic, now),
      Promise.all(
        book
          .earlier(topic)
          .slice(0, mostWordings)
          .map((wording) => services.opinions.sentiment(room.community, wording, days, now)),
      ),
    ]);
    const closed = book.isClosed(topic.id);
    const end = [
      ...earlierWordings(earlier, words),
      text(said.question(literal(topic.question))),
      buttons(
        closed
          ? [{ label: words.allTopics, command: "topics", args: {} }]
          : [{ label: said.sayMine, command: "opinion", args: { topic: topic.id } }],
      ),
    ];
    const state = closed ? [text(words.closed)] : [];
    if (view.people === 0) {
      const nobody = text(words.nobody(days));
      return reply(heading(topic.title), text(literal(topic.proposition)), ...state, nobody, ...measured, ...end);
    }
    const picture = await services.illustrate(chart, "agreement.png");
    return reply(
      heading(topic.title),
      text(`${literal(topic.proposition)}\n${said.sides(literal(topic.sides.agree), literal(topic.sides.disagree))}`),
      ...state,
      distribution(view, words),
      text(
        [
          words.people(view.people, days, belief(view, words)),
          trend(view, words),
          ...byWeek(course, words),
          ...robustly(view, words),
          words.measured(view.measured.people, view.people, belief(view.measured, words)),
        ].join("\n"),
      ),
      ...platforms(view, words),
      ...(picture === null ? [] : [picture]),
      ...measured,
      ...(quoting ? view.quotes : []).map(({ stance, text }) => quote(text, words.by[stance])),
      note(view.people < fewestForShares ? words.few(fewestForShares) : words.once),
      ...end,
    );
  },
});

/** Beyond these few nobody reads on; `/topic history` has them all. */
const mostWordings = 3;

function unknownTopic(book: TopicBook, typed: string, words: Texts["topic"]): UserError {
  const nearest = book
    .nearest(typed)
    .slice(0, 3)
    .map((t) => `\`${t.id}\``);
  return new UserError("unknown_topic", words.unknown(literal(typed), nearest.join(", ")));
}

function overview(views: readonly SentimentView[], days: number, words: Words): Reply {
  const all = { label: words.allTopics, command: "topics", args: {} };
  if (views.length === 0) return reply(heading(words.title), text(words.nobodyAtAll(days)), buttons([all]));
  return reply(
    heading(words.title),
    text(words.discussed(days)),
    table(
      [words.head.topic, words.head.people, words.head.agree, words.head.trend],
      views.map((view) => [
        view.topic.title,
        String(view.people),
        words.ofWhom(counted(view.agreement, words)),
        `${signOf(view)}${view.differs ? " *" : ""}`,
      ]),
    ),
    note(
      [words.agreeNote(fewestForShares), words.trendNote(days), ...(views.some(({ differs }) => differs) ? [words.robustNote] : [])].join(
        " ",
      ),
    ),
    buttons([
      ...views.slice(0, 8).map(({ topic }) => ({ label: topic.title, command: "sentiment", args: { topic: topic.id, days } })),
      all,
    ]),
  );
}

/** Everyone who spoke, by stance; with percentages only where there are enough people for them. */
function distribution({ people, shares }: SentimentView, words: Words): Block {
  const { head, stances: labels } = words;
  if (people < fewestForShares)
    return table(
      [head.stance, head.people],
      stances.map((stance) => [labels[stance], words.countOf(shares[stance].count, people)]),
    );
  return table(
    [head.stance, head.people, words.shareOf(people), head.interval],
    stances.map((stance) => {
      const { count, estimate } = shares[stance];
      return [labels[stance], String(count), ...(estimate === null ? ["", ""] : [percent(estimate.value), rangeOf(estimate, words)])];
    }),
  );
}

/** A share as the catalogue's sentences take it. */
const counted = ({ count, of, estimate }: Share, words: Words) => ({
  count,
  of,
  share: estimate === null ? null : percent(estimate.value),
  range: estimate === null ? null : rangeOf(estimate, words),
});

const belief = ({ agreement }: Pick<Standpoint, "agreement">, words: Words): string => words.belief(counted(agreement, words));

function trend({ agreement, earlier, shift, days }: SentimentView, words: Words): string {
  if (earlier.of === 0) return words.noTrend(days);
  const then = counted(earlier, words);
  if (shift === null) return words.untested(then, days, fewestForShares, agreement.of);
  const { low, value, high } = shift.by;
  return words.trend(shift.direction, then, days, { value: points(value), low: points(low), high: points(high) });
}

/** The whole course, tested as one: a change between two windows may be the end of a swing. */
function byWeek(course: Course | null, words: Words): readonly string[] {
  if (course === null) return [];
  const { weeks, direction, z } = course;
  return [words.course(direction, weeks, `${z < 0 ? "−" : ""}${Math.abs(z).toFixed(1)}`)];
}

/** What looks made to sway the count is left out of a second one; the two are told apart where they differ. */
function robustly({ leftOut, robust, differs, people }: SentimentView, words: Words): readonly string[] {
  const out = (["copy", "burst", "newcomer"] as const).flatMap((why) => {
    const n = leftOut[why];
    return n === undefined ? [] : [words.leftOut(why, n)];
  });
  return out.length === 0 ? [] : [words.robust(out.join(", "), robust.people, people, differs ? belief(robust, words) : null)];
}

/** Where people of two platforms share a community. */
function platforms({ platforms }: SentimentView, words: Words): readonly Block[] {
  if (platforms.length < 2) return [];
  const names = { discord: "Discord", telegram: "Telegram", console: "Console" } as const;
  return [
    table(
      [words.head.platform, words.head.people, words.head.agree],
      platforms.map((one) => [names[one.platform], String(one.people), words.ofWhom(counted(one.agreement, words))]),
    ),
  ];
}

/** What was said on other words is no answer to these. */
function earlierWordings(views: readonly SentimentView[], words: Words): readonly Block[] {
  return views
    .filter(({ people }) => people > 0)
    .map((view) => text(words.earlierWording(literal(view.topic.proposition), view.people, view.days, belief(view, words))));
}

const signOf = ({ shift }: SentimentView): string => (shift === null ? "–" : { up: "▲", down: "▼", none: "=" }[shift.direction]);

type Here = Pick<CommandContext<Services>, "services" | "room" | "texts">;

/** What was measured, beside what is believed. */
async function measurement(here: Here, { metric }: Topic, now: Date): Promise<readonly Block[]> {
  if (metric === undefined) return [];
  if (isLedgerMetric(metric)) return reported(here, metric);
  const words = here.texts.sentiment;
  const figure = await here.services.market.known(metric);
  if (figure === null) return [text(words.noMeasurement(`\`${metric}\``))];
  return [text(words.measurement(literal(figure.source.name))), figures([figure], now)];
}

/** What this community itself reports: counted anew each time, for this community alone, so no figure of the archive. */
async function reported({ services, room, texts: { ledger } }: Here, metric: LedgerMetric): Promise<readonly Block[]> {
  const all = await services.ledger.decentralised(room.community);
  const what = metric === "ledger.interruptions" ? "interruptions" : "checkpoints";
  const measured = what === "interruptions" ? all?.interruptions : all?.survival;
  if (all === null || measured === null || measured === undefined) return [text(ledger.notMeasured(all?.reports ?? 0, all?.people ?? 0))];
  const weighed = ledger.weighed(what, measured.weighing);
  return [
    text(
      [
        ledger.measured(formatTime(all.newest, "day")),
        what === "interruptions" ? ledger.interruptions(measured) : ledger.survival(measured),
        ...(weighed === null ? [] : [weighed]),
      ].join("\n"),
    ),
    buttons([{ label: ledger.buttons.all, command: "reliability", args: {} }]),
  ];
}

/** Never a round number that is none: 199 of 200 are not 100 %. */
const percent = (part: number): string =>
  part > 0 && part < 0.005 ? "<1 %" : part < 1 && part >= 0.995 ? ">99 %" : `${Math.round(100 * part)} %`;

const rangeOf = ({ low, high }: { readonly low: number; readonly high: number }, words: Words): string =>
  words.range(percent(low), percent(high));

/** Parts of one as signed percentage points. */
function points(part: number): string {
  const rounded = Math.round(100 * part);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : "±0";
}
