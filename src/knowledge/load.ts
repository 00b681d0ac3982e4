/** Reads the entries: one Markdown file each, front matter checked, every problem of the whole base listed together. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { load } from "js-yaml";
import { z } from "zod";
import { DefinitionError } from "../core/errors.ts";
import { parseSlots } from "./slots.ts";
import { type Audience, audiences, categories, type Entry } from "./types.ts";
import { nameKey } from "./words.ts";

/** Where the entries of this program are. */
export const entriesFolder: string = join(import.meta.dirname, "entries");

const name = z.string().trim().min(1).max(80);
const frontMatter = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/),
  term: name,
  expansion: name.optional(),
  aliases: z.array(name).default([]),
  misspellings: z.array(name).default([]),
  category: z.enum(categories),
  related: z.array(z.string()).min(1),
  asks: z.array(z.string().trim().min(8).max(160)).min(4),
  sources: z.array(z.strictObject({ title: z.string().min(1), url: z.url({ protocol: /^https$/ }), supports: z.string().min(1) })).min(1),
  reviewed: z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))]),
});

/** An audience text may take what a phone shows without much scrolling. */
const maxTextLength = 1_100;

/**
 * Loads every entry of a folder, ordered by term.
 * @throws DefinitionError listing every broken file, doubled name, dangling relation and unknown slot
 */
export async function loadEntries(folder: string = entriesFolder): Promise<readonly Entry[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".md")).sort();
  const problems: string[] = [];
  const entries: Entry[] = [];
  for (const { file, content } of await Promise.all(
    files.map(async (file) => ({ file, content: await readFile(join(folder, file), "utf8") })),
  )) {
    const entry = parseEntry(content, (problem) => problems.push(`${file}: ${problem}`));
    if (entry === null) continue;
    if (`${entry.id}.md` !== file) problems.push(`${file}: the id is "${entry.id}"`);
    entries.push(entry);
  }
  problems.push(...checkTogether(entries));
  if (problems.length > 0) throw new DefinitionError(problems);
  return entries.sort((a, b) => a.term.localeCompare(b.term, "en"));
}

function parseEntry(content: string, report: (problem: string) => void): Entry | null {
  const match = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(content);
  if (match === null) {
    report("no front matter between two lines of ---");
    return null;
  }
  let head: unknown;
  try {
    head = load(match[1] ?? "");
  } catch (error) {
    report(`front matter is no YAML: ${error instanceof Error ? error.message.split("\n")[0] : "unreadable"}`);
    return null;
  }
  const parsed = frontMatter.safeParse(head);
  const texts = parseTexts(match[2] ?? "", report);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) report(`${issue.path.join(".")}: ${issue.message}`);
    return null;
  }
  return texts === null ? null : { ...parsed.data, texts };
}

function parseTexts(body: string, report: (problem: string) => void): Readonly<Record<Audience, string>> | null {
  const texts: Partial<Record<Audience, string>> = {};
  for (const section of body.split(/^## /m).slice(1)) {
    const [title = "", ...lines] = section.split("\n");
    const audience = audiences.find((a) => a === title.trim().toLowerCase());
    if (audience === undefined) report(`unknown section "${title}"`);
    else texts[audience] = lines.join("\n").trim();
  }
  for (const audience of audiences) {
    const text = texts[audience] ?? "";
    if (text === "") report(`no text for the ${audience}`);
    if (text.length > maxTextLength) report(`the text for the ${audience} has ${text.length} characters, more than ${maxTextLength}`);
  }
  const { newcomer, investor, builder } = texts;
  return newcomer && investor && builder ? { newcomer, investor, builder } : null;
}

function checkTogether(entries: readonly Entry[]): readonly string[] {
  const problems: string[] = [];
  const ids = new Set(entries.map((e) => e.id));
  const owners = new Map<string, string>();
  for (const entry of entries) {
    for (const id of entry.related) if (!ids.has(id)) problems.push(`${entry.id}: related to "${id}", which does not exist`);
    if (entry.related.includes(entry.id)) problems.push(`${entry.id}: related to itself`);
    // Within one entry the same name may stand twice (an expansion is often an alias too); between two it would be ambiguous.
    for (const key of new Set(
      [entry.term, ...entry.aliases, ...entry.misspellings, ...(entry.expansion === undefined ? [] : [entry.expansion])].map(nameKey),
    )) {
      const owner = owners.get(key);
      if (owner !== undefined) problems.push(`${entry.id}: "${key}" already belongs to ${owner}`);
      else owners.set(key, entry.id);
    }
    for (const audience of audiences)
      for (const problem of parseSlots(entry.texts[audience]).problems) problems.push(`${entry.id}: ${problem}`);
  }
  return problems;
}
