/** The figures of the held-out half that may not get worse by more than two points. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ours, type Report } from "./measure.ts";

export const baselineFile = join(import.meta.dirname, "baseline.json");

const baselineSchema = z.object({ recall1: z.number(), recall3: z.number(), refused: z.number(), wrong: z.number() });
export type Baseline = z.infer<typeof baselineSchema>;

export const readBaseline = (): Baseline => baselineSchema.parse(JSON.parse(readFileSync(baselineFile, "utf8")));

export function baselineOf({ results }: Report): Baseline {
  const own = results.find(({ system }) => system === ours);
  if (own === undefined) throw new TypeError("Depinion itself was not measured");
  const rounded = (share: number) => Number(share.toFixed(4));
  return { recall1: rounded(own.recall1), recall3: rounded(own.recall3), refused: rounded(own.refused), wrong: rounded(own.wrong) };
}
