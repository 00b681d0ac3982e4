import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readParams } from "../../src/core/params.ts";
import { parseTextArgs } from "../../src/core/text-args.ts";

const explain = readParams(
  z.object({ term: z.string().max(100).describe("Term"), for: z.enum(["newcomer", "investor"]).optional().describe("Audience") }),
).params;

describe("text arguments", () => {
  it("the last free text takes the rest of the line", () => {
    expect(parseTextArgs(explain, "proof of  coverage").values).toEqual({ term: "proof of  coverage" });
  });
  it("a named argument counts anywhere and leaves the text whole", () => {
    expect(parseTextArgs(explain, "proof for=investor of coverage").values).toEqual({ term: "proof of coverage", for: "investor" });
  });
});
