/** Time as the HTTP client sees it, so that tests can bring a time in which nothing waits. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `ms`; rejects when the signal fires. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** A signal that fires after `ms`. */
  deadline(ms: number): AbortSignal;
}

export const realClock: Clock = {
  now: Date.now,
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      if (signal.aborted) onAbort();
      else signal.addEventListener("abort", onAbort, { once: true });
    }),
  deadline: (ms) => AbortSignal.timeout(ms),
};
