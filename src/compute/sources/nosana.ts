/** Nosana: what hosts are paid in each market, and the fee that renters pay on top of it. */
import { z } from "zod";
import { matchSku } from "../match-sku.ts";
import { type Offer, quoteFigures, quotesOf } from "../quotes.ts";
import { rowsOf, type SourceDefinition, saidAmount, saidText, thoseThatCame } from "../source-definition.ts";

const source = "Nosana";

const market = z.object({
  name: saidText,
  slug: saidText,
  usd_reward_per_hour: saidAmount,
  network_fee_percentage: z
    .union([saidAmount, z.null()])
    .nullish()
    .transform((said) => said ?? null),
  gpu_types: z.array(z.string()).catch([]),
});
const markets = rowsOf(market);

/** Hosts of two kinds: those with a reputation, and everyone else. */
const kinds = ["PREMIUM", "COMMUNITY"] as const;

export const nosana: SourceDefinition<"NOSANA_URL"> = {
  name: source,
  setting: "NOSANA_URL",
  freshMs: 30 * 60_000,
  async fetch({ baseUrl, http, now, log, signal }) {
    const ask = async (kind: (typeof kinds)[number]) => {
      const url = `${baseUrl}/markets/?type=${kind}&limit=100`;
      const found = await http.getJson({ service: source, url, signal, schema: markets, written: true });
      return found.flatMap((row) => offerOf(row, kind));
    };
    const offers = (await thoseThatCame(source, log, kinds.map(ask))).flat();
    const url = "https://api.nosana.com/api/markets/";
    return quoteFigures(quotesOf(offers), { source, url, observedAt: null, fetchedAt: now() });
  },
};

/** Nothing where the market mixes several kinds of GPU under one price, or does not say the fee: the price would be of something else. */
function offerOf(
  { name, slug, usd_reward_per_hour: reward, network_fee_percentage: fee, gpu_types: types }: z.output<typeof market>,
  kind: string,
) {
  const matches = types.map((model) => matchSku({ seller: "nosana", name, model }));
  const [first] = matches;
  if (!first || reward === null || fee === null || matches.some((one) => one?.gpu.id !== first.gpu.id)) return [];
  const offer: Offer = {
    gpu: first.gpu,
    seller: "nosana",
    spot: false,
    provider: `${slug} ${kind}`,
    price: (reward.value * (1 + fee.value / 100)) / first.gpus,
    raw: `${reward.raw} + ${fee.raw} %${first.gpus === 1 ? "" : ` for ${first.gpus} GPUs`} (${kind})`,
    free: null,
  };
  return [offer];
}
