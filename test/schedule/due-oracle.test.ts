/** `due` against an oracle that knows neither Temporal nor `due`: it only reads wall clocks, through Intl.DateTimeFormat. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { due, nextRuns } from "../../src/schedule/due.ts";
import { type Schedule, weekdays } from "../../src/schedule/types.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const [from, to] = [Date.UTC(2024, 0, 1), Date.UTC(2031, 0, 1)];

/** Former names and aliases that the runtime does not list. */
const links = `Asia/Kolkata Europe/Kyiv America/Nuuk Asia/Ho_Chi_Minh Asia/Yangon Asia/Kathmandu Atlantic/Faroe Pacific/Kanton Africa/Asmara
  America/Argentina/Buenos_Aires America/Argentina/ComodRivadavia America/Indiana/Indianapolis America/Kentucky/Louisville
  America/Atikokan Pacific/Pohnpei Pacific/Chuuk Australia/ACT Australia/LHI Australia/NSW Australia/North Australia/Yancowinna
  Brazil/Acre Brazil/DeNoronha Brazil/East Canada/Atlantic Canada/Newfoundland Canada/Pacific Chile/Continental Chile/EasterIsland Cuba
  Egypt Eire GB Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya Mexico/BajaNorte Mexico/General NZ NZ-CHAT Navajo PRC Poland
  Portugal ROC ROK Singapore Turkey W-SU US/Alaska US/Aleutian US/Arizona US/Central US/Eastern US/Hawaii US/Indiana-Starke US/Michigan
  US/Pacific US/Samoa UTC GMT Zulu Etc/GMT+12 Etc/GMT-14 CET MET EET WET EST MST HST EST5EDT CST6CDT MST7MDT PST8PDT America/Montreal
  Asia/Tel_Aviv Asia/Harbin Asia/Kashgar Asia/Macao Europe/Belfast Europe/Tiraspol Europe/Uzhgorod Atlantic/Jan_Mayen Pacific/Yap`.split(
  /\s+/,
);
const zones = [...new Set([...Intl.supportedValuesOf("timeZone"), ...links])];

const formats = new Map<string, Intl.DateTimeFormat>();
/** What a wall clock shows, in milliseconds as if it stood in Greenwich. */
function wall(zone: string, time: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const two = "2-digit";
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: two,
      day: two,
      hour: two,
      minute: two,
      second: two,
    });
    formats.set(zone, format);
  }
  const shown = new Map(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => shown.get(name) ?? Number.NaN;
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}
const ahead = (zone: string, time: number): number => wall(zone, time) - time;

/** The moments between two times at which the clocks of a zone are changed, found by looking every `step` and halving. */
function changes(zone: string, start: number, end: number, step: number): readonly number[] {
  const found: number[] = [];
  let [left, before] = [start, ahead(zone, start)];
  while (left < end) {
    const right = left + step;
    const behind = ahead(zone, right);
    if (behind !== before) {
      let [low, high] = [left, right];
      while (high - low > 1000) {
        const middle = low + Math.floor((high - low) / 2000) * 1000;
        if (ahead(zone, middle) === before) low = middle;
        else high = middle;
      }
      found.push(high);
    }
    [left, before] = [right, behind];
  }
  return found;
}

/** Stretches of time between clock changes, with what the clocks are ahead of Greenwich. */
function stretches(zone: string, start: number, end: number) {
  const bounds = [start, ...changes(zone, start, end, 12 * hour), end + 12 * hour];
  return bounds.slice(0, -1).map((begin, i) => ({ begin, end: bounds[i + 1] ?? end, ahead: ahead(zone, begin) }));
}

interface Expected {
  readonly localDate: string;
  readonly at: number;
}

/** Every run in (since, now], found by looking for the moment when the wall clock first shows the date and time. */
function expectedRuns({ time, zone, days }: Schedule, since: number, now: number): readonly Expected[] {
  // Wall clocks are read in whole seconds, so the looking starts on one.
  const clocks = stretches(zone, Math.floor(since / day) * day - 4 * day, now + 4 * day);
  const ofDay = Number(time.slice(0, 2)) * hour + Number(time.slice(3)) * minute;
  const runs: Expected[] = [];
  for (let date = Math.floor(since / day) * day - 2 * day; date <= now + 2 * day; date += day) {
    if (!days.some((day) => day === (new Date(date).getUTCDay() || 7))) continue;
    const shown = date + ofDay;
    const showing = clocks.find(({ begin, end, ahead }) => shown - ahead >= begin && shown - ahead < end);
    // Nowhere shown: the clocks jumped over it, so it comes when they would have shown it without the jump.
    const before = clocks.findLast(({ end, ahead }) => end + ahead <= shown);
    const used = showing ?? before;
    if (used === undefined) throw new Error(`the oracle does not see ${zone} at ${new Date(shown).toISOString()}`);
    const at = shown - used.ahead;
    if (at > since && at <= now) runs.push({ localDate: new Date(date).toISOString().slice(0, 10), at });
  }
  return runs;
}

function expectedDue(schedule: Schedule, since: number, now: number, windowMs: number) {
  const runs = expectedRuns(schedule, Math.max(since, now - 14 * day), now);
  return runs.map((run, i) => ({ ...run, kind: i === runs.length - 1 && now - run.at <= windowMs ? "run" : "skipped" }));
}

const changesOf = new Map(zones.map((zone) => [zone, changes(zone, from, to, 7 * day)]));
const instant = (time: number) => Temporal.Instant.fromEpochMilliseconds(time);
const clock = (time: number) => new Date(time).toISOString().slice(11, 16);

