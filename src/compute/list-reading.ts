/** Reads lists of prices: a short one at once, a long one in a thread of its own, so that nobody's answer waits for it. */
import { join } from "node:path";
import PQueue from "p-queue";
import { UpstreamError, type UpstreamKind } from "../core/errors.ts";
import { inThread } from "../lib/in-thread.ts";
import type { Quote } from "./quotes.ts";
import { service as gpuhunt, readCatalogue } from "./sources/gpuhunt-rows.ts";
import { readVast, service as vast } from "./sources/vast-offers.ts";

/** An answer as it came. */
export type PriceList =
  | { readonly kind: "vast"; readonly bytes: Uint8Array }
  /** Packed. */
  | { readonly kind: "gpuhunt"; readonly bytes: Uint8Array; readonly cloud: string };

export interface ListRead {
  readonly quotes: readonly Quote[];
  /** Offers behind them, those of no known GPU included where the list says how many there are. */
  readonly rows: number;
}

export type ListWord =
  | { readonly kind: "read"; readonly list: ListRead }
  /** An error that crosses a thread loses what it is. */
  | { readonly kind: "failed"; readonly upstream: UpstreamKind; readonly detail: string };

/** About 10 ms of work, packed or not: starting a thread is not worth less (`npm run bench compute`). */
const shortBytes = 64_000;
/** One at a time: the catalogue has six of them. */
const threads = new PQueue({ concurrency: 1 });
const file = join(import.meta.dirname, "list-thread.ts");
const services = { vast, gpuhunt } as const;

/** @throws UpstreamError where the list is none, or the signal fires first */
export async function readList(list: PriceList, signal: AbortSignal): Promise<ListRead> {
  if (list.bytes.length <= shortBytes) return readHere(list);
  const word = await threads
    .add(() => inThread<ListWord, ListWord>({ file, task: list, purpose: "reads prices", signal, hear: (said, done) => done(said) }), {
      signal,
    })
    .catch((error: unknown) => {
      throw new UpstreamError(services[list.kind], signal.aborted ? "timeout" : "bad_shape", { detail: "unreadable", cause: error });
    });
  if (word.kind === "read") return word.list;
  throw new UpstreamError(services[list.kind], word.upstream, { detail: word.detail });
}

/** @throws UpstreamError where the list is none */
export async function readHere(list: PriceList): Promise<ListRead> {
  const { quotes, offers } = list.kind === "vast" ? readVast(list.bytes) : await readCatalogue(list.bytes, list.cloud);
  return { quotes, rows: offers };
}
