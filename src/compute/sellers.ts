/** Who sells GPU-hours, and what each one's price is: numbers that mean different things are never shown as one. */
import type { Seller } from "./types.ts";

export const sellers = [
  {
    id: "akash",
    name: "Akash",
    side: "decentralised",
    what: "bids",
    counts: "providers",
    egress: { usdPerGb: 0, why: "providers" },
  },
  {
    id: "nosana",
    name: "Nosana",
    side: "decentralised",
    what: "reward",
    counts: "markets",
    egress: { usdPerGb: 0, why: "hosts" },
  },
  {
    id: "vast",
    name: "Vast.ai",
    side: "marketplace",
    what: "asks",
    counts: "hosts",
    egress: { usdPerGb: null, why: "each" },
  },
  {
    id: "runpod",
    name: "RunPod",
    side: "marketplace",
    what: "own",
    counts: "prices",
    egress: { usdPerGb: 0, why: "included" },
  },
  {
    id: "aws",
    name: "AWS",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: 0.09, why: "firstTenTb" },
  },
  {
    id: "azure",
    name: "Azure",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: 0.087, why: "firstTenTb" },
  },
  {
    id: "gcp",
    name: "Google Cloud",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: 0.12, why: "firstTb" },
  },
  {
    id: "oci",
    name: "Oracle Cloud",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: null, why: "unknown" },
  },
  {
    id: "lambda",
    name: "Lambda",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: 0, why: "included" },
  },
  {
    id: "nebius",
    name: "Nebius",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: null, why: "unknown" },
  },
  {
    id: "verda",
    name: "Verda",
    side: "centralised",
    what: "list",
    counts: "sizes",
    egress: { usdPerGb: null, why: "unknown" },
  },
] as const satisfies readonly Seller[];

export type SellerId = (typeof sellers)[number]["id"];

/** Where the prices of traffic are from. */
export const egressSources = [
  { title: "AWS: data transfer out", url: "https://aws.amazon.com/ec2/pricing/on-demand/" },
  { title: "Azure: bandwidth", url: "https://azure.microsoft.com/en-us/pricing/details/bandwidth/" },
  { title: "Google Cloud: network pricing", url: "https://cloud.google.com/vpc/network-pricing" },
] as const;
