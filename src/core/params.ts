/** A command's arguments as every platform can show them, read from one flat zod object. */
import { z } from "zod";
import { assertNever } from "./errors.ts";
import type { Texts } from "./texts.ts";

export type ParamType = "string" | "integer" | "number" | "boolean";

export interface Param {
  readonly name: string;
  readonly summary: string;
  readonly type: ParamType;
  readonly required: boolean;
  readonly choices?: readonly string[];
  /** Least value of a number, least length of a text. */
  readonly min?: number;
  /** Greatest value of a number, greatest length of a text. */
  readonly max?: number;
  /** The last free text takes the rest of the line. */
  readonly rest: boolean;
  /** It is only given by name. */
  readonly named: boolean;
}

/** Discord's limits, the tightest of all: 25 options and choices, names of 32, descriptions of 100 characters. */
const maxParams = 25;
const maxChoices = 25;
const maxSummary = 100;
/** The greatest `max_length` of a Discord string option. */
export const maxTextArgument = 6000;

const property = z.object({
  type: z.enum(["string", "integer", "number", "boolean"]),
  description: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
const objectSchema = z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()).default([]) });

/** Reads the parameters of a zod object through its JSON Schema. Returns what no platform could show as problems. */
export function readParams(args: z.ZodObject, named: readonly string[] = []): { params: readonly Param[]; problems: readonly string[] } {
  const problems: string[] = [];
  const schema = objectSchema.parse(z.toJSONSchema(args, { io: "input", unrepresentable: "any" }));
  const params: Param[] = [];
  for (const [name, raw] of Object.entries(schema.properties)) {
    const parsed = property.safeParse(raw);
    if (!parsed.success) {
      problems.push(`argument "${name}" is neither a text, a number nor a switch`);
      continue;
    }
    const p = parsed.data;
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(name)) problems.push(`argument "${name}": a name is 1 to 32 of a-z, 0-9 and _`);
    if (p.description === undefined) problems.push(`argument "${name}" has no description`);
    else if (p.description.length > maxSummary)
      problems.push(`argument "${name}": the description is longer than ${maxSummary} characters`);
    if (p.enum !== undefined && p.enum.length > maxChoices)
      problems.push(`argument "${name}" has ${p.enum.length} choices, more than ${maxChoices}`);
    if (p.type === "string" && p.enum === undefined && (p.maxLength === undefined || p.maxLength > maxTextArgument))
      problems.push(`argument "${name}": a text needs a maximum of at most ${maxTextArgument} characters`);
    params.push({
      name,
      summary: p.description ?? "",
      type: p.type,
      required: schema.required.includes(name),
      rest: false,
      named: named.includes(name),
      ...(p.enum === undefined ? {} : { choices: p.enum }),
      ...bounds(p),
    });
  }
  if (params.length > maxParams) problems.push(`${params.length} arguments, more than ${maxParams}`);
  const firstOptional = params.findIndex((p) => !p.required);
  if (firstOptional >= 0 && params.slice(firstOptional).some((p) => p.required))
    problems.push("a required argument stands behind an optional one");
  const last = params.findLastIndex((p) => p.type === "string" && p.choices === undefined && !p.named);
  return { params: params.map((p, i) => (i === last ? { ...p, rest: true } : p)), problems };
}

function bounds(p: z.infer<typeof property>): { min?: number; max?: number } {
  const [min, max] = p.type === "string" ? [p.minLength, p.maxLength] : [p.minimum, p.maximum];
  // zod writes the safe-integer range of z.int() as bounds: those are no limits a person should read.
  const shown = (n: number | undefined) => n !== undefined && Math.abs(n) < Number.MAX_SAFE_INTEGER;
  return { ...(shown(min) ? { min: min as number } : {}), ...(shown(max) ? { max: max as number } : {}) };
}

/** How an argument is written in a usage line: `<topic>` or `[for=newcomer|investor]`. */
export function usageOf(param: Param): string {
  const body = param.choices === undefined ? param.name : `${param.name}=${param.choices.join("|")}`;
  return param.required ? `<${body}>` : `[${body}]`;
}

/** One clear sentence for each thing wrong with the arguments. */
export function describeIssues(
  params: readonly Param[],
  issues: readonly z.core.$ZodIssue[],
  { given, words }: { readonly given: Readonly<Record<string, unknown>>; readonly words: Texts["params"] },
): string {
  const sentences = issues.map((issue) => {
    const name = String(issue.path[0] ?? "");
    const param = params.find((p) => p.name === name);
    if (param === undefined) return words.unknown;
    const value = given[name];
    if (value === undefined || (value === "" && param.required)) return words.missing(name, lowerFirst(param.summary));
    if (value === "") return words.wrong(name, words.empty);
    return words.wrong(name, expectation(param, value, issue, words));
  });
  return [...new Set(sentences)].join(" ");
}

function expectation(param: Param, value: unknown, issue: z.core.$ZodIssue, words: Texts["params"]): string {
  if (param.choices !== undefined) return words.oneOf(param.choices.map((c) => `\`${c}\``).join(", "));
  switch (param.type) {
    case "string": {
      const length = String(value).length;
      if (param.max !== undefined && length > param.max) return words.tooLong(param.max, length);
      if (param.min !== undefined && length < param.min) return words.tooShort(param.min);
      return issue.message === "" ? words.invalid : lowerFirst(issue.message).replace(/\.$/, "");
    }
    case "integer":
    case "number":
      return words.number(param.type === "integer", param.min, param.max);
    case "boolean":
      return words.yesOrNo;
    default:
      return assertNever(param.type);
  }
}

/** The sentence as part of another one. */
export const lowerFirst = (s: string): string => s.charAt(0).toLowerCase() + s.slice(1);
