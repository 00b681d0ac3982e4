/** How an asset is recognised in what people type. */
import { describe, expect, it } from "vitest";
import { findAsset, nearestAssets, watchList } from "../../src/market/assets.ts";

describe("an asset", () => {
  it.each([
    ["BTC", "bitcoin"],
    [" $akt ", "akash"],
    ["Akash  Network", "akash"],
    ["rndr", "render"],
    ["render-token", "render"],
    ["TAO", "bittensor"],
  ])("is recognised as %s", (typed, id) => expect(findAsset(watchList, typed)?.id).toBe(id));

  it("is not taken for another", () => {
    for (const typed of ["bit", "akash2", "doge", ""]) expect(findAsset(watchList, typed)).toBeNull();
  });

  it.each([
    ["bit", ["bitcoin", "bittensor"]],
    ["arweav", ["arweave"]],
    ["etherium", ["ethereum"]],
    ["filcoin", ["filecoin"]],
    ["zzzzzz", []],
  ])("is suggested for %s", (typed, ids) => expect(nearestAssets(watchList, typed).map((a) => a.id)).toEqual(ids));

  it("is suggested before anything is typed", () => expect(nearestAssets(watchList, "")).toHaveLength(8));
});
