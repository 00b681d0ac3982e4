/** Reads the arguments of a typed command line: positional, then `name=value`, quotes, the last free text takes the rest. */
import type { Param } from "./params.ts";

interface Token {
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

function tokenize(line: string, names: ReadonlySet<string>): readonly Token[] {
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

const booleans: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  true: true,
  on: true,
  "1": true,
  no: false,
  n: false,
  false: false,
  off: false,
  "0": false,
};

/** "fine-tuning" is the choice `fine_tuning`; "investors" is `investor`, too. */
const fold = (choice: string): string => choice.toLowerCase().replaceAll("-", "_");

/** A typed word as the value its parameter expects; what does not fit stays text, for the schema to refuse with a reason. */
export function coerce(param: Param, value: string): unknown {
  switch (param.type) {
    case "string": {
      const choice = param.choices?.find((c) => fold(c) === fold(value)) ?? param.choices?.find((c) => fold(value) === `${fold(c)}s`);
      return choice ?? value;
    }
    case "integer":
    case "number": {
      // What the number counts may stand behind it: "7d", "7days" for the argument `days`; before it "$1.20".
      const [, sign = "", digits, unit = ""] = /^([+-]?|\$)(\d+\.?\d*|\.\d+)([a-z]*)$/i.exec(value) ?? [];
      return digits !== undefined && isUnitOf(param, unit) ? Number(sign === "$" ? digits : sign + digits) : value;
    }
    case "boolean":
      // A switch that is named is on: "/privacy erase confirm".
      return booleans[value.toLowerCase()] ?? (value.toLowerCase() === param.name ? true : value);
  }
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
function gather(params: readonly Param[], tokens: readonly Token[]): readonly Token[] {
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

/** Whether a last word can only be meant for this argument, and not for the free text before it. */
const fitsBehind = (param: Param, word: string): boolean =>
  isNumeric(param) ? typeof coerce(param, word) === "number" : (param.choices?.includes(String(coerce(param, word))) ?? false);

/** Whether a word is the argument's own name or its beginning. */
const isUnitOf = (param: Param, word: string): boolean => param.name.startsWith(word.toLowerCase());

/** How many numbers stand at the end of the line, each with its unit behind it or without. */
function numbersAtEnd(words: readonly Token[], numbers: readonly Param[]): number {
  const isUnit = (word: string): boolean => /^[a-z]+$/i.test(word) && numbers.some((param) => isUnitOf(param, word));
  const isNumber = (word: string): boolean => numbers.some((param) => fitsBehind(param, word));
  const first = words.findLastIndex(({ value }) => !isNumber(value) && !isUnit(value)) + 1;
  return words.slice(first).filter(({ value }) => isNumber(value)).length;
}

const isNumeric = (p: Param): boolean => p.type === "integer" || p.type === "number";

/**
 * Reads a command line's arguments. `name=value` counts anywhere, but only for the command's own names, and the first one wins;
 * the free text keeps its spaces, line breaks and inner quotes; numbers that are declared behind the free text are taken
 * from the end of the line ("7", "7d", "7 days" for `days`; a lone one only where the free text may be left out), and so is a required choice. Words that fit nowhere, and names that the command does not have, are
 * returned as `surplus`.
 */
export function parseTextArgs(params: readonly Param[], line: string): { values: Record<string, unknown>; surplus: readonly string[] } {
  const tokens = gather(params, tokenize(line, new Set(params.map((p) => p.name))));
  const values: Record<string, unknown> = {};
  const loose: Token[] = [];
  for (const token of tokens) {
    const param = params.find((p) => p.name === token.name);
    if (param === undefined) loose.push(token);
    else if (token.value !== "" && values[param.name] === undefined) values[param.name] = coerce(param, token.value);
  }
  // Optional choices behind the free text are only given by name: "/explain what is an investor" must not lose its last word.
  const restIndex = params.findIndex((p) => p.rest);
  const open = params.filter(
    (p, i) =>
      values[p.name] === undefined &&
      !p.named &&
      (restIndex < 0 || i <= restIndex || isNumeric(p) || (p.required && p.choices !== undefined)),
  );
  const rest = open.find((p) => p.rest);
  const following = rest === undefined ? [] : open.slice(open.indexOf(rest) + 1);
  // Fewer numbers than there are places fill the first places: "/compute h100 100" is 100 hours, and not the GPUs behind them.
  const numbers = following.filter(isNumeric);
  const given = Math.max(1, numbersAtEnd(loose, numbers));
  const behind = following.filter((param) => !isNumeric(param) || numbers.indexOf(param) < given);
  for (const param of rest === undefined ? open : open.slice(0, open.indexOf(rest))) {
    const token = loose.shift();
    if (token === undefined) break;
    // "uptime=99" names nothing here, and must not be refused as a wrong number or choice.
    if ((isNumeric(param) || param.choices !== undefined) && /^[a-z][a-z0-9_]*=/i.test(token.value))
      return { values, surplus: [token.value] };
    values[param.name] = coerce(param, token.value);
  }
  if (rest === undefined) return { values, surplus: loose.map((t) => t.value) };
  // A free text that is needed gets the first word; one that is not leaves it to whom it fits: "/sentiment 7".
  const kept = rest.required ? 1 : 0;
  for (const param of behind.toReversed()) {
    // "7 days": the argument's own name behind the number says nothing new.
    const [number, unit] = loose.slice(-2);
    if (isNumeric(param) && loose.length > kept + 1 && number && unit && isUnitOf(param, unit.value) && fitsBehind(param, number.value))
      loose.pop();
    const last = loose.at(-1);
    if (loose.length <= kept || last === undefined || !fitsBehind(param, last.value)) break;
    values[param.name] = coerce(param, last.value);
    loose.pop();
  }
  const [first] = loose;
  if (loose.length === 1 && first !== undefined) values[rest.name] = coerce(rest, first.value);
  else if (loose.length > 1) values[rest.name] = sliceRest(line, tokens, loose);
  return { values, surplus: [] };
}

/** The raw line from the first to the last loose word, without the `name=value` words between them. */
function sliceRest(line: string, tokens: readonly Token[], loose: readonly Token[]): string {
  const [from, to] = [loose[0]?.start ?? 0, loose.at(-1)?.end ?? 0];
  let text = "";
  let at = from;
  for (const named of tokens.filter((t) => t.name !== undefined && !loose.includes(t) && t.start > from && t.end < to)) {
    text += line.slice(at, named.start).trimEnd();
    at = named.end;
  }
  return text + line.slice(at, to);
}
