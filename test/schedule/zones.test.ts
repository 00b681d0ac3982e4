import { describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { textsIn } from "../../src/core/texts.ts";
import { findZone, suggestZones } from "../../src/schedule/zones.ts";

const now = Temporal.Instant.from("2026-11-22T13:05:40Z");
/** The zone, or what the person is told instead. */
const answer = (text: string): Promise<string> =>
  findZone(text, now).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    return `${error.message} ${error.hint ?? ""}`;
  });
const english = textsIn("en").schedule;
const labels = async (typed: string) => (await suggestZones(typed, now, english)).map(({ label }) => label);

describe("a time zone", () => {
  it.each([
    ["its IANA name in any letter case", "europe/vienna", "Europe/Vienna"],
    ["with spaces for underscores", " America / new york ", "America/New_York"],
    ["three parts", "america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"],
    ["a former name, as it is called today", "Asia/Calcutta", "Asia/Kolkata"],
    ["a name that is newer than the runtime's own list", "Europe/Kyiv", "Europe/Kyiv"],
    ["an alias", "us/eastern", "US/Eastern"],
    ["UTC", "utc", "UTC"],
    ["GMT", "GMT", "GMT"],
    ["an offset of zero", "UTC+0", "UTC"],
    ["a fixed zone for those who know them", "Etc/GMT-2", "Etc/GMT-2"],
    ["an abbreviation that IANA has with daylight saving", "CET", "CET"],
    ["another", "est5edt", "EST5EDT"],
    ["the place it is called after", "vienna", "Europe/Vienna"],
    ["in two words", "new york", "America/New_York"],
    ["or with a hyphen", "New-York", "America/New_York"],
    ["with diacritics", "São Paulo", "America/Sao_Paulo"],
    ["and without", "sao paulo", "America/Sao_Paulo"],
    ["the place's former name", "Saigon", "Asia/Ho_Chi_Minh"],
    ["a small place when no city has its name", "Beulah", "America/North_Dakota/Beulah"],
    ["a city", "Munich", "Europe/Berlin"],
    ["a city's letters that are no English ones", "Łódź", "Europe/Warsaw"],
    ["written plainly", "lodz", "Europe/Warsaw"],
    ["a saint, abbreviated or not", "Saint Petersburg", "Europe/Moscow"],
    ["an apostrophe", "St. John's", "America/St_Johns"],
    ["a comma that belongs to the city", "Washington, D.C.", "America/New_York"],
    ["the beginning of a city's whole name", "Tel Aviv", "Asia/Jerusalem"],
    ["the largest city of its name", "Portland", "America/Los_Angeles"],
    ["another one by its state", "Portland, Maine", "America/New_York"],
    ["or by its abbreviation", "Portland, ME", "America/New_York"],
    ["or by its country", "Cordoba, Spain", "Europe/Madrid"],
    ["a city that is larger than the place of a zone", "San Juan", "America/Puerto_Rico"],
    ["a country with one clock", "Germany", "Europe/Berlin"],
    ["a country with many zones that agree", "Argentina", "America/Argentina/Buenos_Aires"],
    ["a country with border towns in the neighbour's zone", "Bolivia", "America/La_Paz"],
    ["a country by today's name", "Czechia", "Europe/Prague"],
    ["a country by its short name", "uk", "Europe/London"],
    ["a country without a code", "Kosovo", "Europe/Belgrade"],
    ["a country before the cities of its name", "Armenia", "Asia/Yerevan"],
    ["which are found by their own country", "Armenia, Colombia", "America/Bogota"],
    ["a short name that people write", "UAE", "Asia/Dubai"],
    ["a state with one clock", "California", "America/Los_Angeles"],
  ])("is found by %s: “%s”", async (_, text, zone) => {
    expect(await answer(text)).toBe(zone);
  });

  it("is found by every name that the runtime lists, and by every city that has one", { timeout: 60_000 }, async () => {
    const { loadCities } = await import("../../src/schedule/cities.ts");
    for (const zone of Intl.supportedValuesOf("timeZone")) {
      const found = await findZone(zone, now);
      // A renamed zone is still the same clock.
      const [was, is] = [zone, found].map((name) => now.toZonedDateTimeISO(name));
      expect(is !== undefined && was?.equals(is), `${zone} became ${found}`).toBe(true);
    }
    const { all } = await loadCities();
    expect(all.length).toBeGreaterThan(7000);
    for (const { zone } of all) expect(() => now.toZonedDateTimeISO(zone)).not.toThrow();
  });

  const name = "Name a large city nearby in English, such as `Vienna`, or a zone such as `Europe/Vienna`.";

  it.each([
    ["UTC+2", "Etc/GMT-2"],
    ["gmt-5", "Etc/GMT+5"],
    ["+02:00", "Etc/GMT-2"],
    ["UTC−3", "Etc/GMT+3"],
  ])("an offset is refused, and who insists gets the right sign: “%s”", async (text, zone) => {
    expect(await answer(text)).toBe(
      `“${text}” does not follow daylight saving time. ${name} If no clock ever changes there, \`${zone}\` is meant (its sign is the other way round).`,
    );
    const offset = now.toZonedDateTimeISO(zone).offsetNanoseconds / 3.6e12;
    expect(offset).toBe(Number(/[+\-−](\d+)/.exec(text)?.[1]) * (text.includes("+") ? 1 : -1));
  });

  it("an offset that no zone has gets no such advice", async () => {
    for (const text of ["UTC+05:30", "UTC+99", "GMT-13"])
      expect(await answer(text)).toBe(`“${text}” does not follow daylight saving time. ${name}`);
  });

  it.each([
    ["EST", "`America/New_York` or `America/Panama`"],
    ["pst", "`America/Los_Angeles` or `Asia/Manila`"],
    ["IST", "`Europe/Dublin`, `Asia/Jerusalem` or `Asia/Kolkata`"],
    ["CEST", "`Europe/Berlin`"],
  ])("an abbreviation for half a year or several places is asked about: “%s”", async (text, zones) => {
    expect(await answer(text)).toBe(`“${text}” is an abbreviation, and I go by places. Name the place: ${zones}.`);
  });

  it("a country or state whose clocks differ is asked about, the largest cities first", async () => {
    expect(await answer("USA")).toBe(
      "The clocks in “USA” do not all show the same time. Name a city, such as New York (`America/New_York`), " +
        "Los Angeles (`America/Los_Angeles`), Chicago (`America/Chicago`), Phoenix (`America/Phoenix`) or Denver (`America/Denver`).",
    );
    expect(await answer("Ontario")).toMatch(/such as Toronto \(`America\/Toronto`\), /);
    expect(await answer("Texas")).toMatch(/such as Houston \(`America\/Chicago`\) or El Paso \(`America\/Denver`\)\.$/);
  });

  it.each([
    ["Viena", "Europe/Vienna"],
    ["europe/viena", "Europe/Vienna"],
    ["Tokio", "Asia/Tokyo"],
    ["Munchn", "Munich"],
    ["Germny", "Germany"],
  ])("a misspelt name is guessed at: “%s”", async (text, guess) => {
    expect(await answer(text)).toBe(`I know no time zone or city called “${text}”. Did you mean \`${guess}\`? ${name}`);
  });

  it.each(["qwertyuiop", "constructor", "now", "null", "/", ",", "Z", "München", "2026-01-01T00:00Z", "2026-01-01T00:00[Europe/Vienna]"])(
    "what is no zone is refused without a wild guess: “%s”",
    async (text) => {
      expect(await answer(text)).toBe(
        `I know no time zone or city called ${text.includes("[") ? "“2026-01-01T00:00\\[Europe/Vienna\\]”" : `“${text}”`}. ${name}`,
      );
    },
  );

  it("nothing is asked for, and six thousand letters are not compared", async () => {
    expect(await answer("  ")).toBe(`Which time zone? ${name}`);
    expect(await answer("x".repeat(6000))).toBe(`I know no time zone or city called “${"x".repeat(40)}…”. ${name}`);
  });
});

