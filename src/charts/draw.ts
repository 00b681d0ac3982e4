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
import { type ChartSpec, describeChart } from "../core/chart.ts";
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
  const charts = (spec.kind === "stack" ? spec.charts : [spec]).filter((one) => describeChart(one) !== null);
  const heights = charts.map((one) => (one.kind === "line" ? lineHeight : barsHeight(one)));
  const whole = createCanvas(
    width,
    heights.reduce((sum, height) => sum + height, 0),
  );
  let top = 0;
  charts.forEach((one, index) => {
    const canvas = createCanvas(width, heights[index] ?? 0);
    const context = canvas.getContext("2d");
    const chart =
      one.kind === "line" ? new Chart(canvas, lineConfiguration(one, context)) : new Chart(canvas, barsConfiguration(one, context));
    whole.getContext("2d").drawImage(canvas, 0, top);
    // Only now: it wipes the canvas.
    chart.destroy();
    top += canvas.height;
  });
  return whole.toBuffer("image/png");
}
