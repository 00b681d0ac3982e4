/** Logging opinions and counting them: the opinion domain over its store. */
import { createHash, randomBytes } from "node:crypto";
import { opinionId } from "../core/ids.ts";
import { readStance } from "./reading.ts";
import { agreementChart, viewOf } from "./sentiment.ts";
import { findTopic, namedTopic, nearestTopics, topics } from "./topics.ts";
import type { Opinion, OpinionStore, Opinions } from "./types.ts";

const dayMs = 24 * 3_600_000;
const chartWeeks = 12;

/** The same press or request with the same words by the same member is the same opinion. 96 bits, as the random ones. */
const idFrom = (...parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);

export function createOpinions(store: OpinionStore): Opinions {
  const sentiment: Opinions["sentiment"] = async (community, topic, days, now) => {
    // One millisecond past now, so that an opinion logged in this very millisecond counts.
    const end = new Date(now.getTime() + 1);
    const start = new Date(end.getTime() - days * dayMs);
    const before = new Date(start.getTime() - days * dayMs);
    return viewOf(topic, days, await store.tally(community, topic.id, { before, from: start, to: end }));
  };
  return {
    topics,
    topic: findTopic,
    named: namedTopic,
    nearest: nearestTopics,
    // A choice's name has at most 100 characters on Discord.
    suggest: (typed) =>
      nearestTopics(typed).map(({ id, title, proposition }) => ({ label: `${title}: ${proposition}`.slice(0, 100), value: id })),
    async log({ community, member, topic, text, at, origin }) {
      const known = topics.find((t) => t.id === topic);
      if (known === undefined) throw new TypeError("an opinion on a topic that does not exist");
      const opinion: Opinion = {
        id: opinionId(origin === undefined ? randomBytes(12).toString("base64url") : idFrom(origin, member, text)),
        community,
        member,
        topic,
        text,
        stance: readStance(known, text),
        stanceBy: "reading",
        at,
      };
      await store.add(opinion);
      return opinion;
    },
    correct: (id, member, stance) => store.correct(id, member, stance),
    remove: (id, member) => store.remove(id, member),
    counts: (community) => store.counts(community),
    older: (community, days, now) => store.older(community, new Date(now.getTime() - days * dayMs)),
    sentiment,
    async overview(community, days, now) {
      const spoken = await store.counts(community);
      const views = await Promise.all(topics.filter(({ id }) => spoken.has(id)).map((topic) => sentiment(community, topic, days, now)));
      return views.filter((view) => view.people > 0).toSorted((a, b) => b.people - a.people);
    },
    async chart(community, topic, now) {
      // Weeks end with the UTC day: whoever asks on the same day is shown the same picture, drawn once.
      const from = new Date((Math.floor(now.getTime() / dayMs) + 1 - chartWeeks * 7) * dayMs);
      return agreementChart(topic, from, await store.weeks(community, topic.id, from, chartWeeks));
    },
  };
}
