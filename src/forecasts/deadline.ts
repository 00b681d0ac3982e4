/** Reads the moment at which a question is resolved: a day in any of the usual spellings, or a day with a time. */

export type ReadDeadline = { readonly kind: "deadline"; readonly at: Date } | { readonly kind: "no_date" | "slashed_date" };

/** What may stand before a date, and around it. */
const before = /^\s*,?\s*(?:(?<until>before)|by|on|at|until|till|as of|in|for|within|from)?(?:\s+the)?\s*(?<end>end of\s+)?/i;
const slashed = /\b\d{1,2}\/\d{1,2}(?:\/\d{2,4})?\b/;

/**
 * Days are those of the zone, and end with their last moment; "before" a day is before it begins.
 * @param text what stands behind the threshold, such as "by 2027-01-31" or "in 3 months"
 */
export async function readDeadline(text: string, zone: string, now: Date): Promise<ReadDeadline> {
  // 1/2/2027 is the first of February to some, and the second of January to others.
  if (slashed.test(text)) return { kind: "slashed_date" };
  // Only loaded where somebody asks: it costs start time.
  const { casual } = await import("chrono-node/en");
  const here = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);
  const reference = { instant: now, timezone: here.offsetNanoseconds / 60e9 };
  const [found, ...more] = casual.parse(text, reference, { forwardDate: true });
  if (found === undefined || more.length > 0 || found.end !== null) return { kind: "no_date" };
  const { start } = found;
  const around = `${text.slice(0, found.index).replace(before, "")}${text.slice(found.index + found.text.length)}`;
  if (/[^\s?!.,]/.test(around)) return { kind: "no_date" };
  const relative = start.tags().has("result/relativeDate");
  const [year, month, day] = [start.get("year"), start.get("month"), start.get("day")];
  // A month or a year alone: its first day or its last would both be a guess.
  if (year === null || month === null || day === null || !(start.isCertain("day") || start.isCertain("weekday") || relative))
    return { kind: "no_date" };
  if (relative && !start.isCertain("month")) return { kind: "no_date" };
  if (start.isCertain("hour")) {
    if (start.isCertain("timezoneOffset")) return { kind: "deadline", at: start.date() };
    const time = { hour: start.get("hour") ?? 0, minute: start.get("minute") ?? 0, second: start.get("second") ?? 0 };
    return { kind: "deadline", at: instantOf(Temporal.PlainDateTime.from({ year, month, day, ...time }).toZonedDateTime(zone)) };
  }
  const date = Temporal.PlainDate.from({ year, month, day });
  const until = /^\s*,?\s*before\b/i.test(text);
  return { kind: "deadline", at: instantOf((until ? date : date.add({ days: 1 })).toZonedDateTime(zone)) };
}

const instantOf = (moment: Temporal.ZonedDateTime): Date => new Date(moment.epochMilliseconds);
