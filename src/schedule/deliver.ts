/** One attempt at one delivery: from what the ledger knows to a proof, a reason, or a later moment. */
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SendError, type SendFailure, UpstreamError } from "../core/errors.ts";
import type { DeliveryId } from "../core/ids.ts";
import type { Fence } from "../core/lease.ts";
import type { Pace, Part, Platform, Sent } from "../core/platform.ts";
import type { Logger } from "../lib/logger.ts";
import type { Content, Delivery, DeliveryStore, Posted } from "./types.ts";

export interface DeliverDeps {
  readonly platform: Platform;
  readonly pace: Pace;
  readonly deliveries: DeliveryStore;
  readonly content: Content;
  /** Absent where nothing more is to be known of a message than that it stands in its room. */
  readonly posted?: Posted;
  readonly fence: Fence;
  readonly now: () => Date;
  readonly log: Logger;
  /** How long the platform makes one message of two that have the same key, in milliseconds. */
  readonly keyLifeMs: number;
  /** Pause after a first failure, in milliseconds; doubles with each further one. */
  readonly retryMs: number;
}

/** How long this process may act. */
export interface Tenure {
  /** Fires when the lease is no longer certainly ours: nothing may be sent any more. */
  readonly lost: AbortSignal;
  /** Fires with `lost`, and when the courier stops: nothing new is begun. */
  readonly over: AbortSignal;
}

export interface Attempt {
  /** `settled`: nothing is left to do; `lost`: the lease is not ours any more, so somebody else sees to it; a number: again in so many ms. */
  readonly next: "settled" | "lost" | number;
  /** The platform took nothing. */
  readonly turnedAway?: true;
}

/** The same key for the same part of the same round, whoever sends it: 100 bits, 25 characters. */
export const keyOf = (id: DeliveryId, round: number, index: number): string =>
  createHash("sha256").update(`${id}:${round}:${index}`).digest("hex").slice(0, 25);

const longestBackoffMs = 120_000;

