/** Loads what a model is told: one Markdown file per prompt, with front matter that says what it is for. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { DefinitionError } from "../core/errors.ts";

const folder = join(import.meta.dirname, "../../prompts");

const frontMatter = z.strictObject({ purpose: z.string().min(10), version: z.int().min(1), output: z.string().min(1) });

export interface Prompt extends z.infer<typeof frontMatter> {
  readonly name: string;
  readonly text: string;
}

/** @throws DefinitionError where the file is missing or broken */
export async function loadPrompt(name: string): Promise<Prompt> {
  const content = await readFile(join(folder, `${name}.md`), "utf8").catch(() => {
    throw new DefinitionError([`prompts/${name}.md cannot be read`]);
  });
  const [, head, text] = /^---\n([\s\S]*?)\n---\n([\s\S]+)$/.exec(content) ?? [];
  const read = frontMatter.safeParse(head === undefined ? undefined : parse(head));
  if (!read.success || text === undefined) throw new DefinitionError([`prompts/${name}.md: the front matter is not as it must be`]);
  return { ...read.data, name, text: text.trim() };
}

/** Puts values into the prompt's own slots; other text in double braces is left as it is, because the model is told of it. */
export const fillPrompt = ({ text }: Prompt, slots: Readonly<Record<string, string>>): string =>
  text.replace(/\{\{([a-z_]+)\}\}/g, (whole, name: string) => slots[name] ?? whole);
