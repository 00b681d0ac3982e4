/** What the robust count leaves out: decided when an opinion is logged, and nobody is refused for it. */
import { beforeEach, describe, expect, it } from "vitest";
import { communityId, memberId, privateCommunityId, topicId } from "../../src/core/ids.ts";
import { createOpinions } from "../../src/opinions/opinions.ts";
import { asideOf, printOf } from "../../src/opinions/scrutiny.ts";
import type { Aside, Opinions } from "../../src/opinions/types.ts";
import type { Reading } from "../../src/reading/types.ts";
import { createTopicDesk } from "../../src/topics/topic-desk.ts";
import { createMemoryStores, type Stores } from "../support/memory-stores.ts";
import { plainReading } from "../support/plain-reading.ts";

const community = communityId("discord", "1");
const topic = topicId("latency");
const noon = Date.parse("2026-11-22T12:00:00Z");
const minute = 60_000;
const day = 24 * 60 * minute;

let stores: Stores;
let opinions: Opinions;
beforeEach(() => {
  stores = createMemoryStores();
  opinions = createOpinions(stores, createTopicDesk(stores.topics), plainReading());
});

const reading: Reading = { topic, stance: "disagree", strength: "moderate", aspect: null, evidence: null, by: "classifier" };

const says = (who: string, text: string, at: number, since?: { readonly account?: Date; readonly joined?: Date }) =>
  opinions.log({ community, member: memberId(who), reading, text, at: new Date(at), since });

async function leftOut(): Promise<Partial<Record<Aside, number>>> {
  const book = await opinions.book(community);
  const latency = book.topic("latency");
  if (latency === null) throw new TypeError("no topic");
  return (await opinions.sentiment(community, latency, 30, new Date(noon + day))).leftOut;
}

describe("the robust count", () => {
  it("leaves out the same words of somebody else, whatever their case and punctuation, and not what many say in a few", async () => {
    await says("ann", "Home connections are far too slow for this.", noon);
    await says("bob", "HOME connections -- are far too slow, for this!", noon + 20 * minute);
    await says("eve", "Too slow.", noon + 40 * minute);
    await says("dan", "Too slow.", noon + 60 * minute);
    await says("ann", "Home connections are far too slow for this.", noon + 80 * minute);
    expect(await leftOut()).toEqual({ copy: 2 });
  });

  it("leaves out what comes in a flood: one stance, many people, within ten minutes", async () => {
    for (let n = 0; n < 20; n++) await says(`m${n}`, `It is slow, ${n} ms`, noon + n * 1000);
    expect(await leftOut()).toEqual({ burst: 5 });
  });

  it("leaves out nothing of the same people spread over hours", async () => {
    for (let n = 0; n < 20; n++) await says(`m${n}`, `It is slow, ${n} ms`, noon + n * 30 * minute);
    expect(await leftOut()).toEqual({});
  });

  it("leaves out accounts that were made or joined only just before", async () => {
    const at = (ago: number) => new Date(noon - ago);
    await says("new", "It is slow", noon, { account: at(13 * day), joined: at(2 * day) });
    await says("joined", "It is slow", noon, { account: at(900 * day), joined: at(day - 1) });
    await says("old", "It is slow", noon, { account: at(14 * day), joined: at(day) });
    await says("unknown", "It is slow", noon);
    expect(await leftOut()).toEqual({ newcomer: 2 });
  });

  it("says nothing in a private chat, where there is no count to sway", async () => {
    const alone = privateCommunityId("discord", memberId("new"));
    await opinions.log({
      community: alone,
      member: memberId("new"),
      reading,
      text: "It is slow",
      at: new Date(noon),
      since: { account: new Date(noon) },
    });
    const [logged] = (await stores.members.read(memberId("new"))).opinions;
    expect(logged?.text).toBe("It is slow");
  });
});

describe("what makes a copy", () => {
  it("is at least twenty letters in the same order", () => {
    expect(printOf("Too slow.")).toBeNull();
    expect(printOf("Ｈome connections are slow for me")).toBe(printOf("home connections, are SLOW for me!"));
    expect(printOf("home connections are slow for me")).not.toBe(printOf("home connections are fast for me"));
    expect(asideOf({ at: new Date(noon) }, { copied: false, others: 14 })).toBeNull();
    expect(asideOf({ at: new Date(noon) }, { copied: false, others: 15 })).toBe("burst");
  });
});
