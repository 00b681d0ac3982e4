/** The picture of `/training`: what interruptions and checkpoints cost, over the interval between checkpoints. */
import type { BarChart } from "../core/chart.ts";
import { wallStoppingAll } from "./closed-form.ts";
import type { Finishing } from "./types.ts";
import { hoursInWords } from "./words.ts";

/** From an eighth of the best interval to eight times as long. */
const factors = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];

/** @returns null for a run of which no formula tells the time at any interval */
export function costOverInterval({ plan, prices, best }: Finishing): BarChart | null {
  if (best === null || plan.perNodeDay === 0) return null;
  const around = factors.map((factor) => Math.min(plan.hours, Math.max(plan.write, best.interval * factor)));
  const byLabel = new Map([...around, plan.interval].map((interval) => [hoursInWords(interval), interval]));
  const each = plan.gpus * (prices.here ?? 1);
  const bars = [...byLabel]
    .toSorted(([, a], [, b]) => a - b)
    .map(([label, interval]) => ({
      label: interval === plan.interval ? `${label} (now)` : interval === best.interval ? `${label} (best)` : label,
      value: Math.max(0, wallStoppingAll({ ...plan, interval }) - plan.hours) * each,
    }));
  // A bar that dwarfs all others would hide what they tell; an interval that never ends has none.
  const least = Math.min(...bars.map(({ value }) => value));
  const what = prices.here === null ? "GPU-hours lost" : "Dollars lost";
  return {
    kind: "bars",
    title: `${what}, by checkpoint interval`,
    subtitle: "To interruptions and checkpoints, by formula",
    bars: bars.filter(({ value, label }) => value <= 20 * least || (Number.isFinite(value) && label.endsWith("(now)"))),
    unit: prices.here === null ? "count" : "usd",
  };
}
