/** The port for leases: what only one process may do at a time, by the clock of the database that all of them share. */

/** Proof that nobody else acts: the name of a lease, and who holds it. */
export interface Fence {
  readonly name: string;
  readonly holder: string;
}

export interface HeldLease extends Fence {
  /** Milliseconds until it ends unless it is renewed; greater than 0. */
  readonly leftMs: number;
}

/** Every time is counted by the database's clock. */
export interface LeaseStore {
  /** Takes a free or ended lease, or renews one's own, for `ttlMs`. False while another one holds it. */
  take(fence: Fence, ttlMs: number): Promise<boolean>;
  /** The same for several at once; returns the names of those that are held now. */
  takeEach(names: readonly string[], holder: string, ttlMs: number): Promise<ReadonlySet<string>>;
  /** Every lease that somebody holds and whose name begins so. */
  held(prefix: string): Promise<readonly HeldLease[]>;
  /** Lets go of it, if it is held. */
  release(fence: Fence): Promise<void>;
  /** Deletes what ended so long ago; what was released is gone already. */
  forget(endedForMs: number): Promise<void>;
}
