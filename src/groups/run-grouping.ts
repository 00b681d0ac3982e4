/** Groups voters in a thread of its own, one topic at a time, so that nobody's answer waits for it. */
import { join } from "node:path";
import PQueue from "p-queue";
import { inThread } from "../lib/in-thread.ts";
import type { Grouping } from "./types.ts";

export interface GroupingTask {
  readonly votes: string;
  readonly statements: number;
}

export type RunGrouping = (task: GroupingTask, signal: AbortSignal) => Promise<Grouping>;

/** @throws (the returned function) the signal's reason; Error where the thread ends without a word */
export function createGrouping(): RunGrouping {
  const queue = new PQueue({ concurrency: 1 });
  const file = join(import.meta.dirname, "grouping-thread.ts");
  return (task, signal) =>
    queue.add(
      () => inThread<Grouping, Grouping>({ file, task, purpose: "groups voters", signal, hear: (grouping, done) => done(grouping) }),
      { signal },
    );
}
