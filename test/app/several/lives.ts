/** How long leases live in tests of several processes: long enough for a busy machine, short enough to wait for. */

export const leaseMs = process.env.SOAK === "1" ? 4_000 : 3_000;
export const identifyEveryMs = 200;
