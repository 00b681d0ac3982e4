/** GPU prices as the whole program knows them: asked, stored in a real database, shown at every door and in the digest, and checked. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../compute/source-fixtures.ts";
import { fixtureNow } from "../contracts/price-sources.ts";
import { postgresUrl } from "../support/database.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { freshFolder, runProgram } from "../support/program.ts";

/** One server for each: the program keeps requests to one host apart. */
let webs: Readonly<Record<"akash" | "nosana" | "azure" | "gpuhunt", FakeWeb>>;
let addresses: Readonly<Record<string, string>>;
beforeAll(async () => {
  const [akash, nosana, azure, gpuhunt] = await Promise.all([startFakeWeb(), startFakeWeb(), startFakeWeb(), startFakeWeb()]);
  webs = { akash, nosana, azure, gpuhunt };
  addresses = {
    AKASH_URL: akash.url,
    NOSANA_URL: nosana.url,
    AZURE_PRICES_URL: `${azure.url}/prices`,
    GPUHUNT_URL: `${gpuhunt.url}/v3`,
  };
});
afterAll(() => Promise.all(Object.values(webs).map((web) => web.close())));

function serveAll(): void {
  for (const web of Object.values(webs)) web.reset();
  serve.akash(webs.akash);
  serve.nosana(webs.nosana);
  serve.azure(webs.azure);
  serve.gpuhunt(webs.gpuhunt);
}

describe.each([
  ["PGlite", async () => ({})],
  ["PostgreSQL", async () => ({ DATABASE_URL: await postgresUrl(), MEMBER_KEY: "k".repeat(32) })],
])("GPU prices on %s", (_, settings) => {
  let doors: Doors;
  let time = fixtureNow.getTime();
  beforeAll(async () => {
    serveAll();
    doors = await openDoors({ ...addresses, ...(await settings()) }, () => new Date(time));
  });
  afterAll(() => doors.close());

  it.each(["console", "discord", "telegram"] as const)("are shown on %s, with receipts that /why knows", async (door) => {
    const ann = doors.speakers[door]("Ann");
    const shown = (await ann.says("/compute gpu=h100")).text;
    for (const value of ["$2.04", "70 % less", "$2.58", "$13.75", "$6.88"]) expect(shown).toContain(value);
    const [, receipt] = /Akash[^\n]*bids[\s\S]*?([a-km-np-z2-9]{8})/.exec(shown) ?? [];
    expect((await ann.says(`/why ${receipt}`)).text).toMatch(/2\.58 \(median\)[\s\S]*compute\.h100_sxm_80\.akash\.price/);
    const job = await ann.says("/compute gpu=h100 hours=100 gpus=8");
    expect(job.text).toContain("$1,795");
    expect((await ann.presses("Idle: none")).text).toContain("$1,632");
    expect(webs.akash.seen.filter(({ path }) => path === "/v1/gpu-prices")).toHaveLength(1);
  });

  it("are in the digest, with the week before, and in /status", async () => {
    const ann = doors.speakers.console("Ann");
    expect((await ann.says("/digest")).text).toMatch(
      /GPU-hours on networks against clouds' lists[\s\S]*the middle one: 29\.4 %\s[\s\S]*H100 SXM 80 GB \$2\.04 against \$6\.88: 29\.7 %[\s\S]*gpuhunt catalogue: 17 May 2026/,
    );
    time += 7 * 24 * 3_600_000;
    expect((await ann.says("/digest")).text).toMatch(/H100 SXM 80 GB \$2\.04 against \$6\.88: 29\.7 %\s+\(a week ago\s+29\.7 %\)/);
    expect((await ann.says("/status")).text).toMatch(/Nosana +last answer less than a minute ago/);
  });

  it("stand beside what is believed of compute pricing", async () => {
    expect((await doors.speakers.console("Ann").says("/sentiment compute-pricing")).text).toMatch(
      /Measured, beside what is believed \(Depinion, from 2 GPU classes\):\s+GPU-hours on networks over clouds' lists, same GPU[\s\S]*29\.4 %/,
    );
  });

  it("come back from the database, with their age, when nothing answers any more", async () => {
    time += 7 * 3_600_000;
    for (const web of Object.values(webs)) {
      web.reset();
      web.answer("/", { status: 404, body: "" });
    }
    const shown = (await doors.speakers.console("Ann").says("/compute gpu=h100")).text;
    expect(shown).toContain("Akash GPU prices did not find what I asked for.");
    expect(shown).toMatch(/\$2\.58[\s\S]*not live: 25 May 2026, 13:00 UTC, 7 h old/);
  });
});

describe("--check", () => {
  it("has a row for each source of GPU prices", async () => {
    serveAll();
    webs.nosana.reset();
    const { code, out } = await runProgram(["--check"], {
      ...addresses,
      GPUHUNT_URL: "",
      AZURE_PRICES_URL: "http://127.0.0.1:1",
      DATA_DIR: await freshFolder(),
    });
    expect(out).toMatch(/^Akash GPU prices +yes +right .* 3 prices of GPU classes$/m);
    expect(out).toMatch(/^Nosana +yes .* not found$/m);
    expect(out).toMatch(/^Azure Retail Prices +no .* unreachable$/m);
    expect(out).toMatch(/^gpuhunt catalogue +off .* turned off by its empty address$/m);
    expect(out).toMatch(/^Vast\.ai +off /m);
    expect(out).toMatch(/^RunPod +off /m);
    expect(code).toBe(1);
  });
});
