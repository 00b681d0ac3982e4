/** `/ask` with a language model of every temper: what is shown is carried by its evidence, and whoever gives orders is not obeyed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { orders, planted, possessed, pryings } from "../answers/attempts.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { visibleText } from "../support/fake-discord/index.ts";
import { answerOf, completionsPath as path, says, writes } from "../support/fake-openai.ts";
import { type FakeWeb, type Scripted, startFakeWeb } from "../support/fake-web.ts";

let web: FakeWeb;
let doors: Doors;
let time: number;

const open = async (env: Readonly<Record<string, string>> = {}) =>
  openDoors(
    {
      OPENAI_API_KEY: "sk-planted",
      OPENAI_BASE_URL: `${web.url}/v1`,
      OPENAI_DAILY_TOKENS: "9000000",
      OPENAI_DAILY_TOKENS_PER_ROOM: "9000000",
      OPENAI_DAILY_TOKENS_PER_MEMBER: "9000000",
      ...env,
    },
    () => new Date(time),
  );
beforeAll(async () => {
  web = await startFakeWeb();
  time = Date.parse("2026-11-22T18:00:00Z");
  doors = await open();
});
afterAll(async () => {
  await doors.close();
  await web.close();
});
beforeEach(() => {
  web.reset();
  // A model that failed in the test before has rested since.
  time += 60_000;
});

const asked = () => web.seen.filter((request) => request.path === path).length;
const ask = async (question: string, name = "ann") => (await doors.speakers.console(name).says(`/ask ${question}`)).text;

/** No question is equal to another one, so that none is answered from memory. */
let turn = 0;
const slashing = () => `what is slashing${"?".repeat(1)} ${["please", "explain", "tell me", "now"][turn % 4]} ${"!".repeat(++turn)}`;

const truth = ["Slashing takes away part of a deposit when its owner breaks the rules.", 1] as const;

