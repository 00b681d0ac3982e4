/** The process that draws: one request, one answer. It ends when its parent lets go of it, or is gone. */
import type { ChartSpec } from "../core/chart.ts";
import { draw } from "./draw.ts";

// A spec comes from the parent's own `drawChart`, which has checked its type.
process.on("message", (spec: ChartSpec) => {
  try {
    process.send?.({ png: draw(spec) });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
