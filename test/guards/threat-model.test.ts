import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const model = readFileSync(join(root, "docs/threat-model.md"), "utf8");

/** Each file that is named, with the titles that follow it up to the next file or the end of the line. */
const named = [...model.matchAll(/`(test\/[\w./-]+\.ts)`([^`\n]*)/g)].map((found) => ({
  file: found[1] ?? "",
  titles: [...(found[2] ?? "").matchAll(/“([^”]+)”/g)].map((title) => title[1] ?? ""),
}));

it("the tests that the threat model names are there, by file and title", () => {
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
  const missing = named.flatMap(({ file, titles }) => {
    const source = readFileSync(join(root, file), "utf8");
    return titles.filter((title) => !source.includes(`"${title}"`)).map((title) => `${file}: ${title}`);
  });
  expect(missing).toEqual([]);
  // Every row ends with what holds it.
  const rows = model.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:who|---) \|/.test(line));
  expect(rows.filter((row) => !/`test\/[^`]+`[^|]*\|$/.test(row))).toEqual([]);
});
