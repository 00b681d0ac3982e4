/** `/sentiment`: what this community thinks about one topic or all of them, counted by people, with how sure so few or many make one. */
import {
  type Block,
  buttons,
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
  stances,
  type Topic,
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
  suggest: { topic: ({ opinions }, { typed }) => opinions.suggest(typed) },
  async run({ services, room, now }, { topic: typed, days = 30 }) {
    if (typed === undefined) return overview(await services.opinions.overview(room.community, days, now), days);
    const topic = services.opinions.topic(typed);
    if (topic === null) {
      const nearest = services.opinions
        .nearest(typed)
        .slice(0, 3)
        .map((t) => `\`${t.id}\``);
      throw new UserError(
        "unknown_topic",
        `There is no topic “${literal(typed)}”.`,
        `The nearest are ${nearest.join(", ")}. \`/topics\` lists all.`,
      );
    }
    const [view, chart, { quoting }, measured] = await Promise.all([
      services.opinions.sentiment(room.community, topic, days, now),
      services.opinions.chart(room.community, topic, now),
      services.communities.current(room.community),
      measurement(services, topic, now),
    ]);
    const end = [
      text(`**Open question:** ${literal(topic.question)}`),
      buttons([{ label: "Say what I think", command: "opinion", args: { topic: topic.id } }]),
    ];
    if (view.people === 0) {
      const nobody = text(`Nobody here has said anything about this in ${windowOf(days)}.`);
      return reply(heading(topic.title), text(literal(topic.proposition)), nobody, ...measured, ...end);
    }
    const picture = await services.illustrate(chart, "agreement.png");
    return reply(
      heading(topic.title),
      text(`${literal(topic.proposition)}\n**Agree:** ${literal(topic.sides.agree)}\n**Disagree:** ${literal(topic.sides.disagree)}`),
      distribution(view),
      text(`${peopleOf(view.people)} in ${windowOf(days)}. ${belief(view)}\n${trend(view)}`),
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

function overview(views: readonly SentimentView[], days: number): Reply {
  const all = { label: "All topics", command: "topics", args: {} };
  if (views.length === 0)
    return reply(heading("What this community thinks"), text(`Nobody here has said anything in ${windowOf(days)}.`), buttons([all]));
  return reply(
    heading("What this community thinks"),
    text(`In ${windowOf(days)}, most discussed first:`),
    table(
      ["Topic", "People", "Agree", "Trend"],
      views.map((view) => [view.topic.title, String(view.people), ofWhom(view.agreement), signOf(view)]),
    ),
    note(
      [
        `Agree: of those who took a side, with the 95 % interval; below ${fewestForShares} people no percentage.`,
        `Trend against ${beforeOf(days)}: ▲ ▼ more than chance, = no more than chance, – too few people to test.`,
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

const belief = ({ agreement }: SentimentView): string =>
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
