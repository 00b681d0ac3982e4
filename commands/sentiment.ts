/** `/sentiment`: what this community thinks about one topic or all of them, counted by people, with how sure so few or many make one. */
import {
  type Aside,
  type Block,
  buttons,
  type Course,
  defineCommand,
  fewestForShares,
  figures,
  heading,
  literal,
  note,
  quote,
  type Reply,
  reply,
  type SentimentView,
  type Services,
  type Share,
  type Stance,
  type Standpoint,
  stances,
  type Topic,
  type TopicBook,
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const labels: Readonly<Record<Stance, string>> = { agree: "Agree", mixed: "Mixed", disagree: "Disagree", unclear: "Unclear" };

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
  async run({ services, room, now }, { topic: typed, days = 30 }) {
    if (typed === undefined) return overview(await services.opinions.overview(room.community, days, now), days);
    const book = await services.opinions.book(room.community);
    const topic = book.any(typed);
    if (topic === null) throw unknownTopic(book, typed);
    const [view, { chart, course }, { quoting }, measured, earlier] = await Promise.all([
      services.opinions.sentiment(room.community, topic, days, now),
      services.opinions.weekly(room.community, topic, now),
      services.communities.current(room.community),
      measurement(services, topic, now),
      Promise.all(
        book
          .earlier(topic)
          .slice(0, mostWordings)
          .map((wording) => services.opinions.sentiment(room.community, wording, days, now)),
      ),
    ]);
    const closed = book.isClosed(topic.id);
    const end = [
      ...earlierWordings(earlier),
      text(`**Open question:** ${literal(topic.question)}`),
      buttons(
        closed
          ? [{ label: "All topics", command: "topics", args: {} }]
          : [{ label: "Say what I think", command: "opinion", args: { topic: topic.id } }],
      ),
    ];
    const state = closed ? [text("This topic is closed: nothing is logged on it any more.")] : [];
    if (view.people === 0) {
      const nobody = text(`Nobody here has said anything about this in ${windowOf(days)}.`);
      return reply(heading(topic.title), text(literal(topic.proposition)), ...state, nobody, ...measured, ...end);
    }
    const picture = await services.illustrate(chart, "agreement.png");
    return reply(
      heading(topic.title),
      text(`${literal(topic.proposition)}\n**Agree:** ${literal(topic.sides.agree)}\n**Disagree:** ${literal(topic.sides.disagree)}`),
      ...state,
      distribution(view),
      text(
        [
          `${peopleOf(view.people)} in ${windowOf(days)}. ${belief(view)}`,
          trend(view),
          ...byWeek(course),
          ...robustly(view),
          ofMeasured(view),
        ].join("\n"),
      ),
      ...platforms(view),
      ...(picture === null ? [] : [picture]),
      ...measured,
      ...(quoting ? view.quotes : []).map(({ stance, text }) => quote(text, labels[stance].toLowerCase())),
      note(
        view.people < fewestForShares
          ? `Fewer than ${fewestForShares} people: counts only, no percentages. Each member's newest opinion counts once.`
          : "Each member's newest opinion counts once. Beside each share stands its 95 % interval (Wilson): the fewer people, the wider.",
      ),
      ...end,
    );
  },
});

/** Beyond these few nobody reads on; `/topic history` has them all. */
const mostWordings = 3;

function unknownTopic(book: TopicBook, typed: string): UserError {
  const nearest = book
    .nearest(typed)
    .slice(0, 3)
    .map((t) => `\`${t.id}\``);
  return new UserError(
    "unknown_topic",
    `There is no topic “${literal(typed)}”.`,
    `The nearest are ${nearest.join(", ")}. \`/topics\` lists all.`,
  );
}

function overview(views: readonly SentimentView[], days: number): Reply {
  const all = { label: "All topics", command: "topics", args: {} };
  if (views.length === 0)
    return reply(heading("What this community thinks"), text(`Nobody here has said anything in ${windowOf(days)}.`), buttons([all]));
  return reply(
    heading("What this community thinks"),
    text(`In ${windowOf(days)}, most discussed first:`),
    table(
      ["Topic", "People", "Agree", "Trend"],
      views.map((view) => [view.topic.title, String(view.people), ofWhom(view.agreement), `${signOf(view)}${view.differs ? " *" : ""}`]),
    ),
    note(
      [
        `Agree: of those who took a side, with the 95 % interval; below ${fewestForShares} people no percentage.`,
        `Trend against ${beforeOf(days)}: ▲ ▼ more than chance, = no more than chance, – too few people to test.`,
        ...(views.some(({ differs }) => differs) ? ["* The robust count tells something else: open the topic."] : []),
      ].join(" "),
    ),
    buttons([
      ...views.slice(0, 8).map(({ topic }) => ({ label: topic.title, command: "sentiment", args: { topic: topic.id, days } })),
      all,
    ]),
  );
}

/** Everyone who spoke, by stance; with percentages only where there are enough people for them. */
function distribution({ people, shares }: SentimentView): Block {
  if (people < fewestForShares)
    return table(
      ["Stance", "People"],
      stances.map((stance) => [labels[stance], `${shares[stance].count} of ${people}`]),
    );
  return table(
    ["Stance", "People", `Share of ${people}`, "95 % interval"],
    stances.map((stance) => {
      const { count, estimate } = shares[stance];
      return [labels[stance], String(count), ...(estimate === null ? ["", ""] : [percent(estimate.value), rangeOf(estimate)])];
    }),
  );
}

/** "57 % of 21 (34 % to 77 %)", or "2 of 3" where a percentage would say too much. */
const ofWhom = ({ count, of, estimate }: Share): string =>
  of === 0 ? "no side taken" : estimate === null ? `${count} of ${of}` : `${percent(estimate.value)} of ${of} (${rangeOf(estimate)})`;

