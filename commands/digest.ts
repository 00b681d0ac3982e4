/** `/digest`: today's digest now, one of an earlier day, two beside each other, and the receipts of every number in it. */
import {
  buttons,
  defineCommand,
  digestId,
  type Figure,
  figures,
  formatFigure,
  heading,
  literal,
  note,
  reply,
  type Services,
  type Texts,
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const date = z.string().trim().max(20).optional();

export default defineCommand({
  name: "digest",
  summary: "Today's digest of the DePIN sector, or one of an earlier day",
  args: z.object({
    date: date.describe("A day with a digest, such as 2026-11-20; without it, today's is made now"),
    compare: date.describe("Another day to hold it against"),
    show: z.enum(["digest", "receipts"]).optional().describe("Receipts list every number with its source"),
    of: z.string().trim().max(40).optional().describe("One of several digests of a day; its button fills this in"),
  }),
  examples: ["/digest", "/digest date=2026-11-20", "/digest date=2026-11-20 compare=2026-11-13"],
  access: "everyone",
  visibility: "public",
  deadlineMs: 45_000,
  suggest: {
    date: ({ digests }, { room }) => suggestDates(digests, room.community),
    compare: ({ digests }, { room }) => suggestDates(digests, room.community),
  },
  async run({ services: { digests, communities, schedules }, room, now, progress, texts }, { date: day, compare, show = "digest", of }) {
    const { digestCommand: words } = texts;
    // "Today" is what it is in the digest that comes here.
    const [subscribed] = await schedules.list(room.id);
    const { zone } = subscribed ?? (await communities.settings(room.community));
    if (day === undefined && compare === undefined && of === undefined && show === "digest") {
      progress(words.collecting);
      const { id, blocks, asks } = await digests.post(null, { community: room.community, room: room.id, zone, sections: null });
      return reply(...blocks, buttonsUnder(id, asks, texts));
    }
    const found =
      of === undefined ? await stored(digests, room.community, day, { zone, now, words }) : await one(digests, room.community, of, words);
    if (compare !== undefined) return comparison(found, await stored(digests, room.community, compare, { zone, now, words }), words);
    const { digest, blocks } = found;
    if (show === "receipts")
      return reply(
        heading(words.figuresOf(digest.localDate)),
        ...(found.figures.length === 0 ? [text(words.noFigure)] : [figures(found.figures, now), note(words.receipts)]),
      );
    return reply(note(words.asPosted(digest.localDate)), ...blocks, buttonsUnder(digest.id, null, texts));
  },
});

type Words = Texts["digestCommand"];
/** What a day is read and refused with. */
interface Around {
  readonly zone: string;
  readonly now: Date;
  readonly words: Words;
}
type Digests = Services["digests"];
type Found = NonNullable<Awaited<ReturnType<Digests["on"]>>>;

/** Receipts are those of this very digest: whoever asks for another one of the same day changes nothing. */
const buttonsUnder = (id: Found["digest"]["id"], asks: string | null, { digest: words }: Texts) =>
  buttons([
    { label: words.whereFrom, command: "digest", args: { of: id, show: "receipts" } },
    ...(asks === null ? [] : [{ label: words.logMine, command: "opinion", args: { topic: asks } }]),
  ]);

async function suggestDates(digests: Digests, community: Parameters<Digests["dates"]>[0]) {
  return (await digests.dates(community, 25)).map((day) => ({ label: day, value: day }));
}

/** @throws UserError where this community has none of this id */
async function one(digests: Digests, community: Parameters<Digests["find"]>[0], id: string, words: Words) {
  const found = await digests.find(community, digestId(id));
  if (found === null) throw new UserError("no_digest", words.notKept);
  return found;
}

/** @throws UserError where the day cannot be read or has no digest */
async function stored(digests: Digests, community: Parameters<Digests["on"]>[0], typed: string | undefined, at: Around) {
  const day = readDay(typed ?? "today", at);
  const found = await digests.on(community, day);
  if (found !== null) return found;
  const known = await digests.dates(community, 5);
  throw new UserError("no_digest", at.words.none(day, known.length === 0 ? null : known.join(", ")));
}

function readDay(typed: string, { zone, now, words }: Around): string {
  const today = now.toTemporalInstant().toZonedDateTimeISO(zone).toPlainDate();
  if (/^today$/i.test(typed)) return today.toString();
  if (/^yesterday$/i.test(typed)) return today.subtract({ days: 1 }).toString();
  try {
    return Temporal.PlainDate.from(typed).toString();
  } catch {
    throw new UserError("bad_date", words.badDate(literal(typed)));
  }
}

/** Only figures of the same metric from the same source stand beside each other. */
function comparison(some: Found, other: Found, words: Words) {
  const [earlier, later] = some.digest.localDate <= other.digest.localDate ? [some, other] : [other, some];
  const rows = later.figures.flatMap((now) => {
    // The change of a change says nothing.
    if (now.unit === "percent") return [];
    const then = earlier.figures.find((f) => f.metric === now.metric && f.source.name === now.source.name);
    return then === undefined ? [] : [[now.label, formatFigure(then), formatFigure(now), changeBetween(then, now) ?? words.noData]];
  });
  const [from, to] = [earlier.digest.localDate, later.digest.localDate];
  return reply(
    heading(words.both(from, to)),
    ...(rows.length === 0 ? [text(words.nothingInCommon)] : [table(["", from, to, words.change], rows)]),
  );
}

/** Null where there is none to be told. */
function changeBetween(then: Figure, now: Figure): string | null {
  const [a, b] = [Number(then.value), Number(now.value)];
  // Of two values that are only known to be at least so much, nobody knows which is greater.
  if (then.value === null || now.value === null || a === 0 || [then, now].some(({ bound }) => bound === "at_least")) return null;
  const { bound: _, ...exact } = now;
  const change: Figure = { ...exact, value: (100 * (b - a)) / a, unit: "percent" };
  return formatFigure(then.bound === undefined && now.bound === undefined ? change : { ...change, bound: "about" });
}
