import { describe, expect, it } from "vitest";
import { due, nextRuns, occurrence } from "../../src/schedule/due.ts";
import { type Schedule, type Weekday, weekdays } from "../../src/schedule/types.ts";

const at = (time: string, zone: string, days: readonly Weekday[] = weekdays): Schedule => ({ time, zone, days });
const instant = (text: string) => Temporal.Instant.from(text);
/** The occurrence in local time, with its offset. */
const local = (schedule: Schedule, date: string): string | undefined =>
  occurrence(schedule, date)?.toZonedDateTimeISO(schedule.zone).toString({ timeZoneName: "never", smallestUnit: "minute" });
/** "date instant kind" of each. */
const dueIn = (schedule: Schedule, since: string, now: string, windowMs?: number): readonly string[] =>
  due(schedule, { now: instant(now), since: instant(since), ...(windowMs === undefined ? {} : { windowMs }) }).map(
    ({ localDate, at: when, kind }) => `${localDate} ${when} ${kind}`,
  );
const next = (schedule: Schedule, after: string, count: number): readonly string[] =>
  nextRuns(schedule, instant(after), count).map((run) => run.toString({ timeZoneName: "never", smallestUnit: "minute" }));

const vienna = at("09:00", "Europe/Vienna");
const hour = 60 * 60 * 1000;

describe("the moment of a local time", () => {
  it.each([
    ["an ordinary winter's day", at("09:00", "Europe/Vienna"), "2026-01-15", "2026-01-15T09:00+01:00"],
    ["an ordinary summer's day", at("09:00", "Europe/Vienna"), "2026-07-15", "2026-07-15T09:00+02:00"],
    ["a time that the clocks jump over comes later by the jump", at("02:30", "Europe/Vienna"), "2026-03-29", "2026-03-29T03:30+02:00"],
    ["the first minute of the jump", at("02:00", "Europe/Vienna"), "2026-03-29", "2026-03-29T03:00+02:00"],
    ["the first minute behind the jump is itself", at("03:00", "Europe/Vienna"), "2026-03-29", "2026-03-29T03:00+02:00"],
    ["the last minute before the jump is itself", at("01:59", "Europe/Vienna"), "2026-03-29", "2026-03-29T01:59+01:00"],
    ["a time that comes twice counts the first time", at("02:30", "Europe/Vienna"), "2026-10-25", "2026-10-25T02:30+02:00"],
    ["a time right behind the doubled hour comes once", at("03:00", "Europe/Vienna"), "2026-10-25", "2026-10-25T03:00+01:00"],
    ["New York jumps in March", at("02:30", "America/New_York"), "2026-03-08", "2026-03-08T03:30-04:00"],
    ["New York doubles in November", at("01:30", "America/New_York"), "2026-11-01", "2026-11-01T01:30-04:00"],
    ["Lord Howe jumps by half an hour", at("02:10", "Australia/Lord_Howe"), "2026-10-04", "2026-10-04T02:40+11:00"],
    ["Lord Howe doubles half an hour", at("01:45", "Australia/Lord_Howe"), "2026-04-05", "2026-04-05T01:45+11:00"],
    ["Lord Howe's hour before it comes once", at("01:15", "Australia/Lord_Howe"), "2026-04-05", "2026-04-05T01:15+11:00"],
    ["midnight is jumped over in Cairo", at("00:00", "Africa/Cairo"), "2026-04-24", "2026-04-24T01:00+03:00"],
    ["Nuuk jumps over midnight into the next date", at("23:30", "America/Nuuk"), "2026-03-28", "2026-03-29T00:30-01:00"],
    ["Nuuk's next date has its own time all the same", at("23:30", "America/Nuuk"), "2026-03-29", "2026-03-29T23:30-01:00"],
    ["a clock turned back over midnight", at("00:00", "America/St_Johns"), "2006-10-29", "2006-10-29T00:00-02:30"],
    ["a country changed its offset for good", at("23:30", "Asia/Almaty"), "2024-02-29", "2024-02-29T23:30+06:00"],
    ["and the day after", at("09:00", "Asia/Almaty"), "2024-03-01", "2024-03-01T09:00+05:00"],
    ["Casablanca turns back for Ramadan", at("02:30", "Africa/Casablanca"), "2026-02-15", "2026-02-15T02:30+01:00"],
    ["the day before Apia left one out", at("09:00", "Pacific/Apia"), "2011-12-29", "2011-12-29T09:00-10:00"],
    ["the day that Apia left out", at("09:00", "Pacific/Apia"), "2011-12-30", undefined],
    ["the day after", at("09:00", "Pacific/Apia"), "2011-12-31", "2011-12-31T09:00+14:00"],
    ["Kwajalein left out a day too", at("00:00", "Pacific/Kwajalein"), "1993-08-21", undefined],
    ["29 February", at("09:00", "Asia/Kathmandu"), "2028-02-29", "2028-02-29T09:00+05:45"],
  ])("%s", (_, schedule, date, expected) => {
    expect(local(schedule, date)).toBe(expected);
  });

  it("does not exist on 29 February of another year, nor at 25 o'clock, nor in a zone nobody knows", () => {
    expect(() => occurrence(vienna, "2026-02-29")).toThrow(RangeError);
    expect(() => occurrence(at("25:00", "Europe/Vienna"), "2026-03-01")).toThrow(RangeError);
    expect(() => occurrence(at("09:00", "Europe/Atlantis"), "2026-03-01")).toThrow(RangeError);
  });
});

