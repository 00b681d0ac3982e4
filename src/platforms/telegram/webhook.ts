/** Served by webhook: takes what Telegram posts, handles what was taken, or both, as this process is to. */
import type { OperatorError } from "../../core/errors.ts";
import type { Sharing } from "../../core/platform.ts";
import type { PushedStore } from "../../core/pushed.ts";
import type { Logger } from "../../lib/logger.ts";
import { type Arrival, createArrivals } from "./arrivals.ts";
import type { BotApi } from "./client.ts";
import { noteOf } from "./failures.ts";
import { startLaneWork } from "./lane-work.ts";
import type { Polling } from "./polling.ts";
import type { Desk } from "./respond.ts";
import type { Timing } from "./timing.ts";
import type { WebhookIdentity } from "./webhook-address.ts";
import { createTaker, type Taker } from "./webhook-page.ts";
import { startRegistration } from "./webhook-registration.ts";

export interface WebhookOptions {
  /** Public https address of the HTTP side. */
  readonly url: string;
  readonly pushed: PushedStore;
  /** Whether this process takes what Telegram posts, and whether it handles what was taken. */
  readonly takes: boolean;
  readonly handles: boolean;
}

export interface WebhookDeps {
  readonly desk: Desk;
  readonly api: BotApi;
  readonly identity: WebhookIdentity;
  /** Handles updates, and answers them as long as `certain` says so. */
  readonly handlerWhile: (certain: () => boolean) => (arrival: Arrival) => Promise<void>;
  readonly sharing: Sharing;
  readonly onFlood: (arrival: Arrival) => void;
  readonly onFatal: (error: OperatorError) => void;
  /** Ends the watch over Telegram's side of it. */
  readonly stopping: AbortSignal;
  readonly timing: Timing;
  readonly log: Logger;
  readonly now: () => Date;
}

export interface Webhooked extends Pick<Polling, "connected" | "stop"> {
  /** Null where this process takes nothing. */
  readonly taker: Taker | null;
}

export function startWebhook({ url, pushed: store, takes, handles }: WebhookOptions, deps: WebhookDeps): Webhooked {
  const { desk, identity, handlerWhile, onFlood, sharing, timing, log, now } = deps;
  const arrivals = createArrivals(desk);
  const work = handles ? startLaneWork({ store, arrivals, sharing, handlerWhile, onFlood, timing, log, now }) : null;
  const handlePassing = handlerWhile(() => true);
  const passing = (arrival: Arrival) =>
    handlePassing(arrival).catch((error: unknown) => log.error({ update: arrival.id, ...noteOf(error) }, "an update could not be handled"));
  const registration = takes ? startRegistration({ ...deps, address: identity.at(url) }) : null;
  return {
    taker: takes ? createTaker({ store, arrivals, passing, log, now }) : null,
    connected: () => (registration?.connected() ?? true) && (work?.connected() ?? true),
    stop: async () => work?.stop(),
  };
}
