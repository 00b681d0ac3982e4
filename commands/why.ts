/** `/why`: where a posted figure came from, by the receipt that stands beside it, and what another source says. */
import {
  type Block,
  buttons,
  defineCommand,
  type Figure,
  formatAge,
  formatFigure,
  formatTime,
  heading,
  isWorkedOut,
  literal,
  reply,
  type Services,
  sources,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type SecondLook = NonNullable<Awaited<ReturnType<Services["market"]["secondLook"]>>>;

/** Longest value shown as the source wrote it; no honest number comes near, nor two of them with their receipts. */
const maxRaw = 160;

export default defineCommand({
  name: "why",
  summary: "Where a figure came from, what another source says, and what it is now",
  args: z.object({
    receipt: z.string().trim().min(1).max(40).describe("The short code beside a figure"),
    again: z.boolean().optional().describe("Ask the source, and another one, once more now"),
  }),
  examples: ["/why abcd2345", "/why abcd2345 again"],
  access: "everyone",
  visibility: "public",
  async run({ services: { market }, signal, now, progress }, { receipt: typed, again: named = false }) {
    // On platforms where one line is typed, what follows a text belongs to it.
    const [, receipt = typed, word] = /^(\S+)\s+(again)$/i.exec(typed) ?? [];
    const again = named || word !== undefined;
    const figure = await market.receipt(receipt);
    if (figure === null)
      throw new UserError(
        "unknown_receipt",
        `I have no figure with the receipt “${literal(receipt)}”.`,
        "A receipt is the code of eight letters and digits beside a figure; `/market` shows some.",
      );
    if (again) progress("Asking the sources again …");
    const look = again ? await market.secondLook(figure, signal) : null;
    const bundled = figure.source.url === "";
    return reply(
      heading(`${literal(figure.label)}: ${literal(formatFigure(figure))}`),
      text(about(figure, now)),
      ...(again ? lookedAgain(figure, look, now) : elsewhere(figure, await market.other(figure), now)),
      ...(bundled ? [] : [sources([{ title: figure.source.name, url: figure.source.url }])]),
      ...(bundled || isWorkedOut(figure) || again
        ? []
        : [buttons([{ label: "Ask again now", command: "why", args: { receipt, again: true } }])]),
    );
  },
});

function about(figure: Figure, now: Date): string {
  const { source, raw, observedAt, precision, fetchedAt, metric } = figure;
  const bundled = source.url === "";
  return [
    `**Source**: ${literal(source.name)}${bundled ? " (bundled with the program, so there is no page to link to)" : ""}`,
    `**${isWorkedOut(figure) ? "Worked out from" : "As the source wrote it"}**: \`${shortened(raw.replaceAll("`", "'"))}\``,
    `**The source's time**: ${observedAt === null ? "it gave none" : formatTime(observedAt, precision)}`,
    `**${bundled ? "Taken into the program" : "Fetched"}**: ${formatTime(fetchedAt, bundled ? "day" : "instant")}`,
    `**State**: ${stateOf(figure, now)}`,
    `**Metric**: \`${metric}\``,
  ].join("\n");
}

/** A stored figure keeps the state it was fetched in: what a reader asks is whether it still is so. */
function stateOf({ state, fetchedAt, value, source }: Figure, now: Date): string {
  const ago = `${formatAge(now.getTime() - fetchedAt.getTime())} ago`;
  if (state === "missing" || value === null) return "missing: the source had no value";
  if (state === "live") return `live when it was fetched, ${ago}`;
  return source.url === "" ? "stale: a snapshot of the past" : `stale: it was fetched ${ago}, and nothing newer was to be had`;
}

/** What another source said the last time it was asked. */
function elsewhere(figure: Figure, other: Figure | null, now: Date): readonly Block[] {
  if (other === null) return [];
  return [text(`**Another source**: ${described(other, now)}${difference(figure, other)}`)];
}

function lookedAgain(figure: Figure, look: SecondLook | null, now: Date): readonly Block[] {
  if (figure.source.url === "") return [text("It is bundled with the program: there is nothing to ask again.")];
  if (isWorkedOut(figure)) return [text("It is worked out from other figures: ask again about those, by their receipts above.")];
  if (look === null) return [text("I cannot ask about this one alone.")];
  const { again, other, troubles } = look;
  return [
    text(
      [
        `**Asked again**: ${again === null ? `${literal(figure.source.name)} gave no value` : `${described(again, now)}${difference(figure, again)}`}`,
        `**Another source**: ${other === null ? "none gave a value" : `${described(other, now)}${difference(again ?? figure, other)}`}`,
        ...troubles.map((trouble) => `${literal(trouble)}.`),
      ].join("\n"),
    ),
  ];
}

/** "CoinPaprika: **$70,001**, fetched 2 h ago, `abcd2345`". */
const described = (figure: Figure, now: Date): string =>
  `${literal(figure.source.name)}: **${formatFigure(figure)}**, fetched ${formatAge(now.getTime() - figure.fetchedAt.getTime())} ago, \`${figure.id}\``;

/** Two values further apart than this differ because time went by, and not because the sources disagree. */
const maxApartMs = 6 * 3_600_000;

/** How far the second value is from the first: in percent of it, or in percentage points. */
function difference(first: Figure, second: Figure): string {
  if (first.value === null || second.value === null || first.unit !== second.unit) return "";
  if (first.source.name !== second.source.name && Math.abs(first.fetchedAt.getTime() - second.fetchedAt.getTime()) > maxApartMs)
    return "; too far apart in time to compare";
  const [from, to] = [Number(first.value), Number(second.value)];
  const points = first.unit === "percent";
  const by = points ? to - from : ((to - from) / from) * 100;
  if (!Number.isFinite(by)) return "";
  const size = new Intl.NumberFormat("en", { maximumFractionDigits: 2 }).format(Math.abs(by));
  if (size === "0") return "; the same";
  return `; ${size} ${points ? "percentage points" : "%"} ${by > 0 ? "more" : "less"}`;
}

const shortened = (raw: string): string => (raw.length <= maxRaw ? raw : `${raw.slice(0, maxRaw)}…`);
