/** What waits: the work that was taken on and is not done yet. */
import type { PlatformName } from "./ids.ts";

export interface Waiting {
  /** How many. */
  readonly count: number;
  /** Since when the oldest one waits that nobody has tried yet; null where there is none. */
  readonly since: Date | null;
}

export interface Backlog {
  /** Digests and polls that are due and not settled; platforms without any are left out. */
  readonly deliveries: ReadonlyMap<PlatformName, Waiting>;
  /** What platforms told and is not answered yet. */
  readonly inbox: Waiting;
}
