/** Akash: what providers bid for a GPU, from the Akash Console API. */
import { z } from "zod";
import { matchSku } from "../match-sku.ts";
import { type Quote, quoteFigures } from "../quotes.ts";
import { rowsOf, type SourceDefinition, saidAmount, saidCount, saidText } from "../source-definition.ts";

const source = "Akash GPU prices";

const model = z.object({
  model: saidText,
  ram: saidText,
  interface: saidText,
  availability: z.object({ available: saidCount }).nullish().catch(null),
  providerAvailability: z.object({ total: saidCount }).nullish().catch(null),
  // Null where nobody has bid lately.
  price: z.object({ currency: z.literal("USD"), min: saidAmount, max: saidAmount, med: saidAmount }),
});
const answer = z.object({ models: rowsOf(model) });

/** The API sums up the bids of the last 14 days (31 where there are none), for one GPU and hour; they are bids and not paid leases. */
export const akash: SourceDefinition<"AKASH_URL"> = {
  name: source,
  setting: "AKASH_URL",
  freshMs: 30 * 60_000,
  async fetch({ baseUrl, http, now, signal }) {
    const path = "/v1/gpu-prices";
    const { models } = await http.getJson({ service: source, url: `${baseUrl}${path}`, signal, schema: answer, written: true });
    const quotes = models.flatMap((row): readonly Quote[] => {
      const { med, min, max } = row.price;
      const providers = row.providerAvailability?.total ?? null;
      const memoryGb = Number(/^(\d+)\s*Gi$/.exec(row.ram)?.[1] ?? Number.NaN);
      const matched = matchSku({ seller: "akash", name: row.model, memoryGb, form: row.interface });
      if (matched === null || med === null || min === null || max === null || !providers) return [];
      const raw = `${med.raw} (median), ${min.raw} to ${max.raw}, ${providers} providers`;
      const free = row.availability?.available ?? null;
      return [
        {
          gpu: matched.gpu,
          seller: "akash",
          spot: false,
          price: med.value,
          low: min.value,
          high: max.value,
          offers: providers,
          free,
          raw,
        },
      ];
    });
    // A class that is listed twice has the same providers twice: the row that more of them stand behind is the one.
    const best = [...Map.groupBy(quotes, ({ gpu }) => gpu.id).values()].map((rows) => rows.reduce((a, b) => (b.offers > a.offers ? b : a)));
    const url = `https://console-api.akash.network${path}`;
    return quoteFigures(best, { source, url, observedAt: null, fetchedAt: now() });
  },
};
