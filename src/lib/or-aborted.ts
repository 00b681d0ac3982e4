/** Waits for work that may not listen to a signal, but no longer than the signal allows. */

/** The work's outcome, or a rejection as soon as the signal fires: with its reason, or with what `reason` makes. The work itself goes on. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal, reason = (): unknown => signal.reason): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(reason());
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
