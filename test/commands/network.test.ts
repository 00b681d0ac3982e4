/** What a person reads after `/network`, and how seldom the networks are asked for it. */
import { beforeEach, describe, expect, it } from "vitest";
import market from "../../commands/market.ts";
import network from "../../commands/network.ts";
import why from "../../commands/why.ts";
import { DefinitionError, UpstreamError } from "../../src/core/errors.ts";
import { figure } from "../../src/core/figure.ts";
import { textsIn } from "../../src/core/texts.ts";
import { watchList } from "../../src/market/assets.ts";
import { createMarket } from "../../src/market/market.ts";
import { createNetworkViews } from "../../src/market/network-views.ts";
import type { Network, NetworkSource } from "../../src/market/types.ts";
import { MemoryFigures } from "../market/fakes.ts";
import { buttonsOf, createTalk, type Talk } from "../support/talk.ts";

/** A source that says what a test tells it to, each value as it is. */
class FakeNetwork implements NetworkSource {
  readonly freshMs = 30 * 60_000;
  readonly id: string;
  readonly name: string;
  says: Readonly<Record<string, number>>;
  readonly metrics: readonly string[];
  fails: Error | null = null;
  hold: Promise<void> | null = null;
  asked = 0;
  constructor(id: string, name: string, says: Readonly<Record<string, number>>) {
    [this.id, this.name, this.says] = [id, name, says];
    this.metrics = Object.keys(says).map((metric) => `${id}.${metric}`);
  }
  async fetch() {
    this.asked++;
    await this.hold;
    if (this.fails !== null) throw this.fails;
    const common = { observedAt: null, precision: "instant", fetchedAt: now(), state: "live", unit: "count" } as const;
    const source = { name: this.name, url: `https://${this.id}.example` };
    return Object.entries(this.says).map(([metric, value]) =>
      figure({ ...common, metric: `${this.id}.${metric}`, label: `${this.name} ${metric}`, value, raw: String(value), source }),
    );
  }
}

let time: number;
let store: MemoryFigures;
let node: FakeNetwork;
let explorer: FakeNetwork;
let akash: FakeNetwork;
let talk: Talk;
let logged: string[];
const renderNote = textsIn("en").network.notes.render;
const now = () => new Date(time);
const later = (minutes: number) => {
  time += minutes * 60_000;
};
const timeout = () => new UpstreamError("anything", "timeout");
const on = (...sources: readonly FakeNetwork[]): Network["sources"] =>
  sources.map((source) => ({ name: source.name, metrics: source.metrics, source }));
const off = (source: FakeNetwork): Network["sources"][number] => ({ name: source.name, metrics: source.metrics, source: null });

function open(networks: readonly Network[], stop?: AbortSignal) {
  const log = { warn: (_: object, line: string) => void logged.push(line), error: (_: object, line: string) => void logged.push(line) };
  const parts = { store, now, log, ...(stop === undefined ? {} : { stop }) };
  const views = createNetworkViews({ networks, assets: watchList, ...parts });
  talk = createTalk(
    [market, network, why],
    { networks: views, market: createMarket({ sources: [], watched: async () => [], ...parts }) },
    now,
  );
  return views;
}
const all = () => [
  { id: "filecoin", sources: on(node, explorer) },
  { id: "akash", sources: on(akash) },
  { id: "render", sources: [], note: "render" as const },
];

beforeEach(() => {
  time = Date.parse("2026-11-22T12:00:00Z");
  logged = [];
  store = new MemoryFigures();
  node = new FakeNetwork("filecoin", "Node", { providers: 1060, deals: 7 });
  explorer = new FakeNetwork("filecoin", "Explorer", { providers: 1061, deals: 8 });
  akash = new FakeNetwork("akash", "Console", { gpus_active: 126 });
  open(all());
});

