/** How well names in price lists are told apart, on real ones: one half was there while the matcher was written, the other was not looked at. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gpus, gpusMeant, nearestGpus } from "../../src/compute/gpus.ts";
import { azureNames, matchSku, type Sku } from "../../src/compute/match-sku.ts";

interface Row {
  readonly line: string;
  readonly sku: Sku;
  readonly expected: string;
}

const rowsOf = (file: string): readonly Row[] =>
  readFileSync(new URL(`../fixtures/compute/${file}`, import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [seller = "", name = "", model = "", memory = "", form = "", count = "", expected = ""] = line.split("\t");
      const sku = {
        seller,
        name,
        ...(model === "" ? {} : { model }),
        ...(memory === "" ? {} : { memoryGb: Number(memory) }),
        ...(form === "" ? {} : { form }),
        ...(count === "" ? {} : { gpus: Number(count) }),
      };
      return { line, sku, expected };
    });
const rows = rowsOf("skus.tsv");
/** Collected after the matcher was written, and never used to change it. */
const unseen = rowsOf("skus-unseen.tsv");

/** Half of the names by the parity of their hash, so that nobody chose which. */
const isHeldOut = ({ line }: Row): boolean => createHash("sha256").update(line).digest().readUInt8(0) % 2 === 1;
const halves = { development: rows.filter((row) => !isHeldOut(row)), "held-out": rows.filter(isHeldOut) };

const answer = ({ sku }: Row): string => {
  const matched = matchSku(sku);
  return matched === null ? "none" : `${matched.gpu.id} ${matched.gpus}`;
};
const wrongIn = (half: readonly Row[]) => half.filter((row) => answer(row) !== row.expected);

describe("names in price lists", () => {
  it("are at least 150 real ones, in two halves", () => {
    expect(rows.length).toBeGreaterThanOrEqual(150);
    expect(new Set(rows.map(({ line }) => line)).size).toBe(rows.length);
    for (const half of Object.values(halves)) expect(half.length).toBeGreaterThan(100);
  });

  it.each(["development", "held-out"] as const)("are told apart in the %s half", (half) => {
    expect(wrongIn(halves[half]).map((row) => `${row.line} → ${answer(row)}`)).toEqual([]);
  });

  it("that came later are told apart but for one in sixty, and none of them is taken for another class", () => {
    expect(unseen.length).toBeGreaterThanOrEqual(60);
    expect(wrongIn(unseen).length / unseen.length).toBeLessThanOrEqual(1 / 60);
    expect(wrongIn(unseen).filter((row) => answer(row) !== "none")).toEqual([]);
  });

  it("never name another class than the right one, whatever they are told apart by", () => {
    // What is not certain is nothing: a wrong class would compare two different things.
    expect(rows.filter((row) => answer(row) !== "none" && answer(row) !== row.expected)).toEqual([]);
  });

  it("of Azure are asked for only where they are known", () => {
    expect(azureNames.filter((name) => matchSku({ seller: "azure", name }) === null)).toEqual([]);
  });

  it("with another memory, form or number of GPUs are another thing", () => {
    const sold = fc.constantFrom(...rows.filter(({ sku, expected }) => sku.memoryGb !== undefined && expected !== "none"));
    fc.assert(
      fc.property(sold, fc.double({ min: 0.2, max: 3, noNaN: true }), ({ sku, expected }, factor) => {
        const memoryGb = (sku.memoryGb ?? 0) * factor;
        const matched = matchSku({ ...sku, memoryGb });
        if (matched === null) return;
        expect(Math.abs(matched.gpu.memoryGb - memoryGb) / matched.gpu.memoryGb).toBeLessThanOrEqual(0.07);
        if (Math.abs(factor - 1) > 0.2) expect(matched.gpu.id).not.toBe(expected.split(" ")[0]);
      }),
    );
    for (const gpu of gpus.filter(({ form }) => form !== null))
      for (const form of ["SXM5", "PCIe", "NVL", "OAM"]) {
        const matched = matchSku({ seller: "akash", name: gpu.model, memoryGb: gpu.memoryGb, form });
        if (matched !== null) expect(form.toLowerCase()).toContain(matched.gpu.form);
      }
    for (const count of [0, 0.5, -1, Number.NaN])
      expect(matchSku({ seller: "vast", name: "RTX 4090", memoryGb: 24, gpus: count })).toBeNull();
  });

  it("never stop the program, whatever they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.option(fc.double()), fc.option(fc.string()), (name, memoryGb, form) => {
        for (const seller of ["akash", "azure", "aws", "vast"])
          matchSku({ seller, name, ...(memoryGb === null ? {} : { memoryGb }), ...(form === null ? {} : { form }) });
        gpusMeant(name);
        nearestGpus(name);
      }),
    );
  });
});

describe("a GPU that a member types", () => {
  it.each([
    ["h100", "H100 SXM 80 GB"],
    ["H100 pcie", "H100 PCIe 80 GB"],
    ["h100-nvl", "H100 NVL 94 GB"],
    ["a100 40gb", "A100 SXM 40 GB"],
    ["A100 80GB PCIe", "A100 PCIe 80 GB"],
    ["4090", "RTX 4090 24 GB"],
    ["rtx4090", "RTX 4090 24 GB"],
    ["NVIDIA GeForce RTX 3090", "RTX 3090 24 GB"],
    ["a6000", "RTX A6000 48 GB"],
    ["l40s", "L40S 48 GB"],
    ["h100_sxm_80", "H100 SXM 80 GB"],
  ])("%s is the %s", (typed, name) => {
    expect(gpusMeant(typed)[0]?.name).toBe(name);
  });

  it.each(["", "gpu", "zx81", "rtx", "h", "80", "h100 512gb"])("“%s” is none", (typed) => {
    expect(gpusMeant(typed)).toEqual([]);
  });

  it("is found by its own name and id, and with a slip it is among the nearest", () => {
    for (const gpu of gpus) {
      expect(gpusMeant(gpu.name).map(({ id }) => id)).toContain(gpu.id);
      expect(gpusMeant(gpu.id)).toEqual([gpu]);
    }
    expect(nearestGpus("h10")[0]?.model).toBe("H100");
    expect(nearestGpus("rtx 409")[0]?.model).toBe("RTX 4090");
    expect(nearestGpus("L4OS").map(({ model }) => model)).toContain("L40S");
    expect(nearestGpus("")).toEqual(gpus);
    expect(new Set(gpus.map(({ id }) => id)).size).toBe(gpus.length);
  });
});
