/** The names of time zones: how they are written, folded for comparing, and what abbreviations may stand for. */

/** What ICU still calls by its former name → the name in use (tz database, file `backward`). */
const renamed: ReadonlyMap<string, string> = new Map([
  ["Africa/Asmera", "Africa/Asmara"],
  ["America/Buenos_Aires", "America/Argentina/Buenos_Aires"],
  ["America/Catamarca", "America/Argentina/Catamarca"],
  ["America/Coral_Harbour", "America/Atikokan"],
  ["America/Cordoba", "America/Argentina/Cordoba"],
  ["America/Godthab", "America/Nuuk"],
  ["America/Indianapolis", "America/Indiana/Indianapolis"],
  ["America/Jujuy", "America/Argentina/Jujuy"],
  ["America/Louisville", "America/Kentucky/Louisville"],
  ["America/Mendoza", "America/Argentina/Mendoza"],
  ["Asia/Calcutta", "Asia/Kolkata"],
  ["Asia/Katmandu", "Asia/Kathmandu"],
  ["Asia/Rangoon", "Asia/Yangon"],
  ["Asia/Saigon", "Asia/Ho_Chi_Minh"],
  ["Atlantic/Faeroe", "Atlantic/Faroe"],
  ["Europe/Kiev", "Europe/Kyiv"],
  ["Pacific/Enderbury", "Pacific/Kanton"],
  ["Pacific/Ponape", "Pacific/Pohnpei"],
  ["Pacific/Truk", "Pacific/Chuuk"],
]);

/** The name in use for a zone. */
const presentName = (zone: string): string => renamed.get(zone) ?? zone;

/** Offered before anything is typed: the most people, and one for most offsets. */
export const commonZones: readonly string[] = [
  "UTC",
  "Europe/London",
  "Europe/Berlin",
  "Europe/Athens",
  "Europe/Istanbul",
  "Africa/Lagos",
  "Africa/Nairobi",
  "Asia/Dubai",
  "Asia/Karachi",
  "Asia/Kolkata",
  "Asia/Dhaka",
  "Asia/Bangkok",
  "Asia/Singapore",
  "Asia/Shanghai",
  "Asia/Tokyo",
  "Australia/Sydney",
  "Pacific/Auckland",
  "Pacific/Honolulu",
  "America/Los_Angeles",
  "America/Denver",
  "America/Chicago",
  "America/New_York",
  "America/Mexico_City",
  "America/Bogota",
  "America/Sao_Paulo",
];

/**
 * Abbreviations name one half of a year's clock ("PST" ends in March), and several mean more than one place. CET, EET, WET, MET, HST,
 * EST5EDT and their like are left out: IANA has them as zones, and they do what their users expect. IANA has EST and MST as well, but
 * without daylight saving, which is not New York's or Denver's time.
 */
const abbreviated: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    "America/New_York": "ET EST EDT",
    "America/Panama": "EST",
    "America/Chicago": "CT CST CDT",
    "America/Denver": "MT MST MDT",
    "America/Phoenix": "MST",
    "America/Los_Angeles": "PT PST PDT",
    "America/Anchorage": "AKST AKDT",
    "America/Halifax": "AST ADT",
    "America/St_Johns": "NST NDT",
    "America/Sao_Paulo": "BRT",
    "America/Argentina/Buenos_Aires": "ART",
    "America/Havana": "CST",
    "Europe/London": "BST",
    "Europe/Dublin": "IST",
    "Europe/Lisbon": "WEST",
    "Europe/Berlin": "CEST MEZ MESZ",
    "Europe/Athens": "EEST",
    "Europe/Moscow": "MSK",
    "Africa/Lagos": "WAT",
    "Africa/Maputo": "CAT",
    "Africa/Nairobi": "EAT",
    "Africa/Johannesburg": "SAST",
    "Asia/Riyadh": "AST",
    "Asia/Jerusalem": "IST IDT",
    "Asia/Dubai": "GST",
    "Asia/Karachi": "PKT",
    "Asia/Kolkata": "IST",
    "Asia/Dhaka": "BST",
    "Asia/Jakarta": "WIB",
    "Asia/Bangkok": "ICT",
    "Asia/Singapore": "SGT",
    "Asia/Hong_Kong": "HKT",
    "Asia/Manila": "PHT PST",
    "Asia/Shanghai": "CST",
    "Asia/Tokyo": "JST",
    "Asia/Seoul": "KST",
    "Australia/Perth": "AWST",
    "Australia/Adelaide": "ACST ACDT",
    "Australia/Sydney": "AEST AEDT AET",
    "Australia/Brisbane": "AEST",
    "Pacific/Auckland": "NZST NZDT",
  }).map(([zone, names]) => [zone, names.split(" ")]),
);

/** The zones that an abbreviation is used in, or none where it is no abbreviation that has to be asked about. */
export function zonesCalled(abbreviation: string): readonly string[] {
  const name = abbreviation.toUpperCase();
  return [...abbreviated].filter(([, names]) => names.includes(name)).map(([zone]) => zone);
}

/**
 * A name for comparing: without case, diacritics and punctuation, and with "St" for "Saint". "Port-au-Prince" is "port au prince",
 * "America/New_York" is "america new york".
 */
export const folded = (name: string): string =>
  name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\p{M}'’‘.]/gu, "")
    .replace(/[øœłđßæı]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .replace(/\bsaint\b/g, "st")
    .trim();

/** Letters that do not come apart into a letter and a mark. */
const plainLetters: Readonly<Record<string, string>> = { ø: "o", œ: "oe", ł: "l", đ: "d", ß: "ss", æ: "ae", ı: "i" };

export interface ZoneName {
  readonly zone: string;
  /** The whole name, folded. */
  readonly full: string;
  /** The place behind the last stroke, folded. */
  readonly place: string;
  /** The former name's place, folded, where the zone was renamed: "calcutta". */
  readonly formerPlace: string | undefined;
}

const placeOf = (zone: string): string => folded(zone.slice(zone.lastIndexOf("/") + 1));

let names: readonly ZoneName[] | undefined;

/** Every zone that the runtime lists, and UTC, under the names in use; put together when first asked for, to keep the start short. */
export function zoneNames(): readonly ZoneName[] {
  names ??= ["UTC", ...Intl.supportedValuesOf("timeZone")].map((listed) => {
    const zone = presentName(listed);
    return { zone, full: folded(zone), place: placeOf(zone), formerPlace: zone === listed ? undefined : placeOf(listed) };
  });
  return names;
}

/**
 * The IANA zone that a text names in any letter case and with spaces for underscores; links such as "US/Eastern" stay what they are.
 * Undefined for anything else: Temporal would also take offsets and whole timestamps for zones.
 */
export function ianaZone(text: string): string | undefined {
  const name = text
    .trim()
    .replace(/\s*\/\s*/g, "/")
    .replace(/\s+/g, "_");
  if (!/^[a-z][a-z0-9_+-]*(?:\/[a-z0-9_+-]+)*$/i.test(name)) return undefined;
  try {
    return presentName(Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name).timeZoneId);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
