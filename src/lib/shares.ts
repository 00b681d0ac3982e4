/** Divides the numbered shares of a work among the processes that live, each share to one at a time, by leases. */
import { randomUUID } from "node:crypto";
import type { HeldLease, LeaseStore } from "../core/lease.ts";
import type { Logger } from "./logger.ts";
import { allotment } from "./share-allotment.ts";

export interface Shares {
  start(): void;
  /** Takes nothing more; resolves when every share has ended and is let go. */
  stop(): Promise<void>;
}

/** What is known of a share while it is served. */
export interface Tenure {
  /** Into how many shares the work is divided: as many as the processes that were first wanted. */
  readonly of: number;
  /**
   * Whether it is certainly held at this very moment, also while it ends. Ask before doing what must not be done twice: in a process that
   * was stopped for a while, what had arrived meanwhile is handled before `over` can fire.
   */
  certain(): boolean;
}

export interface SharesOptions {
  readonly leases: LeaseStore;
  /** Everybody who takes part uses the same. */
  readonly name: string;
  /** Into how many shares the work is divided, unless processes live that divide it otherwise: those are joined. */
  readonly count: number;
  /** How long the database lets nobody else in after the last renewal; a dead process's shares are free after this. */
  readonly ttlMs: number;
  /**
   * Serves a share until `over` fires: because it is not certainly held any more, because others shall have it, or because of `stop`. The
   * share is let go when the promise settles. One that settles before is asked for again a little later.
   */
  readonly serve: (share: number, over: AbortSignal, tenure: Tenure) => Promise<void>;
  readonly log: Logger;
}

interface Holding {
  readonly over: AbortController;
  /** Somebody else may have had it since. */
  lost: boolean;
  readonly of: number;
}

/** As a hold does it: renewed three times within its life, given up when a fifth of that is left. */
const renewals = 3;
const usable = 0.8;

/**
 * Every process holds a lease that says it lives, `<name>/at/<uuid>`, and one for each share it has, `<name>/<number>`. The lease
 * `<name>/of` is held in the name of the number of shares, so that all who live divide the work alike.
 */
