import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { DefinitionError } from "../../src/core/errors.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import { parseSlots } from "../../src/knowledge/slots.ts";
import { audiences, type Entry, type Knowledge } from "../../src/knowledge/types.ts";

let entries: readonly Entry[];
let knowledge: Knowledge;
beforeAll(async () => {
  entries = await loadEntries();
  knowledge = createKnowledge(entries, { encoder: null, log: { warn: () => undefined } });
});

describe("the knowledge base", () => {
  it("holds every system that the founding article names", () => {
    for (const id of ["render", "bittensor", "filecoin", "akash", "helium", "arweave", "bitcoin", "ethereum", "aws", "google-cloud"])
      expect(knowledge.entry(id)?.id).toBe(id);
  });

  it("holds the article's concepts, and at least sixty entries in all", async () => {
    for (const term of ["DePIN", "token incentives", "federated learning", "zero-knowledge proof", "checkpointing", "uptime"])
      expect(await knowledge.find(term)).toMatchObject({ kind: "found", corrected: false });
    expect(entries.length).toBeGreaterThanOrEqual(60);
  });

  it("names metrics instead of numbers that age", () => {
    const volatile = /[$€£]\s?\d|\d\s?%|\b\d{1,3}(?:,\d{3})+\b|\b\d+(?:\.\d+)?\s?(?:billion|million|trillion|EiB|exbibytes?)\b/iu;
    for (const entry of entries)
      for (const audience of audiences) expect(entry.texts[audience], `${entry.id}, ${audience}`).not.toMatch(volatile);
  });

  it("names only metrics that the bot has", () => {
    const assets = "bitcoin|ethereum|render|bittensor|filecoin|akash|helium|arweave";
    const known = new RegExp(
      `^(?:(?:${assets})\\.(?:price|market_cap|change_24h)|sector\\.(?:market_cap|change_24h)|filecoin\\.capacity_raw|helium\\.hotspots_onboarded)$`,
    );
    for (const entry of entries)
      for (const audience of audiences)
        for (const metric of parseSlots(entry.texts[audience]).metrics) expect(metric, entry.id).toMatch(known);
  });

  it("finds every entry by each of its own names", async () => {
    for (const entry of entries) {
      for (const name of [entry.id, entry.term, ...entry.aliases])
        expect(await knowledge.find(name), name).toMatchObject({ kind: "found", entry: { id: entry.id } });
    }
  });
});

describe("finding an entry", () => {
  it.each([
    ["depin", "depin"],
    ["DePIN?", "depin"],
    ["what is DePIN", "depin"],
    ["decentralized physical infrastructure networks", "depin"],
    ["HNT", "helium"],
    ["Proof-of-Coverage", "proof-of-coverage"],
    ["validators", "validator"],
    ["amazon web services", "aws"],
    ["the fil token", "filecoin"],
  ])("“%s” is %s", async (query, id) => {
    expect(await knowledge.find(query)).toMatchObject({ kind: "found", entry: { id }, corrected: false });
  });

  it.each([
    ["proof of covarage", "proof-of-coverage"],
    ["Filcoin", "filecoin"],
    ["federated lerning", "federated-learning"],
  ])("forgives “%s”, and says so", async (query, id) => {
    expect(await knowledge.find(query)).toMatchObject({ kind: "found", entry: { id }, corrected: true });
  });

  it("takes no little words of a question for a slip in a name", () => {
    expect(knowledge.named("how big is a coin")?.entry.id).toBe("token");
    expect(knowledge.named("what is the network")).toBeNull();
    expect(knowledge.named("what is the grahp")?.entry.id).toBe("the-graph");
  });

  it("takes no word of the entries for a slip in another", () => {
    expect(knowledge.named("trading")).toBeNull();
    expect(knowledge.named("trainning")?.entry.id).toBe("training");
  });

  it("offers at most three where nothing is certain", async () => {
    const near = await knowledge.find("how do hotspots prove where they are");
    expect(near.kind).toBe("near");
    if (near.kind === "near") expect(near.entries.length).toBeLessThanOrEqual(3);
  });

  it.each(["pizza recipe", "q", "…", "ⵣⵣⵣⵣ"])("has nothing on “%s”", async (query) => {
    expect(await knowledge.find(query)).toEqual({ kind: "none" });
  });

  it("suggests names that begin with what was typed", () => {
    expect(knowledge.suggest("proof of s", 3).map((e) => e.id)).toEqual(expect.arrayContaining(["proof-of-stake", "proof-of-spacetime"]));
  });
});

describe("loading entries", () => {
  it("lists every problem of every file at once", async () => {
    const folder = await mkdtemp(join(tmpdir(), "depinion-entries-"));
    await writeFile(join(folder, "one.md"), "no front matter");
    await writeFile(join(folder, "two.md"), "---\nid: other\nterm: Two\n---\n## Newcomer\nx\n");
    const failure = await loadEntries(folder).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DefinitionError);
    expect(String(failure)).toMatch(/one\.md: no front matter/);
    expect(String(failure)).toMatch(/two\.md: no text for the investor/);
    expect(String(failure)).toMatch(/two\.md: asks/);
  });
});
