/** A digest with a language model: its sentences are posted with the figures in them, or the plain digest is, and the log says why. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Doors, openDoors } from "../support/doors.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { serveMarket } from "../support/market-web.ts";

const now = new Date("2026-11-22T18:00:00Z");
const path = "/v1/chat/completions";
let web: FakeWeb;
let doors: Doors;

const says = (text: string) => ({
  body: {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: JSON.stringify({ text }) } }],
    usage: { prompt_tokens: 900, completion_tokens: 100, total_tokens: 1000 },
  },
});

beforeEach(async () => {
  web = await startFakeWeb();
  await serveMarket(web, now);
  doors = await openDoors(
    { COINGECKO_URL: web.url, OPENAI_API_KEY: "sk-planted", OPENAI_BASE_URL: `${web.url}/v1`, OPENAI_DAILY_TOKENS: "20000" },
    () => now,
  );
});
afterEach(async () => {
  await doors.close();
  await web.close();
});

const digest = async (name: string) => (await doors.speakers.console(name).says("/digest")).text;
const asked = () => web.seen.filter((request) => request.path === path).length;

it("opens the digest with what the model wrote, figures filled in, and asks once for everybody", async () => {
  web.answer(path, says("The DePIN sector stands at {{sector.market_cap}}. Bitcoin trades at {{bitcoin.price}}."));
  const shown = await digest("ann");
  expect(shown).toMatch(/The DePIN sector stands at \$10\.57 billion\. Bitcoin trades at \$[\d,]+\./);
  const receipt = /a language model's \((\w{8})\); the figures in them are not/.exec(shown)?.[1];
  expect((await doors.speakers.console("ann").says(`/why ${receipt}`)).text).toMatch(/Prompt: digest-narrative \d+\nModel: /);
  expect(await digest("bob")).toContain("The DePIN sector stands at");
  expect(asked()).toBe(1);
  expect((await doors.speakers.console("ann").says("/status")).text).toMatch(/Narratives\s+1 posted, 0 thrown away/);
});

it.each([
  ["a number of its own", "The DePIN sector is worth 19 billion. Bitcoin trades at {{bitcoin.price}}.", "a number outside a slot"],
  ["an unknown slot", "The sector is at {{sector.value}}. All is calm.", "unknown slot sector.value"],
  ["advice", "Buy at {{bitcoin.price}} now. All is calm.", "the word “buy”"],
])("posts the plain digest where the model writes %s, and says why in the log", async (_, text, reason) => {
  web.answer(path, says(text));
  const shown = await digest("ann");
  expect(shown).toContain("DePIN sector: $10.57 billion");
  expect(shown).not.toMatch(/19 billion|All is calm/);
  expect(doors.log()).toContain(reason);
});

it("has the model write only about what the digest shows, and not where nothing of that is of today", async () => {
  web.answer(path, says("Render stands at {{render.change_24h}}. All is calm."));
  const ann = doors.speakers.console("ann");
  await ann.says("/settings sections movers");
  await ann.says("/digest");
  const told = JSON.stringify(web.seen.find((request) => request.path === path)?.body);
  expect(told).toContain("change_24h");
  expect(told).not.toMatch(/sector\.market_cap|bitcoin\.price/);
  await ann.says("/settings sections pulse,since,smallprint");
  await ann.says("/digest");
  expect(asked()).toBe(1);
});

it("posts the plain digest where the model fails or its budget is used up", async () => {
  web.answer(path, { status: 500, body: { error: { message: "sk-planted is not well" } } });
  expect(await digest("ann")).toContain("DePIN sector: $10.57 billion");
  expect(doors.log()).toContain("could not be had");
  expect(doors.log()).not.toContain("sk-planted");
  expect((await doors.speakers.console("ann").says("/status")).text).toMatch(/0 posted, 0 thrown away, 1 not to be had/);
});
