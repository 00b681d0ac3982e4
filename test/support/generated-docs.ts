/** What is generated from the schemas: `.env.example` and the README's tables. `npm run docs` writes them, a test holds them equal. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { commands } from "../../commands/index.ts";
import { describeVariables } from "../../src/config/env.ts";
import { usage } from "../../src/core/command.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { categories } from "../../src/knowledge/types.ts";

const entries = await loadEntries();
const root = join(import.meta.dirname, "../..");

export function envExample(): string {
  const lines = describeVariables().map(
    ({ name, description, fallback }) => `# ${description}.\n${fallback === null ? `# ${name}=` : `# ${name}=${fallback}`}`,
  );
  return `# Settings of Depinion. Everything is optional; what is commented out shows the default.\n# npm start reads this file when it is called .env.\n\n${lines.join("\n\n")}\n`;
}

const cell = (text: string): string => text.replaceAll("|", "\\|");

const sections: Readonly<Record<string, () => string>> = {
  environment: () =>
    [
      "| variable | default | meaning |",
      "| --- | --- | --- |",
      ...describeVariables().map((v) => `| \`${v.name}\` | ${v.fallback === null ? "–" : `\`${v.fallback}\``} | ${cell(v.description)} |`),
    ].join("\n"),
  coverage: () =>
    [
      "| category | entries | such as |",
      "| --- | --- | --- |",
      ...categories.flatMap((category) => {
        const own = entries.filter((entry) => entry.category === category);
        return own.length === 0
          ? []
          : [
              `| ${category} | ${own.length} | ${own
                .slice(0, 5)
                .map(({ term }) => term)
                .join(", ")} |`,
            ];
      }),
    ].join("\n"),
  commands: () =>
    ["| command | what it does |", "| --- | --- |", ...commands.map(({ info }) => `| \`${cell(usage(info))}\` | ${info.summary} |`)].join(
      "\n",
    ),
};

/** The README with every `<!-- generated: name -->` section renewed. */
export function renewReadme(readme: string): string {
  return Object.entries(sections).reduce(
    (text, [name, make]) =>
      text.replace(
        new RegExp(`(<!-- generated: ${name} -->\\n)[\\s\\S]*?(<!-- end -->)`),
        (_, open: string, close: string) => `${open}${make()}\n${close}`,
      ),
    readme,
  );
}

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string(),
      license: z.string().optional(),
      dev: z.boolean().default(false),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
    }),
  ),
});

/** Named in the older field `licenses`, which npm does not copy into the lock file. */
const namedElsewhere: Readonly<Record<string, string>> = { jstat: "MIT" };

/** Every package of the lock file but this one, by its name. */
export function lockedPackages() {
  return Object.entries(lock.parse(JSON.parse(readText("package-lock.json"))).packages)
    .filter(([path]) => path !== "")
    .map(([path, found]) => ({ name: path.replace(/^.*node_modules\//, ""), ...found }))
    .map((one) => ({ ...one, license: one.license ?? namedElsewhere[one.name] ?? "none named" }));
}

/** `docs/licences.md`: the licences of what `npm ci --omit=dev` installs. */
export function licences(): string {
  const production = lockedPackages().filter(({ dev }) => !dev);
  const rows = [...Map.groupBy(production, ({ license }) => license)]
    .sort(([a], [b]) => a.localeCompare(b, "en"))
    .map(([license, list]) => `| ${license} | ${[...new Set(list.map(({ name }) => name))].sort().join(", ")} |`);
  return [
    "# Licences",
    "",
    "Depinion is under the Apache License 2.0. The packages that `npm ci --omit=dev` installs, each with the licence that it names (`npm run docs` writes this page):",
    "",
    "| licence | packages |",
    "| --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

export const readText = (file: string): string => readFileSync(join(root, file), "utf8");

if (import.meta.main) {
  writeFileSync(join(root, ".env.example"), envExample());
  writeFileSync(join(root, "README.md"), renewReadme(readText("README.md")));
  writeFileSync(join(root, "docs/licences.md"), licences());
}
