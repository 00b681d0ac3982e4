/** Azure: Microsoft's official list prices of virtual machines with GPUs. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import { azureNames, matchSku } from "../match-sku.ts";
import { type Offer, quoteFigures, quotesOf } from "../quotes.ts";
import { hourMs, rowsOf, type SourceDefinition, saidAmount, saidText } from "../source-definition.ts";

const source = "Azure Retail Prices";

const item = z.object({
  currencyCode: z.literal("USD"),
  retailPrice: saidAmount,
  armRegionName: saidText,
  effectiveStartDate: saidText,
  meterName: saidText,
  productName: saidText,
  skuName: saidText,
  type: z.literal("Consumption"),
  unitOfMeasure: z.literal("1 Hour"),
  isPrimaryMeterRegion: z.boolean().nullish().catch(null),
  armSkuName: saidText,
});
const page = z.object({ Items: rowsOf(item), NextPageLink: z.string().nullish().catch(null) });

/** A page holds 1,000 prices; all GPU sizes in all regions are about three. */
const maxPages = 8;

export const azure: SourceDefinition<"AZURE_PRICES_URL"> = {
  name: source,
  setting: "AZURE_PRICES_URL",
  freshMs: 6 * hourMs,
  async fetch({ baseUrl, http, now, log, signal }) {
    const names = azureNames.map((name) => `armSkuName eq '${name}'`).join(" or ");
    const filter = `serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and (${names})`;
    const offers = new Map<string, Offer>();
    let query: string | null = `?$filter=${encodeURIComponent(filter)}`;
    for (let pages = 0; query !== null; pages++) {
      if (pages === maxPages) {
        log.warn({ source, pages }, "the price list has more pages than are read");
        break;
      }
      const url = `${baseUrl}${query}`;
      const { Items, NextPageLink } = await http.getJson({
        service: source,
        url,
        signal,
        schema: page,
        written: true,
        maxBytes: 4_000_000,
      });
      for (const row of Items) {
        const offer = offerOf(row, now());
        // The same size in the same region is one price, on whatever page it is repeated.
        if (offer !== null) offers.set(`${offer.provider} ${offer.spot}`, offer);
      }
      query = nextQuery(NextPageLink);
    }
    const url = "https://prices.azure.com/api/retail/prices";
    return quoteFigures(quotesOf([...offers.values()]), { source, url, observedAt: null, fetchedAt: now() });
  },
};

/** The link names the service's own host: only its query is followed, at the address that is set. */
function nextQuery(link: string | null | undefined): string | null {
  if (link === null || link === undefined || link === "") return null;
  const { search } = URL.parse(link) ?? {};
  if (!search) throw new UpstreamError(source, "bad_shape", { detail: "a next page that is no address" });
  return search;
}

function offerOf(row: z.output<typeof item>, now: Date): Offer | null {
  const { retailPrice: price, meterName, skuName, productName, armSkuName, armRegionName, isPrimaryMeterRegion } = row;
  const words = `${meterName} ${skuName} ${productName}`;
  const other = /Windows|Low Priority|Cloud ?Services|Dedicated|Expired/i.test(words) || isPrimaryMeterRegion === false;
  const later = Date.parse(row.effectiveStartDate) > now.getTime();
  const matched = matchSku({ seller: "azure", name: armSkuName });
  if (price === null || matched === null || other || later || armRegionName === "") return null;
  return {
    gpu: matched.gpu,
    seller: "azure",
    spot: /Spot/i.test(words),
    provider: `${armSkuName} ${armRegionName}`,
    price: price.value / matched.gpus,
    raw: `${price.raw}${matched.gpus === 1 ? "" : ` / ${matched.gpus} GPUs`} (${armSkuName}, ${armRegionName})`,
    free: null,
  };
}
