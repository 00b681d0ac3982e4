/** The figures of the held-out halves that may not get worse by more than two points. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Figures } from "./evaluation.ts";

const baselineFile = join(import.meta.dirname, "baseline.json");
const baselineSchema = z.record(z.string(), z.record(z.string(), z.number()));

const read = (): z.infer<typeof baselineSchema> => baselineSchema.parse(JSON.parse(readFileSync(baselineFile, "utf8")));

/** @param name of the evaluation */
export function keepBaseline(name: string, figures: Figures): void {
  const rounded = Object.fromEntries(Object.entries(figures).map(([figure, { value }]) => [figure, Number(value.toFixed(4))]));
  writeFileSync(baselineFile, `${JSON.stringify({ ...read(), [name]: rounded }, null, 2)}\n`);
}

/** Two points. */
const tolerance = 0.02;

/** What is worse than it was, in words; a figure without a baseline is worse than nothing. */
export function worsened(name: string, figures: Figures): readonly string[] {
  const before = read()[name] ?? {};
  return Object.entries(figures).flatMap(([figure, { value, better }]) => {
    const was = before[figure];
    const lost = was === undefined ? Number.POSITIVE_INFINITY : better === "more" ? was - value : value - was;
    return lost > tolerance ? [`${name}: ${figure} was ${was}, is ${value.toFixed(4)}`] : [];
  });
}
