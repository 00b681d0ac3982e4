/** Reads Vast.ai's offers: megabytes of them, so this also runs in a thread. */
import { z } from "zod";
import { readJson } from "../../lib/http-json.ts";
import { matchSku } from "../match-sku.ts";
import { type Offer, type Quote, quotesOf } from "../quotes.ts";
import { rowsOf, saidAmount, saidCount, saidText } from "../source-definition.ts";

export const service = "Vast.ai";

const offer = z.object({
  id: saidCount,
  host_id: saidCount,
  machine_id: saidCount,
  gpu_name: saidText,
  num_gpus: saidCount,
  /** Of one GPU, in MiB. */
  gpu_ram: saidAmount,
  /** Of the whole offer, with its disk. */
  dph_total: saidAmount,
  min_bid: saidAmount,
});
const answer = z.object({ offers: rowsOf(offer) });

/**
 * Without the digits as they were written: keeping them would take several times as long.
 * @throws UpstreamError where the answer is none
 */
export function readVast(bytes: Uint8Array): { readonly quotes: readonly Quote[]; readonly offers: number } {
  const { offers } = readJson({ service, schema: answer }, new TextDecoder().decode(bytes));
  return { quotes: quotesOf(offers.flatMap(offersOf)), offers: offers.length };
}

function offersOf({ id, host_id, machine_id, gpu_name, num_gpus, gpu_ram, dph_total, min_bid }: z.output<typeof offer>): readonly Offer[] {
  const matched =
    gpu_ram === null || !num_gpus ? null : matchSku({ seller: "vast", name: gpu_name, memoryGb: gpu_ram.value / 1024, gpus: num_gpus });
  if (matched === null) return [];
  const { gpu, gpus } = matched;
  const provider = host_id !== null ? `host ${host_id}` : machine_id !== null ? `machine ${machine_id}` : `offer ${id}`;
  const one = (said: typeof dph_total, spot: boolean): readonly Offer[] =>
    said === null
      ? []
      : [
          {
            ...{ gpu, seller: "vast", spot, provider, price: said.value / gpus },
            raw: `${said.raw}${gpus === 1 ? "" : ` / ${gpus} GPUs`} (${provider})`,
            // The same machines stand behind both prices.
            free: spot ? null : gpus,
          },
        ];
  return [...one(dph_total, false), ...one(min_bid, true)];
}
