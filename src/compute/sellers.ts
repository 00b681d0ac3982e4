/** Who sells GPU-hours, and what each one's price is: numbers that mean different things are never shown as one. */
import type { Seller } from "./types.ts";

export const sellers = [
  {
    id: "akash",
    name: "Akash",
    side: "decentralised",
    what: "providers' bids",
    counts: ["provider", "providers"],
    egress: { usdPerGb: 0, why: "providers charge nothing for traffic by itself" },
  },
  {
    id: "nosana",
    name: "Nosana",
    side: "decentralised",
    what: "hosts' reward plus the network's fee",
    counts: ["market", "markets"],
    egress: { usdPerGb: 0, why: "hosts charge nothing for traffic by itself" },
  },
  {
    id: "vast",
    name: "Vast.ai",
    side: "marketplace",
    what: "hosts' asking prices",
    counts: ["host", "hosts"],
    egress: { usdPerGb: null, why: "each host sets its own price for traffic" },
  },
  {
    id: "runpod",
    name: "RunPod",
    side: "marketplace",
    what: "its prices, community and secure",
    counts: ["price", "prices"],
    egress: { usdPerGb: 0, why: "traffic is included" },
  },
  {
    id: "aws",
    name: "AWS",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: 0.09, why: "list price of the first 10 TB a month" },
  },
  {
    id: "azure",
    name: "Azure",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: 0.087, why: "list price of the first 10 TB a month" },
  },
  {
    id: "gcp",
    name: "Google Cloud",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: 0.12, why: "list price of the first TB a month, premium tier" },
  },
  {
    id: "oci",
    name: "Oracle Cloud",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: null, why: "not known here" },
  },
  {
    id: "lambda",
    name: "Lambda",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: 0, why: "traffic is included" },
  },
  {
    id: "nebius",
    name: "Nebius",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: null, why: "not known here" },
  },
  {
    id: "verda",
    name: "Verda",
    side: "centralised",
    what: "list price",
    counts: ["price", "prices by size and region"],
    egress: { usdPerGb: null, why: "not known here" },
  },
] as const satisfies readonly Seller[];

export type SellerId = (typeof sellers)[number]["id"];

/** Where the prices of traffic are from. */
export const egressSources = [
  { title: "AWS: data transfer out", url: "https://aws.amazon.com/ec2/pricing/on-demand/" },
  { title: "Azure: bandwidth", url: "https://azure.microsoft.com/en-us/pricing/details/bandwidth/" },
  { title: "Google Cloud: network pricing", url: "https://cloud.google.com/vpc/network-pricing" },
] as const;
