/** Vast.ai: what hosts ask, machine by machine. */
import { readList } from "../list-reading.ts";
import { quoteFigures } from "../quotes.ts";
import type { SourceDefinition } from "../source-definition.ts";
import { service as source } from "./vast-offers.ts";

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
    const bytes = await http.postBytes({ service: source, url: `${baseUrl}/bundles/`, body, signal, maxBytes: 16_000_000 });
    const { quotes, rows } = await readList({ kind: "vast", bytes }, signal);
    if (rows >= limit) log.warn({ source, offers: rows }, "there are more offers than are read");
    const url = "https://console.vast.ai/api/v0/bundles/";
    return quoteFigures(quotes, { source, url, observedAt: null, fetchedAt: now() });
  },
};
