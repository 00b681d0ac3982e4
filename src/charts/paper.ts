/** The look that all charts share: sizes for a phone that shows a third of each pixel, colours, fonts, title and source. */
import { fileURLToPath } from "node:url";
import { GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import type { ChartOptions, Plugin } from "chart.js";
import type { BarChart, LineChart } from "../core/chart.ts";
import { formatValue, type Unit } from "../core/figure.ts";
import { type Measure, wrap } from "./lettering.ts";

/** An opaque dark card reads in a dark chat as in a light one, and every colour of words, lines and bars has a contrast of at least 4.5 to it. */
export const colours = {
  background: "#17202a",
  text: "#f4f6f8",
  muted: "#aab7c4",
  grid: "#34424f",
  gap: "#222e3a",
  // Okabe and Ito's colours, told apart with any colour vision, the pink a little lighter; dashes and signs tell the same.
  series: ["#56b4e9", "#e69f00", "#d890b9", "#f0e442"],
  up: "#2fc095",
  down: "#f5794a",
} as const;

export const width = 1000;
export const margin = 36;
/** Sizes in pixels. */
export const sizes = { title: 42, subtitle: 27, label: 29 } as const;

const family = "Inter";
const weights = { normal: 500, bold: 700 } as const;
type Weight = keyof typeof weights;

/** Registers Inter; fonts of the system would make charts look different from machine to machine. */
export function loadFonts(): void {
  for (const file of [
    import.meta.resolve("@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf"),
    import.meta.resolve("@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf"),
  ])
    if (GlobalFonts.registerFromPath(fileURLToPath(file), family) === null) throw new Error(`${file} cannot be read`);
}

export const font = (size: number, weight: Weight = "normal") => ({ family, size, weight: weights[weight] });
const cssFont = (size: number, weight: Weight): string => `${weights[weight]} ${size}px ${family}`;

/** Paints the card before anything is drawn on it; chart.js clears the canvas first. */
export const card: Plugin = {
  id: "card",
  beforeDraw({ ctx, height }) {
    ctx.fillStyle = colours.background;
    ctx.fillRect(0, 0, width, height);
  },
};

export function measureWith(context: SKRSContext2D, size: number, weight: Weight = "normal"): Measure {
  const css = cssFont(size, weight);
  return (text) => {
    context.font = css;
    return context.measureText(text).width;
  };
}

/** Writes a few words. */
export function write(
  context: SKRSContext2D,
  text: string,
  at: { readonly x: number; readonly y: number },
  how: {
    readonly colour: string;
    readonly size: number;
    readonly weight?: Weight;
    readonly align: "left" | "center" | "right";
    readonly upright?: boolean;
  },
): void {
  context.save();
  context.font = cssFont(how.size, how.weight ?? "normal");
  context.fillStyle = how.colour;
  context.textAlign = how.align;
  context.textBaseline = "middle";
  context.translate(at.x, at.y);
  if (how.upright === true) context.rotate(-Math.PI / 2);
  context.fillText(text, 0, 0);
  context.restore();
}

/** Nothing moves, nothing reacts. */
export const still = { animation: false, responsive: false, devicePixelRatio: 1, events: [] } as const satisfies ChartOptions;

/** Title and source above the chart. */
export function head({ title, subtitle }: BarChart | LineChart, context: SKRSContext2D) {
  const room = width - 2 * margin;
  return {
    title: {
      display: true,
      align: "start",
      text: wrap(title, room, 2, measureWith(context, sizes.title, "bold")),
      color: colours.text,
      font: { ...font(sizes.title, "bold"), lineHeight: 1.15 },
      padding: { top: 0, bottom: 6 },
    },
    subtitle: {
      display: true,
      align: "start",
      text: wrap(subtitle, room, 2, measureWith(context, sizes.subtitle)),
      color: colours.muted,
      font: { ...font(sizes.subtitle), lineHeight: 1.2 },
      padding: { top: 0, bottom: 32 },
    },
  } as const;
}

const shortWords = { trillion: "tn", billion: "bn", million: "m" } as const;

/** A value where room is short: "$10.5 bn". */
export const shortValue = (value: number, unit: Unit): string =>
  formatValue(value, unit).replace(/ (trillion|billion|million)$/, (_, word: keyof typeof shortWords) => ` ${shortWords[word]}`);
