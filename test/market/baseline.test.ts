/** The bundled figures of August 2024, as a person reads them. */
import { describe, expect, it } from "vitest";
import { formatFigure, formatFreshness } from "../../src/core/figure.ts";
import { baseline } from "../../src/market/baseline.ts";

describe("the snapshot of August 2024", () => {
  it("says what was known, as exactly as it was known", () => {
    expect(baseline.map((f) => `${f.label}: ${formatFigure(f)}, ${formatFreshness(f, new Date())}`)).toEqual([
      "DePIN sector market cap: about $19 billion, August 2024",
      "Bitcoin price: $59,493, August 2024",
      "Ethereum price: $2,637, August 2024",
      "Render market cap: about $1.8 billion, August 2024",
      "Bittensor market cap: about $2.1 billion, August 2024",
      "Filecoin market cap: about $2 billion, August 2024",
      "Filecoin raw capacity: 22.754 EiB, August 2024",
      "Helium hotspots onboarded: at least 1,000,000, August 2024",
    ]);
  });

  it("keeps its receipts from release to release", () => {
    expect(baseline.map((f) => f.id)).toMatchInlineSnapshot(`
      [
        "4psnt9im",
        "tbcj4exz",
        "fy2vxbma",
        "w8h2t9p8",
        "6pd7dddg",
        "ryyds7zb",
        "vh4npiy5",
        "bmafe2wm",
      ]
    `);
  });
});