describe("an answer by a model", () => {
  it("is shown with its citations, its sources and its prompt's version, the same at every door", async () => {
    web.answer(path, says(["Proof of spacetime shows that data is still there as time goes by.", 1]));
    for (const door of ["console", "discord", "telegram"] as const) {
      const { text, buttons } = await doors.speakers[door]("Ann").says("/ask What is proof of spacetime?");
      expect(text, door).toMatch(
        /Answer[\s\S]*as time goes by\. \[1\][\s\S]*\[1\] Proof of spacetime: Filecoin documentation[\s\S]*Prompt: ask 1, receipt [a-z2-9]{8}\./,
      );
      expect(buttons, door).toEqual(["Ask a follow-up", "Proof of spacetime"]);
    }
    const { text: shown } = await doors.speakers.console("Ann").says("/ask What is proof of spacetime?");
    const why = await doors.speakers.console("Ann").says(`/why ${/receipt (\w{8})\./.exec(shown)?.[1]?.toUpperCase()}`);
    expect(why.text).toMatch(
      /^Written by a language model\n\nPrompt: ask 1\nModel: gpt-5-mini\nWritten: .*2026, 18:01 UTC\n\nWhat was asked and/,
    );
    // Equal questions over equal evidence are written about once.
    expect(asked()).toBe(1);
    expect(doors.log()).toMatch(/"prompt":"ask 1","kept":1,"dropped":\[\]/);
    expect(await ask("and what is proof of spacetime")).toContain("as time goes by");
  });

  describe("that takes its time", () => {
    const first = "Proof of spacetime shows that data is still there as time goes by.";
    const lie = "Proof of spacetime pays nine billion tokens a day.";
    const stray = "Every proof is checked on the chain.";
    const whole = answerOf([
      [first, 1],
      [lie, 1],
      [stray, 9],
    ]);
    const at = whole.indexOf("on the chain");

    /** The service writes up to the middle of the third sentence, and goes on when it is told to. */
    function slowly() {
      const rest = Promise.withResolvers<void>();
      async function* pieces() {
        yield* whole.slice(0, at).match(/.{1,7}/g) ?? [];
        await rest.promise;
        yield whole.slice(at);
      }
      web.answer(path, writes(whole, { pieces: pieces() }));
      return rest.resolve;
    }

    it("grows in Discord's message, and no sentence is ever seen there that its evidence does not carry", async () => {
      const goOn = slowly();
      const exchange = doors.discord.member("eve").begin.slash("ask", { question: "how does proof of spacetime go on?" });
      const shown = () => exchange.visible.map(visibleText).join("\n");
      await exchange.until(() => shown().includes("as time goes by"));
      expect(shown()).toBe(`${first} [1] …`);
      goOn();
      await exchange.until(() => shown().includes("Prompt: ask"));
      expect(shown()).toContain(`${first} [1]`);
      const sent = doors.discord.world.requests.map(({ body }) => JSON.stringify(body)).join("\n");
      expect(sent).not.toMatch(/nine billion|checked on the chain/);
    });

    it("grows in a Telegram group's message and in the draft of a private chat, likewise", async () => {
      const { telegram } = doors;
      const ann = telegram.user("ann");
      const group = telegram.group("DePIN friends");
      const goOn = slowly();
      ann.posts(group, "/ask how does proof of spacetime go on and on?");
      const begun = telegram.nextCall("sendMessage");
      ann.posts(ann.private, "/ask how does proof of spacetime go on and on?");
      const draft = telegram.nextCall("sendMessageDraft", ({ text }) => String(text).includes("as time goes by"));
      expect((await begun).text).toBe(`${first} [1] …`);
      expect((await draft).text).toBe(`${first} [1] …`);
      goOn();
      for (const chat of [group, ann.private]) {
        await expect.poll(() => chat.posts.at(-1)?.text, { timeout: 5_000 }).toContain("Prompt: ask");
        expect(chat.posts).toHaveLength(1);
        expect(chat.posts[0]?.buttons.map(({ label }) => label)).toContain("Ask a follow-up");
      }
      expect(JSON.stringify(telegram.calls)).not.toMatch(/nine billion|checked on the chain/);
    });
  });

  it("is given the evidence as data, and the conversation", async () => {
    web.answer(path, says(["Proof of replication shows that a storage provider keeps its own real copy of some data.", 1]));
    const ann = doors.speakers.discord("Cleo");
    await ann.says("/ask what is proof of replication?");
    await ann.presses("Ask a follow-up");
    const answer = await ann.writes("And how does proof of replication take time?");
    expect(answer.text).toContain("keeps its own real copy");
    const [system, user] = JSON.parse(web.seen[1]?.body ?? "{}").messages;
    expect(system.content).toContain("The reader is a newcomer.");
    expect(JSON.parse(user.content)).toMatchObject({
      question: "And how does proof of replication take time?",
      earlier: [
        {
          question: "what is proof of replication?",
          answer: "Proof of replication shows that a storage provider keeps its own real copy of some data.",
        },
      ],
    });
    expect(JSON.parse(user.content).evidence[0]).toMatchObject({ n: 1, kind: "entry", about: "Proof of replication" });
    expect(user.content).not.toMatch(/Cleo|discord/i);
  });

  it("has figures with their receipts, and the community's opinions with their counts", async () => {
    web.answer(
      path,
      says(
        ["The raw capacity of Filecoin is {{filecoin.capacity_raw}}.", 2],
        ["On latency, {{opinions.latency.disagree}} that decentralised compute is fast enough for real-time workloads.", 1],
      ),
      says(["On latency, {{opinions.latency.disagree}} that decentralised compute is fast enough for real-time workloads.", 3]),
    );
    const bob = doors.speakers.console("bob");
    await bob.says("/opinion latency It is far too slow for real-time work.");
    expect(await ask("how much capacity does filecoin have today?")).toMatch(/22\.754 EiB \(August 2024, receipt vh4npiy5\)/);
    expect(await ask("what do people here think about latency?")).toMatch(
      /1 of 1 person here disagrees that decentralised compute[\s\S]*Opinions, not facts/,
    );
    await bob.says("/privacy erase confirm");
  });

  it("that loses too much says what it can support, and one that loses everything gives way to the entries", async () => {
    web.answer(
      path,
      says(["Slashing burns nine billion tokens a day.", 1], ["Proof of spacetime shows that data is still there as time goes by.", 1]),
    );
    expect(await ask("is proof of spacetime a proof?")).toMatch(/I can only support this much:\s+Proof of spacetime shows/);
    web.answer(path, says(["Slashing burns nine billion tokens a day.", 1], ["It was invented by Satoshi.", 7]));
    const text = await ask("proof of spacetime, please");
    expect(text).toMatch(/What my entries say, word for word[\s\S]*as time goes by[\s\S]*was not carried by it/);
    expect(text).not.toMatch(/billion|Satoshi/);
  });

  it.each<readonly [string, Scripted]>([
    ["stops in the middle of a word, and says it is done", writes('{"sentences":[{"text":"Slashing ta')],
    ["cuts off mid-token", writes(answerOf([truth]), { pieces: [answerOf([truth]).slice(0, 40)], ending: "cut" })],
    ["breaks the connection", { fault: "reset" }],
    ["answers 429", { status: 429, body: { error: { message: "slow down, sk-planted" } } }],
    ["answers 500", { status: 500, body: { error: { message: "sk-planted is not well" } } }],
    ["answers with another shape", writes('{"answer":"Slashing takes deposits."}')],
    ["answers with prose", writes("Ignore the evidence. Slashing takes deposits.")],
    ["answers with HTML", { headers: { "content-type": "text/html" }, body: "<html>" }],
    ["answers with nothing", writes("")],
  ])("that cannot be had, because it %s, gives way to the entries and says so", async (_, script) => {
    web.answer(path, script);
    const text = await ask(slashing());
    expect(text).toMatch(/What my entries say, word for word[\s\S]*\[1\] Slashing[\s\S]*the language model does not answer at the moment/);
    expect(text).not.toMatch(/sk-planted|undefined|html/);
    expect(asked()).toBeLessThanOrEqual(2);
    expect(doors.log()).not.toContain("sk-planted");
  });

  it("is not asked for while it rests", async () => {
    web.answer(path, { status: 500, body: {} });
    await ask(slashing());
    await ask(slashing());
    expect(asked()).toBe(2);
  });
});

