/** The cities of the world with their zones, loaded when one is first asked for: two megabytes that most schedules never need. */
import { folded, ianaZone } from "./zone-names.ts";

export interface City {
  readonly name: string;
  readonly country: string;
  /** State, province or the like; "" where the data have none. */
  readonly province: string;
  /** ISO 3166 two-letter code of the country; "" for a few disputed places. */
  readonly region: string;
  /** The city's name, folded. */
  readonly key: string;
  readonly zone: string;
  readonly population: number;
  /** Short for the state: "ME"; "" where the data have none. */
  readonly state: string;
}

export interface Cities {
  /** The largest first. */
  readonly all: readonly City[];
  /** A country's folded name → its two-letter code. Several names lead to one. */
  readonly regions: ReadonlyMap<string, string>;
}

let loading: Promise<Cities> | undefined;

/** Every city that has a zone; the first call takes some 50 ms, and 4 MB stay on the heap. */
export function loadCities(): Promise<Cities> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Cities> {
  const { cityMapping } = await import("city-timezones");
  const zones = new Map<string, string | undefined>();
  // The two that people write and the data have only as codes.
  const regions = new Map([
    ["USA", "US"],
    ["UAE", "AE"],
  ]);
  const all: City[] = [];
  // A country's names today, which are not always the data's: "Czechia", "UK".
  const today = (["long", "short"] as const).map((style) => new Intl.DisplayNames("en", { type: "region", style }));
  for (const row of cityMapping) {
    // Research stations in Antarctica have no zone there, and disputed places no code, whatever the package's types say.
    if (!zones.has(row.timezone)) zones.set(row.timezone, ianaZone(String(row.timezone)));
    const zone = zones.get(row.timezone);
    if (zone === undefined) continue;
    const region = /^[A-Z]{2}$/.test(row.iso2) ? row.iso2 : "";
    const { city: name, country, pop: population, province, state_ansi: state } = row;
    all.push({ name, country, province: province ?? "", region, key: folded(name), zone, population, state: state ?? "" });
    if (region === "" || regions.get(country) === region) continue;
    for (const known of [country, ...today.map((names) => names.of(region) ?? country)]) regions.set(known, region);
  }
  return {
    all: all.sort((a, b) => b.population - a.population),
    regions: new Map([...regions].map(([name, region]) => [folded(name), region])),
  };
}

/** Whether a city lies in the country, province or state that was named behind its comma. */
export const liesIn = ({ country, province, state, region }: City, place: string, { regions }: Cities): boolean =>
  [country, province, state, region].some((name) => folded(name) === place) || (region !== "" && regions.get(place) === region);
