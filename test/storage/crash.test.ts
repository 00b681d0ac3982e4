/** What was acknowledged survives `kill -9`. SOAK=1 asks ten times as often. */
import { expect, test } from "vitest";
import { memberId } from "../../src/core/ids.ts";
import { openEmbedded, testFolder } from "../support/database.ts";
import { startChild } from "./child-process.ts";

const rounds = process.env.SOAK === "1" ? 60 : 6;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** mulberry32: a failure can be repeated with SEED. */
function random(state: number): () => number {
  let s = state;
  return () => {
    s = (s + 0x6d2b79f5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

test(`every acknowledged opinion is there after ${rounds} kills at random moments (seed ${seed})`, {
  timeout: rounds * 10_000,
}, async () => {
  const folder = await testFolder();
  const next = random(seed);
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const child = startChild("append", folder);
    expect(await child.line()).toBe("ready");
    await new Promise((elapsed) => setTimeout(elapsed, next() * 700));
    await child.kill();
    acknowledged.push(...child.lines.slice(1));
  }
  expect(acknowledged.length).toBeGreaterThan(rounds);
  const { members, close } = await openEmbedded(folder);
  // Each has a member of its own, who is called like it.
  const lost: string[] = [];
  for (const id of acknowledged) {
    const { opinions } = await members.read(memberId(id));
    if (opinions[0]?.id !== id) lost.push(id);
  }
  await close();
  expect(lost).toEqual([]);
});
