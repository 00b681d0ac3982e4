/** Reads what a member typed about a run, and answers nonsense with the allowed range. */
import { UserError } from "../core/errors.ts";
import { literal } from "../core/markup.ts";
import type { Plan, PlanWords } from "./types.ts";
import { hoursInWords } from "./words.ts";

interface Range {
  readonly min: number;
  readonly max: number;
}

/** In hours. */
const ranges = {
  hours: { min: 0.1, max: 50_000 },
  mtbf: { min: 0.1, max: 1_000_000 },
  interval: { min: 1 / 60, max: 720 },
  write: { min: 1 / 3600, max: 24 },
  restart: { min: 1 / 3600, max: 168 },
} as const satisfies Readonly<Record<string, Range>>;

const hoursPer: Readonly<Record<string, number>> = {
  s: 1 / 3600,
  sec: 1 / 3600,
  m: 1 / 60,
  min: 1 / 60,
  h: 1,
  hours: 1,
  hour: 1,
  d: 24,
  days: 24,
  day: 24,
};

/** @param bare the unit of a number that stands alone */
function readTime(name: keyof typeof ranges, words: string, bare: "min" | "h"): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)$/i.exec(words.trim()) ?? [];
  const factor = unit === "" ? hoursPer[bare] : hoursPer[unit.toLowerCase()];
  const { min, max } = ranges[name];
  const range = `from ${hoursInWords(min)} to ${hoursInWords(max)}, such as \`30s\`, \`20min\`, \`2h\` or \`3d\``;
  const alone = `a number alone means ${bare === "h" ? "hours" : "minutes"}`;
  if (digits === "" || factor === undefined)
    throw new UserError("bad_time", `\`${name}\` is a time ${range}; ${alone}. I cannot read “${literal(words)}” as one.`);
  const hours = Number(digits) * factor;
  // What was written as the limit is the limit, however it was divided.
  if (hours < min * (1 - 1e-9) || hours > max * (1 + 1e-9))
    throw new UserError("out_of_range", `\`${name}\` must be a time ${range}; ${alone}.`);
  return hours;
}

function readProbability(words: string): number {
  const [, digits = "", percent = ""] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(words.trim()) ?? [];
  const probability = Number(digits) / (percent === "" ? 1 : 100);
  if (digits === "" || probability > 0.99)
    throw new UserError("out_of_range", "`lost` is a probability from `0` to `0.99`, or a share from `0%` to `99%` with its sign.");
  return probability;
}

/** @throws UserError with the allowed range */
export function readPlan(base: Plan, words: PlanWords): Plan {
  const time = (name: Exclude<keyof typeof ranges, "mtbf">, bare: "min" | "h") => {
    const typed = words[name];
    return typed === undefined ? base[name] : readTime(name, typed, bare);
  };
  if (words.interruptions !== undefined && words.mtbf !== undefined)
    throw new UserError("said_twice", "`interruptions` and `mtbf` say the same thing in two ways: give one of them.");
  const perNodeDay = words.mtbf === undefined ? (words.interruptions ?? base.perNodeDay) : 24 / readTime("mtbf", words.mtbf, "h");
  const gpus = words.gpus ?? base.gpus;
  const plan: Plan = {
    gpus,
    gpusPerNode: words.gpusPerNode ?? Math.min(base.gpusPerNode, gpus),
    hours: time("hours", "h"),
    perNodeDay,
    interval: time("interval", "min"),
    write: time("write", "min"),
    restart: time("restart", "min"),
    lost: words.lost === undefined ? base.lost : readProbability(words.lost),
    recovery: words.recovery ?? base.recovery,
  };
  if (plan.gpusPerNode > gpus)
    throw new UserError("out_of_range", `\`node\` must be a whole number from 1 to ${gpus}, the number of GPUs.`);
  if (plan.interval < plan.write)
    throw new UserError(
      "interval_below_write",
      `\`interval\` is shorter than writing one checkpoint takes: it must be from ${hoursInWords(plan.write)} to ${hoursInWords(ranges.interval.max)}.`,
    );
  // A preset's interval must not stand in the way of a short run; one that was typed is a mistake.
  if (plan.interval <= plan.hours) return plan;
  if (words.interval === undefined) return { ...plan, interval: plan.hours };
  const [least, most] = [hoursInWords(plan.write), hoursInWords(plan.hours)];
  throw new UserError("interval_above_hours", `\`interval\` is longer than the whole run: it must be from ${least} to ${most}.`);
}
