/** Whether every part works: asked seldom, however often somebody wants to know. */
import { within } from "../lib/abort.ts";

/** Resolves to null where the part is ready, else to why not, in words that are nobody's secret. */
export type Check = () => Promise<string | null>;

export interface Readiness {
  readonly ready: boolean;
  /** By part: "ready", or why it is not. */
  readonly parts: Readonly<Record<string, string>>;
}

/** A part that does not say within this is not ready. */
const patienceMs = 2_000;

export async function readiness(checks: Readonly<Record<string, Check>>): Promise<Readiness> {
  const parts = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<[string, string]> => {
      // What it threw may say more than a stranger should read.
      const found = await within(check(), patienceMs).catch(() => "not answering");
      return [name, found === null ? "ready" : (found ?? "not answering in time")];
    }),
  );
  return { ready: parts.every(([, state]) => state === "ready"), parts: Object.fromEntries(parts) };
}