/** A schedule and a moment: half of them on a day when the clocks change, at a time of day close to the change. */
const situation = fc
  .record({
    zone: fc.constantFrom(...zones),
    edge: fc.boolean(),
    which: fc.nat(20),
    near: fc.integer({ min: -150, max: 150 }),
    anyTime: fc.integer({ min: from / minute, max: to / minute }),
    ofDay: fc.nat(24 * 60 - 1),
    days: fc.oneof(fc.constant(weekdays), fc.subarray([...weekdays], { minLength: 1 })),
    later: fc.oneof(fc.integer({ min: -5, max: 400 }), fc.integer({ min: 0, max: 4 * 24 * 60 })),
  })
  .map(({ zone, edge, which, near, anyTime, ofDay, days, later }) => {
    const found = changesOf.get(zone) ?? [];
    const change = edge && found.length > 0 ? found[which % found.length] : undefined;
    // The wall clock just before the change: what it would have shown is what is jumped over or doubled.
    const shown = change === undefined ? undefined : wall(zone, change - minute) + minute + near * minute;
    const schedule: Schedule = { zone, time: clock(shown ?? ofDay * minute), days };
    const now = change === undefined ? anyTime * minute : change + near * minute + later * minute;
    return { schedule, now };
  });
const gap = fc.oneof(
  fc.constant(minute),
  fc.integer({ min: -hour, max: 6 * hour }),
  fc.integer({ min: 0, max: 5 * day }),
  fc.integer({ min: 0, max: 20 * day }),
);
const windowMs = fc.constantFrom(3 * hour, hour, 30 * minute, 26 * hour);
const numRuns = process.env.SOAK === "1" ? 200_000 : 10_000;

describe("due dates, held against wall clocks", () => {
  it("there are clock changes to look at", () => {
    expect(zones.length).toBeGreaterThan(450);
    expect(changesOf.get("Europe/Vienna")).toHaveLength(14);
    expect(changesOf.get("Asia/Kolkata")).toEqual([]);
    expect([...changesOf.values()].filter((found) => found.length > 0).length).toBeGreaterThan(100);
  });

  it(`are the oracle's in ${numRuns} situations of all zones, 2024 to 2030, half of them close to a clock change`, {
    timeout: 600_000,
  }, () => {
    let came = 0;
    fc.assert(
      fc.property(situation, gap, windowMs, ({ schedule, now }, sinceNow, window) => {
        const since = now - sinceNow;
        const found = due(schedule, { now: instant(now), since: instant(since), windowMs: window });
        const got = found.map(({ localDate, at, kind }) => ({ localDate, at: at.epochMilliseconds, kind }));
        came += got.length;
        expect(got).toEqual(expectedDue(schedule, since, now, window));
      }),
      { seed: 20_260_329, numRuns },
    );
    expect(came).toBeGreaterThan(numRuns);
  });

  it("are the same dates that were announced as the next runs", () => {
    fc.assert(
      fc.property(situation, fc.integer({ min: 0, max: 14 * day }), ({ schedule, now }, sinceNow) => {
        const came = due(schedule, { now: instant(now), since: instant(now - sinceNow) }).map(({ at }) => at.epochMilliseconds);
        const announced = nextRuns(schedule, instant(now - sinceNow), came.length + 1).map((run) => run.epochMilliseconds);
        expect(announced.slice(0, -1)).toEqual(came);
        expect(announced.at(-1)).toBeGreaterThan(now);
      }),
      { seed: 20_261_025, numRuns: 2000 },
    );
  });
});

describe("heartbeats at any cadence, doubled, late, or with the clock set back", () => {
  const beats = fc.array(fc.oneof(fc.constant(minute), fc.constant(0), fc.integer({ min: -2 * hour, max: 3 * hour })), {
    minLength: 10,
    maxLength: 60,
  });

  it("give every local date exactly once, to be run", () => {
    fc.assert(
      fc.property(situation, beats, ({ schedule, now: start }, steps) => {
        let [now, since] = [start, start];
        const given: string[] = [];
        for (const step of steps) {
          now += step;
          // A clock that jumps ahead by no more than the window, seen from the latest beat.
          now = Math.min(now, since + 3 * hour);
          for (const { localDate, kind } of due(schedule, { now: instant(now), since: instant(since) })) given.push(`${localDate} ${kind}`);
          since = Math.max(since, now);
        }
        expect(given).toEqual(expectedRuns(schedule, start, since).map(({ localDate }) => `${localDate} run`));
      }),
      { seed: 20_111_230, numRuns: 1000 },
    );
  });

  it("give every local date, and none but these, even to a caller who forgets that the clock was set back", () => {
    fc.assert(
      fc.property(situation, beats, ({ schedule, now: start }, steps) => {
        let [now, first, last] = [start, start, start];
        const given = new Set<string>();
        for (const step of steps) {
          const since = now;
          now += step;
          for (const { localDate, kind } of due(schedule, { now: instant(now), since: instant(since) })) given.add(`${localDate} ${kind}`);
          [first, last] = [Math.min(first, now), Math.max(last, now)];
        }
        const runs = (since: number) => expectedRuns(schedule, since, last).map(({ localDate }) => `${localDate} run`);
        expect([...given]).toEqual(expect.arrayContaining(runs(start)));
        expect(runs(first)).toEqual(expect.arrayContaining([...given]));
      }),
      { seed: 19_930_821, numRuns: 1000 },
    );
  });
});
