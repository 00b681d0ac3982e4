/** Holds what people read in one catalogue: where answers are made, no sentence stands in the code. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAst } from "vitest/node";
import { z } from "zod";
import { languageNames, languages, type Texts, textsIn } from "../../src/core/texts.ts";

const root = join(import.meta.dirname, "../..");

/** Wherever answers, posts and suggestions are made. Storage, libraries and the start of the program speak to the operator, in English. */
const places = [
  "commands/*.ts",
  "src/{answers,communities,compute,core,digest,forecasts,knowledge,ledger,market,members,opinions,groups,platforms,polls,reading,schedule,topics}/**/*.ts",
  "src/app/{content,illustrate,news,status}.ts",
];
const catalogue = "src/core/english/";

/** What is no sentence for people, and why. */
const content: readonly (readonly [start: string, why: string])[] = [
  ["src/topics/topics.ts", "the topics that the bot comes with are content, as entries are"],
  ["src/knowledge/everyday.ts", "questions that are none of ours, to tell others from"],
  ["src/reading/agreement.ts", "what is read in people's words"],
  ["src/answers/refuse.ts", "what is read in people's words"],
  ["src/schedule/zone-names.ts", "what is read in people's words"],
  ["src/market/", "names of assets, sources and figures, which are stored with them"],
  ["src/compute/", "names of GPUs, sources and figures, which are stored with them"],
  ["src/forecasts/metrics.ts", "what is read in people's words"],
  ["src/forecasts/read-question.ts", "what is read in people's words"],
  ["src/groups/group-names.ts", "why a model's name was thrown away: for the log; and words that a name may have"],
  ["src/groups/run-grouping.ts", "what a thread does, for its error"],
  ["src/opinions/community-export.ts", "a file for programs, with English keys"],
  ["src/members/privacy.ts", "a file for programs, with English keys"],
  ["src/communities/communities.ts", "the history of settings is stored in English words: see `kept`"],
  ["src/schedule/deliver.ts", "why a delivery was refused is stored, beside what the platform said"],
  ["src/schedule/queue.ts", "SQL"],
  ["src/core/figure.ts", "how numbers, times and ages are written: in English so far, in every language"],
  ["src/core/amounts.ts", "how numbers, times and ages are written: in English so far, in every language"],
  ["src/core/chart.ts", "how numbers are written: in English so far, in every language"],
  ["src/knowledge/slots.ts", "how numbers are written: in English so far, in every language"],
  ["src/knowledge/load.ts", "mistakes of whoever writes an entry"],
  ["src/knowledge/ranking.ts", "names of measurements, for whoever works on the search"],
  ["src/core/claims.ts", "why a model's sentence was thrown away: for the log"],
  ["src/core/command.ts", "mistakes of whoever defines a command"],
  ["src/core/params.ts", "mistakes of whoever defines a command"],
  ["src/platforms/discord/", "errors of the service, for the operator"],
  ["src/platforms/telegram/", "errors of the service, for the operator"],
  ["src/answers/check.ts", "why a model's sentence was thrown away: for the log"],
  ["src/answers/translation.ts", "why a translation was thrown away: for the log"],
  ["src/answers/slots.ts", "stands inside an English sentence that was held against English evidence"],
];

/** Developers and operators are told these. */
const told = /\blog(?:\.\w+|\[[\s\S]*\])$|^(?:report|reject)$/;
const errors = /^(?:Type|Range|Syntax|Operator|Definition|Upstream)?Error$|^InteractionLost$|^AggregateError$/;
/** A command's own definition, which Discord and Telegram are told before anybody's language is known. */
const definition = /^(?:summary|examples|messageMenu|args)$/;

type Node = { readonly type: string } & Readonly<Record<string, unknown>>;
const isNode = (tree: unknown): tree is Node =>
  typeof tree === "object" && tree !== null && "type" in tree && typeof tree.type === "string";

