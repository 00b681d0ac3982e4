/** `/sentiment`: what this community thinks about one topic, counted by people, with its trend and a few quotes. */
import {
  buttons,
  defineCommand,
  heading,
  literal,
  note,
  quote,
  reply,
  type Stance,
  stances,
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** Below this many people a percentage says more than is known. */
const fewestForShares = 5;

const labels: Readonly<Record<Stance, string>> = { agree: "Agree", mixed: "Mixed", disagree: "Disagree", unclear: "Unclear" };

export default defineCommand({
  name: "sentiment",
  summary: "What this community thinks about a topic",
  args: z.object({
    topic: z.string().trim().min(1).max(60).describe("One of /topics, such as compute-pricing"),
    days: z.int().min(1).max(365).optional().describe("How many days back (default 30)"),
  }),
  examples: ["/sentiment compute-pricing", "/sentiment latency 7"],
  access: "everyone",
  visibility: "public",
  suggest: { topic: ({ opinions }, { typed }) => opinions.suggest(typed) },
  async run({ services, room, now }, { topic: typed, days = 30 }) {
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
    const view = await services.opinions.sentiment(room.community, topic, days, now);
    const { quoting } = await services.communities.settings(room.community);
    const window = days === 1 ? "the last day" : `the last ${days} days`;
    const say = buttons([{ label: "Say what I think", command: "opinion", args: { topic: topic.id } }]);
    if (view.people === 0) {
      return reply(
        heading(topic.title),
        text(literal(topic.proposition)),
        text(`Nobody here has said anything about this in ${window}.`),
        say,
      );
    }
    return reply(
      heading(topic.title),
      text(`${literal(topic.proposition)}\n**Agree:** ${literal(topic.sides.agree)}\n**Disagree:** ${literal(topic.sides.disagree)}`),
      table(
        ["Stance", "People", "Share"],
        stances.map((stance) => [labels[stance], String(view.counts[stance]), share(view.counts[stance], view.people)]),
      ),
      text(`${view.people === 1 ? "1 person" : `${view.people} people`} in ${window}. ${trend(view.counts, view.before, days)}`),
      ...(quoting ? view.quotes : []).map(({ stance, text }) => quote(text, labels[stance].toLowerCase())),
      note(
        view.people < fewestForShares
          ? `Fewer than ${fewestForShares} people: counts only, no percentages. Each member's newest opinion counts once.`
          : "Each member's newest opinion counts once.",
      ),
      say,
    );
  },
});

function share(count: number, people: number): string {
  return people < fewestForShares ? `${count} of ${people}` : `${Math.round((100 * count) / people)} %`;
}

function trend(now: Readonly<Record<Stance, number>>, before: Readonly<Record<Stance, number>> | null, days: number): string {
  const earlier = days === 1 ? "the day before" : `the ${days} days before`;
  if (before === null) return `Nobody spoke in ${earlier}, so there is no trend yet.`;
  const people = (counts: Readonly<Record<Stance, number>>) => stances.reduce((sum, stance) => sum + counts[stance], 0);
  const [n, m] = [people(now), people(before)];
  return `Trend: ${now.agree} of ${n} agree, after ${before.agree} of ${m} in ${earlier}.`;
}
