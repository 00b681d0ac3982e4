/** Reads the arguments of a typed command line: positional, then `name=value`, quotes, the last free text takes the rest. */
import type { Param } from "./params.ts";
import { gather, isNumeric, isUnitOf, type Token, tokenize } from "./tokens.ts";

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

/** Whether a last word can only be meant for this argument, and not for the free text before it. */
const fitsBehind = (param: Param, word: string): boolean =>
  isNumeric(param) ? typeof coerce(param, word) === "number" : (param.choices?.includes(String(coerce(param, word))) ?? false);

/** How many numbers stand at the end of the line, each with its unit behind it or without. */
function numbersAtEnd(words: readonly Token[], numbers: readonly Param[]): number {
  const isUnit = (word: string): boolean => /^[a-z]+$/i.test(word) && numbers.some((param) => isUnitOf(param, word));
  const isNumber = (word: string): boolean => numbers.some((param) => fitsBehind(param, word));
  const first = words.findLastIndex(({ value }) => !isNumber(value) && !isUnit(value)) + 1;
  return words.slice(first).filter(({ value }) => isNumber(value)).length;
}

/** Takes numbers at the end that say what they count: "h100 8 gpus" has no hours. */
function takeByUnit(numbers: readonly Param[], loose: Token[], values: Record<string, unknown>, kept: number): void {
  for (;;) {
    const [number, unit] = loose.slice(-2);
    const param = numbers.find((p) => values[p.name] === undefined && unit !== undefined && isUnitOf(p, unit.value));
    if (param === undefined || number === undefined || loose.length <= kept + 1 || !fitsBehind(param, number.value)) return;
    values[param.name] = coerce(param, number.value);
    loose.splice(-2);
  }
}

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
  takeByUnit(following.filter(isNumeric), loose, values, rest?.required === true ? 1 : 0);
  const numbers = following.filter((p) => isNumeric(p) && values[p.name] === undefined);
  const given = Math.max(1, numbersAtEnd(loose, numbers));
  const behind = following.filter((param) => (isNumeric(param) ? numbers.includes(param) && numbers.indexOf(param) < given : true));
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