describe("/network without a name", () => {
  it("shows all networks at a glance, each with its source, and where there is market data only", async () => {
    const shown = await talk.read("/network");
    expect(shown).toMatch(
      /^Networks\nFilecoin, from Node\nNode providers: 1,060 · .*\nNode deals: 7 · .*\nAkash, from Console\nConsole gpus_active: 126/,
    );
    expect(shown).toContain(`Render\n${renderNote}\n`);
    expect(shown).toContain("Node https://filecoin.example\nConsole https://akash.example\n");
    expect(shown).toContain("[Filecoin] [Akash] [Render]");
    expect(talk.progress).toEqual(["Asking the networks …"]);
  });

  it("shows the others when one fails", async () => {
    akash.fails = timeout();
    const shown = await talk.read("/network");
    expect(shown).toContain("Akash\nConsole did not answer in time.\nNo data: akash.gpus_active.");
    expect(shown).toContain("Node providers: 1,060");
  });

  it("leads to one network by a button", async () => {
    const button = buttonsOf(await talk.ask("/network")).find(({ label }) => label === "Akash");
    if (button === undefined) throw new TypeError("no button for Akash");
    expect(await talk.read(button)).toBe(await talk.read("/network akash"));
  });
});

describe("/network with a name", () => {
  it.each(["Filecoin", "FIL", "$fil", " fil-filecoin "])("knows the network as %s", async (name) => {
    expect(await talk.read(`/network ${name}`)).toMatch(/^Filecoin, the network\nNode providers: 1,060/);
    expect(akash.asked).toBe(0);
  });

  it("explains why Render has market data only, and leads there", async () => {
    const answer = await talk.ask("/network rndr");
    expect(await talk.read("/network rndr")).toBe(`Render, the network\n${renderNote}\n[Render's market] [All networks]`);
    const [button] = buttonsOf(answer);
    if (button === undefined) throw new TypeError("no button");
    expect(await talk.read(button)).toMatch(/^Render \(RENDER\)/);
  });

  it("asks whether another was meant, and asks no source", async () => {
    expect(await talk.read("/network filcoin")).toBe("I follow no network called “filcoin”. Did you mean one of these?\n[Filecoin]");
    expect(await talk.read("/network bitcoin")).toContain("I follow no network called “bitcoin”.");
    expect(await talk.read("/network **pizza**")).toBe(
      "I follow no network called “**pizza**”. I follow these:\n[Filecoin] [Akash] [Render]",
    );
    expect(node.asked + akash.asked).toBe(0);
  });

  it("suggests while a member types", async () => {
    const suggested = async (typed: string) => (await talk.suggest("network", "name", typed)).map(({ label }) => label);
    expect(await suggested("ak")).toEqual(["Akash"]);
    expect(await suggested("")).toEqual(["Filecoin", "Akash", "Render"]);
    expect(await suggested("bit")).toEqual([]);
  });

  it("refuses a name that is too long", async () => {
    expect((await talk.ask(`/network ${"x".repeat(100)}`)).error).toBe("bad_arguments");
  });
});

