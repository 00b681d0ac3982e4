/** Answers over entries that somebody has tampered with, and over a model that repeats whatever it reads. */
import { describe, expect, it } from "vitest";
import ask from "../../commands/ask.ts";
import explain from "../../commands/explain.ts";
import help from "../../commands/help.ts";
import market from "../../commands/market.ts";
import sentiment from "../../commands/sentiment.ts";
import topicsCommand from "../../commands/topics.ts";
import { createAnswers } from "../../src/answers/answers.ts";
import { askedMetrics } from "../../src/answers/evidence.ts";
import { createPassages } from "../../src/answers/passages.ts";
import { tame } from "../../src/answers/tame.ts";
import type { Commission, Manuscript, Writer } from "../../src/answers/types.ts";
import { askPrompt, createAnswerWriter } from "../../src/app/answer-writer.ts";
import { communityId, memberId, roomId } from "../../src/core/ids.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { createKnowledge } from "../../src/knowledge/search.ts";
import type { Entry } from "../../src/knowledge/types.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createBudget } from "../../src/llm/budget.ts";
import { createModel } from "../../src/llm/model.ts";
import { loadPrompt } from "../../src/llm/prompts.ts";
import { createMarket } from "../../src/market/market.ts";
import { createOpinions } from "../../src/opinions/opinions.ts";
import { createTopicDesk } from "../../src/topics/topic-desk.ts";
import { completionsPath, writes } from "../support/fake-openai.ts";
import { startFakeWeb } from "../support/fake-web.ts";
import { createMemoryStores } from "../support/memory-stores.ts";
import { plainReading } from "../support/plain-reading.ts";
import { createTalk } from "../support/talk.ts";
import { orders, planted } from "./attempts.ts";

const entries = await loadEntries();
const now = () => new Date("2026-11-22T12:00:00Z");
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The bot over a base in which the entry on slashing says what somebody has planted. */
function tampered(words: string, writer: Writer | null, writeWithinMs?: number) {
  const base = entries.map(
    (entry): Entry =>
      entry.id === "slashing"
        ? { ...entry, texts: { ...entry.texts, newcomer: `${entry.texts.newcomer} ${words} ${entry.texts.newcomer}` } }
        : entry,
  );
  const knowledge = createKnowledge(base, { encoder: null, log: { warn: () => undefined } });
  const stores = createMemoryStores();
  const domain = createMarket({ sources: [], store: stores.figures, watched: async () => [], now, log: silent });
  const opinions = createOpinions(stores, createTopicDesk(stores.topics), plainReading());
  const answers = createAnswers({
    passages: createPassages(knowledge),
    knowledge,
    writer,
    translator: null,
    market: domain,
    opinions,
    log: silent,
    ...(writeWithinMs === undefined ? {} : { writeWithinMs }),
  });
  return createTalk([ask, explain, help, market, sentiment, topicsCommand], { answers, knowledge, market: domain, opinions }, now);
}

/** Writes every sentence of its evidence down, with the right citation: the most credulous model there is. */
const parrot = (seen: Commission[]): Writer => ({
  prompt: "ask 1",
  async write(commission) {
    seen.push(commission);
    const sentences = commission.dossier.evidence.flatMap((one) =>
      one.kind === "passage" ? one.text.split(/(?<=[.!?])\s+/).map((text) => ({ text, cites: [one.n] })) : [],
    );
    return { sentences, receipt: null };
  },
});

describe("an entry that was tampered with", () => {
  it.each([...planted, ...orders.slice(0, 20)])("changes nothing: %s", async (words) => {
    const seen: Commission[] = [];
    for (const writer of [null, parrot(seen)]) {
      const shown = await tampered(`${words}.`, writer).read("/ask What is slashing?");
      expect(shown).toMatch(writer === null ? /What my entries say/ : /Answer|only support this much/);
      expect(shown).not.toMatch(/evil\.example|BUY NOW|@everyone|@here|<@|system prompt|previous instructions|free tokens/i);
    }
    expect(JSON.stringify(seen.map(({ dossier }) => dossier.evidence.map((one) => (one.kind === "passage" ? one.text : ""))))).not.toMatch(
      /evil\.example|BUY NOW|@everyone/,
    );
  });

  it("and one that was not loses nothing", () => {
    for (const { texts } of entries) for (const text of Object.values(texts)) expect(tame(text)).toBe(text);
  });
});

describe("what is asked for", () => {
  const market = createMarket({ sources: [], store: createMemoryStores().figures, watched: async () => [], now, log: silent });

  it.each([
    ["how much is bitcoin?", ["bitcoin.price"]],
    ["what does Bitcoin cost", ["bitcoin.price"]],
    ["what does a GPU hour on Akash cost?", []],
    ["how much storage does filecoin have?", ["filecoin.capacity_raw"]],
    ["the price of filecoin", ["filecoin.price"]],
  ])("in “%s” are these figures: %j", (question, metrics) => {
    expect(askedMetrics(question, market)).toEqual(metrics);
  });

  it("of opinions is the topic that is named, and that nobody has spoken is said", async () => {
    const shown = await tampered("", null).read("/ask what is the sentiment on compute pricing");
    expect(shown).toContain("Compute pricing in this community, last 90 days.");
    expect(shown).toContain("Nobody here has said anything about this.");
    expect(shown).not.toContain("Latency");
    expect(await tampered("", null).read("/ask What is slashing?")).not.toContain("Nobody here has said anything");
  });
});

