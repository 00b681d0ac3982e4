/** A number that knows its source and its time: `Figure`, how it is made and how it is written. */
import { createHash } from "node:crypto";
import { type ReceiptId, receiptId } from "./ids.ts";

/**
 * `usd` US dollars, `percent` a change with 1 meaning 1 %, `eib` exbibytes (2^60 bytes), `bytes` shown in the binary unit that fits,
 * `share` a part of a whole with 1 meaning 1 %, `count` a plain number, `tao` and `ar` amounts of these tokens.
 */
export const units = ["usd", "percent", "share", "eib", "bytes", "count", "tao", "ar"] as const;
export type Unit = (typeof units)[number];
export type Bound = "at_least" | "about";
/** How exactly the source dated the value. */
export type Precision = "instant" | "day" | "month";
export type FigureState = "live" | "stale" | "missing";

export interface Figure {
  /** Short receipt for `/why`. */
  readonly id: ReceiptId;
  /** Dotted name, such as `filecoin.capacity_raw`. */
  readonly metric: string;
  /** What a person calls it, such as "Filecoin raw capacity". */
  readonly label: string;
  readonly value: number | bigint | null;
  readonly unit: Unit;
  readonly bound?: Bound;
  readonly source: { readonly name: string; readonly url: string };
  /** The source's own time, exact to `precision`; null where the source gives none. */
  readonly observedAt: Date | null;
  readonly precision: Precision;
  readonly fetchedAt: Date;
  /** The value as the source wrote it, for the receipt. */
  readonly raw: string;
  readonly state: FigureState;
}

/** Receipt of a figure: the first 40 bits of a SHA-256 over what identifies it, in lower-case base 32 (8 characters). */
export function receiptOf(figure: Pick<Figure, "metric" | "raw" | "source" | "observedAt" | "fetchedAt">): ReceiptId {
  const digest = createHash("sha256")
    .update(
      [figure.metric, figure.raw, figure.source.name, figure.observedAt?.toISOString() ?? "", figure.fetchedAt.toISOString()].join("\n"),
    )
    .digest();
  return receiptFrom(digest);
}

/** @param bytes five or more; the first 40 bits count */
export function receiptFrom(bytes: Buffer): ReceiptId {
  const alphabet = "abcdefghijkmnpqrstuvwxyz23456789"; // no l, o, 0, 1: receipts are read aloud and retyped
  let bits = bytes.readUIntBE(0, 5);
  let id = "";
  for (let i = 0; i < 8; i++) {
    id += alphabet[bits % 32];
    bits = Math.floor(bits / 32);
  }
  return receiptId(id);
}

/** A receipt as somebody typed it. */
export const typedReceipt = (typed: string): ReceiptId => receiptId(typed.replace(/[^a-z0-9]/gi, "").toLowerCase());

/** Completes a figure with its receipt. */
export function figure(parts: Omit<Figure, "id">): Figure {
  return { ...parts, id: receiptOf(parts) };
}

const plain = new Intl.NumberFormat("en", { maximumFractionDigits: 3 });
const dollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 2 });
const wholeDollars = new Intl.NumberFormat("en", { style: "currency", currency: "USD", maximumFractionDigits: 0 });

/** A known number with its unit: "$19 billion", "+3.5 %", "22.754 EiB". */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case "usd":
      return formatDollars(value);
    case "percent": {
      const rounded = Math.round(value * 100) / 100;
      return `${rounded > 0 ? "+" : rounded < 0 ? "−" : "±"}${plain.format(Math.abs(rounded))} %`;
    }
    case "share":
      return `${plain.format(Math.round(value * 10) / 10)} %`;
    case "eib":
      return `${plain.format(value)} EiB`;
    case "bytes":
      return formatBytes(value);
    case "count":
      return plain.format(value);
    case "tao":
    case "ar":
      return `${formatAmount(value)} ${unit.toUpperCase()}`;
  }
}

const binaryUnits = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

function formatBytes(value: number): string {
  let [size, rank] = [value, 0];
  // What rounds up to the next unit is written with it: "1 PiB", not "1,024 TiB".
  while (Math.abs(size) >= 1023.9995 && rank < binaryUnits.length - 1) [size, rank] = [size / 1024, rank + 1];
  return `${plain.format(size)} ${binaryUnits[rank]}`;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, maximumFractionDigits: 20 });

/** Whole where a fraction says nothing, and never rounded to zero. */
function formatAmount(value: number): string {
  const size = Math.abs(value);
  return (size >= 1000 ? whole : size >= 1 ? plain : threeDigits).format(value);
}

function formatDollars(value: number): string {
  const size = Math.abs(value);
  for (const [scale, word] of [
    [1e12, "trillion"],
    [1e9, "billion"],
    [1e6, "million"],
  ] as const) {
    // What rounds up to the next word is written with it: "$1 billion", not "$1,000 million".
    if (size >= scale * 0.999995) return `${dollars.format(value / scale).replace(/\.?0+$/, "")} ${word}`;
  }
  if (size >= 1000) return wholeDollars.format(value);
  if (size >= 1 || size === 0) return dollars.format(value);
  // Prices of fractions of a cent keep three significant digits instead of becoming $0.00.
  return `$${threeDigits.format(value)}`;
}

/** The value in words: "about $19 billion", "at least 1,000,000", or "no data". Never a bare zero for a missing value. */
export function formatFigure(figure: Figure): string {
  if (figure.value === null || figure.state === "missing") return "no data";
  const text = formatValue(Number(figure.value), figure.unit);
  if (figure.bound === undefined) return text;
  return figure.bound === "about" ? `about ${text}` : `at least ${text}`;
}

const month = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "UTC" });

/** The source's time as exactly as it is known: "August 2024", "18 May 2026", or "18 May 2026, 12:49 UTC". */
export function formatTime(at: Date, precision: Precision): string {
  switch (precision) {
    case "month":
      return month.format(at);
    case "day":
      return day.format(at);
    case "instant":
      return `${day.format(at)}, ${clock.format(at)} UTC`;
  }
}

/** A duration in the largest whole unit a reader needs: "3 min", "5 h", "12 days". */
export function formatAge(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 1) return "less than a minute";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

/** What stands behind a value: its time, and its age when it is stale. */
export function formatFreshness(figure: Figure, now: Date): string {
  if (figure.value === null || figure.state === "missing") return "";
  const at = figure.observedAt ?? figure.fetchedAt;
  const time = formatTime(at, figure.precision);
  if (figure.state === "stale" && figure.precision === "instant") return `${time}, ${formatAge(now.getTime() - at.getTime())} old`;
  return time;
}
