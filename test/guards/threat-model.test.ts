/** Documents that say of each row which tests hold it: the tests are there. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");

/** Each file that is named, with the titles that follow it up to the next file or the end of the line. */
const namedIn = (document: string) =>
  [...document.matchAll(/`(test\/[\w./-]+\.ts)`([^`\n]*)/g)].map((found) => ({
    file: found[1] ?? "",
    titles: [...(found[2] ?? "").matchAll(/“([^”]+)”/g)].map((title) => title[1] ?? ""),
  }));

/** Whether a test or a table's row is called so; “…” stands for what a template fills in. */
function isThere(title: string, source: string): boolean {
  if (source.includes(`"${title}"`)) return true;
  const pieces = title.split("…").map((piece) => RegExp.escape(piece));
  return pieces.length > 1 && new RegExp(`\`${pieces.join("\\$\\{[^}`]+\\}")}\``).test(source);
}

it.each(["docs/threat-model.md", "docs/faults.md"])("the tests that %s names are there, by file and title", (file) => {
  const document = read(file);
  const named = namedIn(document);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((one) => !existsSync(join(root, one.file)))).toEqual([]);
  const missing = named.flatMap((one) => {
    const source = read(one.file);
    return one.titles.filter((title) => !isThere(title, source)).map((title) => `${one.file}: ${title}`);
  });
  expect(missing).toEqual([]);
  // Every row ends with what holds it.
  const rows = document.split("\n").filter((line) => line.startsWith("| ") && !/^\| (?:who|fault|---) \|/.test(line));
  expect(rows.filter((row) => !/`test\/[^`]+`[^|]*\|$/.test(row))).toEqual([]);
});
