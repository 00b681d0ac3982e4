/** Reads the times and days that people type for a schedule, and writes the days back as words. */
import { UserError } from "../core/errors.ts";
import type { Texts } from "../core/texts.ts";
import { closest } from "../lib/closest.ts";
import { quoted } from "./quoted.ts";
import { weekdays as isoDays, type Weekday } from "./types.ts";

const namedTimes: ReadonlyMap<string, string> = new Map([
  ["noon", "12:00"],
  ["midday", "12:00"],
  ["midnight", "00:00"],
]);
/** Hour, then minutes behind a colon, a point or an h, then am or pm. */
const clockTime = /^(\d{1,2})(?:[:.h](\d{2})|h)?(?: ?([ap])\.?m\.?)?$/;
/** Four digits in a row, or three. */
const bareTime = /^(\d{1,2})(\d{2})$/;

/**
 * A time of day as "HH:MM". A bare number is an hour of the 24-hour clock: "9" is 09:00 and "21" is 21:00.
 * @throws UserError `bad_time` with an example
 */
export function parseTime(text: string): string {
  const typed = text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
  const named = namedTimes.get(typed);
  if (named !== undefined) return named;
  const [, hours = "", minutes = "00", half] = bareTime.exec(typed) ?? clockTime.exec(typed) ?? [];
  if (hours === "") throw new UserError("bad_time", ({ schedule }) => schedule.noTime(quoted(text)));
  const minute = Number(minutes);
  if (minute > 59) throw new UserError("bad_time", ({ schedule }) => schedule.badMinutes(quoted(text)));
  return `${hourOf(Number(hours), half, text)}:${minutes}`;
}

function hourOf(hour: number, half: string | undefined, text: string): string {
  if (half !== undefined) {
    if (hour < 1 || hour > 12) throw new UserError("bad_time", ({ schedule }) => schedule.badHalf(quoted(text)));
    // Noon opens the afternoon and midnight the morning: 12 pm is 12:00, 12 am is 00:00.
    return String((hour % 12) + (half === "p" ? 12 : 0)).padStart(2, "0");
  }
  if (hour === 24) throw new UserError("bad_time", ({ schedule }) => schedule.midnight(quoted(text)));
  if (hour > 23) throw new UserError("bad_time", ({ schedule }) => schedule.badHour(quoted(text)));
  return String(hour).padStart(2, "0");
}

/** ISO order: the place in the list plus one is the weekday's number. */
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;
const everyDay = [1, 2, 3, 4, 5, 6, 7];
const sets: ReadonlyMap<string, readonly number[]> = new Map([
  ["day", everyDay],
  ["daily", everyDay],
  ["everyday", everyDay],
  ["weekday", [1, 2, 3, 4, 5]],
  ["workday", [1, 2, 3, 4, 5]],
  ["weekend", [6, 7]],
]);
const weekly = ["weekly", "week"];
const fillers = ["every", "each", "on", "and", "&", "+"];

/**
 * The days a person named: sets, weekdays by name or their first two letters and more, lists and ranges ("mon-fri").
 * @param today ISO weekday of the place where the schedule is made: "weekly" without a day means this one
 * @throws UserError `bad_days` with what can be written
 */
export function parseDays(text: string, today: number): readonly Weekday[] {
  const words = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s*(?:[-–—]|\b(?:to|through|till|until)\b)\s*/g, "-")
    .split(/[\s,;/]+/)
    .filter((word) => word !== "" && !fillers.includes(word));
  const named = words.filter((word) => !weekly.includes(word));
  if (words.length === 0) throw new UserError("bad_days", ({ schedule }) => schedule.whichDays);
  const chosen = named.length === 0 ? [today] : named.flatMap((word) => daysOf(word, text));
  return isoDays.filter((day) => chosen.includes(day));
}

function daysOf(word: string, text: string): readonly number[] {
  // "Mondays", "tues", "weds": an s at the end changes nothing.
  const set = sets.get(word.replace(/s$/, ""));
  if (set !== undefined) return set;
  const [from, to, ...more] = word.split("-").map((name) => weekday(name));
  if (from === undefined || more.length > 0 || (to === undefined && word.includes("-"))) throw unreadable(word, text);
  if (to === undefined) return [from];
  // "fri-mon" goes over the end of the week.
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, i) => ((from - 1 + i) % 7) + 1);
}

function weekday(name: string): number | undefined {
  const stem = name.replace(/s$/, "");
  const index = stem.length < 2 ? -1 : weekdays.findIndex((day) => day.toLowerCase().startsWith(stem));
  return index < 0 ? undefined : index + 1;
}

function unreadable(word: string, text: string): UserError {
  return new UserError("bad_days", ({ schedule }) => schedule.noDays(quoted(text), meantDays(word)));
}

/** Days in words that were probably meant by what is none. */
export const meantDays = (word: string): string | undefined =>
  closest(word.toLowerCase(), [...weekdays.map((day) => day.toLowerCase()), "daily", "weekdays", "weekends", "weekly"]);

/** Days as words; those of English `parseDays` reads back: "daily", "weekdays", "weekends", "every Monday", "Monday, Wednesday and Friday". */
export function formatDays(days: readonly Weekday[], words: Texts["schedule"]): string {
  const numbers = days.toSorted((a, b) => a - b).join("");
  if (numbers === "1234567") return words.daily;
  if (numbers === "12345") return words.workdays;
  if (numbers === "67") return words.weekend;
  return words.onDays(words.weekdays.filter((_, i) => days.some((day) => day === i + 1)));
}
