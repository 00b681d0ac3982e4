/** Reads a threshold as people write it ("$2", "19bn", "24.5 EiB", "-5 %"), and writes it so that no digit is lost. */
import { formatValue, type Unit } from "../core/figure.ts";

const scales: Readonly<Record<string, number>> = {
  k: 1e3,
  thousand: 1e3,
  m: 1e6,
  mn: 1e6,
  million: 1e6,
  b: 1e9,
  bn: 1e9,
  billion: 1e9,
  t: 1e12,
  tn: 1e12,
  trillion: 1e12,
};

/** In bytes. */
const sizes: Readonly<Record<string, number>> = {
  bytes: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  pib: 2 ** 50,
  eib: 2 ** 60,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  pb: 1e15,
  eb: 1e18,
};

/** What may be written behind a number of a unit, besides sizes. */
const names: Readonly<Record<Unit, readonly string[]>> = {
  usd: ["$", "usd", "dollar", "dollars"],
  percent: ["%", "percent"],
  share: ["%", "percent"],
  count: [],
  eib: [],
  bytes: [],
  tao: ["tao"],
  ar: ["ar"],
};

/** Longer words first, so that "million" is not read as "m". */
const either = (words: readonly string[]) =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace("$", "\\$"))
    .join("|");
const unitNames = [...new Set([...Object.values(names).flat(), ...Object.keys(sizes)])];
const shape = new RegExp(
  `^(?<sign>[-+−])?\\s*(?<before>\\$|usd\\b)?\\s*(?<sign2>[-+−])?(?<digits>\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?(?:e[+-]?\\d{1,2})?|\\.\\d+)` +
    `(?:\\s*(?<scale>${either(Object.keys(scales))})(?![a-z0-9]))?(?:\\s*(?<unit>${either(unitNames)})(?![a-z0-9]))?(?=[\\s?!;]|[.,](?!\\d)|$)`,
  "i",
);

export type ReadThreshold =
  | { readonly kind: "threshold"; readonly value: number; readonly rest: string }
  /** "100.000": a hundred to some, a hundred thousand to others. */
  | { readonly kind: "no_threshold" | "wrong_unit" | "dotted_threshold" };

/** @param text begins with the threshold; what stands behind it is given back as `rest` */
export function readThreshold(text: string, unit: Unit): ReadThreshold {
  const found = shape.exec(text);
  const { sign, sign2, before, digits = "", scale, unit: after } = found?.groups ?? {};
  if (found === null || (sign !== undefined && sign2 !== undefined)) return { kind: "no_threshold" };
  if (/^[1-9]\d{0,2}\.000$/.test(digits) && scale === undefined) return { kind: "dotted_threshold" };
  const minus = [sign, sign2].some((one) => one === "-" || one === "−");
  const number = Number(digits.replaceAll(",", "")) * (scales[scale?.toLowerCase() ?? ""] ?? 1) * (minus ? -1 : 1);
  if (!Number.isFinite(number)) return { kind: "no_threshold" };
  const written = [before, after].flatMap((name) => name?.toLowerCase() ?? []);
  const value = inUnit(number, unit, written);
  return value === null ? { kind: "wrong_unit" } : { kind: "threshold", value, rest: text.slice(found[0].length) };
}

/** Null where what is written is another unit. A bare number is in the figure's own unit. */
function inUnit(number: number, unit: Unit, written: readonly string[]): number | null {
  const [first] = written;
  if (first === undefined) return number;
  const size = sizes[first];
  if (size !== undefined && written.length === 1) {
    if (unit === "bytes") return number * size;
    return unit === "eib" ? (number * size) / 2 ** 60 : null;
  }
  return written.every((name) => names[unit].includes(name)) ? number : null;
}

const exact = new Intl.NumberFormat("en", { maximumSignificantDigits: 17 });
const suffixes: Readonly<Record<Unit, string>> = {
  usd: "",
  percent: " %",
  share: " %",
  count: "",
  eib: " EiB",
  bytes: " bytes",
  tao: " TAO",
  ar: " AR",
};

/** As figures are written where that says all of it, and with every digit otherwise: a threshold is never rounded. */
export function formatThreshold(value: number, unit: Unit): string {
  // Of a change a figure has its sign; a threshold is a place on the scale.
  const short = formatValue(value, unit).replace(/^[+±]/, "");
  const back = readThreshold(short, unit);
  if (back.kind === "threshold" && back.rest === "" && back.value === value) return short;
  return `${value < 0 ? "−" : ""}${unit === "usd" ? "$" : ""}${exact.format(Math.abs(value))}${suffixes[unit]}`;
}
