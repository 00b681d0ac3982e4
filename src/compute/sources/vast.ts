/** Vast.ai: what hosts ask, machine by machine. */
import { z } from "zod";
import { matchSku } from "../match-sku.ts";
import { type Offer, quoteFigures, quotesOf } from "../quotes.ts";
import { rowsOf, type SourceDefinition, saidAmount, saidCount, saidText } from "../source-definition.ts";

const source = "Vast.ai";

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

/** Those that clouds sell as well, and the card that is offered most: all of them would be ten times the answer. */
const names = [
  ...["H100 SXM", "H100 PCIE", "H100 NVL", "H200", "H200 NVL", "B200", "A100 SXM4", "A100 PCIE", "L40S", "L40", "L4", "A40", "A10"],
  ...["Tesla T4", "RTX A6000", "RTX 6000Ada", "RTX PRO 6000 S", "RTX PRO 6000 WS", "RTX 5090", "RTX 4090", "RTX 3090"],
];
const limit = 3000;

export const vast: SourceDefinition<"VAST_URL"> = {
  name: source,
  setting: "VAST_URL",
  freshMs: 30 * 60_000,
  async fetch({ baseUrl, http, now, log, signal }) {
    const is = (eq: boolean) => ({ eq });
    // By number and not by price: a list that is cut off at its cheapest end would have a false median.
    const wanted = { gpu_name: { in: names }, rentable: is(true), rented: is(false), verified: is(true) };
    const body = { ...wanted, limit, order: [["id", "asc"]] };
    // Without the digits as they were written: to keep them in megabytes of answer would hold up everyone for a tenth of a second.
    const { offers } = await http.postJson({
      service: source,
      url: `${baseUrl}/bundles/`,
      body,
      signal,
      schema: answer,
      maxBytes: 16_000_000,
    });
    if (offers.length >= limit) log.warn({ source, offers: offers.length }, "there are more offers than are read");
    const url = "https://console.vast.ai/api/v0/bundles/";
    return quoteFigures(quotesOf(offers.flatMap(offersOf)), { source, url, observedAt: null, fetchedAt: now() });
  },
};

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
