/** Lets a failing service rest: after failures nothing is asked of it for a while, by a clock that is given. */
import { ConsecutiveBreaker, circuitBreaker, handleWhen, isBrokenCircuitError } from "cockatiel";
import { UpstreamError } from "../core/errors.ts";

/** The service rests and was not asked; `cause` is what it failed with. */
export class Resting extends Error {
  override readonly name = "Resting";
}

export interface Breaker {
  /** Does the work, unless the service rests. @throws Resting, or what the work throws */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export interface BreakerOptions {
  readonly now: () => Date;
  /** Failures one after the other that open it. */
  readonly failures: number;
  /** Rest in milliseconds; longer where the failure's `retryAfterMs` says so. Then one question is let through. */
  readonly restMs: number;
  /** Which errors say that the service is not well. Default: all. */
  readonly counts?: (error: unknown) => boolean;
}

/**
 * Cockatiel measures the rest with its own `Date.now()` and takes no clock; a rest that is endless until our clock says otherwise leaves the
 * measuring to ours.
 */
export function createBreaker({ now, failures, restMs, counts = () => true }: BreakerOptions): Breaker {
  type Factory = Exclude<Parameters<typeof circuitBreaker>[1]["halfOpenAfter"], number>;
  const rest: Factory = {
    next({ result }) {
      const error = "error" in result ? result.error : undefined;
      const asked = error instanceof UpstreamError ? (error.retryAfterMs ?? 0) : 0;
      const until = now().getTime() + Math.max(restMs, asked);
      return {
        get duration() {
          return now().getTime() < until ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
        },
        next: rest.next,
      };
    },
  };
  const policy = circuitBreaker(handleWhen(counts), { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: rest });
  return {
    async run(work) {
      try {
        return await policy.execute(work);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        const { lastFailure } = policy;
        throw new Resting("the service rests", {
          cause: lastFailure !== undefined && "error" in lastFailure ? lastFailure.error : undefined,
        });
      }
    },
  };
}
