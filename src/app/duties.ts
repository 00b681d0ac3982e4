/** What a process of each role does, and how soon others do it where it dies. */
import type { Role } from "../config/env.ts";

export interface Duties {
  /** Is told what happens on the platforms, and answers. */
  readonly listens: boolean;
  /** Serves the pages that platforms post to. */
  readonly takes: boolean;
  /** Handles what Telegram posted and some process took. */
  readonly handles: boolean;
  /** Sends what is due, and keeps house. */
  readonly works: boolean;
}

export const dutiesOf: Readonly<Record<Role, Duties>> = {
  all: { listens: true, takes: true, handles: true, works: true },
  gateway: { listens: true, takes: false, handles: false, works: false },
  worker: { listens: false, takes: false, handles: true, works: true },
  web: { listens: false, takes: true, handles: false, works: false },
};

/** As long as a restart takes: a process that is back by then has what it had before. */
export const usualLeaseMs = 15_000;
