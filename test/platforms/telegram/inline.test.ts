/** Inline mode: `@bot term` in any chat. */
import { describe, expect, it } from "vitest";
import { stage } from "./setup.ts";

describe("an inline query", () => {
  it("offers finished answers for what is typed", async () => {
    const { fake } = await stage();
    const articles = await fake.user("Ann").inline("Proof");
    expect(articles).toEqual([
      {
        id: "0",
        title: "proof of coverage",
        description: "What proof of coverage means.",
        text: "proof of coverage\nWhat proof of coverage means.",
        entities: [
          { type: "bold", offset: 0, length: 17 },
          { type: "bold", offset: 23, length: 17 },
        ],
      },
    ]);
  });

  it("of nothing offers popular terms, for everybody alike", async () => {
    const { fake } = await stage();
    expect((await fake.user("Ann").inline("")).map(({ title }) => title)).toEqual(["depin", "helium", "proof of coverage"]);
    expect(fake.callsOf("answerInlineQuery")[0]).toMatchObject({ cache_time: 60, is_personal: false });
  });

  it("of something unknown is answered with nothing", async () => {
    const { fake } = await stage();
    expect(await fake.user("Ann").inline("zzz")).toEqual([]);
  });

  it("carries no buttons, which would be pressed where the bot is no member", async () => {
    const { fake } = await stage();
    await fake.user("Ann").inline("depin");
    expect(JSON.stringify(fake.callsOf("answerInlineQuery"))).not.toContain("reply_markup");
  });

  it("is answered while commands wait, and whatever its sender looks like", async () => {
    const { fake, gates } = await stage();
    const ann = fake.user("Ann");
    const slow = ann.says(ann.private, "/wait a");
    await gates.reached("a");
    expect(await ann.inline("depin")).toHaveLength(1);
    gates.open("a");
    await slow;
  });

  it("that Telegram no longer wants does no harm", async () => {
    const { fake, log } = await stage();
    fake.fault("answerInlineQuery", {
      kind: "error",
      code: 400,
      description: "Bad Request: query is too old and response timeout expired or query ID is invalid",
    });
    const ann = fake.user("Ann");
    const asked = fake.nextCall("answerInlineQuery");
    ann.inline("depin").catch(() => undefined);
    await asked;
    expect(await ann.inline("helium")).toHaveLength(1);
    expect(log.some((line) => line.includes("inline query could not be answered"))).toBe(true);
  });
});
