/** The picture of `/training`: what interruptions and checkpoints cost, over the interval between checkpoints. */
import type { BarChart } from "../core/chart.ts";
import type { Texts } from "../core/texts.ts";
import { wallStoppingAll } from "./closed-form.ts";
import type { Finishing } from "./types.ts";

/** From an eighth of the best interval to eight times as long. */
const factors = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

/** @returns null for a run of which no formula tells the time at any interval */
export function costOverInterval({ plan, prices, best }: Finishing, words: Texts["training"]): BarChart | null {
  const { chart: labels } = words;
  if (best === null || plan.perNodeDay === 0) return null;
  const around = factors.map((factor) => Math.min(plan.hours, Math.max(plan.write, best.interval * factor)));
  const byLabel = new Map([...around, plan.interval].map((interval) => [words.hours(interval), interval]));
  const each = plan.gpus * (prices.here ?? 1);
  const bars = [...byLabel]
    .toSorted(([, a], [, b]) => a - b)
    .map(([label, interval]) => ({
      now: interval === plan.interval,
      label: interval === plan.interval ? labels.now(label) : interval === best.interval ? labels.best(label) : label,
      value: Math.max(0, wallStoppingAll({ ...plan, interval }) - plan.hours) * each,
    }));
  // A bar that dwarfs all others would hide what they tell; an interval that never ends has none.
  const least = Math.min(...bars.map(({ value }) => value));
  return {
    kind: "bars",
    title: labels.title(prices.here !== null),
    subtitle: labels.subtitle,
    bars: bars
      .filter(({ value, now }) => value <= 20 * least || (Number.isFinite(value) && now))
      .map(({ label, value }) => ({ label, value })),
    unit: prices.here === null ? "count" : "usd",
  };
}
