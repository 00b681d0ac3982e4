/** Logging opinions and counting them: the opinion domain over its stores. */
import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { isPrivateCommunity, opinionId, platformOf } from "../core/ids.ts";
import type { MemberStore } from "../members/types.ts";
import type { Reader } from "../reading/types.ts";
import type { Topics } from "../topics/types.ts";
import { exportCommunity } from "./community-export.ts";
import { chooseQuotes } from "./quotes.ts";
import { asideOf, burstMs, copyMs, printOf } from "./scrutiny.ts";
import { agreementByWeek, viewOf } from "./sentiment.ts";
import type { Opinion, OpinionStore, Opinions } from "./types.ts";

const dayMs = 24 * 3_600_000;
/** With which a moment's day began, by UTC. */
const midnight = (at: number): number => Math.floor(at / dayMs) * dayMs;
const chartWeeks = 12;
/** Of each side so many are looked at to find what speaks for it. */
const candidates = 40;

/** The same press or request with the same words by the same member is the same opinion. 96 bits, as the random ones. */
const idFrom = (...parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);

export interface OpinionStores {
  readonly opinions: OpinionStore;
  readonly members: Pick<MemberStore, "choice">;
}

export function createOpinions({ opinions: store, members }: OpinionStores, topics: Topics, read: Reader): Opinions {
  const sentiment: Opinions["sentiment"] = async (community, topic, days, now) => {
    const today = midnight(now.getTime());
    // A week and more is counted by whole days, which the store has ready; less to the millisecond.
    const from = new Date((days < 7 ? now.getTime() : today) - days * dayMs);
    const before = new Date(from.getTime() - days * dayMs);
    // Nothing was said later than now.
    const to = new Date(today + dayMs);
    const wording = { topic: topic.id, version: topic.version };
    const [tally, quotable] = await Promise.all([
      store.tally(community, wording, { before, from, to }),
      store.quotable(community, wording, { from, to }, candidates),
    ]);
    return viewOf(topic, days, tally, chooseQuotes(quotable));
  };
  return {
    ...topics,
    read,
    async log({ community, member, reading, text, at, origin, platform = platformOf(community), since }) {
      const { topic, stance, evidence } = reading;
      const [book, { quoting, optedOut }] = await Promise.all([topics.book(community), members.choice(member)]);
      if (optedOut) throw new UserError("opted_out", (texts) => texts.opinion.optedOut);
      const known = book.topics.find((t) => t.id === topic);
      if (known === undefined) throw new UserError("no_such_topic", (texts) => texts.opinion.topicClosed);
      const opinion: Opinion = {
        // One text may carry several opinions, each on a topic of its own.
        id: opinionId(origin === undefined ? randomBytes(12).toString("base64url") : idFrom(origin, member, text, topic)),
        community,
        member,
        topic,
        text,
        stance,
        stanceBy: "reading",
        at,
      };
      const { version } = known;
      const print = printOf(text);
      const ago = (ms: number) => new Date(at.getTime() - ms);
      // In a private chat the author is alone: there is no count to sway, and nobody else who would be shown a quote.
      const alone = isPrivateCommunity(community);
      const company = () => store.company(opinion, { version, print }, { copies: ago(copyMs), burst: ago(burstMs) });
      const aside = alone ? null : asideOf(opinion, await company(), since);
      const quotable = quoting === true || alone;
      await store.add(opinion, { version, platform, evidence, aside, print, quotable }, reading);
      return opinion;
    },
    async vote({ poll, community, member, topic, question, stance, at, newcomer }) {
      const [book, { optedOut }] = await Promise.all([topics.book(community), members.choice(member)]);
      const known = book.any(topic);
      if (known === null || optedOut) return;
      // The poll asked one wording of the topic, which may have another by now.
      const asked = [known, ...book.earlier(known)].find(({ proposition }) => question.startsWith(proposition)) ?? known;
      const id = opinionId(idFrom("poll", poll, member));
      await store.add(
        { id, community, member, topic: asked.id, text: "", stance, stanceBy: "vote", at },
        { version: asked.version, aside: newcomer ? "newcomer" : null },
      );
    },
    async words(id, member) {
      const opinion = await store.find(id);
      return opinion?.member === member && opinion.text !== "" ? opinion.text : null;
    },
    correct: (id, member, stance) => store.correct(id, member, stance),
    remove: (id, member) => store.remove(id, member),
    async counts(community) {
      const [book, counted] = await Promise.all([topics.book(community), store.counts(community)]);
      const present = counted.filter(({ topic, version }) => book.topics.some((t) => t.id === topic && t.version === version));
      return new Map(present.map(({ topic, people }) => [topic, people]));
    },
    exported: async (community, wanted) => exportCommunity(store, community, await topics.book(community), wanted),
    sentiment,
    async overview(community, days, now) {
      const [book, counted] = await Promise.all([topics.book(community), store.counts(community)]);
      const spoken = book.topics.filter(({ id, version }) => counted.some((one) => one.topic === id && one.version === version));
      const views = await Promise.all(spoken.map((topic) => sentiment(community, topic, days, now)));
      return views.filter((view) => view.people > 0).toSorted((a, b) => b.people - a.people);
    },
    async weekly(community, topic, now, words) {
      // Weeks end with the UTC day: whoever asks on the same day is shown the same picture, drawn once.
      const from = new Date(midnight(now.getTime()) + (1 - chartWeeks * 7) * dayMs);
      return agreementByWeek(
        topic,
        from,
        await store.weeks(community, { topic: topic.id, version: topic.version }, from, chartWeeks),
        words,
      );
    },
  };
}
