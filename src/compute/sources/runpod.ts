/** RunPod: its own price lists, in its data centres and on others' machines. A company and no network. */
import { z } from "zod";
import { matchSku } from "../match-sku.ts";
import { type Offer, quoteFigures, quotesOf } from "../quotes.ts";
import { rowsOf, type SourceDefinition, saidAmount, saidCount, saidText } from "../source-definition.ts";

const source = "RunPod";

const gpuType = z.object({
  id: saidText,
  memoryInGb: saidCount,
  secureCloud: z.boolean().catch(false),
  communityCloud: z.boolean().catch(false),
  securePrice: saidAmount,
  communityPrice: saidAmount,
  /** Null where none is in stock. */
  lowestPrice: z.object({ stockStatus: z.string(), minimumBidPrice: saidAmount }).nullish().catch(null),
});
const answer = z.object({ data: z.object({ gpuTypes: rowsOf(gpuType) }) });
/** GraphQL sends errors with 200 as well. */
const failed = z.object({ errors: z.array(z.unknown()).min(1) });

const query =
  "query { gpuTypes { id memoryInGb secureCloud communityCloud securePrice communityPrice lowestPrice(input: { gpuCount: 1 }) { minimumBidPrice stockStatus } } }";

export const runpod: SourceDefinition<"RUNPOD_URL"> = {
  name: source,
  setting: "RUNPOD_URL",
  freshMs: 30 * 60_000,
  async fetch({ baseUrl, http, now, signal }) {
    const { data } = await http.postJson({
      ...{ service: source, url: baseUrl, body: { query }, signal, schema: answer, written: true },
      diagnose: (_, body) => (failed.safeParse(body).success ? "server_error" : undefined),
    });
    const url = "https://api.runpod.io/graphql";
    return quoteFigures(quotesOf(data.gpuTypes.flatMap(offersOf)), { source, url, observedAt: null, fetchedAt: now() });
  },
};

/** A price stays in the list where its cloud does not have the GPU: only what is on offer and in stock counts. */
function offersOf({ id, memoryInGb, lowestPrice, ...row }: z.output<typeof gpuType>): readonly Offer[] {
  const matched = memoryInGb === null ? null : matchSku({ seller: "runpod", name: id, memoryGb: memoryInGb });
  if (matched === null || !lowestPrice || lowestPrice.stockStatus === "") return [];
  const one = (provider: string, said: typeof row.securePrice, spot: boolean): readonly Offer[] =>
    said === null
      ? []
      : [{ gpu: matched.gpu, seller: "runpod", spot, provider, price: said.value, raw: `${said.raw} (${provider})`, free: null }];
  return [
    ...(row.secureCloud ? one("secure cloud", row.securePrice, false) : []),
    ...(row.communityCloud ? one("community cloud", row.communityPrice, false) : []),
    ...one("lowest bid", lowestPrice.minimumBidPrice, true),
  ];
}
