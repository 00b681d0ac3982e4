/**
 * `npm run eval` reports how well questions find their entries and how well opinions are read, on both halves; `-- finding` or `-- reading`
 * only the one. `--fit` first fits what is fitted to the development half, `--baseline` keeps the held-out figures as those that may not
 * get worse, `--missed` lists what went wrong on the development half. `--live` then asks the language model that is configured.
 */
import { parseArgs } from "node:util";
import { createEncoder } from "../../src/embedding/encoder.ts";
import { keepBaseline } from "./baseline.ts";
import type { Outcome } from "./evaluation.ts";
import { finding } from "./finding/finding.ts";
import { halves } from "./halves.ts";
import { reading } from "./reading/reading.ts";

const evaluations = [finding, reading];
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { fit: { type: "boolean" }, baseline: { type: "boolean" }, missed: { type: "boolean" }, live: { type: "boolean" } },
});
const unknown = positionals.filter((name) => !evaluations.some((one) => one.name === name));
if (unknown.length > 0) throw new TypeError(`there is no evaluation ${unknown.join(", ")}`);

const encoder = createEncoder();
for (const { name, learn, measure } of evaluations) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  if (values.fit === true) await learn(encoder);
  for (const half of halves) {
    const outcome = await measure(encoder, half);
    process.stdout.write(`${tableOf(half, outcome)}\n`);
    if (values.missed === true) process.stdout.write(`${outcome.missed.join("\n")}\n`);
    if (values.baseline === true && half === "held-out") keepBaseline(name, outcome.figures);
  }
}
if (values.live === true) {
  const { readConfig } = await import("../../src/config/env.ts");
  const { askLive, liveText } = await import("./finding/live.ts");
  const { loadEntries } = await import("../../src/knowledge/load.ts");
  const { readQuestions } = await import("./finding/questions.ts");
  const { model } = readConfig(process.env);
  if (model === null) {
    process.stderr.write("No language model is configured: set OPENAI_API_KEY, and OPENAI_BASE_URL where it is not OpenAI's own.\n");
    process.exitCode = 78;
  } else process.stdout.write(`${liveText(model.name, await askLive(await loadEntries(), encoder, model, readQuestions()))}\n`);
}
await encoder.close();

function tableOf(half: string, { title, head, rows }: Outcome): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [`\n${half}: ${title}`, line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
