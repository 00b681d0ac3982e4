/** Finds the time zone that a person means: a zone's name, a city, or a country with one clock. */
import { UserError } from "../core/errors.ts";
import type { Texts } from "../core/texts.ts";
import { closest } from "../lib/closest.ts";
import { type Cities, type City, liesIn, loadCities } from "./cities.ts";
import { quoted } from "./quoted.ts";
import { commonZones, folded, ianaZone, zoneNames, zonesCalled } from "./zone-names.ts";

/** Longer than any place and its country; what is longer is not even compared. */
const maxTyped = 80;
/** Discord shows at most 25 suggestions. */
const maxSuggestions = 25;
/** Smaller towns give way to states and provinces, and are not guessed at: among seven thousand names, one is near to anything. */
const wellKnown = 100_000;

/**
 * The IANA name of the zone that a text means: a zone in any letter case, else the place a zone is called after, a city (the largest
 * of its name; "Portland, Maine" asks for another), or a country whose clocks all show the same.
 * @param now what "the same" is judged from: the clock changes of the two years that follow
 * @throws UserError `unknown_zone`, `ambiguous_zone` or `fixed_offset`, with a hint on what to write
 */
export async function findZone(text: string, now: Temporal.Instant): Promise<string> {
  const typed = text.normalize("NFKC").trim();
  if (typed === "") throw new UserError("unknown_zone", ({ schedule }) => schedule.whichZone);
  if (typed.length > maxTyped) throw unknown(text, undefined);
  const called = zonesCalled(typed);
  if (called.length > 0) throw abbreviation(text, called);
  return ianaZone(typed) ?? zoneOfOffset(typed, text) ?? zoneOfPlace(typed) ?? findAmongCities(typed, text, now);
}

/** Zones with three names, such as America/Indiana/Vincennes, are left to the cities: a larger one elsewhere may have the name. */
function zoneOfPlace(typed: string): string | undefined {
  const key = folded(typed);
  return zoneNames().find(({ zone, place, formerPlace }) => zone.split("/").length < 3 && (place === key || formerPlace === key))?.zone;
}

async function findAmongCities(typed: string, text: string, now: Temporal.Instant): Promise<string> {
  const cities = await loadCities();
  const [place = "", ...behind] = typed.split(",");
  const [whole, key, qualifier] = [folded(typed), folded(place), folded(behind.join(" "))];
  if (key === "") throw unknown(text, undefined);
  const fits = (city: City) => qualifier === "" || liesIn(city, qualifier, cities);
  const city = cities.all.find((c) => c.key === whole || (c.key === key && fits(c)));
  // Armenia is a country before it is a city in Colombia, but a state only comes before small towns: Ontario is not in Oregon.
  if (city !== undefined && !cities.regions.has(whole) && (city.population >= wellKnown || qualifier !== "")) return city.zone;
  const ofArea = zoneOfArea(whole, cities, text, now) ?? city?.zone;
  if (ofArea !== undefined) return ofArea;
  // "Washington" is Washington, D.C., and "Tel Aviv" is Tel Aviv-Yafo.
  const longer = cities.all.find((c) => c.key.startsWith(`${key} `) && fits(c));
  if (longer !== undefined) return longer.zone;
  const small = zoneNames().find((name) => name.place === whole);
  if (small === undefined) throw unknown(text, meant(place, cities));
  return small.zone;
}

/**
 * The zone of a country, or else of a state or province, if its clocks all show the same.
 * @throws UserError `ambiguous_zone` where they do not, with the largest cities
 */
function zoneOfArea(key: string, { all, regions }: Cities, text: string, now: Temporal.Instant): string | undefined {
  const region = regions.get(key);
  const inside = all.filter((city) =>
    region === undefined ? [city.province, city.country].some((name) => folded(name) === key) : city.region === region,
  );
  const rules = new Map([...new Set(inside.map(({ zone }) => zone))].map((zone) => [zone, rulesOf(zone, now)]));
  // The data put some border towns into the neighbour's zone; for a country the runtime knows which are its own.
  const own = region === undefined ? undefined : new Intl.Locale(`und-${region}`).getTimeZones()?.map((zone) => rulesOf(zone, now));
  const largest = new Map<string, City>();
  for (const city of inside) {
    const its = rules.get(city.zone) ?? "";
    if ((own?.includes(its) ?? true) && !largest.has(its)) largest.set(its, city);
  }
  if (largest.size < 2) return largest.values().next().value?.zone;
  const names = [...largest.values()].slice(0, 5).map(({ name, zone }) => `${name} (\`${zone}\`)`);
  throw new UserError("ambiguous_zone", ({ schedule }) => schedule.severalClocks(quoted(text), names));
}