/** @throws what the database throws */
export async function deliver(id: DeliveryId, deps: DeliverDeps, tenure: Tenure): Promise<Attempt> {
  const { platform, pace, deliveries, fence, now, log, keyLifeMs, retryMs } = deps;
  const found = await deliveries.find(id);
  if (found === null || found.settledAt !== null) return { next: "settled" };
  const delivery = found;
  const { room, round, expiresAt, attempts } = delivery;
  const left = expiresAt.getTime() - now().getTime();
  if (left <= 0) return tooLate();
  const open = AbortSignal.any([tenure.over, AbortSignal.timeout(left)]);

  /** A quarter of jitter keeps those who failed together from coming back together. */
  const backoff = (atLeastMs: number): number =>
    Math.max(atLeastMs, Math.min(retryMs * 2 ** Math.min(attempts, 20), longestBackoffMs)) * (1 + Math.random() / 4);

  /** What was written, or why it was not: the lease may be lost, or the subscription removed meanwhile. */
  async function wrote(done: boolean, next: Attempt["next"] = "settled"): Promise<Attempt> {
    if (done) return { next };
    const present = await deliveries.find(id);
    return { next: present === null || present.settledAt !== null ? "settled" : "lost" };
  }

  async function tooLate(): Promise<Attempt> {
    const doubtful = delivery.parts.some(({ state }) => state === "sending");
    log.warn({ delivery: id, doubtful }, "a digest could not be sent within its window");
    return wrote(await deliveries.settle(fence, id, doubtful ? "uncertain" : "expired"));
  }

  async function uncertain(why: string): Promise<Attempt> {
    log.warn({ delivery: id, why }, "it is uncertain whether a digest stands in its room");
    return wrote(await deliveries.settle(fence, id, "uncertain"));
  }

  async function later(waitMs: number, unsent: number | null): Promise<Attempt> {
    return wrote(await deliveries.postpone(fence, id, unsent), Math.max(0, Math.min(waitMs, expiresAt.getTime() - now().getTime())));
  }

  /** @param fresh whether nothing was sent under this key before */
  async function failed(failure: SendFailure, index: number, fresh: boolean): Promise<Attempt> {
    const unsent = fresh ? index : null;
    switch (failure.outcome) {
      case "not_sent":
        return { ...(await later(backoff(failure.retryAfterMs), unsent)), turnedAway: true };
      case "refused":
        // Discord says so of a message under this key that was there and has been deleted since.
        if (!fresh && failure.reason === "invalid") return uncertain("refused after an earlier attempt without an answer");
        log.warn({ delivery: id, reason: failure.reason }, "a digest was refused: its subscription is paused");
        return wrote(await deliveries.refuse(fence, id, failure.reason, unsent));
      case "unknown":
        return platform.idempotentSend ? later(backoff(0), null) : uncertain("no answer");
    }
  }

  /** Waits for its turn, and sends one part. Null where it is proven. */
  async function sendPart(part: Part, index: number, last: boolean): Promise<Attempt | null> {
    try {
      await pace.slot("digest", room, open);
    } catch (error) {
      if (!open.aborted) throw error;
    }
    if (tenure.over.aborted) return { next: "lost" };
    if (open.aborted || now() >= expiresAt) return tooLate();
    const begun = await deliveries.begin(fence, id, index, platform.idempotentSend ? keyLifeMs : 0);
    if (begun === "lost") return wrote(false);
    if (begun === "stale") return uncertain("handed over before a crash or an outage");
    // The statement may have taken long; from here to the socket nothing does. What is marked is sent also when the courier stops.
    if (tenure.lost.aborted) return { next: "lost" };
    let sent: Sent;
    try {
      sent = await platform.send(room, part, keyOf(id, round, index));
    } catch (error) {
      if (!(error instanceof SendError)) log.error({ delivery: id, err: error }, "sending failed unexpectedly");
      return failed(error instanceof SendError ? error.failure : { outcome: "unknown" }, index, begun === "fresh");
    }
    await keepProof(deps, delivery, index, sent, last, tenure.over);
    return null;
  }

  let parts: readonly Part[];
  try {
    const blocks = await deps.content(delivery, open);
    if (blocks.length === 0) throw new TypeError("a digest without a word");
    parts = platform.split(blocks);
  } catch (error) {
    if (tenure.over.aborted) return { next: "lost" };
    if (open.aborted) return tooLate();
    log.warn({ delivery: id, err: error }, "a digest could not be composed; trying again");
    return later(backoff(error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0), null);
  }
  const proven = new Set(delivery.parts.filter(({ state }) => state === "delivered").map(({ index }) => index));
  for (const [index, part] of parts.entries()) {
    const attempt = proven.has(index) ? null : await sendPart(part, index, index === parts.length - 1);
    if (attempt !== null) return attempt;
  }
  // Where the last part was proven before, a newer version of the program makes fewer parts of the digest than the one that began.
  return proven.has(parts.length - 1) ? wrote(await deliveries.settle(fence, id, "delivered")) : { next: "settled" };
}

/** The message stands in the room; while the database does not take that down, this process is the only one that knows. */
async function keepProof(
  { deliveries, posted, log }: DeliverDeps,
  delivery: Delivery,
  index: number,
  sent: Sent,
  last: boolean,
  over: AbortSignal,
): Promise<void> {
  const { id } = delivery;
  for (let tries = 1; ; tries++) {
    try {
      await posted?.(delivery, sent);
      if (!(await deliveries.prove(id, index, sent.messageId, last)))
        log.info({ delivery: id }, "a digest was sent whose subscription is gone");
      return;
    } catch (error) {
      if (tries === 1) log.error({ delivery: id, err: error }, "the proof of a message cannot be stored; trying until it can");
      // Past the end of the lease a little patience is left: the database may come back, and a proof is welcome from anyone.
      if (over.aborted && tries >= 6) throw error;
      await sleep(Math.min(100 * 2 ** tries, 2_000));
    }
  }
}