export function createShares({ leases, name, count, ttlMs, serve, log }: SharesOptions): Shares {
  const me = randomUUID();
  const everyMs = ttlMs / renewals;
  const living = `${name}/at/`;
  const alive = `${living}${me}`;
  const dividing = `${name}/of`;
  const shareOf = (share: number): string => `${name}/${share}`;
  const holdings = new Map<number, Holding>();
  const ended = new Set<number>();
  let [stopping, failing] = [false, false];
  let running: Promise<void> | null = null;
  /** By the monotonic clock: until then everything that was renewed last is certainly held. */
  let certainUntil = 0;
  let end: NodeJS.Timeout | undefined;
  let look = Promise.withResolvers<void>();

  /** Also resolves when something has changed, since the last look began, that cannot wait. */
  async function pause(ms: number): Promise<void> {
    const timer = setTimeout(look.resolve, ms);
    await look.promise;
    clearTimeout(timer);
  }

  function giveUp(): void {
    clearTimeout(end);
    if (holdings.size > 0) log.warn({ shares: name }, "what this process serves could not be renewed in time: it is given up");
    for (const holding of holdings.values()) lose(holding);
  }

  function lose(holding: Holding): void {
    holding.lost = true;
    holding.over.abort();
  }

  async function letGo(lease: string): Promise<void> {
    await leases
      .release({ name: lease, holder: me })
      .catch((error: unknown) => log.warn({ lease, err: error }, "the lease was not let go; it ends by itself"));
  }

  function begin(share: number, of: number): void {
    const over = new AbortController();
    const holding: Holding = { over, of, lost: false };
    holdings.set(share, holding);
    serve(share, over.signal, { of, certain: () => !holding.lost && performance.now() < certainUntil })
      .catch((error: unknown) => log.error({ shares: name, share, err: error }, "a share could not be served; trying again"))
      .finally(() => {
        ended.add(share);
        // What was to end is let go at once; what ended by itself is not begun again so soon.
        if (over.signal.aborted) look.resolve();
      });
  }

  /** Never while leases are being renewed: one that was let go would be had again. */
  async function letGoEnded(): Promise<void> {
    const shares = [...ended];
    await Promise.all(shares.map((share) => letGo(shareOf(share))));
    for (const share of shares) {
      ended.delete(share);
      holdings.delete(share);
    }
  }

  /** Looks at who lives, gives and takes, and renews. Returns after how many milliseconds to look again. */
  async function round(): Promise<number> {
    await letGoEnded();
    if (stopping && holdings.size === 0) return 0;
    const found = await leases.held(`${name}/`);
    const others = found.filter(({ holder, name: lease }) => holder !== me && lease !== dividing);
    const of = Number(found.find((lease) => lease.name === dividing)?.holder ?? count);
    const wanted = choose(found, of);
    const asked = performance.now();
    // Whoever wants it divided otherwise waits for those who live.
    if (!(await leases.take({ name: dividing, holder: String(of) }, ttlMs))) return everyMs / 10;
    const mine = stopping ? [] : [alive];
    // What was lost is for others to have, however long it takes to end here.
    const kept = [...holdings].filter(([, { lost }]) => !lost).map(([share]) => share);
    const shares = [...new Set([...wanted, ...kept])];
    const taken = await leases.takeEach([...mine, ...shares.map(shareOf)], me, ttlMs);
    const until = asked + ttlMs * usable;
    if (performance.now() >= until) return 0;
    certainUntil = until;
    clearTimeout(end);
    end = setTimeout(giveUp, until - performance.now());
    for (const share of shares) {
      const [holding, isMine] = [holdings.get(share), taken.has(shareOf(share))];
      if (holding === undefined && isMine) begin(share, of);
      if (holding !== undefined && !isMine) lose(holding);
    }
    const missed = wanted.some((share) => !taken.has(shareOf(share)));
    // A lease that nobody renews ends between two looks.
    return Math.min(missed ? everyMs / 10 : everyMs, ...others.map(({ leftMs }) => leftMs + 1));
  }

  /** The shares that this process shall have; those above that number are told to end. */
  function choose(found: readonly HeldLease[], of: number): readonly number[] {
    const most = stopping ? 0 : allotment({ found, me, living, shareOf, of });
    const fits = [...holdings].filter(([, { over, of: divided }]) => !over.signal.aborted && divided === of);
    const kept = fits.slice(0, most).map(([share]) => share);
    for (const [share, { over }] of holdings) if (!kept.includes(share)) over.abort();
    const taken = new Set(found.filter(({ holder }) => holder !== me).map((lease) => lease.name));
    const free = Array.from({ length: of }, (_, share) => share).filter((share) => !taken.has(shareOf(share)) && !holdings.has(share));
    return [...kept, ...free.slice(0, most - kept.length)];
  }

  async function run(): Promise<void> {
    while (!stopping || holdings.size > 0) {
      let next = everyMs;
      look = Promise.withResolvers();
      try {
        next = await round();
        if (failing) log.info({ shares: name }, "shares can be renewed again");
        failing = false;
      } catch (error) {
        if (!failing) log.warn({ shares: name, err: error }, "shares could not be renewed");
        failing = true;
      }
      if (!stopping || holdings.size > 0) await pause(next);
    }
    clearTimeout(end);
  }

  /** The last one to go lets whoever comes next divide the work anew. */
  async function letGoDivision(): Promise<void> {
    const found = await leases.held(`${name}/`);
    const division = found.find((lease) => lease.name === dividing);
    if (division !== undefined && found.length === 1) await leases.release(division);
  }

  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping = true;
      for (const { over } of holdings.values()) over.abort();
      look.resolve();
      // First of all, so that the others no longer count this process; and again, because a look was perhaps under way.
      await letGo(alive);
      await running;
      await letGo(alive);
      await letGoDivision().catch((error: unknown) => log.warn({ shares: name, err: error }, "how shares are divided stays for a while"));
    },
  };
}
