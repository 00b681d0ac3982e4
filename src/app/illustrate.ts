/** Charts for answers, which are worth reading without their picture too. */
import { type ChartSpec, describeChart } from "../core/chart.ts";
import { image } from "../core/reply.ts";
import type { Logger } from "../lib/logger.ts";
import type { Services } from "../services.ts";

export function createIllustrate(drawChart: (spec: ChartSpec) => Promise<Uint8Array | null>, log: Logger): Services["illustrate"] {
  return async (spec, name) => {
    try {
      const [png, alt] = [await drawChart(spec), describeChart(spec)];
      return png === null || alt === null ? null : image(name, png, alt);
    } catch (error) {
      log.error({ err: error }, "an answer's chart could not be drawn");
      return null;
    }
  };
}