describe("suggestions while typing", () => {
  it("begin with common zones, and show the time there", async () => {
    const found = await suggestZones("", now, english);
    expect(found).toHaveLength(25);
    expect(found.slice(0, 2)).toEqual([
      { label: "UTC (now 13:05)", value: "UTC" },
      { label: "Europe/London (now 13:05)", value: "Europe/London" },
    ]);
  });
  it.each([
    ["vien", "Europe/Vienna (now 14:05)"],
    ["europe/vie", "Europe/Vienna (now 14:05)"],
    ["new y", "America/New_York (now 08:05)"],
    ["SÃO P", "America/Sao_Paulo (now 10:05)"],
    ["calc", "Asia/Kolkata (now 18:35)"],
    ["muni", "Munich, Germany: Europe/Berlin (now 14:05)"],
    ["germ", "Berlin, Germany: Europe/Berlin (now 14:05)"],
    ["ist", "Asia/Kolkata (now 18:35)"],
  ])("“%s” offers %s", async (typed, label) => {
    expect(await labels(typed)).toContain(label);
  });
  it("are none for nonsense", async () => {
    expect(await suggestZones("qwertyuiop", now, english)).toEqual([]);
    expect(await suggestZones("x".repeat(6000), now, english)).toEqual([]);
  });
  it("fit Discord: at most 25, each zone once, at most 100 characters, and each is taken as it is", async () => {
    for (const first of "abcdefghijklmnopqrstuvwxyz")
      for (const typed of [first, `${first}a`, `${first}o`]) {
        const found = await suggestZones(typed, now, english);
        expect(found.length).toBeLessThanOrEqual(25);
        expect(new Set(found.map(({ value }) => value)).size).toBe(found.length);
        for (const { label, value } of found) {
          expect(label.length).toBeLessThanOrEqual(100);
          expect(await findZone(value, now)).toBe(value);
        }
      }
  });
});
