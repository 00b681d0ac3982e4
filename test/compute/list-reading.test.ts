/** Long lists of prices are read in a thread: to the same quotes, the same errors, and no longer than whoever waits. */
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { type PriceList, readHere, readList } from "../../src/compute/list-reading.ts";
import { fixture } from "./source-fixtures.ts";

const patient = AbortSignal.timeout(60_000);
const known = JSON.parse(fixture("vast-bundles.json"));
const offers = Array.from({ length: 1000 }, (_, n) => ({ ...known.offers[n % known.offers.length], id: n, host_id: n % 90 }));
const vast = (text: string): PriceList => ({ kind: "vast", bytes: strToU8(text) });
/** Stored and not packed, so that it is long. */
const catalogue = (name: string, rows: number): PriceList => {
  const [head, ...lines] = fixture("gpuhunt-aws.csv").trim().split("\n");
  const csv = [head, ...Array.from({ length: rows }, (_, n) => lines[n % lines.length])].join("\n");
  return { kind: "gpuhunt", bytes: zipSync({ [name]: strToU8(csv) }, { level: 0 }), cloud: "aws" };
};

describe("a long list of prices", () => {
  it.each([
    ["of Vast.ai", vast(JSON.stringify({ offers }))],
    ["of the catalogue", catalogue("aws.csv", 2000)],
  ])("%s is read in its thread as it is here", async (_, list) => {
    expect(list.bytes.length).toBeGreaterThan(64_000);
    const read = await readList(list, patient);
    expect(read).toEqual(await readHere(list));
    expect(read.quotes.length).toBeGreaterThan(2);
  });

  it.each([
    ["that is no JSON", vast(`{"offers":[${"1,".repeat(50_000)}`), { service: "Vast.ai", kind: "bad_shape", message: /broken JSON/ }],
    [
      "of something else",
      vast(JSON.stringify({ others: "x".repeat(80_000) })),
      { kind: "bad_shape", message: /unexpected content at offers/ },
    ],
    [
      "in a broken archive",
      { kind: "gpuhunt", bytes: new Uint8Array(80_000), cloud: "aws" } as const,
      { kind: "bad_shape", message: /a broken archive/ },
    ],
    ["that is not in its archive", catalogue("gcp.csv", 2000), { service: "gpuhunt catalogue", message: /the list is not in its archive/ }],
  ])("%s fails in its thread as it does here", async (_, list, { message, ...error }) => {
    const failure = await readList(list, patient).catch((caught: unknown) => caught);
    expect(failure).toMatchObject({ name: "UpstreamError", ...error });
    expect(String(failure)).toMatch(message);
    expect(String(failure)).toBe(String(await readHere(list).catch((caught: unknown) => caught)));
  });

  it("is given up with whoever asked, as a timeout", async () => {
    const list = catalogue("aws.csv", 2000);
    expect(await readList(list, AbortSignal.abort()).catch((caught: unknown) => caught)).toMatchObject({
      name: "UpstreamError",
      kind: "timeout",
    });
    const asked = new AbortController();
    const reading = readList(list, asked.signal).catch((caught: unknown) => caught);
    asked.abort();
    expect(await reading).toMatchObject({ name: "UpstreamError", kind: "timeout" });
  });
});
