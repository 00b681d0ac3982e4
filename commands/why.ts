/** `/why`: where a posted figure came from, by the receipt that stands beside it. */
import {
  defineCommand,
  type Figure,
  formatAge,
  formatFigure,
  formatTime,
  heading,
  literal,
  reply,
  sources,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** Longest value shown as the source wrote it; no honest number comes near. */
const maxRaw = 100;

export default defineCommand({
  name: "why",
  summary: "Where a figure came from: source, link, raw value, times and state",
  args: z.object({ receipt: z.string().trim().min(1).max(40).describe("The short code beside a figure") }),
  examples: ["/why abcd2345"],
  access: "everyone",
  visibility: "public",
  async run({ services, now }, { receipt }) {
    const figure = await services.market.receipt(receipt);
    if (figure === null)
      throw new UserError(
        "unknown_receipt",
        `I have no figure with the receipt “${literal(receipt)}”.`,
        "A receipt is the code of eight letters and digits beside a figure; `/market` shows some.",
      );
    const { source, raw, observedAt, precision, fetchedAt } = figure;
    const bundled = source.url === "";
    const lines = [
      `**Source**: ${literal(source.name)}${bundled ? " (bundled with the program, so there is no page to link to)" : ""}`,
      `**As the source wrote it**: \`${shortened(raw.replaceAll("`", "'"))}\``,
      `**The source's time**: ${observedAt === null ? "it gave none" : formatTime(observedAt, precision)}`,
      `**${bundled ? "Taken into the program" : "Fetched"}**: ${formatTime(fetchedAt, bundled ? "day" : "instant")}`,
      `**State**: ${stateOf(figure, now)}`,
      `**Metric**: \`${figure.metric}\``,
    ];
    return reply(
      heading(`${literal(figure.label)}: ${literal(formatFigure(figure))}`),
      text(lines.join("\n")),
      ...(bundled ? [] : [sources([{ title: source.name, url: source.url }])]),
    );
  },
});

/** A stored figure keeps the state it was fetched in: what a reader asks is whether it still is so. */
function stateOf({ state, fetchedAt, value, source }: Figure, now: Date): string {
  const ago = `${formatAge(now.getTime() - fetchedAt.getTime())} ago`;
  if (state === "missing" || value === null) return "missing: the source had no value";
  if (state === "live") return `live when it was fetched, ${ago}`;
  return source.url === "" ? "stale: a snapshot of the past" : `stale: it was fetched ${ago}, and nothing newer was to be had`;
}

const shortened = (raw: string): string => (raw.length <= maxRaw ? raw : `${raw.slice(0, maxRaw)}…`);