describe("what is due", () => {
  it("is nothing before its time", () => {
    expect(dueIn(vienna, "2026-01-15T07:00Z", "2026-01-15T07:59:59.999Z")).toEqual([]);
  });
  it("is the date at its very minute", () => {
    expect(dueIn(vienna, "2026-01-15T07:59Z", "2026-01-15T08:00Z")).toEqual(["2026-01-15 2026-01-15T08:00:00Z run"]);
  });
  it("is not the date that was looked at when it came", () => {
    expect(dueIn(vienna, "2026-01-15T08:00Z", "2026-01-15T08:01Z")).toEqual([]);
  });
  it("is not a time that had passed when the schedule was made", () => {
    expect(dueIn(vienna, "2026-01-15T08:30Z", "2026-01-15T23:00Z")).toEqual([]);
  });
  it("is nothing on other weekdays", () => {
    const thursdays = at("09:00", "Europe/Vienna", [4]);
    expect(dueIn(thursdays, "2026-01-14T07:59Z", "2026-01-14T08:00Z")).toEqual([]);
    expect(dueIn(thursdays, "2026-01-15T07:59Z", "2026-01-15T08:00Z")).toHaveLength(1);
  });
  it("has the weekday of the place, not of Greenwich", () => {
    const mondays = at("08:00", "Pacific/Kiritimati", [1]);
    expect(dueIn(mondays, "2026-01-11T17:00Z", "2026-01-11T19:00Z")).toEqual(["2026-01-12 2026-01-11T18:00:00Z run"]);
  });
  it("keeps its weekday where the clocks jump over midnight", () => {
    const saturdays = at("23:30", "America/Nuuk", [6]);
    expect(dueIn(saturdays, "2026-03-29T01:00Z", "2026-03-29T02:00Z")).toEqual(["2026-03-28 2026-03-29T01:30:00Z run"]);
  });
  it("is still run three hours late, to the millisecond, and then skipped", () => {
    expect(dueIn(vienna, "2026-01-15T07:00Z", "2026-01-15T11:00Z")).toEqual(["2026-01-15 2026-01-15T08:00:00Z run"]);
    expect(dueIn(vienna, "2026-01-15T07:00Z", "2026-01-15T11:00:00.001Z")).toEqual(["2026-01-15 2026-01-15T08:00:00Z skipped"]);
  });
  it("is late by another window if one is given", () => {
    expect(dueIn(vienna, "2026-01-15T07:00Z", "2026-01-15T09:00:01Z", hour)).toEqual(["2026-01-15 2026-01-15T08:00:00Z skipped"]);
  });
  it("is only the newest after a downtime; the others were skipped", () => {
    expect(dueIn(vienna, "2026-01-12T12:00Z", "2026-01-15T09:00Z")).toEqual([
      "2026-01-13 2026-01-13T08:00:00Z skipped",
      "2026-01-14 2026-01-14T08:00:00Z skipped",
      "2026-01-15 2026-01-15T08:00:00Z run",
    ]);
    expect(dueIn(vienna, "2026-01-13T12:00Z", "2026-01-15T09:00Z", 48 * hour)).toEqual([
      "2026-01-14 2026-01-14T08:00:00Z skipped",
      "2026-01-15 2026-01-15T08:00:00Z run",
    ]);
  });
  it("is the last 14 days after a year of downtime, and of a weekly schedule two", () => {
    const year = dueIn(vienna, "2025-01-15T12:00Z", "2026-01-15T09:00Z");
    expect(year).toHaveLength(14);
    expect(year[0]).toBe("2026-01-02 2026-01-02T08:00:00Z skipped");
    expect(year.at(-1)).toBe("2026-01-15 2026-01-15T08:00:00Z run");
    expect(dueIn(at("09:00", "Europe/Vienna", [1]), "1970-01-01T00:00Z", "2026-01-15T09:00Z")).toEqual([
      "2026-01-05 2026-01-05T08:00:00Z skipped",
      "2026-01-12 2026-01-12T08:00:00Z skipped",
    ]);
  });
  it("is nothing when the clock was set back", () => {
    expect(dueIn(vienna, "2026-01-15T12:00Z", "2026-01-15T06:00Z")).toEqual([]);
    expect(dueIn(vienna, "2026-01-15T08:00Z", "2026-01-15T08:00Z")).toEqual([]);
  });
  it("is nothing on no days", () => {
    expect(dueIn(at("09:00", "UTC", []), "2026-01-01T00:00Z", "2026-01-15T09:00Z")).toEqual([]);
  });
  it("comes once over the end of a month and of a year", () => {
    const late = at("23:59", "Europe/Vienna");
    expect(dueIn(late, "2026-12-31T22:58Z", "2027-01-01T00:00Z")).toEqual(["2026-12-31 2026-12-31T22:59:00Z run"]);
    expect(dueIn(at("00:00", "Europe/Vienna"), "2026-02-28T22:59Z", "2026-02-28T23:00Z")).toEqual(["2026-03-01 2026-02-28T23:00:00Z run"]);
  });
  it("comes once in the hour that comes twice: the second time is no news", () => {
    const doubled = at("02:30", "Europe/Vienna");
    expect(dueIn(doubled, "2026-10-25T00:29Z", "2026-10-25T00:30Z")).toEqual(["2026-10-25 2026-10-25T00:30:00Z run"]);
    expect(dueIn(doubled, "2026-10-25T00:30Z", "2026-10-25T12:00Z")).toEqual([]);
  });
  it("is found when tomorrow's first minute came before today ran its last hour again", () => {
    // St John's turned 00:01 back to 23:01: at 02:31 UTC, midnight was over and it was yesterday again.
    const midnight = at("00:00", "America/St_Johns");
    expect(dueIn(midnight, "2006-10-29T02:29Z", "2006-10-29T02:45Z")).toEqual(["2006-10-29 2006-10-29T02:30:00Z run"]);
    expect(dueIn(midnight, "2006-10-29T02:45Z", "2006-10-29T12:00Z")).toEqual([]);
  });
  it("goes from the 29th to the 31st where Apia left out the 30th", () => {
    expect(dueIn(at("09:00", "Pacific/Apia"), "2011-12-29T12:00Z", "2011-12-31T12:00Z")).toEqual([
      "2011-12-29 2011-12-29T19:00:00Z skipped",
      "2011-12-31 2011-12-30T19:00:00Z skipped",
    ]);
  });
});

describe("the next runs", () => {
  it("show the offset change with daylight saving", () => {
    expect(next(vienna, "2026-03-27T12:00Z", 3)).toEqual(["2026-03-28T09:00+01:00", "2026-03-29T09:00+02:00", "2026-03-30T09:00+02:00"]);
  });
  it("leave out a run at this very moment", () => {
    expect(next(vienna, "2026-01-15T08:00Z", 1)).toEqual(["2026-01-16T09:00+01:00"]);
  });
  it("keep to the weekdays, over the turn of the year", () => {
    expect(next(at("18:00", "America/New_York", [1, 4]), "2026-12-28T23:00Z", 3)).toEqual([
      "2026-12-31T18:00-05:00",
      "2027-01-04T18:00-05:00",
      "2027-01-07T18:00-05:00",
    ]);
  });
  it("are none without days, and none when none are asked for", () => {
    expect(next(at("09:00", "UTC", []), "2026-01-01T00:00Z", 3)).toEqual([]);
    expect(next(vienna, "2026-01-01T00:00Z", 0)).toEqual([]);
  });
});
