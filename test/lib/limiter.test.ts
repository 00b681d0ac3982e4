import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { createLimiter } from "../../src/lib/limiter.ts";

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-22T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

const refusal = (work: Promise<void>): Promise<string> =>
  work.then(
    () => "admitted",
    (error: unknown) => (error instanceof UserError ? `${error.code}: ${error.message}` : String(error)),
  );

describe("the cool-down", () => {
  it("stops a member in a hurry in every room, says for how long, and ends", async () => {
    const limiter = createLimiter({ perMember: 2, perRoom: 100, seconds: 10 });
    expect(await refusal(limiter.admit("ann", "here"))).toBe("admitted");
    expect(await refusal(limiter.admit("ann", "there"))).toBe("admitted");
    expect(await refusal(limiter.admit("ann", "elsewhere"))).toBe("slow_down: You are a little fast for me. Please wait 10 seconds.");
    expect(await refusal(limiter.admit("bob", "here"))).toBe("admitted");
    vi.advanceTimersByTime(10_001);
    expect(await refusal(limiter.admit("ann", "here"))).toBe("admitted");
  });

  it("stops a room in which many are in a hurry", async () => {
    const limiter = createLimiter({ perMember: 100, perRoom: 2, seconds: 10 });
    for (const name of ["ann", "bob"]) expect(await refusal(limiter.admit(name, "here"))).toBe("admitted");
    expect(await refusal(limiter.admit("cleo", "here"))).toMatch(/^slow_down: This place is a little fast/);
    expect(await refusal(limiter.admit("cleo", "there"))).toBe("admitted");
  });
});