const source = (tree: unknown, code: string): string => {
  const found = z.object({ start: z.number(), end: z.number() }).safeParse(tree);
  return found.success ? code.slice(found.data.start, found.data.end) : "";
};

/** The words of a literal; what is filled in counts as none. */
function wordsOf(tree: Node): string | null {
  if (tree.type === "Literal") return typeof tree.value === "string" ? tree.value : null;
  if (tree.type !== "TemplateLiteral") return null;
  const quasis = z.array(z.object({ value: z.object({ raw: z.string() }) })).parse(tree.quasis);
  return quasis.map(({ value }) => value.raw).join("…");
}

const isSkipped = (tree: Node, code: string): boolean => {
  if (tree.type.startsWith("TS") && !/^TS(?:As|Satisfies|NonNull)/.test(tree.type)) return true;
  if (tree.type === "CallExpression") return told.test(source(tree.callee, code)) || /^[("][\s\S]*\.split$/.test(source(tree.callee, code));
  if (tree.type === "NewExpression") return errors.test(source(tree.callee, code));
  if (tree.type === "Property") return definition.test(source(tree.key, code));
  // A publication, by the name it has.
  return tree.type === "ObjectExpression" && /^\{\s*title: [\s\S]*\burl: "http/.test(source(tree, code));
};

function sentencesIn(code: string): readonly string[] {
  const found: string[] = [];
  const walk = (tree: unknown): void => {
    if (Array.isArray(tree)) for (const child of tree) walk(child);
    if (!isNode(tree) || isSkipped(tree, code)) return;
    const words = wordsOf(tree);
    if (words !== null && /\p{L}{2,}[,.:;!?]? \p{L}{2,}/u.test(words)) found.push(words);
    for (const child of Object.values(tree)) if (typeof child === "object") walk(child);
  };
  walk(parseAst(code, { lang: "ts" }));
  return found;
}

const files = places.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((file) => !file.startsWith(catalogue));
const found: ReadonlyMap<string, readonly string[]> = new Map(
  files.map((file) => [file, sentencesIn(readFileSync(join(root, file), "utf8"))]),
);
const read = (file: string): readonly string[] => found.get(file) ?? [];

function linesOf(texts: object): readonly unknown[] {
  return Object.values(texts).flatMap((line: unknown) => (typeof line === "object" && line !== null ? linesOf(line) : [line]));
}

describe("the bot's own texts", () => {
  it("stand in the catalogue alone", () => {
    const checked = files.filter((file) => !content.some(([start]) => file.startsWith(start)));
    expect(checked.flatMap((file) => read(file).map((words) => `${file}: ${words}`))).toEqual([]);
  });

  it("are found where they stand beside it", () => {
    expect(sentencesIn("text(`Hello there`, `Hello $" + "{name}, how are you?`)")).toEqual(["Hello there", "Hello …, how are you?"]);
    expect(sentencesIn('new UserError("code", { message: "No such thing." })')).toEqual(["No such thing."]);
    expect(sentencesIn('throw new TypeError("a bug of ours"); log.warn({}, "for the log")')).toEqual([]);
  });

  it("leave out only what holds something", () => {
    expect(content.filter(([start]) => files.filter((file) => file.startsWith(start)).flatMap(read).length === 0)).toEqual([]);
  });

  it("may say anything in another language, for the compiler too", () => {
    const { hint, ...refusal }: ReturnType<Texts["help"]["unknown"]> = { message: "Das gibt es nicht." };
    const row: Texts["training"]["rows"]["work"] = (hours) => ["Arbeit", `${hours} h`];
    expect([refusal.message, hint, row(2)]).toEqual(["Das gibt es nicht.", undefined, ["Arbeit", "2 h"]]);
  });

  it.each(languages)("are whole in %s", (language) => {
    expect(languageNames[language]).toMatch(/\p{L}/u);
    for (const line of linesOf(textsIn(language))) expect(typeof line === "function" || /\p{L}/u.test(String(line))).toBe(true);
  });
});
