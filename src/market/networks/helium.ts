/** Helium: hotspots ever onboarded, from the metadata service. It cannot tell cheaply how many are active. */
import { z } from "zod";
import { gather, type NetworkDefinition, saidCount, toFigures } from "../network-definition.ts";

const source = "Helium metadata service";

const subnetworks = [
  { subnetwork: "iot", metric: "helium.hotspots_iot", label: "Helium IoT hotspots onboarded" },
  { subnetwork: "mobile", metric: "helium.hotspots_mobile", label: "Helium Mobile hotspots onboarded" },
] as const;

const pagination = z.object({ totalItems: saidCount });

export const helium: NetworkDefinition<"HELIUM_URL"> = {
  id: "helium",
  name: source,
  setting: "HELIUM_URL",
  metrics: subnetworks.map(({ metric }) => metric),
  freshMs: 60 * 60_000,
  fetch({ baseUrl, http, now, log, signal }) {
    const count = async ({ subnetwork, metric, label }: (typeof subnetworks)[number]) => {
      const path = `/v2/hotspots/pagination-metadata?subnetwork=${subnetwork}`;
      const request = { service: source, url: `${baseUrl}${path}`, signal, schema: pagination, written: true };
      const { totalItems: said } = await http.getJson(request);
      const url = `https://entities.nft.helium.io${path}`;
      return toFigures({ source, observedAt: null, fetchedAt: now() }, [{ metric, label, unit: "count", said, url }]);
    };
    return gather(source, log, subnetworks.map(count));
  },
};
