/** Sound answers of the sources of GPU prices on the fake web. */
import { readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import type { FakeWeb } from "../support/fake-web.ts";

export const fixture = (name: string): string => readFileSync(new URL(`../fixtures/compute/${name}`, import.meta.url), "utf8");

const octets = { "content-type": "binary/octet-stream" };
/** The day before the fixtures' time. */
export const version = "20260517-42";

/** The clouds of the gpuhunt catalogue, as it calls them. */
export const clouds = ["aws", "gcp", "lambdalabs", "nebius", "oci", "verda"] as const;

/** One cloud's list in its archive. */
export const archive = (cloud: string, csv: string): Uint8Array => zipSync({ [`${cloud}.csv`]: strToU8(csv) });

export const serve = {
  akash: (web: FakeWeb, body: unknown = fixture("akash-gpu-prices.json")) => web.answer("/v1/gpu-prices", { body }),
  nosana(web: FakeWeb, premium: unknown = fixture("nosana-premium.json"), community: unknown = fixture("nosana-community.json")) {
    web.answer("/markets/?type=PREMIUM", { body: premium });
    web.answer("/markets/?type=COMMUNITY", { body: community });
  },
  azure(web: FakeWeb) {
    web.answer("/prices", { body: fixture("azure-prices.json") });
    web.answer("/prices?$filter=x&$skip=1000", { body: fixture("azure-prices-2.json") });
  },
  gpuhunt(web: FakeWeb, lists: Partial<Record<(typeof clouds)[number], string>> = {}) {
    for (const cloud of clouds) {
      web.answer(`/v3/${cloud}/version`, { headers: octets, body: `${version}\n` });
      const body = archive(cloud, lists[cloud] ?? fixture(`gpuhunt-${cloud}.csv`));
      web.answer(`/v3/${cloud}/${version}/catalog.zip`, { headers: { "content-type": "application/zip" }, body });
    }
  },
  vast: (web: FakeWeb, body: unknown = fixture("vast-bundles.json")) => web.answer("/bundles/", { body }),
  runpod: (web: FakeWeb, body: unknown = fixture("runpod-gpu-types.json")) => web.answer("/graphql", { body }),
} as const;
