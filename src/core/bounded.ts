/** Work with an end: a person is told when it takes too long, or when the program stops before it is done. */
import { UserError } from "./errors.ts";
import type { Texts } from "./texts.ts";

/** Runs work that is given up after `ms`, or when `outer` fires; rejects at that moment, also where the work itself does not listen. */
export function bounded<T>(
  { ms, outer, refusals }: { readonly ms: number; readonly outer: AbortSignal | undefined; readonly refusals: Texts["refusals"] },
  work: (signal: AbortSignal) => Promise<T> | T,
): Promise<T> {
  const { restarting, tookTooLong } = refusals;
  // One timer that is cleared: AbortSignal.timeout and AbortSignal.any leave theirs to the garbage collector, at every command.
  const controller = new AbortController();
  return new Promise<T>((settle, reject) => {
    const giveUp = (error: UserError) => {
      controller.abort(error);
      reject(error);
    };
    const onOuter = () => giveUp(new UserError("stopped", restarting));
    if (outer?.aborted) return onOuter();
    outer?.addEventListener("abort", onOuter, { once: true });
    const timer = setTimeout(() => giveUp(new UserError("deadline", tookTooLong)), ms);
    const done = () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onOuter);
    };
    Promise.try(work, controller.signal).then(settle, reject).finally(done);
  });
}
