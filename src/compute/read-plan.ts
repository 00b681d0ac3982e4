/** Reads what a member typed about a run, and answers nonsense with the allowed range. */
import { UserError } from "../core/errors.ts";
import { literal } from "../core/markup.ts";
import type { Texts } from "../core/texts.ts";
import type { Plan, PlanWords } from "./types.ts";

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

const refused = (code: string, say: (words: Texts["training"]["refusals"]) => string) =>
  new UserError(code, ({ training }) => say(training.refusals));

/** @param bare the unit of a number that stands alone */
function readTime(name: keyof typeof ranges, words: string, bare: "min" | "h"): number {
  const [, digits = "", unit = ""] = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)$/i.exec(words.trim()) ?? [];
  const factor = unit === "" ? hoursPer[bare] : hoursPer[unit.toLowerCase()];
  const { min, max } = ranges[name];
  if (digits === "" || factor === undefined) throw refused("bad_time", (say) => say.unreadable(name, min, max, bare, literal(words)));
  const hours = Number(digits) * factor;
  // What was written as the limit is the limit, however it was divided.
  if (hours < min * (1 - 1e-9) || hours > max * (1 + 1e-9)) throw refused("out_of_range", (say) => say.outOfRange(name, min, max, bare));
  return hours;
}

function readProbability(words: string): number {
  const [, digits = "", percent = ""] = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(words.trim()) ?? [];
  const probability = Number(digits) / (percent === "" ? 1 : 100);
  if (digits === "" || probability > 0.99) throw refused("out_of_range", (say) => say.lost);
  return probability;
}

/** @throws UserError with the allowed range */
export function readPlan(base: Plan, words: PlanWords): Plan {
  const time = (name: Exclude<keyof typeof ranges, "mtbf">, bare: "min" | "h") => {
    const typed = words[name];
    return typed === undefined ? base[name] : readTime(name, typed, bare);
  };
  if (words.interruptions !== undefined && words.mtbf !== undefined) throw refused("said_twice", (say) => say.saidTwice);
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
  if (plan.gpusPerNode > gpus) throw refused("out_of_range", (say) => say.node(gpus));
  if (plan.interval < plan.write) throw refused("interval_below_write", (say) => say.belowWrite(plan.write, ranges.interval.max));
  // A preset's interval must not stand in the way of a short run; one that was typed is a mistake.
  if (plan.interval <= plan.hours) return plan;
  if (words.interval === undefined) return { ...plan, interval: plan.hours };
  throw refused("interval_above_hours", (say) => say.aboveHours(plan.write, plan.hours));
}
