/** `{{metric}}` slots in texts: where a live figure is filled in, so that no text holds a number that ages. */

import type { Figure } from "../core/figure.ts";

const slot = /\{\{\s*([^{}]*?)\s*\}\}/g;
const metricName = /^[a-z0-9-]+\.[a-z0-9_]+$/;

/** The metrics a text names, and what is wrong with its slots. */
export function parseSlots(text: string): { readonly metrics: readonly string[]; readonly problems: readonly string[] } {
  const names = [...text.matchAll(slot)].map((match) => match[1] ?? "");
  return {
    metrics: [...new Set(names.filter((name) => metricName.test(name)))],
    problems: names.filter((name) => !metricName.test(name)).map((name) => `"{{${name}}}" names no metric`),
  };
}

/** Fills each slot with what `show` makes of its figure, and with "no data" where there is none. */
export async function fillSlots(
  text: string,
  figureOf: (metric: string) => Promise<Figure | null>,
  show: (figure: Figure) => string,
): Promise<string> {
  const shown = new Map<string, string>();
  for (const metric of parseSlots(text).metrics) {
    const figure = await figureOf(metric);
    shown.set(metric, figure === null ? "no data" : show(figure));
  }
  return text.replace(slot, (_, metric: string) => shown.get(metric) ?? "no data");
}
