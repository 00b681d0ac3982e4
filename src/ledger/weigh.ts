/** Counts a rate or a share over reports, so that neither one odd report nor one busy member decides it; what counts less is told. */
import type { Estimate } from "../opinions/types.ts";
import { type Entry, fewestReporters, fewestReports, type Measurement, type Weighing } from "./types.ts";

/** How something is counted: `garwood` or `clopperPearson`. */
type Interval = (events: number, exposure: number, level?: number) => Estimate;

interface Item {
  readonly person: string;
  readonly events: number;
  readonly exposure: number;
}

/** What chance brings once in a thousand is not put down to it. */
const outlierLevel = 0.999;
const outlierWeight = 0.25;
/** Where more than this part of the reports is far from the rest, there is no rest that they could be far from. */
const mostOutliers = 0.25;
/** Three members can stay below it at once, which a third would not allow. */
const mostOfOne = 0.4;

const sum = (items: readonly Item[]) =>
  items.reduce((total, { events, exposure }) => ({ events: total.events + events, exposure: total.exposure + exposure }), {
    events: 0,
    exposure: 0,
  });

/**
 * Reports that can hardly be of the same thing as all those of other people: their intervals, each of 99.9 %, do not meet. The furthest
 * are taken away first and the others looked at again, because one odd report makes all the others look odd beside it.
 * @returns null where there are more of them than are left over by a rest
 */
function outliers(items: readonly Item[], interval: Interval): ReadonlySet<Item> | null {
  const own = new Map(items.map((item) => [item, interval(item.events, item.exposure, outlierLevel)]));
  const found = new Set<Item>();
  for (;;) {
    const rest = restOf(items.filter((item) => !found.has(item)));
    const far = items.flatMap((item) => {
      const [one, others] = [own.get(item), rest(item.person)];
      const gap = found.has(item) || one === undefined || others.exposure === 0 ? 0 : gapBetween(one, others, interval);
      return gap > 0 ? [{ item, gap }] : [];
    });
    if (far.length === 0) return found;
    const widest = Math.max(...far.map(({ gap }) => gap));
    for (const { item, gap } of far) if (gap >= widest / 2) found.add(item);
    if (found.size > mostOutliers * items.length) return null;
  }
}

/** The sum of everyone else's. */
function restOf(items: readonly Item[]): (person: string) => Omit<Item, "person"> {
  const all = sum(items);
  const byPerson = new Map([...Map.groupBy(items, ({ person }) => person)].map(([person, own]) => [person, sum(own)]));
  return (person) => {
    const own = byPerson.get(person) ?? { events: 0, exposure: 0 };
    return { events: all.events - own.events, exposure: all.exposure - own.exposure };
  };
}

/** How far two intervals are apart; 0 where they meet. */
function gapBetween(own: Estimate, rest: Omit<Item, "person">, interval: Interval): number {
  const middle = rest.events / rest.exposure;
  // Whoever has the others' own value within meets their interval too, and most have.
  if (own.low <= middle && middle <= own.high) return 0;
  const others = interval(rest.events, rest.exposure, outlierLevel);
  return Math.max(0, own.low - others.high, others.low - own.high);
}

/** The most that one member may count, so that nobody is more than two fifths of all that counts: found by filling up from the least. */
function mostAllowed(exposures: readonly number[]): number {
  const down = exposures.toSorted((a, b) => b - a);
  for (let above = 0; above < down.length; above++) {
    const rest = down.slice(above).reduce((total, one) => total + one, 0);
    const most = above === 0 ? mostOfOne * rest : (mostOfOne * rest) / (1 - mostOfOne * above);
    if ((down[above] ?? 0) <= most * (1 + 1e-12)) return above === 0 ? Number.POSITIVE_INFINITY : most;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * @param entries one network's, or several networks' reports
 * @param read what a report tells of this; null where nothing
 * @returns null where there are too few reports that count, or of too few people
 */
export function measure(
  entries: readonly Entry[],
  interval: Interval,
  read: (entry: Entry) => Omit<Item, "person"> | null,
): Measurement | null {
  const told = entries.flatMap((entry) => {
    const item = read(entry);
    return item === null || item.exposure <= 0 ? [] : [{ ...item, person: entry.person, heard: entry.grade === "heard" }];
  });
  const items = told.filter(({ heard }) => !heard);
  const people = new Set(items.map(({ person }) => person)).size;
  if (items.length < fewestReports || people < fewestReporters) return null;
  const far = outliers(items, interval);
  const checked = items.map((item) => ({ ...item, weight: far?.has(item) === true ? outlierWeight : 1 }));
  const byPerson = [...Map.groupBy(checked, ({ person }) => person).values()].map((own) => ({
    own,
    exposure: own.reduce((total, { exposure, weight }) => total + exposure * weight, 0),
  }));
  const all = byPerson.reduce((total, { exposure }) => total + exposure, 0);
  const most = mostAllowed(byPerson.map(({ exposure }) => exposure));
  const weighted = byPerson.flatMap(({ own, exposure }) => {
    const factor = Math.min(1, most / exposure);
    return own.map(({ weight, ...item }) => ({
      ...item,
      events: item.events * weight * factor,
      exposure: item.exposure * weight * factor,
    }));
  });
  const weighing: Weighing = {
    heard: told.length - items.length,
    outliers: far?.size ?? 0,
    disagree: far === null,
    capped: byPerson.flatMap(({ own, exposure }) => (exposure > most ? [{ reports: own.length, share: exposure / all }] : [])),
  };
  const counted = sum(weighted);
  return { estimate: interval(counted.events, counted.exposure), ...sum(items), reports: items.length, people, weighing };
}
