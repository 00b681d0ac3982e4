/** What is refused before anything is looked up, and what is not: a question about the field is never taken for an order. */
import { describe, expect, it } from "vitest";
import { refusalOf } from "../../src/answers/refuse.ts";
import { loadEntries } from "../../src/knowledge/load.ts";
import { orders, pryings } from "./attempts.ts";

describe("a refusal", () => {
  it.each(orders)("is what orders get: %s", (order) => {
    expect(refusalOf(order)).not.toBeNull();
  });
  it.each(pryings)("is what prying gets: %s", (prying) => {
    expect(refusalOf(prying)).not.toBeNull();
  });
  it.each([
    "Will FIL go up?",
    "will bitcoin hit 200k this year",
    "Should I buy TAO or AKT?",
    "is now a good time to sell render",
    "Price prediction for Helium 2027",
    "What will AKT be worth next year?",
    "how high can TAO go",
    "Which token should I buy?",
    "best depin coins to hold",
    "is Filecoin a good investment?",
    "When moon?",
    "Can you predict the price of Arweave?",
    "Is AKT undervalued?",
    "buy or sell?",
    "Give me a price target for HNT",
    "How much will I earn with a hotspot?",
    "is it worth investing in render",
    "Is the sector going to crash?",
    "recommend me a portfolio of tokens to buy",
    "next 100x depin gem",
  ])("is what a wish for advice or a prophecy gets: %s", (wish) => {
    expect(refusalOf(wish)).toBe("advice");
  });

  it("is not what the questions get that people ask about the entries, but for those that are one of the above", async () => {
    const asks = (await loadEntries()).flatMap((entry) => entry.asks);
    const refused = asks.filter((ask) => refusalOf(ask) !== null);
    expect(refused, refused.join("\n")).toHaveLength(0);
    expect(asks.length).toBeGreaterThan(300);
  });

  it.each([
    "What do people here think about latency?",
    "What does this community think about compute pricing?",
    "What does everyone say about data privacy?",
    "Does Bitcoin act as a store of value?",
    "How low can latency go on a home connection?",
    "Can a node drop out of training without losing the run?",
    "Will nodes drop out when rewards are cut?",
    "Who pays the providers of Akash?",
    "Who decides the rules of Helium?",
    "What are the risks of holding a token?",
    "What is a system on a chip?",
    "Which networks show how much they are used?",
    "How do validators agree on a block?",
    "What is the difference between instructions and data lanes on a GPU?",
    "How are data credits bought?",
    "Do buyers of storage pay in FIL?",
    "What was the price of Filecoin?",
    "Why do token prices fall?",
  ])("is not what this gets: %s", (question) => {
    expect(refusalOf(question)).toBeNull();
  });
});
