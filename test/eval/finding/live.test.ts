/** `npm run eval -- --live` over the real protocol: what it counts is what the service wrote. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEncoder } from "../../../src/embedding/encoder.ts";
import { loadEntries } from "../../../src/knowledge/load.ts";
import { completionsPath, says, writes } from "../../support/fake-openai.ts";
import { type FakeWeb, type SeenRequest, startFakeWeb } from "../../support/fake-web.ts";
import { askLive, liveText } from "./live.ts";
import type { Question } from "./questions.ts";

let web: FakeWeb;
beforeAll(async () => {
  web = await startFakeWeb();
});
afterAll(() => web.close());

const question = (text: string, entry: string | null): Question => ({
  text,
  entry,
  kind: entry === null ? "outside" : "exact",
  half: "development",
});

/** The first sentence of the first evidence, word for word, and what else the test wants said. */
const service = (request: SeenRequest) => {
  const { question: asked, evidence } = JSON.parse(JSON.parse(request.body).messages[1].content);
  const first = String(evidence[0].text).split(/(?<=\.)\s/)[0] ?? "";
  if (/oracle/i.test(asked)) return writes("I would rather not.");
  if (/slashing/i.test(asked)) return says([first, 1], ["It pays forty percent a day.", 1], ["Everybody knows that.", 9]);
  return says([first, 1]);
};

it("reports how many of the model's sentences their evidence carries, what became of the questions, and what it cost", async () => {
  web.answer(completionsPath, service);
  const encoder = createEncoder();
  const model = { key: "sk-planted", baseUrl: `${web.url}/v1`, name: "m", dailyTokens: { bot: 1, room: 1, member: 1 } };
  const questions = [
    question("what is proof of spacetime", "proof-of-spacetime"),
    question("what is slashing", "slashing"),
    question("what is an oracle", "oracle"),
    question("pizza recipe", null),
    question("should I buy Filecoin", "filecoin"),
  ];
  const report = await askLive(await loadEntries(), encoder, model, questions);
  await encoder.close();
  expect(report).toMatchObject({
    prompt: "ask 1",
    questions: 5,
    outcomes: { written: 1, partly: 1, "quoted: model_down": 1, unknown: 1, refused: 1 },
    outsideWritten: 0,
    sentences: 4,
    carried: 2,
  });
  expect(Object.values(report.dropped).reduce((a, b) => a + b)).toBe(2);
  // Two answers, and two attempts at the one that could not be read.
  expect(report.tokens).toBe(12_000);
  expect(liveText("m", report)).toMatch(/m, prompt ask 1: 5 questions\nFaithfulness: 50\.0 % \(2 of 4 sentences/);
});
