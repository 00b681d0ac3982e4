/** Questions and writes of the same moment as one: a statement for a hundred rows costs a database little more than a statement for one. */
import DataLoader from "dataloader";

/** Enough to make a statement's own cost small, few enough that nobody waits long for a stranger's row. */
const most = 100;

const failed = (error: unknown): Error => (error instanceof Error ? error : new Error("not an error was thrown", { cause: error }));

/**
 * What is given to the returned function before the promises of this moment have run out is asked or written in one go. Where that fails,
 * each goes alone, so that everyone gets an outcome of their own: a write must have written none, or not mind being done again.
 *
 * @param doAll does all of them, at most 100, and resolves with what comes of each, in their order
 */
export function together<T, R>(doAll: (all: readonly T[]) => Promise<readonly R[]>): (one: T) => Promise<R> {
  const loader = new DataLoader<T, R>(
    async (all) => {
      try {
        return await doAll(all);
      } catch (error) {
        if (all.length === 1) return [failed(error)];
        const alone = await Promise.allSettled(all.map((one) => doAll([one])));
        return alone.flatMap((outcome): readonly (R | Error)[] =>
          outcome.status === "fulfilled" ? outcome.value : [failed(outcome.reason)],
        );
      }
    },
    { cache: false, maxBatchSize: most },
  );
  return (one) => loader.load(one);
}
