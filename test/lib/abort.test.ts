import { describe, expect, it } from "vitest";
import { orAborted, within } from "../../src/lib/abort.ts";

const never = new Promise<never>(() => {});

describe("waiting for work", () => {
  it("ends with what came in time, and with nothing where it did not", async () => {
    expect(await within(Promise.resolve("done"), 60_000)).toBe("done");
    expect(await within(never, 1)).toBeUndefined();
    await expect(within(Promise.reject(new Error("broken")), 60_000)).rejects.toThrow("broken");
  });

  it("ends when its signal fires, with the signal's reason or one's own", async () => {
    const stop = new AbortController();
    const waiting = [orAborted(never, stop.signal), orAborted(never, stop.signal, () => new Error("mine"))];
    stop.abort(new Error("given up"));
    await expect(waiting[0]).rejects.toThrow("given up");
    await expect(waiting[1]).rejects.toThrow("mine");
    expect(await orAborted(Promise.resolve("done"), new AbortController().signal)).toBe("done");
  });

  it("that is given up before it began hides the work's own failure", async () => {
    await expect(orAborted(Promise.reject(new Error("broken")), AbortSignal.abort(new Error("given up")))).rejects.toThrow("given up");
  });
});
