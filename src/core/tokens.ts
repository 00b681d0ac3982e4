/** The words of a typed command line: quotes hold together, `name=value` is told from free text, and a value goes on behind its first word. */
import type { Param } from "./params.ts";

export interface Token {
  /** The token without quotes. */
  readonly value: string;
  /** Set for `name=value` where `name` is an argument of the command. */
  readonly name?: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

const pairs: Readonly<Record<string, string>> = { '"': '"', "“": "”", "„": "“", "«": "»" };

/**
 * Reads a quoted text that starts at `from`; null where no closing quote stands at the end of a word.
 * @param open closing quotes that were looked for in vain: from there on they need not be looked for again
 */
function readQuoted(line: string, from: number, open: Set<string>): { value: string; end: number } | null {
  const close = pairs[line.charAt(from)];
  if (close === undefined || open.has(close)) return null;
  for (let i = from + 1; i < line.length; i++) {
    if (line.charAt(i) === "\\" && (line.charAt(i + 1) === close || line.charAt(i + 1) === "\\")) i++;
    else if (line.charAt(i) === close && (i + 1 === line.length || /\s/u.test(line.charAt(i + 1)))) {
      const inner = line.slice(from + 1, i);
      return { value: inner.replace(/\\(.)/gsu, (all, c: string) => (c === close || c === "\\" ? c : all)), end: i + 1 };
    }
  }
  open.add(close);
  return null;
}

export function tokenize(line: string, names: ReadonlySet<string>): readonly Token[] {
  const tokens: Token[] = [];
  const open = new Set<string>();
  let i = 0;
  while (i < line.length) {
    if (/\s/u.test(line.charAt(i))) {
      i++;
      continue;
    }
    const start = i;
    const key = /^([a-z][a-z0-9_]{0,31})=/i.exec(line.slice(i, i + 33))?.[1]?.toLowerCase();
    const name = key !== undefined && names.has(key) ? key : undefined;
    const valueStart = name === undefined ? i : i + name.length + 1;
    const quoted = readQuoted(line, valueStart, open);
    if (quoted !== null) {
      i = quoted.end;
      tokens.push({ value: quoted.value, quoted: true, start, end: i, ...(name === undefined ? {} : { name }) });
      continue;
    }
    i = valueStart;
    while (i < line.length && !/\s/u.test(line.charAt(i))) i++;
    tokens.push({ value: line.slice(valueStart, i), quoted: false, start, end: i, ...(name === undefined ? {} : { name }) });
  }
  return tokens;
}

/** The switch that is only given by name, where the word is its name. */
const switchOf = (params: readonly Param[], { value, quoted, name }: Token): Param | undefined =>
  quoted || name !== undefined ? undefined : params.find((p) => p.named && p.type === "boolean" && value.toLowerCase() === p.name);

/**
 * The words of a line, with those put together that belong to a value given by name, and with its switches named. What stands behind an
 * unquoted text or list that is given by name goes on with it ("days=mon, thu"; once the free text has begun also "options=Yes|Not yet"),
 * and so does a unit with its number ("hours=48 hours"). A switch's bare word is one where it can be no word of a free text:
 * "/poll Which one should stay hidden" asks just that.
 */
export function gather(params: readonly Param[], tokens: readonly Token[]): readonly Token[] {
  const inOrder = params.filter((p) => !p.named);
  const given = new Set(tokens.map((token) => token.name));
  const rest = inOrder.findIndex((p) => p.rest);
  const places = rest < 0 ? Number.POSITIVE_INFINITY : inOrder.slice(0, rest).filter((p) => !given.has(p.name)).length;
  const lastWord = tokens.findLastIndex((token) => token.name === undefined && switchOf(params, token) === undefined);
  const gathered: Token[] = [];
  let loose = 0;
  let inText = false;
  for (const [i, token] of tokens.entries()) {
    const before = gathered.at(-1);
    const param = params.find((p) => p.name === before?.name);
    const on: Param | undefined = !inText && (rest < 0 || i > lastWord) ? switchOf(params, token) : undefined;
    if (on !== undefined) gathered.push({ ...token, name: on.name });
    else if (token.name !== undefined) gathered.push(token);
    else if (before !== undefined && param !== undefined && goesOn(param, before, token, loose > places)) {
      gathered[gathered.length - 1] = { ...before, value: before.value + (isNumeric(param) ? "" : " ") + token.value, end: token.end };
      continue;
    } else {
      gathered.push(token);
      loose++;
    }
    inText = token.name === undefined && on === undefined && loose > places;
  }
  return gathered;
}

/** Whether a word belongs to the value before it, which is given by name. */
function goesOn(param: Param, before: Token, token: Token, isTextBegun: boolean): boolean {
  if (before.quoted || token.quoted || before.value === "") return false;
  if (isNumeric(param)) return /\d$/.test(before.value) && /^[a-z]+$/i.test(token.value) && isUnitOf(param, token.value);
  if (param.type !== "string" || param.choices !== undefined) return false;
  return isTextBegun || /[,|]$/.test(before.value) || /^[,|]/.test(token.value);
}

/** Whether a word is the argument's own name or its beginning. */
export const isUnitOf = (param: Param, word: string): boolean => param.name.startsWith(word.toLowerCase());

export const isNumeric = (p: Param): boolean => p.type === "integer" || p.type === "number";
