/** What the knowledge base promises to hold, by category, and how it speaks where the field disagrees. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createNames } from "../../src/knowledge/names.ts";
import { audiences, type Category, type Entry } from "../../src/knowledge/types.ts";

/** By the names that people use; each leads to an entry of its category. */
const promised: Readonly<Partial<Record<Category, readonly string[]>>> = {
  field: ["DePIN", "blockchain", "token", "web3", "DAO", "validator", "wallet", "censorship resistance", "Howey test", "MiCA"],
  network: [
    ...["Render", "Bittensor", "Filecoin", "Akash", "Helium", "Arweave", "io.net", "Aethir", "Grass", "Hivemapper", "Livepeer", "Storj"],
    ...[
      "Golem",
      "Nosana",
      "Theta",
      "The Graph",
      "IoTeX",
      "GEODNET",
      "DIMO",
      "peaq",
      "Flux",
      "Prime Intellect",
      "Gensyn",
      "subnet",
      "hotspot",
    ],
  ],
  cloud: ["AWS", "Google Cloud", "Azure", "hyperscaler", "egress", "spot instance", "container", "virtual machine"],
  asset: ["Bitcoin", "Ethereum", "stablecoin", "NFT"],
  mechanism: [
    ...["proof of coverage", "proof of replication", "proof of spacetime", "proof of useful work", "proof of stake", "proof of work"],
    ...["burn-and-mint equilibrium", "data credits", "slashing", "sybil resistance", "oracle", "emissions", "token incentives", "staking"],
  ],
  compute: [
    ...["GPU", "consumer GPU", "data-centre GPU", "interconnect", "rendering", "data parallelism", "pipeline parallelism", "checkpointing"],
    ...[
      "low-communication training",
      "goodput",
      "mean time between failures",
      "latency",
      "latency percentile",
      "uptime",
      "elastic training",
    ],
  ],
  storage: ["decentralised storage", "permanent storage", "erasure coding", "content addressing", "exbibyte", "tamper-proof data"],
  privacy: [
    ...["federated learning", "secure enclave", "zero-knowledge proof", "zkML", "differential privacy", "homomorphic encryption"],
    ...["data sovereignty", "remote attestation", "multi-party computation", "GDPR"],
  ],
  ai: ["training", "inference", "fine-tuning", "DiLoCo", "data poisoning", "large language model", "model weights", "training dataset"],
  market: [
    ...["market cap", "token float", "fully diluted value", "sector index", "real yield", "revenue versus incentives", "correlation"],
    ...["liquidity", "service-level agreement", "GPU-hour", "total addressable market", "volatility", "token unlock"],
  ],
};

let entries: readonly Entry[];
beforeAll(async () => {
  entries = await loadEntries();
});

describe("the knowledge base", () => {
  it("holds at least two hundred entries, and what it promises in every category", () => {
    expect(entries.length).toBeGreaterThanOrEqual(200);
    const names = createNames(entries);
    const missing = Object.entries(promised).flatMap(([category, terms]) =>
      terms.filter((term) => names.whole(term)?.entry.category !== category).map((term) => `${category}: ${term}`),
    );
    expect(missing).toEqual([]);
  });

  it("names both sides where it raises a question that the field disagrees on", () => {
    const raised = entries.flatMap(({ id, texts }) =>
      audiences.flatMap((audience) =>
        [...texts[audience].matchAll(/\*\*[^*]+\?\*\*(?<answer>[^\n]*)/gu)].map((match) => ({ id, answer: match.groups?.answer ?? "" })),
      ),
    );
    expect(raised.length).toBeGreaterThanOrEqual(5);
    const oneSided = raised.filter(
      ({ answer }) =>
        !/\b(?:one side|some|supporters|articles) /iu.test(answer) || !/\b(?:other side|other view|others|opponents) /iu.test(answer),
    );
    expect(oneSided).toEqual([]);
  });
});
