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
  async run({ services: { digests, communities, schedules }, room, now, progress }, { date: day, compare, show = "digest", of }) {
    // "Today" is what it is in the digest that comes here.
    const [subscribed] = await schedules.list(room.id);
    const { zone } = subscribed ?? (await communities.settings(room.community));
    if (day === undefined && compare === undefined && of === undefined && show === "digest") {
      progress("Collecting the figures …");
      const { id, blocks, asks } = await digests.post(null, { community: room.community, room: room.id, zone, sections: null });
      return reply(...blocks, buttonsUnder(id, asks));
    }
    const found = of === undefined ? await stored(digests, room.community, day, zone, now) : await one(digests, room.community, of);
    if (compare !== undefined) return comparison(found, await stored(digests, room.community, compare, zone, now));
    const { digest, blocks } = found;
    if (show === "receipts")
      return reply(
        heading(`Figures of the digest of ${digest.localDate}`),
        ...(found.figures.length === 0
          ? [text("There was no figure in it.")]
          : [figures(found.figures, now), note("`/why` with a receipt shows where a figure came from.")]),
      );
    return reply(note(`As it was posted on ${digest.localDate}.`), ...blocks, buttonsUnder(digest.id, null));
  },
});

type Digests = Services["digests"];
type Found = NonNullable<Awaited<ReturnType<Digests["on"]>>>;

/** Receipts are those of this very digest: whoever asks for another one of the same day changes nothing. */
const buttonsUnder = (id: Found["digest"]["id"], asks: string | null) =>
  buttons([
    { label: "Where the numbers are from", command: "digest", args: { of: id, show: "receipts" } },
    ...(asks === null ? [] : [{ label: "Log mine", command: "opinion", args: { topic: asks } }]),
  ]);

async function suggestDates(digests: Digests, community: Parameters<Digests["dates"]>[0]) {
  return (await digests.dates(community, 25)).map((day) => ({ label: day, value: day }));
}

/** @throws UserError where this community has none of this id */
async function one(digests: Digests, community: Parameters<Digests["find"]>[0], id: string) {
  const found = await digests.find(community, digestId(id));
  if (found === null) throw new UserError("no_digest", "That digest is not kept here.", "`/digest` makes today's.");
  return found;
}

/** @throws UserError where the day cannot be read or has no digest */
async function stored(digests: Digests, community: Parameters<Digests["on"]>[0], typed: string | undefined, zone: string, now: Date) {
  const day = readDay(typed ?? "today", zone, now);
  const found = await digests.on(community, day);
  if (found !== null) return found;
  const known = await digests.dates(community, 5);
  throw new UserError(
    "no_digest",
    `There is no digest of ${day} here.`,
    known.length === 0 ? "`/digest` makes today's." : `There are digests of ${known.join(", ")}.`,
  );
}

function readDay(typed: string, zone: string, now: Date): string {
  const today = now.toTemporalInstant().toZonedDateTimeISO(zone).toPlainDate();
  if (/^today$/i.test(typed)) return today.toString();
  if (/^yesterday$/i.test(typed)) return today.subtract({ days: 1 }).toString();
  try {
    return Temporal.PlainDate.from(typed).toString();
  } catch {
    throw new UserError("bad_date", `“${literal(typed)}” is no date I can read.`, "Write it like `2026-11-20`, or `yesterday`.");
  }
}

/** Only figures of the same metric from the same source stand beside each other. */
function comparison(some: Found, other: Found) {
  const [earlier, later] = some.digest.localDate <= other.digest.localDate ? [some, other] : [other, some];
  const rows = later.figures.flatMap((now) => {
    // The change of a change says nothing.
    if (now.unit === "percent") return [];
    const then = earlier.figures.find((f) => f.metric === now.metric && f.source.name === now.source.name);
    return then === undefined ? [] : [[now.label, formatFigure(then), formatFigure(now), changeBetween(then, now)]];
  });
  const [from, to] = [earlier.digest.localDate, later.digest.localDate];
  return reply(
    heading(`Digests of ${from} and ${to}`),
    ...(rows.length === 0
      ? [text("The two have no figure in common that comes from the same source.")]
      : [table(["", from, to, "change"], rows)]),
  );
}

function changeBetween(then: Figure, now: Figure): string {
  const [a, b] = [Number(then.value), Number(now.value)];
  // Of two values that are only known to be at least so much, nobody knows which is greater.
  if (then.value === null || now.value === null || a === 0 || [then, now].some(({ bound }) => bound === "at_least")) return "no data";
  const { bound: _, ...exact } = now;
  const change: Figure = { ...exact, value: (100 * (b - a)) / a, unit: "percent" };
  return formatFigure(then.bound === undefined && now.bound === undefined ? change : { ...change, bound: "about" });
}
