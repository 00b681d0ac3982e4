/** The type of `ctx.services`: everything a command can ask of the domains. */
import type { Knowledge } from "./knowledge/types.ts";
import type { Market, Networks } from "./market/types.ts";
import type { Opinions, Privacy } from "./opinions/types.ts";

/** One row of `/status`. */
export interface StatusRow {
  readonly name: string;
  readonly state: string;
}

export interface Services {
  readonly knowledge: Knowledge;
  readonly market: Market;
  readonly networks: Networks;
  readonly opinions: Opinions;
  readonly privacy: Privacy;
  /** Sources with freshness, database, version, uptime. */
  readonly status: () => Promise<readonly StatusRow[]>;
}
