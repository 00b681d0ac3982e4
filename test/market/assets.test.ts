/** How an asset is recognised in what people type. */
import { describe, expect, it } from "vitest";
import { coinId, findAsset, nearestAssets, outsider, subjectOf, watchList } from "../../src/market/assets.ts";

describe("an asset", () => {
  it.each([
    ["BTC", "bitcoin"],
    [" $akt ", "akash"],
    ["Akash  Network", "akash"],
    ["rndr", "render"],
    ["render-token", "render"],
    ["TAO", "bittensor"],
    ["io.net", "io"],
    ["graph", "the-graph"],
    ["theta-token", "theta"],
    ["HONEY", "hivemapper"],
  ])("is recognised as %s", (typed, id) => expect(findAsset(watchList, typed)?.id).toBe(id));

  it("is not taken for another", () => {
    for (const typed of ["bit", "akash2", "doge", ""]) expect(findAsset(watchList, typed)).toBeNull();
  });

  it.each([
    ["bit", ["bitcoin", "bittensor"]],
    ["arweav", ["arweave"]],
    ["etherium", ["ethereum"]],
    ["filcoin", ["filecoin", "bitcoin"]],
    ["bitcion", ["bitcoin"]],
    ["zzzzzz", []],
  ])("is suggested for %s", (typed, ids) => expect(nearestAssets(watchList, typed).map((a) => a.id)).toEqual(ids));

  it("is suggested before anything is typed", () => expect(nearestAssets(watchList, "")).toHaveLength(19));

  it("goes by one id at each source, and no two share a name", () => {
    const names = watchList.flatMap(({ id, name, ticker, aliases }) => [
      ...new Set([id, name.toLowerCase(), ticker.toLowerCase(), ...aliases]),
    ]);
    expect(new Set(names).size).toBe(names.length);
    for (const { coingecko } of watchList) expect(coingecko).toMatch(coinId);
  });

  it("that is not on the watch list has metrics that are no other's", () => {
    expect(outsider("geodnet")).toMatchObject({ id: "geodnet", name: "geodnet", coinpaprika: null });
    expect(subjectOf("render-token")).toBe("render");
    for (const taken of ["render", "akash", "theta", "sector", "global"]) expect(subjectOf(taken)).toBe(`coingecko-${taken}`);
  });
});