/** "57 % of the 21 who took a side (34 % to 77 %)". */
const ofThose = ({ count, of, estimate }: Share): string => {
  const those = of === 1 ? "the one person who took a side" : `the ${of} who took a side`;
  return estimate === null ? `${count} of ${those}` : `${percent(estimate.value)} of ${those} (${rangeOf(estimate)})`;
};

const belief = ({ agreement }: Pick<Standpoint, "agreement">): string =>
  agreement.of === 0 ? "Nobody took a side." : `**Agreement:** ${ofThose(agreement)}.`;

function trend({ agreement, earlier, shift, days }: SentimentView): string {
  if (earlier.of === 0) return `Nobody took a side in ${beforeOf(days)}, so there is no trend yet.`;
  const then = `${ofWhom(earlier)} in ${beforeOf(days)}`;
  if (shift === null)
    return `**Trend:** after ${then}. A change is only tested where at least ${fewestForShares} people took a side each time (here ${earlier.of} and ${agreement.of}).`;
  const { low, value, high } = shift.by;
  const by = `${points(value)} percentage points, 95 % interval ${points(low)} to ${points(high)}`;
  if (shift.direction === "none") return `**Trend:** no change that chance would not explain, after ${then} (${by}).`;
  return `**Trend:** agreement ${shift.direction === "up" ? "rose" : "fell"} by more than chance, after ${then} (${by}).`;
}

/** The whole course, tested as one: a change between two windows may be the end of a swing. */
function byWeek(course: Course | null): readonly string[] {
  if (course === null) return [];
  const { weeks, direction, z } = course;
  const test = `Cochran–Armitage test over ${weeks} weeks, z ${z < 0 ? "−" : ""}${Math.abs(z).toFixed(1)}`;
  if (direction === "none") return [`**By week:** no trend that chance would not explain (${test}).`];
  return [`**By week:** agreement ${direction === "up" ? "rises" : "falls"} by more than chance (${test}).`];
}

const reasons: Readonly<Record<Aside, readonly [one: string, many: string]>> = {
  copy: ["copy of other words", "copies of other words"],
  burst: ["in a flood within minutes", "in a flood within minutes"],
  newcomer: ["only just here", "only just here"],
};

/** What looks made to sway the count is left out of a second one; the two are told apart where they differ. */
function robustly({ leftOut, robust, differs, people }: SentimentView): readonly string[] {
  const out = (["copy", "burst", "newcomer"] as const).flatMap((why) => {
    const n = leftOut[why];
    return n === undefined ? [] : [`${n} ${reasons[why][n === 1 ? 0 : 1]}`];
  });
  if (out.length === 0) return [];
  const told = `**Robust count**, without ${out.join(", ")}: ${robust.people} of ${peopleOf(people)}`;
  return [differs ? `${told}. **It tells something else:** ${belief(robust)}` : `${told}. It says the same.`];
}

function ofMeasured({ measured, people }: SentimentView): string {
  if (measured.people === 0) return `**Measured only:** none of ${people === 1 ? "one person" : `the ${people}`} says to have measured.`;
  return `**Measured only:** ${measured.people} of ${peopleOf(people)} say${measured.people === 1 ? "s" : ""} to have measured. ${belief(measured)}`;
}

/** Where people of two platforms share a community. */
function platforms({ platforms }: SentimentView): readonly Block[] {
  if (platforms.length < 2) return [];
  const names = { discord: "Discord", telegram: "Telegram", console: "Console" } as const;
  return [
    table(
      ["Platform", "People", "Agree"],
      platforms.map((one) => [names[one.platform], String(one.people), ofWhom(one.agreement)]),
    ),
  ];
}

/** What was said on other words is no answer to these. */
function earlierWordings(views: readonly SentimentView[]): readonly Block[] {
  return views
    .filter(({ people }) => people > 0)
    .map((view) =>
      text(
        `**On an earlier wording**, “${literal(view.topic.proposition)}”: ${peopleOf(view.people)} in ${windowOf(view.days)}. ${belief(view)}`,
      ),
    );
}

const signOf = ({ shift }: SentimentView): string => (shift === null ? "–" : { up: "▲", down: "▼", none: "=" }[shift.direction]);

/** What was measured, beside what is believed. */
async function measurement({ market }: Services, { metric }: Topic, now: Date): Promise<readonly Block[]> {
  if (metric === undefined) return [];
  const figure = await market.known(metric);
  if (figure === null) return [text(`**Measured, beside what is believed:** no data on \`${metric}\`.`)];
  return [text(`**Measured, beside what is believed** (${literal(figure.source.name)}):`), figures([figure], now)];
}

/** Never a round number that is none: 199 of 200 are not 100 %. */
const percent = (part: number): string =>
  part > 0 && part < 0.005 ? "<1 %" : part < 1 && part >= 0.995 ? ">99 %" : `${Math.round(100 * part)} %`;

const rangeOf = ({ low, high }: { readonly low: number; readonly high: number }): string => `${percent(low)} to ${percent(high)}`;

/** Parts of one as signed percentage points. */
function points(part: number): string {
  const rounded = Math.round(100 * part);
  return rounded > 0 ? `+${rounded}` : rounded < 0 ? `−${-rounded}` : "±0";
}

const peopleOf = (n: number): string => (n === 1 ? "1 person" : `${n} people`);
const windowOf = (days: number): string => (days === 1 ? "the last day" : `the last ${days} days`);
const beforeOf = (days: number): string => (days === 1 ? "the day before" : `the ${days} days before`);
