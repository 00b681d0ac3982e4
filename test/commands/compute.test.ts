/** What a person reads after `/compute`, whatever markets and clouds answer. */
import { strToU8, zipSync } from "fflate";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { median } from "../../src/compute/quotes.ts";
import { type ChartSpec, describeChart } from "../../src/core/chart.ts";
import { textsIn } from "../../src/core/texts.ts";
import { clouds, fixture, serve, version } from "../compute/source-fixtures.ts";
import { type ComputeTalk, type PriceUrls, receiptsIn, talkOfPrices } from "../contracts/compute-sources.ts";
import { fixtureNow } from "../contracts/price-sources.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";
import { buttonsOf } from "../support/talk.ts";

let web: FakeWeb;
beforeAll(async () => {
  web = await startFakeWeb();
});
afterAll(() => web.close());
afterEach(() => web.reset());

const urls = (): PriceUrls => ({
  AKASH_URL: web.url,
  NOSANA_URL: web.url,
  AZURE_PRICES_URL: `${web.url}/prices`,
  GPUHUNT_URL: `${web.url}/v3`,
  VAST_URL: null,
  RUNPOD_URL: null,
});
const everything = () => ({ ...urls(), VAST_URL: web.url, RUNPOD_URL: `${web.url}/graphql` });
function serveAll(): void {
  serve.akash(web);
  serve.nosana(web);
  serve.azure(web);
  serve.gpuhunt(web);
  serve.vast(web);
  serve.runpod(web);
}
const open = (some: Partial<PriceUrls> = urls()): ComputeTalk => talkOfPrices(some);
const day = 24 * 60;

