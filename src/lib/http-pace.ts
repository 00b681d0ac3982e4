/** Keeps requests to one host apart, so that a busy room does not spend a service's patience. */
import { RateLimiterMemory, RateLimiterQueue } from "rate-limiter-flexible";

/** Resolves when the next request to the host may leave. */
export type Pacer = (host: string) => Promise<void>;

/** Requests that may wait at once; more than these could not be answered in anyone's time. */
const maxWaiting = 500;

/** At most `requests` to each host in each window of `seconds`, in the order they were asked for. */
export function createPacer({ requests, seconds }: { readonly requests: number; readonly seconds: number }): Pacer {
  const queue = new RateLimiterQueue(new RateLimiterMemory({ points: requests, duration: seconds }), { maxQueueSize: maxWaiting });
  return async (host) => {
    await queue.removeTokens(1, host);
  };
}
