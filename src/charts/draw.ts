/** Draws a chart to PNG, at once. Takes a few dozen milliseconds, so only the thread of `charts.ts` calls it. */
import { createCanvas } from "@napi-rs/canvas";
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  SubTitle,
  Title,
} from "chart.js";
import type { ChartSpec } from "../core/chart.ts";
import { barsConfiguration, barsHeight } from "./bars.ts";
import { lineConfiguration, lineHeight } from "./line.ts";
import { card, loadFonts, width } from "./paper.ts";

Chart.register(
  card,
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  SubTitle,
  Title,
);
loadFonts();

/** @param spec one of which `describeChart` can say something */
export function draw(spec: ChartSpec): Uint8Array {
  const canvas = createCanvas(width, spec.kind === "line" ? lineHeight : barsHeight(spec));
  const context = canvas.getContext("2d");
  const chart =
    spec.kind === "line" ? new Chart(canvas, lineConfiguration(spec, context)) : new Chart(canvas, barsConfiguration(spec, context));
  const png = canvas.toBuffer("image/png");
  chart.destroy();
  return png;
}
