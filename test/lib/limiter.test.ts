import fc from "fast-check";
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
    // Whoever shows it to a whole group can tell that it was said.
    expect(await refusal(limiter.admit("ann", "elsewhere"))).toMatch(/^slow_down_told: You are a little fast/);
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

  it("lets a flood through no faster than it says, whoever floods where, and keeps nobody else out", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(5), fc.nat(3), fc.nat(400)), { minLength: 50, maxLength: 400 }), async (presses) => {
        const limits = { perMember: 10, perRoom: 30, seconds: 15 };
        const limiter = createLimiter(limits);
        const admitted: { member: number; room: number; at: number }[] = [];
        for (const [member, room, pause] of presses) {
          vi.advanceTimersByTime(pause);
          if ((await refusal(limiter.admit(`m${member}`, `r${room}`))) === "admitted") admitted.push({ member, room, at: Date.now() });
        }
        // Windows are fixed, so that any stretch of one window's length touches two of them.
        for (const { at } of admitted) {
          const recent = admitted.filter((one) => one.at > at - limits.seconds * 1_000 && one.at <= at);
          for (const n of [0, 1, 2, 3, 4, 5])
            expect(recent.filter(({ member }) => member === n).length).toBeLessThanOrEqual(2 * limits.perMember);
          for (const n of [0, 1, 2, 3]) expect(recent.filter(({ room }) => room === n).length).toBeLessThanOrEqual(2 * limits.perRoom);
        }
        expect(await refusal(limiter.admit("a bystander", "elsewhere"))).toBe("admitted");
      }),
      { numRuns: 30 },
    );
  });
});
