/** Waiting for work no longer than one wants to; the work itself goes on for others. */

/** What comes within this time, else undefined. Rejects as the work does. */
export async function within<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The work's result, unless the signal fires before: also where the work does not listen to it.
 * @param reason what to reject with then; default: the signal's reason
 */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal, reason: () => unknown = () => signal.reason): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(reason());
    // Listened to even where it comes too late, or its failure would end the process.
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
}
