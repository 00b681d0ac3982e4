import { describe, expect, it } from "vitest";
import { envExample, readText, renewReadme } from "../support/generated-docs.ts";

describe("the documents", () => {
  it(".env.example says what the schema says (npm run docs)", () => {
    expect(readText(".env.example")).toBe(envExample());
  });
  it("the README's tables say what the schemas and the commands say (npm run docs)", () => {
    const readme = readText("README.md");
    expect(readme).toBe(renewReadme(readme));
    for (const name of ["environment", "commands"]) expect(readme).toContain(`<!-- generated: ${name} -->`);
  });
  it("every path that the README names exists", async () => {
    const { existsSync } = await import("node:fs");
    const paths = [...readText("README.md").matchAll(/`((?:src|commands|prisma|prompts|test|bench)\/[\w./-]*)`/g)].map((m) => m[1] ?? "");
    expect(paths.filter((path) => !existsSync(new URL(`../../${path}`, import.meta.url)))).toEqual([]);
    expect(paths.length).toBeGreaterThan(5);
  });
});
