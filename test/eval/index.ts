/**
 * `npm run eval` reports how well questions find their entries, on both halves. `-- --fit` first fits the gate to the development half,
 * `-- --baseline` keeps the held-out figures as those that may not get worse. `-- --live` then asks the language model that is configured.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createEncoder } from "../../src/embedding/encoder.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import type { Report } from "./measure.ts";

const { values } = parseArgs({
  options: { fit: { type: "boolean" }, baseline: { type: "boolean" }, missed: { type: "boolean" }, live: { type: "boolean" } },
});
const encoder = createEncoder();
const entries = await loadEntries();
if (values.fit === true) await (await import("./fit.ts")).fitGate(entries, encoder);
// Only now, so that it judges by what was fitted.
const { measure } = await import("./measure.ts");
for (const half of ["development", "held-out"] as const) {
  const report = await measure(entries, encoder, half, { slowly: true });
  process.stdout.write(`${tableOf(half, report)}\n`);
  if (values.missed === true) process.stdout.write(`${report.missed.join("\n")}\n`);
  if (values.baseline !== true || half !== "held-out") continue;
  const { baselineFile, baselineOf } = await import("./baseline.ts");
  writeFileSync(baselineFile, `${JSON.stringify(baselineOf(report), null, 2)}\n`);
}
if (values.live === true) {
  const { readConfig } = await import("../../src/config/env.ts");
  const { askLive, liveText } = await import("./live.ts");
  const { readQuestions } = await import("./questions.ts");
  const { model } = readConfig(process.env);
  if (model === null) {
    process.stderr.write("No language model is configured: set OPENAI_API_KEY, and OPENAI_BASE_URL where it is not OpenAI's own.\n");
    process.exitCode = 78;
  } else process.stdout.write(`${liveText(model.name, await askLive(entries, encoder, model, readQuestions()))}\n`);
}
await encoder.close();

function tableOf(half: string, { questions, results, suggestP99Ms }: Report): string {
  const percent = (share: number | undefined) => (share === undefined ? "–" : `${(share * 100).toFixed(1)} %`);
  const head = ["", "recall@1", "recall@3", "outside refused", "wrong answers", "median", "p99", "paraphrase @1", "@3"];
  const rows = results.map((r) => [
    r.system,
    percent(r.recall1),
    percent(r.recall3),
    percent(r.refused),
    percent(r.wrong),
    `${r.medianMs.toFixed(1)} ms`,
    `${r.p99Ms.toFixed(1)} ms`,
    percent(r.recall1ByKind.paraphrase),
    percent(r.recall3ByKind.paraphrase),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    `\n${half}: ${questions} questions; suggestions p99 ${suggestP99Ms.toFixed(1)} ms`,
    line(head),
    line(head.map(() => "---")),
    ...rows.map(line),
  ].join("\n");
}
