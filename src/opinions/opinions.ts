/** Logging opinions and counting them: the opinion domain over its store. */
import { createHash, randomBytes } from "node:crypto";
import { opinionId } from "../core/ids.ts";
import { readStance } from "./reading.ts";
import { findTopic, namedTopic, nearestTopics, topics } from "./topics.ts";
import { type Opinion, type OpinionStore, type Opinions, type SentimentView, type Stance, stances } from "./types.ts";

const dayMs = 24 * 3_600_000;

/** Each stance once, zero included: here zero is what was counted, not what is missing. */
function countStances(opinions: readonly Opinion[]): Readonly<Record<Stance, number>> {
  const counts: Record<Stance, number> = { agree: 0, mixed: 0, disagree: 0, unclear: 0 };
  for (const { stance } of opinions) counts[stance]++;
  return counts;
}

/** At most one quote a side, the newest that can be read at a glance: the loudest do not win. */
function pickQuotes(opinions: readonly Opinion[]): SentimentView["quotes"] {
  const short = opinions.filter((o) => o.text.length <= 280);
  return stances.flatMap((stance) => {
    const opinion = short.find((o) => o.stance === stance);
    return opinion === undefined ? [] : [{ stance, text: opinion.text, at: opinion.at }];
  });
}

/** The same press with the same words by the same member is the same opinion. 96 bits, as the random ones. */
const idFrom = (...parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);

export function createOpinions(store: OpinionStore): Opinions {
  return {
    topics,
    topic: findTopic,
    named: namedTopic,
    nearest: nearestTopics,
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
    async sentiment(community, topic, days, now) {
      // One millisecond past now, so that an opinion logged in this very millisecond counts.
      const end = new Date(now.getTime() + 1);
      const start = new Date(end.getTime() - days * dayMs);
      const current = await store.newest(community, topic.id, start, end);
      const earlier = await store.newest(community, topic.id, new Date(start.getTime() - days * dayMs), start);
      return {
        topic,
        days,
        people: current.length,
        counts: countStances(current),
        before: earlier.length === 0 ? null : countStances(earlier),
        quotes: pickQuotes(current),
      };
    },
  };
}