describe("a network's figures", () => {
  it("have receipts that /why knows, also after a restart and after newer figures came", async () => {
    const receipt = /Node providers.* (\w{8})$/m.exec(await talk.read("/network filecoin"))?.[1] ?? "";
    later(60);
    await talk.read("/network filecoin");
    for (const _ of ["before", "after"]) {
      expect(await talk.read(`/why ${receipt}`)).toMatch(
        /^Node providers: 1,060\nSource: Node\nAs the source wrote it: 1060[\s\S]*1 h ago/,
      );
      open(all());
    }
  });

  it("are of the second source when the first fails, which is said", async () => {
    node.fails = timeout();
    expect(await talk.read("/network filecoin")).toContain(
      "Node did not answer in time. These figures are from Explorer.\nExplorer providers: 1,061",
    );
  });

  it("that a source leaves out are shown as they were last known, apart and with their age", async () => {
    await talk.read("/network filecoin");
    later(60);
    node.fails = timeout();
    explorer.says = { providers: 1061 };
    expect(await talk.read("/network filecoin")).toMatch(
      /Explorer providers: 1,061 · 22 Nov 2026, 13:00 UTC · \w{8}\nNot live. From Node, 1 h ago:\nNode deals: 7 · 22 Nov 2026, 12:00 UTC, 1 h old · /,
    );
  });

  it("are the stored ones after a restart without a network", async () => {
    await talk.read("/network");
    later(24 * 60 * 3);
    for (const source of [node, explorer, akash]) source.fails = timeout();
    open(all());
    const shown = await talk.read("/network");
    expect(shown).toContain(
      "Filecoin\nNode did not answer in time, and Explorer did not answer in time.\nNot live. From Node, 3 days ago:\nNode providers: 1,060",
    );
    expect(shown).toContain("Console gpus_active: 126 · 22 Nov 2026, 12:00 UTC, 3 days old");
    expect(shown).not.toContain("No data");
  });

  it("are still shown when they cannot be stored, and when the store cannot be read", async () => {
    store.broken = true;
    expect(await talk.read("/network akash")).toContain("Console gpus_active: 126");
    expect(logged).toContain("live figures could not be stored");
    later(60);
    akash.fails = timeout();
    expect(await talk.read("/network akash")).toContain("Not live. From Console, 1 h ago:\nConsole gpus_active: 126");
    expect(logged).toContain("stored figures could not be read");
  });

  it("that were stored are shown while their source is turned off, which is said", async () => {
    await talk.read("/network akash");
    later(60);
    open([{ id: "akash", sources: [off(akash)] }]);
    expect(await talk.read("/network akash")).toContain(
      "Its sources are turned off.\nNot live. From Console, 1 h ago:\nConsole gpus_active: 126",
    );
  });
});

describe("asking a network", () => {
  it("happens once for all members who ask at the same time, and not again while the answer is fresh", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => talk.read(i % 2 === 0 ? "/network" : "/network akash")));
    later(29);
    await talk.read("/network akash");
    expect([node.asked, akash.asked, explorer.asked]).toEqual([1, 1, 0]);
    later(2);
    await talk.read("/network akash");
    expect([node.asked, akash.asked]).toEqual([1, 2]);
  });

  it("rests after a failure, tries once, and rests again", async () => {
    akash.fails = new UpstreamError("Console", "rate_limited", { retryAfterMs: 60_000 });
    const said: number[] = [];
    for (const seconds of [0, 30, 31, 1, 58, 2]) {
      time += seconds * 1000;
      expect(await talk.read("/network akash")).toContain("Console asked me to come back later.");
      said.push(akash.asked);
    }
    expect(said).toEqual([1, 1, 2, 2, 2, 3]);
    later(2);
    akash.fails = null;
    expect(await talk.read("/network akash")).toContain("Console gpus_active: 126");
  });

  it("survives a source with a bug, and one that says nothing", async () => {
    akash.fails = new TypeError("planted");
    expect(await talk.read("/network akash")).toContain("Console failed in a way I did not expect.");
    node.says = {};
    explorer.says = {};
    expect(await talk.read("/network filecoin")).toContain("Node sent nothing I could use, and Explorer sent nothing I could use.");
  });

  it("goes on for the others when one member gives up, and ends when the program stops", async () => {
    const { promise, resolve: letGo } = Promise.withResolvers<void>();
    akash.hold = promise;
    const stop = new AbortController();
    const views = open(all(), stop.signal);
    const impatient = new AbortController();
    const [gaveUp, patient] = [views.views(impatient.signal, "akash"), views.views(new AbortController().signal, "akash")];
    impatient.abort(new Error("enough"));
    await expect(gaveUp).rejects.toThrow("enough");
    letGo();
    expect((await patient)[0]).toMatchObject({ troubles: [], figures: [{ state: "live" }] });
    node.hold = new Promise(() => undefined);
    const last = views.views(new AbortController().signal, "filecoin");
    stop.abort();
    expect((await last)[0]).toMatchObject({ troubles: ["Node", "Explorer"].map((source) => ({ source, kind: "timeout" })) });
  });

  it("is refused at the start for a network that is no asset", () => {
    expect(() => open([{ id: "dogecoin", sources: [] }])).toThrow(DefinitionError);
  });
});
