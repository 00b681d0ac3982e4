/** Puts an observer in front of the ports that it watches, so that what is watched knows nothing of it. */
import { SendError, UpstreamError, type UpstreamKind } from "../core/errors.ts";
import type { PlatformName } from "../core/ids.ts";
import type { AnswerOutcome, Observer } from "../core/observer.ts";
import type { Dispatch, Platform } from "../core/platform.ts";
import type { Answer } from "../core/reply.ts";
import type { Webhook } from "../core/webhook.ts";
import type { Http, HttpRequest } from "../lib/http.ts";
import type { Model } from "../llm/types.ts";
import type { DeliveryStore } from "../schedule/types.ts";

/** Each gives back the same port, watched. */
export interface Watch {
  dispatch<D extends Dispatch & { readonly catalogue: readonly { readonly name: string }[] }>(dispatch: D): D;
  platform(platform: Platform): Platform;
  /** @param of whom it belongs to */
  webhook(of: PlatformName, webhook: Webhook): Webhook;
  /** @param platform whose courier uses it; null for what looks after all of them */
  deliveries(store: DeliveryStore, platform: PlatformName | null): DeliveryStore;
  http(http: Http): Http;
  model(model: Model): Model;
}

/** Nobody looks. */
export const unwatched: Watch = {
  dispatch: (dispatch) => dispatch,
  platform: (platform) => platform,
  webhook: (_, webhook) => webhook,
  deliveries: (store) => store,
  http: (http) => http,
  model: (model) => model,
};

export const watchedBy = (observer: Observer): Watch => ({
  dispatch(dispatch) {
    const names = new Set(dispatch.catalogue.map(({ name }) => name));
    return {
      ...dispatch,
      async answer(invocation, progress) {
        const took = stopwatch();
        const answer = await dispatch.answer(invocation, progress);
        const { input, platform } = invocation;
        // What a member typed in a command's place is no name of ours.
        const typed = input.kind === "button" ? "button" : input.command.toLowerCase();
        observer.answered(platform, names.has(typed) || input.kind === "button" ? typed : "unknown", outcomeOf(answer), took());
        return answer;
      },
    };
  },

  platform: (platform) => ({
    ...platform,
    async send(room, part, key) {
      const took = stopwatch();
      try {
        const sent = await platform.send(room, part, key);
        observer.posted(platform.name, "delivered", took());
        return sent;
      } catch (error) {
        observer.posted(platform.name, error instanceof SendError ? error.failure.outcome : "unknown", took());
        throw error;
      }
    },
  }),

  webhook: (of, webhook) => ({
    ...webhook,
    async receive(posted) {
      const took = stopwatch();
      const receipt = await webhook.receive(posted);
      observer.received(of, receipt.status, took());
      return receipt;
    },
  }),

  deliveries(store, platform) {
    if (platform === null)
      return {
        ...store,
        async enqueue(schedule, run, options) {
          const done = await store.enqueue(schedule, run, options);
          if (run.kind === "skipped") observer.missed("skipped", done.considered);
          return done;
        },
        async expire(now) {
          const expired = await store.expire(now);
          observer.missed("unserved", expired);
          return expired;
        },
      };
    return {
      ...store,
      async prove(id, index, messageId, last) {
        const kept = await store.prove(id, index, messageId, last);
        if (kept && last) observer.settled(platform, "delivered");
        return kept;
      },
      async settle(fence, id, state) {
        const settled = await store.settle(fence, id, state);
        if (settled) observer.settled(platform, state);
        return settled;
      },
      async refuse(fence, id, reason, unsent) {
        const refused = await store.refuse(fence, id, reason, unsent);
        if (refused) observer.settled(platform, "refused");
        return refused;
      },
    };
  },

  http(http) {
    const timed = async <T>({ service }: HttpRequest, work: () => Promise<T>): Promise<T> => {
      const took = stopwatch();
      try {
        const found = await work();
        observer.fetched(service, "ok", took());
        return found;
      } catch (error) {
        if (error instanceof UpstreamError) observer.fetched(service, error.kind, took());
        throw error;
      }
    };
    return {
      getJson: (request) => timed(request, () => http.getJson(request)),
      postJson: (request) => timed(request, () => http.postJson(request)),
      postBytes: (request) => timed(request, () => http.postBytes(request)),
      getText: (request) => timed(request, () => http.getText(request)),
      getBytes: (request) => timed(request, () => http.getBytes(request)),
    };
  },

  model: (model) => ({
    async ask(task, signal) {
      const took = stopwatch();
      const outcome = (of: UpstreamKind | "ok" | "internal") => observer.asked(task.prompt.name, of, took());
      try {
        const answer = await model.ask(task, signal);
        outcome("ok");
        return answer;
      } catch (error) {
        outcome(error instanceof UpstreamError ? error.kind : "internal");
        throw error;
      }
    },
  }),
});

/** Seconds since now, by a clock that nobody sets. */
function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

function outcomeOf({ error }: Answer): AnswerOutcome {
  if (error === undefined) return "answered";
  return error === "upstream" || error === "internal" ? error : "refused";
}
