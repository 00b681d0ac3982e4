/** The networks as the whole program knows them: asked, stored in a real database, shown at every door, and checked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixtureNow } from "../contracts/price-sources.ts";
import { serve } from "../market/network-fixtures.ts";
import { postgresUrl } from "../support/database.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { freshFolder, runProgram } from "../support/program.ts";

/** One server for each network: the program keeps requests to one host apart. */
let webs: Readonly<Record<"filecoin" | "akash" | "helium" | "bittensor" | "arweave", FakeWeb>>;
let addresses: Readonly<Record<string, string>>;
beforeAll(async () => {
  const [filecoin, akash, helium, bittensor, arweave] = await Promise.all([
    startFakeWeb(),
    startFakeWeb(),
    startFakeWeb(),
    startFakeWeb(),
    startFakeWeb(),
  ]);
  webs = { filecoin, akash, helium, bittensor, arweave };
  addresses = {
    FILECOIN_RPC_URL: `${filecoin.url}/rpc/v1`,
    FILFOX_URL: `${filecoin.url}/api/v1`,
    AKASH_URL: akash.url,
    HELIUM_URL: helium.url,
    BITTENSOR_RPC_URL: bittensor.url,
    ARWEAVE_URL: arweave.url,
  };
});
afterAll(() => Promise.all(Object.values(webs).map((web) => web.close())));

function serveAll(): void {
  for (const web of Object.values(webs)) web.reset();
  serve.filecoinNode(webs.filecoin);
  serve.filfox(webs.filecoin);
  serve.akash(webs.akash);
  serve.helium(webs.helium);
  serve.bittensor(webs.bittensor);
  serve.arweave(webs.arweave);
}

describe.each([
  ["PGlite", async () => ({})],
  ["PostgreSQL", async () => ({ DATABASE_URL: await postgresUrl(), MEMBER_KEY: "k".repeat(32) })],
])("the networks on %s", (_, settings) => {
  let doors: Doors;
  let time = fixtureNow.getTime();
  beforeAll(async () => {
    serveAll();
    doors = await openDoors({ ...addresses, ...(await settings()) }, () => new Date(time));
  });
  afterAll(() => doors.close());

  const values = ["2.148 EiB", "1,060", "126", "$8,752", "1,034,741", "39,417", "129", "10,512,346 TAO", "329.514 PiB", "0.0000312 AR"];

  it.each(["console", "discord", "telegram"] as const)("are shown on %s, with receipts that /why knows", async (door) => {
    const ann = doors.speakers[door]("Ann");
    const shown = (await ann.says("/network")).text;
    for (const value of values) expect(shown).toContain(value);
    const one = (await ann.says("/network arweave")).text;
    const receipt = /0\.0000312 AR[\s\S]*?([a-z2-9]{8})/.exec(one)?.[1];
    expect((await ann.says(`/why ${receipt}`)).text).toMatch(/31205630[\s\S]*arweave\.storage_price/);
    expect(webs.arweave.seen.filter(({ path }) => path === "/info")).toHaveLength(1);
  });

  it("are in /status, and in the text of an entry that names them", async () => {
    const ann = doors.speakers.console("Ann");
    expect((await ann.says("/status")).text).toMatch(/Filecoin node +last answer less than a minute ago/);
    time += 2 * 60_000;
    expect((await ann.says("/explain filecoin for=investor")).text).toContain("2.148 EiB");
  });

  it("come back from the database, stale, when nothing answers any more", async () => {
    time += 5 * 3_600_000;
    for (const web of Object.values(webs)) {
      web.reset();
      web.answer("/", { status: 404, body: "" });
    }
    const shown = (await doors.speakers.console("Ann").says("/network")).text;
    for (const value of values) expect(shown).toContain(value);
    expect(shown).toContain("Bittensor node did not find what I asked for.");
    expect(shown).toContain("Not live. From Bittensor node, 5 h ago:");
    const { figures } = doors.app.storage;
    expect((await figures.latest()).map(({ unit }) => unit)).toEqual(expect.arrayContaining(["eib", "bytes", "tao", "ar", "usd", "count"]));
  });
});

describe("--check", () => {
  it("has a row for each source of a network", async () => {
    serveAll();
    webs.akash.answer("/v1/dashboard-data", { status: 500, body: "" });
    webs.helium.reset();
    const off = { FILFOX_URL: "", ARWEAVE_URL: "http://127.0.0.1:1" };
    const { code, out } = await runProgram(["--check"], { ...addresses, ...off, DATA_DIR: await freshFolder() });
    expect(out).toMatch(/^Filecoin node +yes +right .* 3 of 3 figures$/m);
    expect(out).toMatch(/^Filfox +off .* turned off by its empty address$/m);
    expect(out).toMatch(/^Akash Console +yes +right .* 2 of 4 figures$/m);
    expect(out).toMatch(/^Helium metadata service +yes .* not found$/m);
    expect(out).toMatch(/^Bittensor node +yes +right .* 3 of 3 figures$/m);
    expect(out).toMatch(/^Arweave gateway +no .* unreachable$/m);
    expect(code).toBe(1);
  });
});
