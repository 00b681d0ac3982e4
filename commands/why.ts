/** `/why`: where something posted came from, by the receipt beside it: a figure's source and what another one says; an answer's prompt. */
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
  type ModelAnswer,
  note,
  reply,
  type Services,
  sources,
  type Texts,
  text,
  typedReceipt,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["why"];
type SecondLook = NonNullable<Awaited<ReturnType<Services["market"]["secondLook"]>>>;

/** Longest value shown as the source wrote it; no honest number comes near, nor two of them with their receipts. */
const maxRaw = 160;

export default defineCommand({
  name: "why",
  summary: "Where a figure came from, what another source says, and what it is now",
  args: z.object({
    receipt: z.string().trim().min(1).max(40).describe("The short code beside a figure or an answer"),
    again: z.boolean().optional().describe("Ask the source, and another one, once more now"),
  }),
  examples: ["/why abcd2345", "/why abcd2345 again"],
  access: "everyone",
  visibility: "public",
  async run({ services, signal, now, progress, texts }, { receipt: typed, again: named = false }) {
    // On platforms where one line is typed, what follows a text belongs to it.
    const [, receipt = typed, word] = /^(\S+)\s+(again)$/i.exec(typed) ?? [];
    const again = named || word !== undefined;
    const { why: words } = texts;
    const { market } = services;
    const figure = await market.receipt(receipt);
    if (figure === null) {
      const answer = await services.modelAnswers.find(typedReceipt(receipt));
      if (answer === null) throw new UserError("unknown_receipt", words.unknown(literal(receipt)));
      return reply(heading(words.byModel), text(writtenBy(answer, words)), note(words.notKept));
    }
    if (again) progress(words.asking);
    const look = again ? await market.secondLook(figure, signal) : null;
    const bundled = figure.source.url === "";
    return reply(
      heading(`${literal(figure.label)}: ${literal(formatFigure(figure))}`),
      text(about(figure, now, words)),
      ...(again ? lookedAgain(figure, look, now, texts) : elsewhere(figure, await market.other(figure), now, words)),
      ...(bundled ? [] : [sources([{ title: figure.source.name, url: figure.source.url }])]),
      ...(bundled || isWorkedOut(figure) || again
        ? []
        : [buttons([{ label: words.askAgain, command: "why", args: { receipt, again: true } }])]),
    );
  },
});

const writtenBy = ({ prompt, model, at }: ModelAnswer, words: Words): string =>
  [words.prompt(`\`${prompt}\``), words.model(literal(model)), words.writtenAt(formatTime(at, "instant"))].join("\n");

function about(figure: Figure, now: Date, words: Words): string {
  const { source, raw, observedAt, precision, fetchedAt, metric } = figure;
  const bundled = source.url === "";
  return [
    words.source(literal(source.name), bundled),
    words.raw(`\`${shortened(raw.replaceAll("`", "'"))}\``, isWorkedOut(figure)),
    words.sourceTime(observedAt === null ? null : formatTime(observedAt, precision)),
    words.fetched(formatTime(fetchedAt, bundled ? "day" : "instant"), bundled),
    words.state(stateOf(figure, now, words.states)),
    words.metric(`\`${metric}\``),
  ].join("\n");
}

/** A stored figure keeps the state it was fetched in: what a reader asks is whether it still is so. */
function stateOf({ state, fetchedAt, value, source }: Figure, now: Date, words: Words["states"]): string {
  const age = formatAge(now.getTime() - fetchedAt.getTime());
  if (state === "missing" || value === null) return words.missing;
  if (state === "live") return words.live(age);
  return source.url === "" ? words.snapshot : words.stale(age);
}

/** What another source said the last time it was asked. */
function elsewhere(figure: Figure, other: Figure | null, now: Date, words: Words): readonly Block[] {
  if (other === null) return [];
  return [text(words.other(`${described(other, now, words)}${difference(figure, other, words)}`))];
}

function lookedAgain(figure: Figure, look: SecondLook | null, now: Date, { why: words, troubles: said }: Texts): readonly Block[] {
  if (figure.source.url === "") return [text(words.nothingToAsk)];
  if (isWorkedOut(figure)) return [text(words.workedOut)];
  if (look === null) return [text(words.notAlone)];
  const { again, other, troubles } = look;
  return [
    text(
      [
        again === null
          ? words.gaveNone(literal(figure.source.name))
          : words.again(`${described(again, now, words)}${difference(figure, again, words)}`),
        words.other(other === null ? null : `${described(other, now, words)}${difference(again ?? figure, other, words)}`),
        ...troubles.map((trouble) => literal(said.one(trouble))),
      ].join("\n"),
    ),
  ];
}

/** "CoinPaprika: **$70,001**, fetched 2 h ago, `abcd2345`". */
const described = (figure: Figure, now: Date, words: Words): string =>
  words.described(literal(figure.source.name), formatFigure(figure), formatAge(now.getTime() - figure.fetchedAt.getTime()), figure.id);

/** Two values further apart than this differ because time went by, and not because the sources disagree. */
const maxApartMs = 6 * 3_600_000;

/** How far the second value is from the first: in percent of it, or in percentage points. */
function difference(first: Figure, second: Figure, words: Words): string {
  if (first.value === null || second.value === null || first.unit !== second.unit) return "";
  if (first.source.name !== second.source.name && Math.abs(first.fetchedAt.getTime() - second.fetchedAt.getTime()) > maxApartMs)
    return words.tooFarApart;
  const [from, to] = [Number(first.value), Number(second.value)];
  const points = first.unit === "percent";
  const by = points ? to - from : ((to - from) / from) * 100;
  if (!Number.isFinite(by)) return "";
  const size = new Intl.NumberFormat("en", { maximumFractionDigits: 2 }).format(Math.abs(by));
  if (size === "0") return words.same;
  return words.difference(size, points, by > 0);
}

const shortened = (raw: string): string => (raw.length <= maxRaw ? raw : `${raw.slice(0, maxRaw)}…`);
