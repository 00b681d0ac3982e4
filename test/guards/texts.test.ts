/** Holds what people read in one catalogue, as far as it has come there: in these files no sentence stands beside it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { languageNames, languages, textsIn } from "../../src/core/texts.ts";

const root = join(import.meta.dirname, "../..");
/** Whoever moves the texts of another file adds it here. */
const moved = [
  "src/core/dispatch.ts",
  "src/core/bounded.ts",
  "src/digest/body.ts",
  "src/digest/own.ts",
  "src/digest/digests.ts",
  "commands/help.ts",
  "commands/start.ts",
];

/** What is for developers and operators stays where it is, and so do a command's own name and arguments, which Discord is told in English. */
const forOthers = /\b(?:log\.\w+|TypeError|summary:|examples:|describe\()/;

function sentencesIn(file: string): readonly string[] {
  const code = readFileSync(join(root, file), "utf8").replaceAll(/\/\*[\s\S]*?\*\/|(?<![:"'`])\/\/.*$/gm, "");
  return code
    .split("\n")
    .filter((line) => !forOthers.test(line))
    .flatMap((line) => line.match(/"[^"]*"|`[^`]*`/g) ?? [])
    .filter((literal) => /\p{L}{2,} \p{L}{2,}/u.test(literal.replaceAll(/\$\{[^}]*\}/g, "")));
}

function linesOf(texts: object): readonly unknown[] {
  return Object.values(texts).flatMap((line: unknown) => (typeof line === "object" && line !== null ? linesOf(line) : [line]));
}

describe("the bot's own texts", () => {
  it.each(moved)("of %s stand in the catalogue alone", (file) => {
    expect(sentencesIn(file)).toEqual([]);
  });

  it("are found where they stand beside it", () => {
    expect(sentencesIn("src/compute/gpus.ts").join()).toContain("Quadro RTX");
  });

  it.each(languages)("are whole in %s", (language) => {
    expect(languageNames[language]).toMatch(/\p{L}/u);
    for (const line of linesOf(textsIn(language))) expect(typeof line === "function" || /\p{L}/u.test(String(line))).toBe(true);
  });
});