describe("/compute of one GPU", () => {
  it("says first who is cheaper and by how much, then who asks what, each with its receipt", async () => {
    serveAll();
    const { talk } = open(everything());
    const shown = await talk.read("/compute h100 sxm");
    expect(shown).toContain(
      "A GPU-hour costs $2.04 on the networks (median of Akash and Nosana) and $6.88 at cloud list prices " +
        "(median of AWS, Azure, Google Cloud, Lambda, Nebius, Oracle Cloud, and Verda): on the networks 70 % less.",
    );
    for (const line of [
      /^Akash, providers' bids: \$2\.58 \(\$2\.01 to \$3\.16\), 4 providers, 29 GPUs free · [a-z2-9]{8}$/m,
      /^Nosana, hosts' reward plus the network's fee: \$1\.50 \(\$1\.12 to \$2\.50\), 3 markets · [a-z2-9]{8}$/m,
      /^RunPod, its prices, community and secure: \$2\.69, 1 price · /m,
      /^AWS, list price: \$6\.88 \(\$6\.88 to \$7\.91\), 3 prices by size and region, 17 May 2026 · /m,
      /^Azure, list price: \$13\.75 \(\$12\.29 to \$15\.36\), 3 prices by size and region · /m,
      /^AWS, spot: \$2\.06, 1 price, 17 May 2026 · /m,
    ])
      expect(shown).toMatch(line);
    expect(shown.indexOf("Marketplaces (not in the comparison)")).toBeLessThan(shown.indexOf("Vast.ai, hosts' asking prices"));
    expect(talk.progress).toContain("Asking for the price of the H100 SXM 80 GB …");
  });

  it("tells of the other forms, and never mixes them", async () => {
    serveAll();
    const { talk } = open();
    const answer = await talk.ask("/compute h100");
    expect(buttonsOf(answer).map(({ label }) => label)).toEqual(["100 h on 8 GPUs", "H100 PCIe 80 GB", "H100 NVL 94 GB", "All GPUs"]);
    expect(await talk.read("/compute h100")).toContain("it also comes as H100 PCIe 80 GB, H100 NVL 94 GB.");
    const card = await talk.read("/compute h100 pcie");
    expect(card).toContain(
      "A GPU-hour costs $2.49 at cloud list prices (Lambda). I have no offer of a network for the H100 PCIe 80 GB now",
    );
    expect(card).not.toMatch(/\$2\.58|\$6\.88|\$6\.98/);
    expect(await talk.read("/compute h100 nvl")).toMatch(/Azure, list price: \$6\.98, 1 price/);
  });

  it("is not asked of the marketplaces unless somebody turns them on", async () => {
    serveAll();
    expect(await open().talk.read("/compute h100")).not.toMatch(/Vast|RunPod|Marketplaces/);
    expect(web.seen.some(({ path }) => path.startsWith("/bundles") || path.startsWith("/graphql"))).toBe(false);
  });

  it("counts nobody twice: what Azure and RunPod say themselves is not taken from the catalogue", async () => {
    serveAll();
    await open(everything()).talk.read("/compute h100");
    const asked = web.seen.map(({ path }) => path).filter((path) => path.startsWith("/v3/"));
    expect(asked).toHaveLength(2 * clouds.length);
    expect(asked.filter((path) => /azure|runpod/.test(path))).toEqual([]);
  });

  it("asks once for everyone, and again after half an hour", async () => {
    serveAll();
    const { talk, later } = open();
    await Promise.all([talk.read("/compute h100"), talk.read("/compute a100"), talk.read("/compute")]);
    const asked = () => web.seen.filter(({ path }) => path === "/v1/gpu-prices").length;
    expect(asked()).toBe(1);
    later(31);
    await talk.read("/compute h100");
    expect(asked()).toBe(2);
    expect(web.seen.filter(({ path }) => path === "/v3/aws/version")).toHaveLength(1);
  });

  it("goes on without a source that fails, and says so", async () => {
    serveAll();
    web.answer("/v1/gpu-prices", { status: 500, body: "" });
    const shown = await open().talk.read("/compute h100");
    expect(shown).toContain("$1.50 on the networks (Nosana)");
    expect(shown).toContain("Akash GPU prices has trouble of its own.");
    expect(shown).not.toContain("Akash, providers' bids");
  });

  it("shows prices of three days ago with their age and does not count them", async () => {
    serveAll();
    const { talk, later } = open();
    await talk.read("/compute h100");
    later(3 * day);
    web.answer("/v1/gpu-prices", { status: 500, body: "" });
    const shown = await talk.read("/compute h100");
    expect(shown).toMatch(/Akash, providers' bids: \$2\.58 .*not live: 18 May 2026, 13:00 UTC, 3 days old/);
    expect(shown).toContain("on the networks (Nosana)");
  });

  it("puts no spread of another time beside a price that was stored since", async () => {
    serveAll();
    const first = open();
    expect(await first.talk.read("/compute 4090")).toContain("Akash, providers' bids: $0.42 ($0.35 to $0.61), 7 providers");
    first.later(day);
    serve.akash(web, fixture("akash-gpu-prices.json").replace('"med": 0.42', '"med": 0.9'));
    await first.prices.record(new AbortController().signal);
    web.reset();
    web.answer("/", { status: 500, body: "" });
    // Another start on the same archive.
    const { talk } = talkOfPrices(urls(), first.store, new Date(fixtureNow.getTime() + day * 60_000 + 3_600_000));
    expect(await talk.read("/compute 4090")).toMatch(/Akash, providers' bids: \$0\.9, not live: 19 May 2026, 13:00 UTC, 1 h old · /);
  });

  it("says what it cannot do where every source is turned off", async () => {
    const { talk } = open({});
    expect(await talk.read("/compute h100")).toContain("I have no price of the H100 SXM 80 GB: no answer that I have lists exactly this");
    expect(await talk.read("/compute h100 100 8")).toContain("I have no price of the H100 SXM 80 GB");
    expect(await talk.read("/compute")).toContain("there is nothing to compare");
  });

  it("suggests GPUs while they are typed", async () => {
    const { talk } = open({});
    const labels = async (typed: string) => (await talk.suggest("compute", "gpu", typed)).map(({ label }) => label);
    expect((await labels("h10")).slice(0, 3)).toEqual(["H100 SXM 80 GB", "H100 PCIe 80 GB", "H100 NVL 94 GB"]);
    expect(await labels("rtx 409")).toContain("RTX 4090 24 GB");
    const [first] = await talk.suggest("compute", "gpu", "a100 pcie 40");
    expect(first).toEqual({ label: "A100 PCIe 40 GB", value: "a100_pcie_40" });
  });
});

describe("/compute of all GPUs", () => {
  it("puts the networks' median beside the clouds' for each, and the middle one of all first", async () => {
    serveAll();
    const { talk, prices } = open();
    const shown = await talk.read("/compute");
    expect(shown).toMatch(/costs 29\.4 % of what clouds' lists ask for the same GPU \(the middle one of 2 classes\)/);
    expect(shown).toMatch(/^H100 SXM 80 GB: \$2\.04 against \$6\.88, 29\.7 % · [a-z2-9]{8}$/m);
    expect(shown).toMatch(/^A100 SXM 80 GB: \$1\.19 against \$4\.10, 29\.1 % · [a-z2-9]{8}$/m);
    expect(shown).not.toContain("RTX 4090");
    for (const receipt of receiptsIn(shown)) {
      const why = await talk.read(`/why ${receipt}`);
      expect(why).toMatch(/Worked out from: [\d.]+ \([a-z2-9]{8}\), [\d.]+ \([a-z2-9]{8}\)/);
      expect(why).not.toContain("Ask again now");
      // Down to what the sources wrote.
      for (const [, part = ""] of why.matchAll(/\(([a-z2-9]{8})\)/g))
        for (const [, price = ""] of (await talk.read(`/why ${part}`)).matchAll(/\(([a-z2-9]{8})\)/g))
          expect(await talk.read(`/why ${price}`)).toMatch(/As the source wrote it: |Worked out from: /);
    }
    expect((await prices.overview(new AbortController().signal)).index?.metric).toBe("compute.index");
  });
});

describe("the history", () => {
  it("is stored once a day without being asked for, and is the trend", async () => {
    serveAll();
    const { talk, prices, store, later } = open();
    const { signal } = new AbortController();
    await prices.record(signal);
    await prices.record(signal);
    expect(web.seen.filter(({ path }) => path === "/v1/gpu-prices")).toHaveLength(1);
    const metrics = (await store.latest()).map(({ metric }) => metric);
    expect(metrics).toEqual(expect.arrayContaining(["compute.index", "compute.h100_sxm_80.index", "compute.rtx_4090_24.akash.price"]));
    later(7 * day);
    serve.akash(web, fixture("akash-gpu-prices.json").replace('"med": 2.58', '"med": 2.8').replace('"med": 1.19', '"med": 1.3'));
    const shown = await talk.read("/compute h100 sxm");
    const [, receipt = ""] = /31\.2 % now, 29\.7 % 7 days ago \(([a-z2-9]{8})\)/.exec(shown) ?? [];
    expect(await talk.read(`/why ${receipt}`)).toMatch(/Fetched: 18 May 2026[\s\S]*compute\.h100_sxm_80\.index/);
  });

  it("compares only what is of the same sellers", async () => {
    serveAll();
    const { talk, prices, later } = open();
    await prices.record(new AbortController().signal);
    later(7 * day);
    web.answer("/v1/gpu-prices", { status: 500, body: "" });
    expect(await talk.read("/compute h100")).toContain("none yet: I have no earlier day of the same sellers");
  });

  it("is tried again where no source answered", async () => {
    web.answer("/", { status: 500, body: "" });
    const { prices, store, later } = open();
    const { signal } = new AbortController();
    await prices.record(signal);
    expect(await store.latest()).toEqual([]);
    later(10);
    web.reset();
    serveAll();
    await prices.record(signal);
    expect((await store.latest()).length).toBeGreaterThan(10);
  });

  it("is drawn: both medians, a point a day, and none for days without", async () => {
    serveAll();
    const { prices, later } = open();
    const { signal } = new AbortController();
    for (const wait of [0, 1, 1, 3]) {
      later(wait * day);
      await prices.record(signal);
    }
    const [gpu] = prices.meant("h100");
    if (gpu === undefined) throw new TypeError("no H100");
    const spec: ChartSpec = await prices.chart(await prices.of(gpu, signal), textsIn("en").compute);
    if (spec.kind !== "stack") throw new TypeError("one chart");
    const lines = spec.charts.flatMap((chart) =>
      chart.kind === "line" ? chart.series.map(({ label, points }) => [chart.unit, label, points.length]) : [],
    );
    expect(lines).toEqual([
      ["usd", "Networks", 4],
      ["usd", "Cloud lists", 4],
      ["share", "Index", 4],
    ]);
    expect(describeChart(spec)).toMatch(
      /^H100 SXM 80 GB: dollars per GPU-hour\. .*Networks: first \$2\.04 \(18 May 2026\), last \$2\.04 \(23 May 2026\)/,
    );
    const { index } = await prices.overview(signal);
    expect(index === null ? null : describeChart(await prices.indexChart(index, textsIn("en").compute))).toContain(
      "last 29.4 % (23 May 2026)",
    );
  });
});

describe("the price of a job", () => {
  it("counts the hours, the GPUs, idle time and traffic, and names what is assumed", async () => {
    serveAll();
    const shown = await open().talk.read("/compute h100 100 8");
    expect(shown).toContain(
      "100 h of work on 8 × H100 SXM 80 GB cost about $1,795 on the networks and $6,063 at cloud list prices: on the networks 70 % less.",
    );
    // 2.58 × 8 × 100 × 1.1, and 6.88 × 880 + 100 × 0.09.
    expect(shown).toMatch(/^Akash, providers' bids: \$2,270 at \$2\.58 per GPU-hour · /m);
    expect(shown).toMatch(/^AWS, list price: \$6,063 at \$6\.88 per GPU-hour, \$9\.00 of it for traffic · /m);
    expect(shown).toMatch(/^Nebius, list price: \$2,596 at \$2\.95 per GPU-hour, without traffic: not known here · /m);
    expect(shown).toContain("Assumed: Idle time: 10 % more hours are paid than worked");
    expect(shown).toContain(
      "Egress: 100 GB leave where it ran at list prices per GB (Lambda nothing, AWS $0.09, Google Cloud $0.12, Azure $0.087)",
    );
    expect(shown).toContain("AWS: data transfer out https://aws.amazon.com/");
  });

  it("changes with a button for each assumption, in place", async () => {
    serveAll();
    const { talk } = open();
    const button = async (from: string, label: string) => {
      const found = buttonsOf(await talk.ask(from)).find((one) => one.label === label);
      if (found === undefined) throw new TypeError(`no button ${label}`);
      return found;
    };
    const idle = await button("/compute h100 100 8", "Idle: none");
    expect(idle.update).toBe(true);
    expect(await talk.read(idle)).toMatch(/AWS, list price: \$5,513 .*\$9\.00 of it for traffic[\s\S]*No idle time/);
    const egress = await button("/compute h100 100 8 idle=none", "Egress: 10TB");
    expect(await talk.read(egress)).toMatch(/AWS, list price: \$6,404 .*\$900\.00 of it for traffic[\s\S]*10 TB leave/);
    expect(await talk.read("/compute h100 100 8 egress=none idle=none")).toMatch(
      /AWS, list price: \$5,504 at \$6\.88 per GPU-hour · [\s\S]*No egress/,
    );
  });

  it("says where fewer are free than are needed", async () => {
    serveAll();
    expect(await open().talk.read("/compute h100 10 64")).toMatch(/Akash, .*only 29 of 64 GPUs free now/);
  });

  it.each([
    ["/compute rtx 4090 24 2", "24 h of work on 2 × RTX 4090 24 GB"],
    ["/compute rtx 4090 24", "24 h of work on 1 × RTX 4090 24 GB"],
    ["/compute rtx 4090", "A GPU-hour costs $0.35 on the networks"],
    ["/compute 4090", "A GPU-hour costs $0.35 on the networks"],
    ["/compute h100 sxm 5h 2 gpus", "5 h of work on 2 × H100 SXM 80 GB"],
    ["/compute h100 100", "100 h of work on 1 × H100 SXM 80 GB"],
    ["/compute gpu=h100 gpus=4", "1 h of work on 4 × H100 SXM 80 GB"],
  ])("reads %s", async (line, words) => {
    serveAll();
    expect(await open().talk.read(line)).toContain(words);
  });

  it.each([
    ["/compute h100 0 8", "hours must be a number from 0.1 to 100000."],
    ["/compute h100 -5 8", "hours must be a number from 0.1 to 100000."],
    ["/compute h100 100 1000000000", "gpus must be a whole number from 1 to 100000."],
    ["/compute h100 100 0", "gpus must be a whole number from 1 to 100000."],
    ["/compute h100 hours=soon", "hours must be a number from 0.1 to 100000."],
    ["/compute h100 100 8 idle=200%", "idle must be one of none, 10%, 25%, 50%."],
    ["/compute h100 100 8 egress=5PB", "egress must be one of none, 100GB, 1TB, 10TB."],
    ["/compute 100", "Which GPU is the job for?"],
    ["/compute zx81", "I know no GPU called “zx81”. I compare these and others:"],
    ["/compute h1000", "I know no GPU called “h1000”. Did you mean one of these?"],
    ["/compute h100 512GB", "I know no GPU called “h100 512GB”."],
  ])("answers %s with what it takes", async (line, words) => {
    serveAll();
    expect(await open().talk.read(line)).toContain(words);
  });
});

describe("what a member reads when", () => {
  const json = z.record(z.string(), z.json());
  const edited = (name: string, edit: (data: Record<string, z.core.util.JSONType>) => void) => {
    const data = json.parse(JSON.parse(fixture(name)));
    edit(data);
    return data;
  };

  describe("Akash (rows 17 and 18)", () => {
    const only = () => open({ AKASH_URL: web.url }).talk;
    it("answers with zeros everywhere: there is no data", async () => {
      serve.akash(web, fixture("akash-gpu-prices.json").replaceAll(/(: )[\d.]+/g, "$10"));
      const shown = await only().read("/compute h100");
      expect(shown).toContain("Akash GPU prices sent nothing I could use.");
      expect(shown).not.toContain("$");
    });

    it("lists a model that nobody bids for: it has no price", async () => {
      serve.akash(web);
      expect(await only().read("/compute h100 pcie")).toContain("I have no price of the H100 PCIe 80 GB");
    });

    it("does not say the form of an H200: it is neither the one nor the other", async () => {
      serve.akash(web);
      const talk = only();
      for (const form of ["sxm", "nvl"]) expect(await talk.read(`/compute h200 ${form}`)).toContain("I have no price of the H200");
    });

    it("has none free: that zero is said in words", async () => {
      serve.akash(web);
      expect(await only().read("/compute a100 sxm")).toMatch(/Akash, .* 3 providers, no GPU free now/);
    });
  });

  describe("Nosana (row 23)", () => {
    const h100 = '"usd_reward_per_hour": 1.3636';
    it.each([
      ["a text", '"usd_reward_per_hour": "1.3636"', "$1.50"],
      ["null", '"usd_reward_per_hour": null', "$1.81"],
      ["zero", '"usd_reward_per_hour": 0', "$1.81"],
      ["nonsense", '"usd_reward_per_hour": "1.3636 NOS"', "$1.81"],
    ])("writes a reward as %s", async (_name, said, shown) => {
      serve.nosana(web, fixture("nosana-premium.json").replace(h100, said));
      expect(await open({ NOSANA_URL: web.url }).talk.read("/compute h100 sxm")).toContain(`fee: ${shown} `);
    });

    it("has a market of eight: its price is that of one", async () => {
      serve.nosana(web, fixture("nosana-premium.json").replace(h100, '"usd_reward_per_hour": null'), "[]");
      expect(await open({ NOSANA_URL: web.url }).talk.read("/compute h100 sxm")).toContain("fee: $2.50, 1 market ·");
    });

    it("mixes two models in one market: its price is neither's", async () => {
      serve.nosana(web);
      const { talk } = open({ NOSANA_URL: web.url });
      for (const gpu of ["3060", "3060 ti"]) expect(await talk.read(`/compute ${gpu}`)).toContain("I have no price of the RTX 3060");
    });

    it("fails for one kind of host: the other's prices are shown", async () => {
      serve.nosana(web);
      web.answer("/markets/?type=COMMUNITY", { status: 500, body: { name: "Error", message: "x" } });
      expect(await open({ NOSANA_URL: web.url }).talk.read("/compute h100 sxm")).toMatch(/fee: \$2\.00 \(\$1\.50 to \$2\.50\), 2 markets/);
    });
  });

  describe("RunPod (row 24)", () => {
    const only = () => open({ RUNPOD_URL: `${web.url}/graphql` }).talk;
    it("leaves a placeholder where its community cloud has none, or has nothing in stock", async () => {
      serve.runpod(web);
      const talk = only();
      expect(await talk.read("/compute h100 sxm")).toMatch(/RunPod, its prices, community and secure: \$2\.69, 1 price/);
      expect(await talk.read("/compute l4")).toContain("I have no price of the L4 24 GB");
    });

    it.each([200, 400])("sends errors with %s", async (status) => {
      web.answer("/graphql", { status, body: { errors: [{ message: "Something went wrong" }], data: { gpuTypes: [] } } });
      const shown = await only().read("/compute h100");
      expect(shown).toContain("RunPod has trouble of its own.");
      expect(shown).not.toContain("Something went wrong");
    });
  });

  describe("Vast.ai (row 25)", () => {
    const offers = z.object({ offers: z.array(z.looseObject({ gpu_name: z.string(), num_gpus: z.number(), dph_total: z.number() })) });
    it("lists one host's machines twelve times: the median is of hosts, and does not fall from $1.46 to $0.41", async () => {
      const listed = offers.parse(JSON.parse(fixture("vast-bundles.json"))).offers.filter(({ gpu_name }) => gpu_name === "H100 SXM");
      expect(median(listed.map(({ dph_total, num_gpus }) => dph_total / num_gpus))).toBe(0.41);
      serve.vast(web);
      const { talk } = open({ VAST_URL: web.url });
      // The offer at $95 moves the highest price, and nothing else.
      expect(await talk.read("/compute h100 sxm")).toMatch(/asking prices: \$1\.46 \(\$0\.41 to \$95\.00\), 5 hosts, 23 GPUs free/);
      expect(await talk.read("/compute h100 pcie")).toMatch(/asking prices: \$1\.35, 1 host, 2 GPUs free/);
    });

    it("lists a card with twice its memory: that is another card", async () => {
      serve.vast(web);
      expect(await open({ VAST_URL: web.url }).talk.read("/compute 4090")).toMatch(/asking prices: \$0\.36 \(\$0\.32 to \$0\.4\), 2 hosts/);
    });

    it("is asked by number and not by price, so that a cut list is no cheap one", async () => {
      serve.vast(web);
      await open({ VAST_URL: web.url }).talk.read("/compute h100");
      expect(JSON.parse(web.seen[0]?.body ?? "")).toMatchObject({ order: [["id", "asc"]], rented: { eq: false }, verified: { eq: true } });
    });
  });

  describe("Azure (row 26)", () => {
    const only = () => open({ AZURE_PRICES_URL: `${web.url}/prices` }).talk;
    const items = z.object({ Items: z.array(z.looseObject({})) });
    const [good = {}] = items.parse(JSON.parse(fixture("azure-prices.json"))).Items;
    const withRow = (change: object) =>
      web.answer("/prices", { body: { Items: [good, { ...good, armRegionName: "x", retailPrice: 8, ...change }], NextPageLink: null } });

    it.each([
      ["Windows", { productName: "Virtual Machines NDsr H100 v5 Series Windows" }],
      ["Low Priority", { meterName: "ND96isr H100 v5 Low Priority" }],
      ["a reservation", { type: "Reservation" }],
      ["nothing", { retailPrice: 0 }],
      ["a month", { unitOfMeasure: "1/Month" }],
      ["another currency", { currencyCode: "EUR" }],
      ["next year", { effectiveStartDate: "2027-01-01T00:00:00Z" }],
      ["cloud services", { productName: "NDsr H100 v5 Series Cloud Services" }],
      ["another region's meter", { isPrimaryMeterRegion: false }],
      ["no region", { armRegionName: "" }],
    ])("lists a price of %s: it is left out", async (_name, change) => {
      withRow(change);
      expect(await only().read("/compute h100 sxm")).toMatch(/Azure, list price: \$12\.29, 1 price ·/);
    });

    it("lists a spot price: it is shown apart", async () => {
      withRow({ skuName: "ND96isr H100 v5 Spot" });
      expect(await only().read("/compute h100 sxm")).toMatch(
        /list price: \$12\.29, 1 price ·[\s\S]*Spot: taken away[\s\S]*Azure, spot: \$1\.00, 1 price/,
      );
    });

    it("goes on on a next page, at the address that is set and nowhere else", async () => {
      serve.azure(web);
      expect(await only().read("/compute a100 sxm")).toContain("Azure, list price: $4.10");
      expect(web.seen.map(({ path }) => path)[1]).toBe("/prices?$filter=x&$skip=1000");
    });

    it("never ends: eight pages are read", async () => {
      web.answer("/prices", { body: { Items: [good], NextPageLink: "https://prices.azure.com/api/retail/prices?$skip=1" } });
      expect(await only().read("/compute h100 sxm")).toContain("Azure, list price: $12.29");
      expect(web.seen).toHaveLength(8);
    });

    it("asks for patience on the second page: the first one alone is not shown", async () => {
      web.answer("/prices", { body: { Items: [good], NextPageLink: "https://prices.azure.com/api/retail/prices?$skip=1" } });
      web.answer("/prices?$skip=1", { status: 429, headers: { "retry-after": "86400" }, body: "" });
      const shown = await only().read("/compute h100 sxm");
      expect(shown).toContain("Azure Retail Prices asked me to come back later.");
      expect(shown).not.toContain("$12.29");
    });

    it("asks for patience once: it is asked again", async () => {
      const body = { Items: [good], NextPageLink: null };
      web.answer("/prices", { status: 429, headers: { "retry-after": "1" }, body: "" }, { body });
      expect(await only().read("/compute h100 sxm")).toContain("Azure, list price: $12.29");
    });
  });

  describe("the same field is a number here and a text there (row 27)", () => {
    it.each(["98.32", '"98.32"'])("Azure writes %s", async (said) => {
      web.answer("/prices", {
        body: fixture("azure-prices.json")
          .replaceAll("98.32", said)
          .replace(/"NextPageLink": "[^"]+"/, '"NextPageLink": null'),
      });
      expect(await open({ AZURE_PRICES_URL: `${web.url}/prices` }).talk.read("/compute h100 sxm")).toContain("$12.29 to $15.36");
    });
  });

  describe("the gpuhunt catalogue", () => {
    const only = () => open({ GPUHUNT_URL: `${web.url}/v3` }).talk;
    const aws = (script: Scripted) => web.answer(`/v3/aws/${version}/catalog.zip`, script);
    const zip = (files: Record<string, string>): Scripted => ({
      headers: { "content-type": "application/zip" },
      body: zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)]))),
    });
    const cases: readonly (readonly [string, Scripted])[] = [
      ["is no archive", { headers: { "content-type": "application/zip" }, body: "PK but not really" }],
      [
        "is half an archive",
        { headers: { "content-type": "application/zip" }, body: zipSync({ "aws.csv": strToU8(fixture("gpuhunt-aws.csv")) }).slice(0, 300) },
      ],
      ["has another list inside", zip({ "gcp.csv": fixture("gpuhunt-gcp.csv") })],
      ["is a page", { headers: { "content-type": "text/html" }, body: "<html>" }],
      ["has no rows", zip({ "aws.csv": "" })],
      ["has other columns", zip({ "aws.csv": "a,b\n1,2\n" })],
    ];
    it.each(cases)("AWS's archive %s: the other clouds are shown", async (_name, script) => {
      serve.gpuhunt(web);
      aws(script);
      const shown = await only().read("/compute h100 sxm");
      expect(shown).toContain("median of Google Cloud, Lambda, Nebius, Oracle Cloud, and Verda");
      expect(shown).not.toContain("AWS");
    });

    it("AWS's archive unfolds into more than it says: it is not read to the end", async () => {
      serve.gpuhunt(web);
      const honest = zipSync({ "aws.csv": strToU8(`${fixture("gpuhunt-aws.csv")}${"x".repeat(5_000_000)}`) });
      // The uncompressed size in the central directory says 100 bytes.
      const lying = Buffer.from(honest);
      const entry = lying.lastIndexOf(Buffer.from("PK\x01\x02", "latin1"));
      lying.writeUInt32LE(100, entry + 24);
      aws({ headers: { "content-type": "application/zip" }, body: lying });
      expect(await only().read("/compute h100 sxm")).not.toContain("AWS");
    });

    it.each(["20260401-1", "20270101-1", "latest", "20269999-1", "../secrets"])("is of “%s”: it is no price of today", async (text) => {
      serve.gpuhunt(web);
      for (const cloud of clouds) web.answer(`/v3/${cloud}/version`, { headers: { "content-type": "text/plain" }, body: text });
      const shown = await only().read("/compute h100 sxm");
      expect(shown).toContain("gpuhunt catalogue sent nothing I could use.");
      expect(shown).not.toContain("$");
    });
  });

  it("a source writes rows that are no rows: the others are shown", async () => {
    const broken = edited("akash-gpu-prices.json", (data) => {
      if (Array.isArray(data.models)) data.models.unshift(null, 7, "h100", {}, [], { model: "h100", ram: 80, interface: null, price: "2" });
    });
    serve.akash(web, broken);
    expect(await open({ AKASH_URL: web.url }).talk.read("/compute h100 sxm")).toContain("Akash, providers' bids: $2.58");
    expect(fixtureNow.getUTCFullYear()).toBe(2026);
  });
});
