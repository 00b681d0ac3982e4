/** The whole knowledge base at once: what no single file can show. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createNames, namesOf } from "../../src/knowledge/names.ts";
import { audiences, categories, type Entry } from "../../src/knowledge/types.ts";
import { nameKey } from "../../src/knowledge/words.ts";

let entries: readonly Entry[];
beforeAll(async () => {
  entries = await loadEntries();
});

/** What a phone shows without much scrolling. */
const maxText = 1_100;
/** Prices, shares, dates and counts: they age. Names such as H100, S3 or SHA-256 do not. */
const volatile =
  /[$€£]\s?\d|\d\s?%|\b(?:19|20)\d\d\b|\b\d{1,3}(?:,\d{3})+\b|\b\d+(?:\.\d+)?\s?(?:k|m|bn|thousand|billion|million|trillion|[KMGTPE]i?B)\b/iu;

describe("the whole knowledge base", () => {
  it("links only to what it holds, and to every entry from another one", () => {
    const ids = new Set(entries.map(({ id }) => id));
    expect(entries.flatMap(({ id, related }) => related.filter((other) => !ids.has(other)).map((other) => `${id} → ${other}`))).toEqual([]);
    const linked = new Set(entries.flatMap(({ related }) => related));
    expect([...ids].filter((id) => !linked.has(id))).toEqual([]);
    expect(entries.filter(({ category }) => !categories.includes(category))).toEqual([]);
  });

  it("gives every name to one entry alone", () => {
    const owners = Map.groupBy(
      entries.flatMap((entry) =>
        [...new Set([...namesOf(entry), ...entry.misspellings].map(nameKey))].map((key) => ({ key, id: entry.id })),
      ),
      ({ key }) => key,
    );
    expect([...owners].filter(([, own]) => own.length > 1).map(([key, own]) => `${key}: ${own.map(({ id }) => id)}`)).toEqual([]);
  });

  it("has texts that fit, without numbers that age", () => {
    const wrong = entries.flatMap(({ id, texts }) =>
      audiences.flatMap((audience) => {
        const text = texts[audience];
        const found = volatile.exec(text.replace(/\{\{[^}]*\}\}/g, ""))?.[0];
        return [
          ...(text.length > maxText ? [`${id}, ${audience}: ${text.length} characters`] : []),
          ...(found === undefined ? [] : [`${id}, ${audience}: ${found}`]),
        ];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("has at least four questions for each entry, none of them merely its name, and no question twice", () => {
    const names = createNames(entries);
    expect(entries.filter(({ asks }) => new Set(asks.map(nameKey)).size < 4).map(({ id }) => id)).toEqual([]);
    expect(entries.flatMap(({ id, asks }) => asks.filter((ask) => names.whole(ask) !== null).map((ask) => `${id}: ${ask}`))).toEqual([]);
    const askers = Map.groupBy(
      entries.flatMap(({ id, asks }) => asks.map((ask) => ({ id, key: nameKey(ask) }))),
      ({ key }) => key,
    );
    expect([...askers.values()].filter((own) => own.length > 1)).toEqual([]);
  });

  it("is counted by category in the README (npm run docs)", () => {
    const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
    for (const category of categories) {
      const count = entries.filter((entry) => entry.category === category).length;
      if (count > 0) expect(readme).toContain(`| ${category} | ${count} |`);
    }
  });
});
