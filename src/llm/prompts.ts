/** Loads what a model is told: one Markdown file per prompt, whose front matter says what it is for, takes and gives back. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { load } from "js-yaml";
import { z } from "zod";
import { DefinitionError } from "../core/errors.ts";

/** Where the prompts of this program are. */
const promptsFolder = join(import.meta.dirname, "../../prompts");

const frontMatter = z.strictObject({
  purpose: z.string().min(10),
  version: z.int().min(1),
  variables: z.array(z.string().regex(/^[a-z_]+$/)),
  /** JSON Schema of the answer. */
  output: z.record(z.string(), z.unknown()),
});

/** What the program expects of a prompt. */
export interface PromptDefinition<T> {
  /** File name in `prompts/` without its ending. */
  readonly name: string;
  readonly variables: readonly string[];
  readonly output: z.ZodType<T>;
}

export interface Prompt<T> extends PromptDefinition<T> {
  readonly version: number;
  readonly text: string;
}

/** @throws DefinitionError listing what is missing or broken */
export async function loadPrompt<T>(definition: PromptDefinition<T>, folder = promptsFolder): Promise<Prompt<T>> {
  const { name, variables, output } = definition;
  const fail = (...problems: readonly string[]) => new DefinitionError(problems.map((problem) => `prompts/${name}.md: ${problem}`));
  const content = await readFile(join(folder, `${name}.md`), "utf8").catch(() => {
    throw fail("cannot be read");
  });
  const [, head, body] = /^---\n([\s\S]*?)\n---\n([\s\S]+)$/.exec(content) ?? [];
  const read = frontMatter.safeParse(head === undefined ? undefined : parsed(head));
  if (!read.success || body === undefined) throw fail("the front matter is not as it must be");
  const problems: string[] = [];
  const used = [...new Set([...body.matchAll(variable)].map(([, found = ""]) => found))].sort();
  if (!isDeepStrictEqual(used, read.data.variables.toSorted())) problems.push(`the text uses the variables ${used.join(", ")}`);
  if (!isDeepStrictEqual(variables.toSorted(), read.data.variables.toSorted())) problems.push(`the program gives ${variables.join(", ")}`);
  const { $schema: _, ...schema } = z.toJSONSchema(output);
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(schema)), read.data.output)) problems.push("the output is not what the program reads");
  if (problems.length > 0) throw fail(...problems);
  return { ...definition, version: read.data.version, text: body.trim() };
}

/** Loads every prompt, so that a broken one ends the start. @throws DefinitionError listing every problem of every file */
export async function checkPrompts(definitions: readonly PromptDefinition<unknown>[], folder = promptsFolder): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md"));
  const problems = files
    .filter((file) => definitions.every(({ name }) => `${name}.md` !== file))
    .map((file) => `prompts/${file}: nothing in the program asks for it`);
  for (const result of await Promise.allSettled(definitions.map((definition) => loadPrompt(definition, folder)))) {
    if (result.status === "fulfilled") continue;
    if (!(result.reason instanceof DefinitionError)) throw result.reason;
    problems.push(...result.reason.problems);
  }
  if (problems.length > 0) throw new DefinitionError(problems);
}

function parsed(head: string): unknown {
  try {
    return load(head);
  } catch {
    return undefined;
  }
}

/** A prompt's own variable; other text in double braces is left as it is, because the model is told of it. */
const variable = /\{\{([a-z_]+)\}\}/g;

/** Puts values into the prompt's variables. */
export const fillPrompt = ({ text }: Prompt<unknown>, values: Readonly<Record<string, string>>): string =>
  text.replace(variable, (whole, name: string) => values[name] ?? whole);
