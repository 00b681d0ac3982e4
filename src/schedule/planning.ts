/** Reads schedules as people write them, and says them back in words: planning as commands see it. */

import { UserError } from "../core/errors.ts";
import type { Texts } from "../core/texts.ts";
import { due, nextRuns } from "./due.ts";
import { formatDays, meantDays, parseDays, parseTime } from "./parse-schedule.ts";
import { quoted } from "./quoted.ts";
import { takeApart } from "./read-wish.ts";
import type { Due, Planning } from "./types.ts";
import { findZone, suggestZones } from "./zones.ts";

/** `due` by the clock of the program. */
export const dueRuns: Due = (schedule, { now, since, windowMs }) =>
  due(schedule, { now: now.toTemporalInstant(), since: since.toTemporalInstant(), windowMs }).map(({ localDate, at, kind }) => ({
    localDate,
    at: new Date(at.epochMilliseconds),
    kind,
  }));

/** @throws UserError where the words are no place, or where only the first of them are one */
async function zoneOf(words: readonly string[], also: (texts: Texts) => string, now: Temporal.Instant): Promise<string> {
  try {
    return await findZone(words.join(" "), now);
  } catch (error) {
    for (let count = words.length - 1; count >= 0; count--) {
      const unread = words.slice(count).join(" ");
      const understood = count === 0 ? meantDays(unread) !== undefined : await isPlace(words.slice(0, count).join(" "), now);
      if (understood) throw new UserError("unread_words", (texts) => texts.schedule.unread(quoted(unread), meantDays(unread), also(texts)));
    }
    throw error;
  }
}

const isPlace = (text: string, now: Temporal.Instant): Promise<boolean> =>
  findZone(text, now).then(
    () => true,
    () => false,
  );

export const planning: Planning = {
  async plan(line, { zone: usual, also }, now) {
    const at = now.toTemporalInstant();
    const { time, days, place } = takeApart(line);
    const local = parseTime(time);
    const zone = place.length === 0 ? usual : await zoneOf(place, also, at);
    return { time: local, zone, days: parseDays(days ?? "daily", at.toZonedDateTimeISO(zone).dayOfWeek) };
  },

  zone: (text, now) => findZone(text, now.toTemporalInstant()),

  suggestZones: (typed, now, words) => suggestZones(typed, now.toTemporalInstant(), words),

  describe({ time, zone, days }, words) {
    return words.at(formatDays(days, words), time, zone);
  },

  next(schedule, { after, count, words }) {
    return nextRuns(schedule, after.toTemporalInstant(), count).map((run) =>
      run.toLocaleString(words.dates, {
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
