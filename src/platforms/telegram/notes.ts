/** Notes which updates are handled: together with others, a moment later, and until the store takes it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../lib/logger.ts";
import { Backoff } from "./client.ts";
import { noteOf } from "./failures.ts";
import type { Timing } from "./timing.ts";

export interface Notes {
  add(id: number): void;
  /** Resolves when everything added so far is noted, or could not be. */
  flush(): Promise<void>;
  /** Writes the last ones; resolves when they are written, or could not be. */
  close(): Promise<void>;
}

/** @param write notes in one statement what was handled while the one before was under way */
export function createNotes(
  write: (ids: readonly number[]) => Promise<void>,
  { timing, log }: { readonly timing: Timing; readonly log: Logger },
): Notes {
  const handled = new Set<number>();
  const closing = new AbortController();
  const backoff = new Backoff(timing);
  let writing: Promise<void> | null = null;

  /** @param once gives up at the first failure */
  async function writeAll(once: boolean): Promise<void> {
    for (let failures = 0; handled.size > 0; ) {
      const ids = [...handled];
      try {
        await write(ids);
        for (const id of ids) handled.delete(id);
        backoff.reset();
        failures = 0;
      } catch (error) {
        if (failures++ === 0) log.warn(noteOf(error), "what was answered could not be noted; trying again");
        if (once || closing.signal.aborted) return;
        await backoff.pause(closing.signal).catch(() => undefined);
      }
    }
  }

  function writeSoon(): void {
    writing ??= sleep(timing.noteHandledEvery, undefined, { signal: closing.signal })
      .catch(() => undefined)
      .then(() => writeAll(false))
      .finally(() => {
        writing = null;
        if (handled.size > 0 && !closing.signal.aborted) writeSoon();
      });
  }

  return {
    add(id) {
      handled.add(id);
      writeSoon();
    },
    flush: () => writeAll(true),
    async close() {
      closing.abort();
      await writing;
      await writeAll(true);
    },
  };
}
