/** What admins do with topics, and what members see of it: wordings, history, merging, closing, and a file of counts. */
import { beforeEach, describe, expect, it } from "vitest";
import exported from "../../commands/export.ts";
import opinion from "../../commands/opinion.ts";
import privacy from "../../commands/privacy.ts";
import sentiment from "../../commands/sentiment.ts";
import stance from "../../commands/stance.ts";
import topic from "../../commands/topic.ts";
import topics from "../../commands/topics.ts";
import { type CommunityId, communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import { createMarket } from "../../src/market/market.ts";
import { createPrivacy } from "../../src/members/privacy.ts";
import { createOpinions } from "../../src/opinions/opinions.ts";
import type { Stance } from "../../src/reading/types.ts";
import { createTopicDesk } from "../../src/topics/topic-desk.ts";
import { MemoryFigures } from "../market/fakes.ts";
import { createMemoryStores, type Stores } from "../support/memory-stores.ts";
import { plainReading } from "../support/plain-reading.ts";
import { createTalk, type Talk } from "../support/talk.ts";

const now = () => new Date("2026-11-22T12:00:00Z");
const here = communityId("discord", "1");
const log = { warn: () => undefined, error: () => undefined };

let stores: Stores;
let admin: Talk;
let member: Talk;
let elsewhere: Talk;
/** The admin, in the private chat. */
let desk: Talk;
beforeEach(() => {
  stores = createMemoryStores();
  const market = createMarket({ sources: [], watched: async () => [], store: new MemoryFigures(), now, log });
  const services = {
    opinions: createOpinions(stores, createTopicDesk(stores.topics), plainReading()),
    privacy: createPrivacy({
      store: stores.members,
      readings: stores.readings,
      now,
      eraseCopies: async () => [],
      backups: async () => null,
    }),
    market,
    illustrate: async () => null,
  };
  const talk = (community: CommunityId, isAdmin: boolean, kind: "public" | "private" = "public") =>
    createTalk([opinion, sentiment, stance, topics, topic, exported, privacy], services, now, { admin: isAdmin, community, kind });
  admin = talk(here, true);
  member = talk(here, false);
  desk = talk(here, true, "private");
  elsewhere = talk(communityId("discord", "2"), true);
});

const add = '/topic add GPU supply proposition="There are enough GPUs for everyone who asks."';
const named = '/topic add "GPU supply" proposition="There are enough GPUs for everyone who asks."';

describe("a topic", () => {
  it("is added by admins, for their community alone, and opinions are logged on it", async () => {
    expect(await member.read(named)).toContain("for the admins of this place");
    expect(await admin.read(named)).toMatch(/^Added: GPU supply – gpu-supply\nThere are enough GPUs for everyone who asks\./);
    expect(await member.read("/topics")).toContain("There are enough GPUs for everyone who asks. (nobody yet)");
    expect(await elsewhere.read("/topics")).not.toContain("GPUs for everyone");
    expect(await member.read("/opinion gpu-supply I agree, there are queues nowhere")).toContain("Logged on GPU supply");
    expect(await member.read("/sentiment gpu-supply")).toContain("1 person in the last 30 days.");
    expect(await admin.read(named)).toContain("There is a topic “GPU supply” already.");
    expect(await admin.read(add)).toContain('A name of several words stands in quotes: `/topic add "GPU supply"`'.replaceAll("`", ""));
  });

  it("needs a sentence to agree with, a name, and a metric that something measures", async () => {
    expect(await admin.read("/topic add supply")).toContain("needs one sentence that people can agree or disagree with");
    expect(await admin.read('/topic add ??? proposition="So it is."')).toContain("needs letters or digits");
    expect(await admin.read('/topic add size metric=nobody.measures proposition="It grows."')).toContain(
      "Nothing here measures nobody.measures",
    );
    expect(await admin.read('/topic add size metric=sector.market_cap proposition="It grows."')).toContain(
      "Measured by: sector.market_cap",
    );
    expect(await member.read("/sentiment size")).toContain("Measured, beside what is believed");
  });

  it("that is reworded starts anew, and earlier opinions stay with the words they answered", async () => {
    await admin.read(named);
    await member.read("/opinion gpu-supply I agree, there are queues nowhere");
    expect(await admin.read('/topic edit gpu-supply question="Where did you wait?"')).toMatch(/^Changed:/);
    expect(await member.read("/sentiment gpu-supply")).toContain("1 person in the last 30 days.");
    const reworded = await admin.read('/topic edit gpu-supply proposition="Every GPU is there within an hour."');
    expect(reworded).toMatch(/^Reworded:[\s\S]*This is wording 2\. Earlier opinions stay with the wording they answered\./);
    const shown = await member.read("/sentiment gpu-supply");
    expect(shown).toContain("Every GPU is there within an hour.");
    expect(shown).toContain("Nobody here has said anything about this in the last 30 days.");
    expect(shown).toContain(
      "On an earlier wording, “There are enough GPUs for everyone who asks.”: 1 person in the last 30 days. Agreement: 1 of the one person who took a side.",
    );
    const history = await admin.read("/topic history gpu-supply");
    expect(history).toMatch(
      /added \(wording 1\) GPU supply: “There are enough[\s\S]*edited \(wording 1\)[\s\S]*edited \(wording 2\) GPU supply: “Every GPU/,
    );
    await admin.read('/topic edit gpu-supply agree="Queues are short."');
    expect(await admin.read("/topic history gpu-supply")).toMatch(/wording 3[^\n]*\nAgree: Queues are short\.\nDisagree: It is not so\./);
  });

  it("that gets another title alone keeps its wording and what was said on it", async () => {
    await member.read("/opinion latency I agree, it is fast");
    expect(await admin.read('/topic edit latency title="Response times"')).toMatch(/^Changed: Response times – latency/);
    expect(await member.read("/sentiment latency")).toContain("1 person in the last 30 days.");
  });

  it("is meant by its title, too, where one line is typed, and no word of what is thought is lost", async () => {
    expect(await member.read("/opinion Compute Pricing I agree, much cheaper")).toMatch(
      /^Logged on Compute pricing,[\s\S]*"I agree, much cheaper"/,
    );
    expect(await member.read("/opinion compute-pricing is it so?")).toMatch(/^Logged on Compute pricing,[\s\S]*"is it so\?"/);
    expect(await member.read("/opinion market size")).toContain("What do you think?");
    expect(await member.read("/opinion market size 👍")).toMatch(/^Logged on Market size,/);
  });

  it("of those that ship can be reworded here, which changes it nowhere else", async () => {
    await admin.read('/topic edit latency proposition="Home nodes answer within 50 ms."');
    expect(await member.read("/topics")).toContain("Home nodes answer within 50 ms.");
    expect(await elsewhere.read("/topics")).toContain("fast and consistent enough for real-time workloads");
    // At the console, which these talks are, the operator words it for every community; what a community decided for itself stays.
    await elsewhere.read('/topic edit latency scope=bot proposition="Nodes answer in time."');
    expect(await elsewhere.read("/topics")).toContain("Nodes answer in time.");
    expect(await member.read("/topics")).toContain("Home nodes answer within 50 ms.");
  });

  it("that is closed takes no more opinions, still shows what was said, and is opened by wording it again", async () => {
    await admin.read(named);
    await member.read("/opinion gpu-supply I agree, there are queues nowhere");
    await admin.read("/topic close gpu-supply");
    expect(await member.read("/topics")).not.toContain("gpu-supply");
    expect(await member.read("/opinion gpu-supply I agree again")).toMatch(
      /^The topic “gpu-supply” is not open any more, so nothing has been logged\. Which other one is this about\?\n.*"I agree again"/,
    );
    expect(await member.read("/sentiment gpu-supply")).toMatch(/This topic is closed[\s\S]*1 person in the last 30 days/);
    expect(await admin.read('/topic edit gpu-supply title="Supply of GPUs"')).toMatch(/^Opened again: Supply of GPUs – gpu-supply/);
    expect(await member.read("/topics")).toContain("Supply of GPUs – gpu-supply");
  });

  it("that is merged goes on as the other one, with its opinions counted apart under their own words", async () => {
    await admin.read(named);
    await member.read("/opinion gpu-supply I agree, there are queues nowhere");
    await member.read("/opinion compute-pricing I agree, it is cheaper");
    expect(await admin.read("/topic merge gpu-supply into=compute-pricing")).toContain("GPU supply goes on as Compute pricing.");
    const shown = await member.read("/sentiment gpu-supply");
    expect(shown).toMatch(/^Compute pricing\n/);
    expect(shown).toContain("1 person in the last 30 days.");
    expect(shown).toContain("On an earlier wording, “There are enough GPUs for everyone who asks.”: 1 person");
    expect(await admin.read("/topic merge compute-pricing into=compute-pricing")).toContain("cannot be merged into itself");
    // Who closes or rewords what was merged does not mean the other one.
    for (const line of [
      "/topic close gpu-supply",
      '/topic edit gpu-supply proposition="So it is."',
      "/topic merge gpu-supply into=latency",
    ])
      expect(await admin.read(line), line).toContain("“gpu-supply” was merged into Compute pricing, and goes on there.");
    expect(await member.read("/topics")).toContain("Compute pricing");
    // A new wording of what was merged into gets a number of its own.
    expect(await admin.read('/topic edit compute-pricing proposition="It costs half."')).toContain("This is wording 3.");
    expect(await member.read("/sentiment compute-pricing")).toMatch(
      /On an earlier wording, “There are[\s\S]*On an earlier wording, “Decentralised compute is cheaper/,
    );
  });
});

describe("a community's export", () => {
  let serial = 0;
  async function said(count: number, stance: Stance, at: string, quotable = false): Promise<void> {
    for (let n = 0; n < count; n++) {
      serial++;
      const opinion = {
        community: here,
        topic: topicId("latency"),
        text: `words ${serial}`,
        stance,
        stanceBy: "reading",
        at: new Date(at),
      } as const;
      await stores.opinions.add({ ...opinion, id: opinionId(`e${serial}`), member: memberId(`member-${serial}`) }, { quotable });
    }
  }
  const fileOf = async (line: string): Promise<string> => {
    const { blocks } = await desk.ask(line);
    const block = blocks.find((one) => one.kind === "file");
    if (block?.kind !== "file") throw new TypeError("there is no file");
    return new TextDecoder().decode(block.content);
  };

  it("has counts by week, none of fewer than five people, no sum that would tell one, and nothing of the present week", async () => {
    await said(7, "agree", "2026-11-11T10:00:00Z");
    await said(3, "disagree", "2026-11-11T10:00:00Z");
    await said(5, "agree", "2026-11-03T10:00:00Z");
    await said(9, "agree", "2026-11-20T10:00:00Z");
    expect(await fileOf("/export csv 28")).toBe(
      ["topic,wording,week,agree,mixed,disagree,unclear,people", "latency,1,2026-11-02,5,0,0,0,5", "latency,1,2026-11-09,7,0,,0,", ""].join(
        "\r\n",
      ),
    );
    expect(await desk.read("/export csv 28")).toContain("Numbers of fewer than 5 people are left out (1 here)");
  });

  it("holds no member, and no text but of who allowed it", async () => {
    await said(5, "agree", "2026-11-11T10:00:00Z");
    await said(1, "disagree", "2026-11-11T10:00:00Z", true);
    const text = await fileOf("/export json");
    expect(JSON.parse(text)).toMatchObject({
      counts: [
        { topic: "latency", week: "2026-11-09", agree: 5, disagree: null, people: null, proposition: expect.stringMatching(/real-time/) },
      ],
      texts: [{ topic: "latency", stance: "disagree", text: `words ${serial}` }],
    });
    expect(text).not.toContain("member-");
    expect(await member.read("/export")).toContain("for the admins of this place");
  });
});
