/** Decides which local dates of a schedule have become due: pure civil-time arithmetic, without a clock and without a store. */

import { type Schedule, weekdays } from "./types.ts";

export interface DueDate {
  /** The local date, "YYYY-MM-DD": the key under which this run happens at most once. */
  readonly localDate: string;
  readonly at: Temporal.Instant;
  /** `skipped` came due while nobody looked, and too long ago to be made up for: it is recorded, not run. */
  readonly kind: "run" | "skipped";
}

/** A morning digest is still welcome this much later, in milliseconds, and no longer. */
const defaultWindowMs = 3 * 60 * 60 * 1000;
/** After a long downtime only this many days are looked back on: nobody asks which digests were skipped before that. */
const rememberedDays = 14;

/**
 * The instant at which a schedule's time comes on a local date, whatever its weekdays.
 * - A time that the clocks jump over in spring comes later by the length of the jump: 02:30 at 03:30. Calendars do the same
 *   (RFC 5545, 3.3.5), and two schedules keep their distance, where "the first instant after" would heap a whole hour's onto one.
 * - A time that comes twice in autumn counts the first time, so nobody waits an hour for what others call late.
 * - null on a date that the zone left out altogether, such as 30 December 2011 in Apia: there was no such day to miss anything on.
 * @param localDate "YYYY-MM-DD"
 * @throws RangeError for a time, zone or date that does not exist
 */
export function occurrence({ time, zone }: Schedule, localDate: string): Temporal.Instant | null {
  const date = Temporal.PlainDate.from(localDate);
  const at = date.toPlainDateTime(time).toZonedDateTime(zone, { disambiguation: "compatible" });
  // A jump over midnight (Nuuk, at 23:00) moves the time to the next date too; only a jump over the whole day leaves no first moment.
  if (!at.toPlainDate().equals(date) && !date.toZonedDateTime(zone).toPlainDate().equals(date)) return null;
  return at.toInstant();
}

/**
 * The local dates that came due in (since, now], oldest first: the newest is to be run if it came at most `windowMs` ago, and
 * everything else was skipped. What came due more than 14 days ago is left out. A clock that was set back gives nothing.
 * @param times.since when the schedule was made or last looked at; keep `now` as the next one, unless it is earlier
 * @param times.windowMs how late a run may be, in milliseconds; three hours unless given
 * @throws RangeError for a time or zone that does not exist
 */
export function due(
  schedule: Schedule,
  {
    now,
    since,
    windowMs = defaultWindowMs,
  }: { readonly now: Temporal.Instant; readonly since: Temporal.Instant; readonly windowMs?: number },
): readonly DueDate[] {
  const horizon = now.subtract({ hours: 24 * rememberedDays });
  const after = isLater(horizon, since) ? horizon : since;
  if (!isLater(now, after)) return [];
  const came: { localDate: string; at: Temporal.Instant }[] = [];
  for (const run of runsFrom(schedule, after)) {
    if (isLater(run.at, now)) break;
    came.push(run);
  }
  const newest = came.at(-1);
  return came.map((run) => {
    const inTime = run === newest && now.epochMilliseconds - run.at.epochMilliseconds <= windowMs;
    return { ...run, kind: inTime ? "run" : "skipped" };
  });
}

/**
 * The next runs strictly after an instant, in the schedule's local time and with its offset from UTC.
 * @param count how many; there are none without weekdays
 * @throws RangeError for a time or zone that does not exist
 */
export function nextRuns(schedule: Schedule, after: Temporal.Instant, count: number): readonly Temporal.ZonedDateTime[] {
  return runsFrom(schedule, after)
    .take(count)
    .map(({ at }) => at.toZonedDateTimeISO(schedule.zone))
    .toArray();
}

/** All runs strictly after an instant, without end, earliest first: one local time's instants come in the order of their dates. */
function* runsFrom(schedule: Schedule, after: Temporal.Instant): Generator<{ localDate: string; at: Temporal.Instant }, void, void> {
  if (!weekdays.some((day) => schedule.days.includes(day))) return;
  // Yesterday's time can still be ahead: see the jump over midnight above.
  for (let date = localDateOf(after, schedule).subtract({ days: 1 }); ; date = date.add({ days: 1 })) {
    if (!schedule.days.some((day) => day === date.dayOfWeek)) continue;
    const localDate = date.toString();
    const at = occurrence(schedule, localDate);
    if (at !== null && isLater(at, after)) yield { localDate, at };
  }
}

const localDateOf = (instant: Temporal.Instant, { zone }: Schedule): Temporal.PlainDate => instant.toZonedDateTimeISO(zone).toPlainDate();

const isLater = (a: Temporal.Instant, b: Temporal.Instant): boolean => Temporal.Instant.compare(a, b) > 0;
