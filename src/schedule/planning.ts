/** Reads schedules as people write them, and says them back in words: planning as commands see it. */
import { due, nextRuns } from "./due.ts";
import { formatDays, parseDays, parseTime } from "./parse-schedule.ts";
import type { Due, Planning } from "./types.ts";
import { findZone, suggestZones } from "./zones.ts";

/** `due` by the clock of the program. */
export const dueRuns: Due = (schedule, { now, since, windowMs }) =>
  due(schedule, { now: now.toTemporalInstant(), since: since.toTemporalInstant(), windowMs }).map(({ localDate, at, kind }) => ({
    localDate,
    at: new Date(at.epochMilliseconds),
    kind,
  }));

export const planning: Planning = {
  async plan({ time, zone, days }, now) {
    const at = now.toTemporalInstant();
    const local = parseTime(time);
    const found = await findZone(zone, at);
    return { time: local, zone: found, days: parseDays(days, at.toZonedDateTimeISO(found).dayOfWeek) };
  },

  zone: (text, now) => findZone(text, now.toTemporalInstant()),

  suggestZones: (typed, now) => suggestZones(typed, now.toTemporalInstant()),

  describe({ time, zone, days }) {
    return `${formatDays(days)} at ${time} (${zone})`;
  },

  next(schedule, after, count) {
    return nextRuns(schedule, after.toTemporalInstant(), count).map((run) =>
      run.toLocaleString("en-GB", {
        weekday: "short",
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
        timeZoneName: "short",
      }),
    );
  },
};
