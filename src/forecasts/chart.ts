/** A reliability diagram in bars: how often came true what was said with so much certainty. */
import type { BarChart } from "../core/chart.ts";
import type { Texts } from "../core/texts.ts";
import type { Score } from "./types.ts";

/** @returns null where fewer than two bins have enough in them */
export function calibrationChart({ bins, questions, forecasts }: Score, { forecasts: words }: Texts): BarChart | null {
  if (bins.length < 2) return null;
  return {
    kind: "bars",
    title: words.chartTitle,
    subtitle: words.chartSubtitle(forecasts, questions),
    bars: bins.map((bin) => ({
      label: words.bin(Math.round(bin.from * 100), Math.round(bin.to * 100), bin.forecasts),
      value: bin.happened * 100,
    })),
    unit: "share",
  };
}