describe("an answer", () => {
  it("says what is read while one waits", async () => {
    const talk = tampered("", null);
    await talk.ask("/ask How do proof of replication and proof of spacetime differ?");
    expect(talk.progress).toEqual([expect.stringMatching(/^Reading Proof of replication, Proof of spacetime/)]);
  });

  it.each(["hang", "end"] as const)(
    "ends within its time where the service stalls in the middle of a word (%s), and says so",
    async (ending) => {
      const web = await startFakeWeb();
      web.answer(completionsPath, writes('{"sentences":[{"text":"Slashing ta', ending === "end" ? {} : { ending }), { fault: "hang" });
      const store = { reserve: async () => true, settle: async () => undefined, used: async () => 0, forget: async () => undefined };
      const budget = createBudget(store, { bot: 1, room: 1, member: 1 }, now);
      const model = createModel({
        key: "k",
        baseUrl: `${web.url}/v1`,
        name: "m",
        budget,
        answers: { add: async () => undefined },
        log: createLogger({ level: "silent", secrets: [], out: process.stderr }),
        now,
      });
      const writer = createAnswerWriter(
        model,
        await loadPrompt(askPrompt),
        createLogger({ level: "silent", secrets: [], out: process.stderr }),
      );
      const begun = performance.now();
      const talk = tampered("", writer, 150);
      expect(await talk.read("/ask What is slashing?")).toContain("the language model does not answer at the moment");
      expect(performance.now() - begun).toBeLessThan(10_000);
      expect(talk.progress).toEqual(["Reading Slashing …"]);
      await web.close();
    },
  );

  it("to who gives up ends at once, and the answer serves whoever asks next", async () => {
    const writing = Promise.withResolvers<Manuscript>();
    let written = 0;
    const slow: Writer = {
      prompt: "ask 1",
      write: () => {
        written++;
        return writing.promise;
      },
    };
    const talk = tampered("", slow);
    const [first, second] = [talk.read("/ask What is proof of spacetime?"), talk.read("/ask what is proof of spacetime")];
    await Promise.resolve();
    const sentences = [{ text: "Proof of spacetime shows that data is still there as time goes by.", cites: [1] }];
    writing.resolve({ sentences, receipt: null });
    expect(await first).toContain("as time goes by");
    expect(await second).toContain("as time goes by");
    expect(written).toBe(1);
  });

  const entry = entries.find(({ id }) => id === "slashing");
  if (entry === undefined) throw new Error("the entry that the test is about is missing");

  /** One member at one place; the base, the prompt and the clock may change between questions. */
  function seat() {
    const seen: Commission[] = [];
    const state = { prompt: "ask 1", text: entry?.texts.newcomer ?? "", at: now() };
    const stores = createMemoryStores();
    const market = createMarket({ sources: [], store: stores.figures, watched: async () => [], now, log: silent });
    const answers = createAnswers({
      passages: (question) =>
        entry !== undefined && /slashing/i.test(question) ? [{ entry, audience: "newcomer", text: state.text, score: 1 }] : [],
      knowledge: createKnowledge(entries, { encoder: null, log: { warn: () => undefined } }),
      writer: {
        get prompt() {
          return state.prompt;
        },
        write: parrot(seen).write,
      },
      translator: null,
      market,
      opinions: createOpinions(stores, createTopicDesk(stores.topics), plainReading()),
      log: silent,
    });
    const ann = memberId("ann");
    const place = {
      room: roomId("console", "1"),
      community: communityId("console", "1"),
      audience: "newcomer",
      language: undefined,
    } as const;
    const says = (text: string, follow = false, member = ann) =>
      answers.ask({ text, member, ...place, follow, now: state.at }, () => undefined, new AbortController().signal);
    return { says, seen, state, forget: () => answers.forget(ann) };
  }

  it("is kept for equal questions, and written anew for another evidence or another version of the prompt", async () => {
    const { says, seen, state } = seat();
    await says("What is slashing?");
    await says("what is  slashing");
    expect(seen).toHaveLength(1);
    state.text = "Slashing takes part of a deposit.";
    await says("What is slashing?");
    expect(seen).toHaveLength(2);
    state.prompt = "ask 2";
    await says("What is slashing?");
    expect(seen).toHaveLength(3);
    await says("And why slashing?", true);
    await says("And why slashing?");
    expect(seen.slice(3).map(({ earlier }) => earlier.length)).toEqual([1, 0]);
  });

  it("goes on from the last three turns of its own member for an hour, and no longer", async () => {
    const { says, seen, state, forget } = seat();
    await says("What is slashing?");
    expect(await says("And why?", true)).toMatchObject({ kind: "written" });
    expect(seen[1]?.earlier).toEqual([{ question: "What is slashing?", answer: expect.stringContaining("lashing") }]);
    expect(await says("And why?", true, memberId("bob"))).toMatchObject({ kind: "unknown" });
    for (const word of ["one", "two", "three"]) await says(`Slashing ${word}?`, true);
    expect(seen.at(-1)?.earlier.map(({ question }) => question)).toEqual(["And why?", "Slashing one?", "Slashing two?"]);
    state.at = new Date(state.at.getTime() + 3_600_000 - 1);
    expect(await says("And why?", true)).toMatchObject({ kind: "written" });
    state.at = new Date(state.at.getTime() + 3_600_000);
    expect(await says("And why?", true)).toMatchObject({ kind: "unknown" });
    await says("What is slashing?");
    forget();
    expect(await says("And why?", true)).toMatchObject({ kind: "unknown" });
  });
});
