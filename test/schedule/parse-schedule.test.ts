import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { textsIn } from "../../src/core/texts.ts";
import { formatDays, parseDays, parseTime } from "../../src/schedule/parse-schedule.ts";
import { weekdays } from "../../src/schedule/types.ts";

/** What the person sees: the message and the hint below it. */
function refusal(act: () => unknown): string {
  try {
    return `understood: ${String(act())}`;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return `${error.message} ${error.hint ?? ""}`;
  }
}
const friday = 5;
const english = textsIn("en").schedule;
const days = (text: string) => [...parseDays(text, friday)].sort().join("");

describe("a time of day", () => {
  it.each([
    ["9", "09:00"],
    ["0", "00:00"],
    ["21", "21:00"],
    ["09:00", "09:00"],
    ["9:05", "09:05"],
    ["9.30", "09:30"],
    ["23:59", "23:59"],
    ["0900", "09:00"],
    ["930", "09:30"],
    ["2130", "21:30"],
    ["9am", "09:00"],
    ["9 AM", "09:00"],
    ["9:30 pm", "21:30"],
    ["9.30 p.m.", "21:30"],
    ["12am", "00:00"],
    ["12:30 am", "00:30"],
    ["12pm", "12:00"],
    ["21h", "21:00"],
    ["21h30", "21:30"],
    ["noon", "12:00"],
    ["Midnight", "00:00"],
    ["  9:00  ", "09:00"],
    ["９：００", "09:00"],
  ])("“%s” is %s", (text, expected) => {
    expect(parseTime(text)).toBe(expected);
  });

  it.each([
    ["soon", "“soon” is not a time of day that I can read."],
    ["", "“” is not a time of day that I can read."],
    ["9:5", "“9:5” is not a time of day that I can read."],
    ["-9", "“-9” is not a time of day that I can read."],
    ["09:00:00", "“09:00:00” is not a time of day that I can read."],
    ["constructor", "“constructor” is not a time of day that I can read."],
    ["25:00", "“25:00” is no time of day: the hours are 0 to 23."],
    ["99", "“99” is no time of day: the hours are 0 to 23."],
    ["9:60", "“9:60” is no time of day: an hour has minutes 00 to 59."],
    ["13pm", "“13pm” is no time of day: with am or pm the hours are 1 to 12."],
    ["0 am", "“0 am” is no time of day: with am or pm the hours are 1 to 12."],
    ["**9**", "“\\*\\*9\\*\\*” is not a time of day that I can read."],
  ])("“%s” is refused with a reason and an example", (text, reason) => {
    expect(refusal(() => parseTime(text))).toBe(`${reason} Write it as \`09:00\`, \`21:30\`, \`9am\`, \`9:30 pm\` or \`noon\`.`);
  });

  it("24:00 is asked about: it could be either midnight", () => {
    expect(refusal(() => parseTime("24:00"))).toBe(
      "“24:00” could be the midnight before a day or after it. `00:00` is the midnight before.",
    );
  });

  it("a long text is shown back in part", () => {
    expect(refusal(() => parseTime("x".repeat(6000)))).toContain(`“${"x".repeat(40)}…”`);
  });

  it("every minute of the day reads back as itself, in three spellings; nothing else than a time ever comes out", () => {
    fc.assert(
      fc.property(fc.nat(23), fc.nat(59), (h, m) => {
        const [hh, mm] = [String(h).padStart(2, "0"), String(m).padStart(2, "0")];
        const half = `${h % 12 === 0 ? 12 : h % 12}:${mm}${h < 12 ? "am" : "pm"}`;
        expect([`${hh}:${mm}`, `${hh}${mm}`, half].map((text) => parseTime(text))).toEqual(Array(3).fill(`${hh}:${mm}`));
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9:.hapmno ]{0,8}$/), (text) => {
        const read = refusal(() => parseTime(text));
        if (read.startsWith("understood")) expect(read).toMatch(/^understood: (?:[01]\d|2[0-3]):[0-5]\d$/);
      }),
    );
  });
});

describe("days", () => {
  it.each([
    ["daily", "1234567"],
    ["every day", "1234567"],
    ["weekdays", "12345"],
    ["Weekends", "67"],
    ["weekly", "5"],
    ["every week", "5"],
    ["weekly on monday", "1"],
    ["monday", "1"],
    ["Mondays", "1"],
    ["every Tuesday", "2"],
    ["mon,wed,fri", "135"],
    ["mon, wed and fri", "135"],
    ["Tu Th", "24"],
    ["tues/thurs", "24"],
    ["weds", "3"],
    ["mon-fri", "12345"],
    ["mon to wed", "123"],
    ["fri – mon", "1567"],
    ["sun-sun", "7"],
    ["weekends, wed", "367"],
    ["mon mon", "1"],
  ])("“%s” are %s", (text, expected) => {
    expect(days(text)).toBe(expected);
  });

  it.each(["sometimes", "mon,xyz", "m", "mon-", "-", "mon-tue-wed", "constructor", "7"])(
    "“%s” are refused with what can be written",
    (text) => {
      expect(refusal(() => parseDays(text, friday))).toMatch(/^I cannot read days from “.*”\. .*Write `daily`, `weekdays`, /);
    },
  );

  it("no days are asked for", () => {
    expect(refusal(() => parseDays("  ", friday))).toMatch(/^Which days\? Write `daily`/);
  });

  it("a misspelt day is guessed at", () => {
    expect(refusal(() => parseDays("wensday", friday))).toContain("Did you mean `wednesday`?");
    expect(refusal(() => parseDays("dayly", friday))).toContain("Did you mean `daily`?");
  });

  it.each([
    ["daily", "daily"],
    ["mon-fri", "weekdays"],
    ["sun,sat", "weekends"],
    ["mo", "every Monday"],
    ["fri,mon", "Monday and Friday"],
    ["fri,mon,wed", "Monday, Wednesday and Friday"],
  ])("“%s” are written as “%s”", (text, words) => {
    expect(formatDays(parseDays(text, friday), english)).toBe(words);
  });

  it("are read back from their own words, whatever they are", () => {
    fc.assert(
      fc.property(fc.subarray([...weekdays], { minLength: 1 }), (some) => {
        expect(days(formatDays(some, english))).toBe([...some].sort().join(""));
      }),
    );
  });
});
