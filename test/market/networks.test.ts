/** Each network's source keeps the contract, and its own peculiarities are known. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/env.ts";
import { watchList } from "../../src/market/assets.ts";
import { createNetworks } from "../../src/market/networks.ts";
import { allOff, type NetworkSubject, networkSourceContract, talkOfNetworks } from "../contracts/network-sources.ts";
import { fixtureNow, instantHttp } from "../contracts/price-sources.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";
import { bittensorNode, bittensorState, edited, serve } from "./network-fixtures.ts";

const subjects: Readonly<Record<string, NetworkSubject>> = {
  "Filecoin node": {
    id: "filecoin",
    setting: "FILECOIN_RPC_URL",
    base: "/rpc/v1",
    path: "/rpc/v1",
    serve: serve.filecoinNode,
    says: [
      ["filecoin.capacity_raw", "2.148 EiB", "2476284697546588160"],
      ["filecoin.capacity_quality_adjusted", "2.148 EiB", "2476675206600261632"],
      ["filecoin.providers", "1,060", "1060"],
    ],
    observedAt: [],
  },
  Filfox: {
    id: "filecoin",
    setting: "FILFOX_URL",
    base: "/api/v1",
    path: "/api/v1/overview",
    serve: serve.filfox,
    says: [
      ["filecoin.capacity_raw", "2.17 EiB", "2501821937500000001"],
      ["filecoin.capacity_quality_adjusted", "18.5 EiB", "21328910000000000003"],
      ["filecoin.providers", "923", "923"],
    ],
    observedAt: ["2026-05-18T12:58:30.000Z"],
  },
  "Akash Console": {
    id: "akash",
    setting: "AKASH_URL",
    base: "",
    path: "/v1/network-capacity",
    serve: serve.akash,
    says: [
      ["akash.gpus_active", "126", "126"],
      ["akash.gpus_available", "135", "135"],
      ["akash.leases_active", "2,219", "2219"],
      ["akash.spend_daily", "$8,752", "8752471210.5"],
    ],
    observedAt: ["2026-05-18T12:55:12.000Z"],
  },
  "Helium metadata service": {
    id: "helium",
    setting: "HELIUM_URL",
    base: "",
    path: "/v2/hotspots/pagination-metadata",
    serve: serve.helium,
    says: [
      ["helium.hotspots_iot", "1,034,741", "1034741"],
      ["helium.hotspots_mobile", "39,417", "39417"],
    ],
    observedAt: [],
  },
  "Bittensor node": {
    id: "bittensor",
    setting: "BITTENSOR_RPC_URL",
    base: "",
    path: "/",
    serve: serve.bittensor,
    says: [
      ["bittensor.subnets", "129", "0x8100"],
      ["bittensor.issuance", "10,512,346 TAO", Object.values(bittensorState)[1] ?? ""],
      ["bittensor.stake", "7,350,000 TAO", Object.values(bittensorState)[2] ?? ""],
    ],
    observedAt: [],
  },
  "Arweave gateway": {
    id: "arweave",
    setting: "ARWEAVE_URL",
    base: "",
    path: "/info",
    serve: serve.arweave,
    says: [
      ["arweave.height", "1,800,000", "1800000"],
      ["arweave.weave_size", "329.514 PiB", "371000000000000001"],
      ["arweave.storage_price", "0.0000312 AR", "31205630"],
    ],
    observedAt: ["2026-05-18T12:56:40.000Z"],
  },
};

for (const [name, subject] of Object.entries(subjects)) networkSourceContract(name, subject);

describe("the list of networks", () => {
  it("is turned on by the default settings, source by source", () => {
    const log = { warn: () => undefined, error: () => undefined };
    const networks = createNetworks({ urls: readConfig({}).sourceUrls, http: instantHttp().http, log, now: () => fixtureNow });
    expect(networks.map(({ id }) => id)).toEqual(["filecoin", "akash", "helium", "bittensor", "arweave", "render"]);
    expect(networks.flatMap(({ sources }) => sources.map(({ name, source }) => [name, source?.name]))).toEqual(
      Object.keys(subjects).map((name) => [name, name]),
    );
    expect(networks.every(({ id }) => watchList.some((asset) => asset.id === id))).toBe(true);
  });

  it("keeps the sources that are turned off by name", () => {
    const log = { warn: () => undefined, error: () => undefined };
    const networks = createNetworks({ urls: allOff, http: instantHttp().http, log, now: () => fixtureNow });
    expect(networks.flatMap(({ sources }) => sources.map(({ source }) => source))).toEqual([null, null, null, null, null, null]);
  });
});

describe("what a member reads when", () => {
  let web: FakeWeb;
  beforeAll(async () => {
    web = await startFakeWeb();
  });
  afterAll(() => web.close());
  afterEach(() => web.reset());

  const urls = () => ({
    FILECOIN_RPC_URL: `${web.url}/rpc/v1`,
    FILFOX_URL: `${web.url}/api/v1`,
    AKASH_URL: web.url,
    HELIUM_URL: web.url,
    ARWEAVE_URL: web.url,
    BITTENSOR_RPC_URL: web.url,
  });
  const read = (line: string) => talkOfNetworks(urls()).talk.read(line);
  const figuresIn = (shown: string) => [...shown.matchAll(/^(.+?: .+?) · /gm)].map(([, words]) => words);

  describe("Akash (row 17)", () => {
    const zeros = {
      "now.height": 0,
      "now.activeLeaseCount": 0,
      "now.dailyUUsdSpent": 0,
      "now.date": "2026-05-18T09:00:00.000Z",
    };
    const empty = { activeProviderCount: 0, "resources.gpu.active": 0, "resources.gpu.available": 0 };

    it("answers with a dashboard of zeros: those figures have no data, the others stay", async () => {
      serve.akash(web, { dashboard: zeros });
      const shown = await read("/network akash");
      expect(figuresIn(shown)).toEqual(["Akash GPUs in use: 126", "Akash GPUs available: 135"]);
      expect(shown).toContain("No data: akash.leases_active, akash.spend_daily.");
    });

    it("answers with zeros everywhere: there is no data at all", async () => {
      serve.akash(web, { dashboard: zeros, capacity: empty });
      const shown = await read("/network akash");
      expect(shown).toContain("Akash Console sent nothing I could use.");
      expect(figuresIn(shown)).toEqual([]);
      expect(shown).not.toMatch(/\b0\b/);
    });

    it("has no GPU free: that zero is a number", async () => {
      serve.akash(web, { capacity: { "resources.gpu.available": 0 } });
      expect(figuresIn(await read("/network akash"))).toContain("Akash GPUs available: 0");
    });

    it.each([
      ["a null", { "now.dailyUUsdSpent": null }, ["akash.spend_daily"]],
      ["a text", { "now.dailyUUsdSpent": "8752471210" }, ["akash.spend_daily"]],
      ["less than nothing", { "now.dailyUUsdSpent": -1 }, ["akash.spend_daily"]],
      ["half a lease", { "now.activeLeaseCount": 2.5 }, ["akash.leases_active"]],
      ["a date of last week", { "now.date": "2026-05-11T12:00:00.000Z" }, ["akash.leases_active", "akash.spend_daily"]],
    ])("says %s instead of a number", async (_name, dashboard, gone) => {
      serve.akash(web, { dashboard });
      expect(await read("/network akash")).toContain(`No data: ${gone.join(", ")}.`);
    });

    it("has one page down: the other one's figures are shown", async () => {
      serve.akash(web);
      web.answer("/v1/dashboard-data", { status: 500, body: { error: "InternalServerError", code: "internal_server_error" } });
      const shown = await read("/network akash");
      expect(figuresIn(shown)).toEqual(["Akash GPUs in use: 126", "Akash GPUs available: 135"]);
      expect(shown).toContain("No data: akash.leases_active, akash.spend_daily.");
    });
  });

  describe("Filecoin (row 19)", () => {
    const down: readonly (readonly [string, Scripted, string])[] = [
      [
        "answers an error with 200",
        { body: { jsonrpc: "2.0", id: 1, error: { code: 1, message: "actor not found" } } },
        "has trouble of its own",
      ],
      ["answers 429", { status: 429, headers: { "content-type": "text/plain" }, body: "Too Many Requests" }, "asked me to come back later"],
      ["has no state", { body: { jsonrpc: "2.0", id: 1, result: { Balance: "1", State: null } } }, "sent nothing I could use"],
    ];
    it.each(down)("its node %s: the figures are Filfox's, and say so", async (_name, script, words) => {
      web.answer("/rpc/v1", script);
      serve.filfox(web);
      const shown = await read("/network filecoin");
      expect(shown).toContain(`Filecoin node ${words}. These figures are from Filfox.`);
      expect(figuresIn(shown)).toEqual([
        "Filecoin raw capacity: 2.17 EiB",
        "Filecoin quality-adjusted capacity: 18.5 EiB",
        "Filecoin storage providers: 923",
      ]);
      expect(shown).toContain("Filfox https://filfox.info");
    });

    it("both are down: both are named", async () => {
      web.answer("/rpc/v1", { status: 429, body: "" });
      web.answer("/api/v1", { status: 502, body: "" });
      expect(await read("/network filecoin")).toContain("Filecoin node asked me to come back later, and Filfox has trouble of its own.");
    });

    it("power beyond 2^53 keeps every byte in the receipt", async () => {
      serve.filecoinNode(web, { "result.State.TotalQualityAdjPower": "21328910000000000003" });
      const { talk } = talkOfNetworks(urls());
      const shown = await talk.read("/network filecoin");
      const receipt = /quality-adjusted capacity: 18\.5 EiB .* (\w{8})$/m.exec(shown)?.[1];
      expect(await talk.read(`/why ${receipt}`)).toContain("As the source wrote it: 21328910000000000003");
    });

    it("its providers are those that count, not all there ever were", async () => {
      serve.filecoinNode(web, { "result.State.MinerAboveMinPowerCount": undefined });
      const shown = await read("/network filecoin");
      expect(shown).toContain("No data: filecoin.providers.");
      expect(shown).not.toContain("25,333");
    });

    it.each(["0", "", "-5", "many", null, "9".repeat(400)])("its power is %j: there is no data on it", async (power) => {
      serve.filecoinNode(web, { "result.State.TotalQualityAdjPower": power });
      expect(await read("/network filecoin")).toContain("No data: filecoin.capacity_quality_adjusted.");
    });

    it("Filfox stands still: its old figures are not taken for today's", async () => {
      serve.filfox(web, { timestamp: 1_630_000_000 });
      const shown = await read("/network filecoin");
      expect(shown).toContain("Filfox sent nothing I could use.");
      expect(shown).not.toContain("2.17 EiB");
    });

    it("the node is not asked again before its rest is over, and Filfox's answer stays", async () => {
      web.answer("/rpc/v1", { status: 429, headers: { "retry-after": "60" }, body: "" });
      serve.filfox(web);
      const { talk, later } = talkOfNetworks(urls());
      await talk.read("/network filecoin");
      const asked = () => web.seen.filter(({ path }) => path === "/rpc/v1").length;
      const first = asked();
      later(30);
      await talk.read("/network filecoin");
      expect(asked()).toBe(first);
      later(31);
      serve.filecoinNode(web);
      expect(await talk.read("/network filecoin")).toContain("2.148 EiB");
    });
  });

  describe("Arweave (row 20)", () => {
    it.each([
      ["a text", { weave_size: "97088718807286" }],
      ["a number", { weave_size: 97_088_718_807_286 }],
    ])("writes the weave's size as %s", async (_name, edit) => {
      serve.arweave(web, edit);
      expect(figuresIn(await read("/network arweave"))).toContain("Arweave data stored: 88.302 TiB");
    });

    it.each(["<html>busy</html>", "", "0", "3.5", "-1", "1e9", '{"price":"1"}'])(
      "says %j for a price: there is no price",
      async (price) => {
        serve.arweave(web, {}, price);
        const shown = await read("/network arweave");
        expect(shown).toContain("No data: arweave.storage_price.");
        expect(figuresIn(shown)).toHaveLength(2);
      },
    );

    it("writes a price beyond 2^53: it keeps every digit in the receipt", async () => {
      serve.arweave(web, {}, "9007199254740993\n");
      const { talk } = talkOfNetworks(urls());
      const shown = await talk.read("/network arweave");
      expect(figuresIn(shown)).toContain("Arweave price of storing 1 GiB for good: 9,007 AR");
      const receipt = /9,007 AR .* (\w{8})$/m.exec(shown)?.[1];
      expect(await talk.read(`/why ${receipt}`)).toContain("As the source wrote it: 9007199254740993");
    });

    it("serves a page instead of the block: the rest is shown", async () => {
      serve.arweave(web);
      web.answer("/block/current", { headers: { "content-type": "text/html" }, body: "<html></html>" });
      expect(await read("/network arweave")).toContain("No data: arweave.weave_size.");
    });
  });

  describe("Helium (row 21)", () => {
    it("refuses a subnetwork: the other is shown, as onboarded and never as active", async () => {
      serve.helium(web);
      web.answer("/v2/hotspots/pagination-metadata?subnetwork=mobile", {
        status: 400,
        body: { statusCode: 400, error: "Bad Request", message: "Invalid subnetwork" },
      });
      const shown = await read("/network helium");
      expect(figuresIn(shown)).toEqual(["Helium IoT hotspots onboarded: 1,034,741"]);
      expect(shown).toContain("No data: helium.hotspots_mobile.");
      expect(shown).not.toMatch(/active/i);
    });

    it.each([undefined, null, 0, -3, "many"])("counts %j: there is no data but the snapshot's", async (totalItems) => {
      serve.helium(web, { totalItems });
      const shown = await read("/network helium");
      expect(shown).toContain("Helium metadata service sent nothing I could use.\nNot live. From Depinion baseline, August 2024:");
      expect(figuresIn(shown)).toEqual(["Helium hotspots onboarded: at least 1,000,000"]);
    });
  });

  describe("Bittensor (row 22)", () => {
    const [subnets = "", issuance = ""] = Object.keys(bittensorState);
    it.each([
      ["null", null],
      ["zero", "0x0000"],
      ["too short a hex", "0x81"],
      ["too long a hex", "0x81000000"],
      ["nothing", "0x"],
      ["no hex", "129"],
      ["a number", 129],
    ])("answers %s for its subnets: there is no data on them, and the rest is shown", async (_name, value) => {
      web.answer("/", bittensorNode({ ...bittensorState, [subnets]: value }));
      const shown = await read("/network bittensor");
      expect(shown).toContain("No data: bittensor.subnets.");
      expect(figuresIn(shown)).toEqual(["Bittensor TAO issued: 10,512,346 TAO", "Bittensor TAO staked: 7,350,000 TAO"]);
    });

    it("answers half of an amount: it is not taken for a smaller one", async () => {
      web.answer("/", bittensorNode({ ...bittensorState, [issuance]: "0xf2a6405d" }));
      expect(await read("/network bittensor")).toContain("No data: bittensor.issuance.");
    });

    it("answers null for everything: there is no data", async () => {
      web.answer("/", bittensorNode({}));
      expect(await read("/network bittensor")).toContain("Bittensor node sent nothing I could use.");
    });

    it("answers an error with 200: it is named as trouble of its own", async () => {
      web.answer("/", { body: { jsonrpc: "2.0", id: 1, error: { code: -32601, message: "Method not found" } } });
      expect(await read("/network bittensor")).toContain("Bittensor node has trouble of its own.");
    });
  });

  it("a recorded answer is edited where the test says", () => {
    expect(edited("akash-dashboard-data.json", { "now.height": 1 })).toMatchObject({ now: { height: 1, activeLeaseCount: 2219 } });
  });
});