/** What a zone's clocks do in the next two years: equal for zones that differ in their past only. */
function rulesOf(zone: string, now: Temporal.Instant): string {
  const end = now.add({ hours: 2 * 365 * 24 });
  let at: Temporal.ZonedDateTime | null = now.toZonedDateTimeISO(zone);
  let rules = at.offset;
  while (true) {
    at = at.getTimeZoneTransition("next");
    if (at === null || Temporal.Instant.compare(at.toInstant(), end) > 0) return rules;
    rules += ` ${at.epochMilliseconds}${at.offset}`;
  }
}

/**
 * UTC for an offset of zero, undefined for what is no offset. Every other offset is refused instead of stored: it stays the same when
 * the clocks around its member change, and the first digest after that would be an hour off.
 * @throws UserError `fixed_offset`
 */
function zoneOfOffset(typed: string, text: string): string | undefined {
  const [, sign, hours, minutes = "00"] = /^(?:utc|gmt)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?$/i.exec(typed) ?? [];
  if (sign === undefined || hours === undefined) return undefined;
  if (Number(hours) === 0 && Number(minutes) === 0) return "UTC";
  // POSIX counts hours west of Greenwich: Etc/GMT-2 is two hours east of it.
  const fixed = minutes === "00" ? ianaZone(`Etc/GMT${sign === "+" ? "-" : "+"}${Number(hours)}`) : undefined;
  throw new UserError("fixed_offset", ({ schedule }) => schedule.offset(quoted(text), fixed));
}

function abbreviation(text: string, zones: readonly string[]): UserError {
  const list = zones.map((zone) => `\`${zone}\``);
  return new UserError("ambiguous_zone", ({ schedule }) => schedule.abbreviation(quoted(text), list));
}

function unknown(text: string, suggestion: string | undefined): UserError {
  return new UserError("unknown_zone", ({ schedule }) => schedule.unknownZone(quoted(text), suggestion));
}

/** What was probably meant by a misspelt name: a zone, else a country, else a city, the largest first. */
function meant(typed: string, { all }: Cities): string | undefined {
  const key = folded(typed);
  const byKey = new Map<string, string>();
  for (const { zone, full, place } of zoneNames()) byKey.set(typed.includes("/") ? full : place, zone);
  for (const { country } of all) byKey.set(folded(country), country);
  for (const city of all) if (city.population >= wellKnown && !byKey.has(city.key)) byKey.set(city.key, city.name);
  // Who misspells a name still begins it rightly: without this, München would be taken for Sunchon.
  const near = [...byKey.keys()].filter((name) => name.charAt(0) === key.charAt(0));
  return byKey.get(closest(key, near) ?? "");
}

export interface ZoneSuggestion {
  /** Such as "Europe/Vienna (now 14:05)"; at most 100 characters, Discord's limit. */
  readonly label: string;
  /** An IANA name, which `findZone` takes as it is. */
  readonly value: string;
}

/** Up to 25 zones for what is typed so far: by the zone's own name first, then by city and country, the largest cities first. */
export async function suggestZones(typed: string, now: Temporal.Instant, words: Texts["schedule"]): Promise<readonly ZoneSuggestion[]> {
  const key = folded(typed.slice(0, maxTyped));
  const found = new Map<string, string>();
  const offer = (zone: string, name: string) => {
    if (found.size < maxSuggestions && !found.has(zone)) found.set(zone, words.clock(name, clockOf(zone, now)));
  };
  if (key === "") for (const zone of commonZones) offer(zone, zone);
  for (const zone of zonesCalled(key)) offer(zone, zone);
  for (const { zone } of zoneNames().filter(({ place, formerPlace }) => place.startsWith(key) || formerPlace?.startsWith(key)))
    offer(zone, zone);
  for (const { zone } of zoneNames().filter(({ full }) => ` ${full}`.includes(` ${key}`))) offer(zone, zone);
  if (key.length < 2 || found.size === maxSuggestions) return listed(found);
  const { all } = await loadCities();
  for (const city of all) if (city.key.startsWith(key)) offer(city.zone, `${city.name}, ${city.country}: ${city.zone}`);
  for (const city of all) if (folded(city.country).startsWith(key)) offer(city.zone, `${city.name}, ${city.country}: ${city.zone}`);
  return listed(found);
}

const listed = (found: ReadonlyMap<string, string>): readonly ZoneSuggestion[] => [...found].map(([value, label]) => ({ label, value }));

const clockOf = (zone: string, now: Temporal.Instant): string =>
  now.toZonedDateTimeISO(zone).toPlainTime().toString({ smallestUnit: "minute" });