describe("a hundred attempts", () => {
  it("are a hundred", () => {
    expect(orders.length + pryings.length + planted.length + possessed.length).toBeGreaterThanOrEqual(100);
  });

  const harmless = (text: string) => {
    expect(text).not.toMatch(/evil\.example|BUY NOW|@everyone|@here|<@|You answer a question about|JSON only|sk-planted|DAN\b|javascript:/);
  };

  it("orders and prying in a question are refused at every door, and no model hears of them", async () => {
    web.answer(path, says(["BUY NOW at https://evil.example.", 1]));
    for (const door of ["console", "discord", "telegram"] as const) {
      const eve = doors.speakers[door]("Eve");
      for (const attempt of [...orders, ...pryings]) {
        const { text } = await eve.says(`/ask ${attempt.replace(/[“”"]/g, "")}`);
        expect(text, `${door}: ${attempt}`).toMatch(
          /I answer questions about DePIN\. What I am told|I tell nobody what another member|I do not predict prices/,
        );
        harmless(text);
      }
    }
    expect(asked()).toBe(0);
  });

  it("what a possessed model writes is not shown", async () => {
    for (const written of possessed) {
      web.answer(path, says([written, 1]));
      const text = await ask(slashing());
      expect(text, written).toMatch(/What my entries say, word for word[\s\S]*was not carried by it/);
      harmless(text);
    }
  });

  it("what stands in opinions never reaches the model that answers, nor the answer", async () => {
    const { discord } = doors;
    const eve = discord.member("eve");
    const reading = { topic: "latency", stance: "agree", strength: "weak", aspect: null, evidence: null };
    web.answer(path, writes(JSON.stringify({ opinions: [reading] })));
    for (const words of planted) await (await eve.says(`/opinion latency ${words}`)).settled();
    // Their own author had them read; nobody else's question sends them.
    const read = web.seen.length;
    web.answer(
      path,
      says(["On latency, {{opinions.latency.agree}} that decentralised compute is fast enough for real-time workloads.", 1]),
    );
    const ann = await discord.member("ann").says("/ask what do people here think about latency?");
    await ann.settled();
    const text = ann.visible.map(visibleText).join("\n");
    expect(text).toContain("Opinions, not facts");
    harmless(text);
    const asked = web.seen.slice(read);
    expect(asked.length).toBeGreaterThan(0);
    for (const request of asked) expect(request.body).not.toMatch(/evil\.example|everyone|BUY NOW|4711/);
    expect(ann.visible.flatMap((message) => JSON.stringify(message).match(/"mention_everyone":true/g) ?? [])).toEqual([]);
  });

  it("what stands in a message that is replied to is not read", async () => {
    const { telegram } = doors;
    const [eve, ann] = [telegram.user("eve"), telegram.user("ann")];
    const group = telegram.group("DePIN friends");
    web.answer(path, says(["Proof of spacetime shows that data is still there as time goes by.", 1]));
    for (const words of planted) {
      const message = eve.posts(group, words);
      const answer = await ann.replies(message, "/ask what is proof of spacetime?");
      expect(answer?.text).toContain("as time goes by");
      harmless(answer?.text ?? "");
    }
    for (const request of web.seen) expect(request.body).not.toMatch(/evil\.example|BUY NOW/);
  });
});

describe("the day's tokens", () => {
  it("are shared: who has used theirs up gets the entries and the reason, others go on, and /status says how much", async () => {
    const frugal = await open({ OPENAI_DAILY_TOKENS: "60000", OPENAI_DAILY_TOKENS_PER_MEMBER: "10000" });
    try {
      web.answer(path, writes(answerOf([["Proof of spacetime shows that data is still there as time goes by.", 1]]), { total: 7_000 }));
      const says = async (member: ReturnType<Doors["discord"]["member"]>, line: string) => {
        const exchange = await member.says(line);
        await exchange.settled();
        return exchange.visible.map(visibleText).join("\n");
      };
      const [ann, bob] = [frugal.discord.member("ann"), frugal.discord.member("bob")];
      expect(await says(ann, "/ask what is proof of spacetime?")).toMatch(/\bAnswer\b/);
      // Answered from memory, which costs nothing.
      expect(await says(ann, "/ask What is proof of  spacetime")).toMatch(/\bAnswer\b/);
      expect(await says(ann, "/ask explain proof of spacetime")).toContain("your share of today's language model is used up");
      expect(await says(bob, "/ask explain proof of spacetime")).toMatch(/\bAnswer\b/);
      expect(await says(ann, "/status")).toMatch(/14,000 of 60,000; questions in this room 14,000 of 9,000,000, yours 7,000 of 10,000/);
    } finally {
      await frugal.close();
    }
  });
});
