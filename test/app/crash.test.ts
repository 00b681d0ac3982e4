/** Kills the running program at random moments: whatever it acknowledged is there afterwards. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

const rounds = process.env.SOAK === undefined ? 4 : 60;
/** The same moments in every run: a failure can be repeated. */
const [moments] = fc.sample(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: rounds, maxLength: rounds }), {
  numRuns: 1,
  seed: 20_261_122,
});

it(`keeps every acknowledged opinion over ${rounds} kills`, { timeout: 600_000 }, async () => {
  const DATA_DIR = await freshFolder();
  const acknowledged: string[] = [];
  for (const [round, killAfter] of (moments ?? []).entries()) {
    const program = startProgram([], { DATA_DIR });
    for (let n = 0; n < 200; n++) program.child.stdin.write(`/opinion latency too slow ${round}-${n}-\n`);
    let answers = 0;
    const killed = Promise.withResolvers<void>();
    program.child.stdout.on("data", (chunk: Buffer) => {
      // Each answer ends with the words it logged; a kill right behind one is the hardest moment.
      for (const [, mark] of chunk.toString().matchAll(/│ too slow (\d+-\d+-)/g)) {
        if (mark !== undefined) acknowledged.push(mark);
        if (++answers === killAfter) {
          program.child.kill("SIGKILL");
          killed.resolve();
        }
      }
    });
    await killed.promise;
    await program.ended;
  }
  const { code } = await runProgram([], { DATA_DIR }, "/privacy export\n");
  expect(code).toBe(0);
  const kept = await readFile(join(DATA_DIR, "exports/depinion-export.json"), "utf8");
  expect(acknowledged.filter((mark) => !kept.includes(`too slow ${mark}`))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThanOrEqual((moments ?? []).reduce((sum, n) => sum + n, 0));
});
