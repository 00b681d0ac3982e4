/** The encoder as in production: in a process of its own, from the files of its package. */
import { afterAll, describe, expect, it } from "vitest";
import { createEncoder } from "../../src/embedding/encoder.ts";
import { dimensions, type Encoder } from "../../src/embedding/types.ts";

const open: Encoder[] = [];
function opened(options: Parameters<typeof createEncoder>[0] = {}): Encoder {
  const encoder = createEncoder(options);
  open.push(encoder);
  return encoder;
}
afterAll(() => Promise.all(open.map((encoder) => encoder.close())));

const dot = (a: Float32Array = new Float32Array(), b: Float32Array = new Float32Array()): number =>
  a.reduce((sum, part, at) => sum + part * (b[at] ?? 0), 0);

describe("the encoder", () => {
  const shared = opened();

  it("finds two sentences of one meaning nearer than two of different ones", async () => {
    const [a, b, c] = await shared.encode(["How old are you?", "What is your age?", "The train leaves at noon."]);
    expect(a).toHaveLength(dimensions);
    expect(dot(a, a)).toBeCloseTo(1, 4);
    expect(dot(a, b)).toBeGreaterThan(dot(a, c) + 0.3);
  });

  it("gives a sentence the same vector alone and among a hundred", async () => {
    const many = Array.from({ length: 100 }, (_, n) => `Sentence number ${n}`);
    const [alone] = await shared.encode(["Sentence number 77"]);
    const together = await shared.encode(many);
    expect(together).toHaveLength(100);
    expect(dot(alone, together[77])).toBeCloseTo(1, 4);
  });

  it("takes any text, also none", async () => {
    expect(await shared.encode([])).toEqual([]);
    for (const vector of await shared.encode(["", "ⵣⵣⵣ", "👍", "a\u0000b", "x".repeat(5_000)]))
      expect(vector.every(Number.isFinite)).toBe(true);
  });

  it("starts again after its process was let go of", async () => {
    const encoder = opened({ idleMs: 0 });
    const [first] = await encoder.encode(["again"]);
    const [second] = await encoder.encode(["again"]);
    expect(dot(first, second)).toBeCloseTo(1, 4);
  });

  it("is not waited for without end, and answers nobody once it is closed", async () => {
    await expect(opened({ patienceMs: 1 }).encode(["late"])).rejects.toThrow();
    const closed = opened();
    await closed.close();
    await expect(closed.encode(["too late"])).rejects.toThrow("closed");
  });
});
