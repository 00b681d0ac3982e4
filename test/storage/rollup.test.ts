/** The counts behind `/sentiment`: kept by the database with every change of an opinion, and the same as counting them all. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommunityId, type MemberId, memberId, type OpinionId, privateCommunityId, topicId } from "../../src/core/ids.ts";
import { asides, type Cohort } from "../../src/opinions/types.ts";
import { evidenceGrades, stances } from "../../src/reading/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import { everywhere, type TopicChange, type Wording } from "../../src/topics/types.ts";
import { fresh, noon, opinion } from "../contracts/stores/fixtures.ts";
import { openEmbedded, openPostgres, postgresUrl } from "../support/database.ts";

const day = 86_400_000;
const topics = [topicId("one"), topicId("two")] as const;

/** A day's length is left to chance, so that midnights are met exactly and missed by little. */
const moment = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((n) => Math.floor(noon.getTime() / day) * day + n * day),
  fc.integer({ min: -20 * day, max: 20 * day }).map((ms) => noon.getTime() + ms),
  fc.integer({ min: -20, max: 20 }).map((n) => noon.getTime() + n * 3_600_000),
);
const which = { who: fc.nat(3), place: fc.nat(1) };
const said = fc.record({
  ...which,
  topic: fc.nat(1),
  version: fc.integer({ min: 1, max: 2 }),
  at: moment,
  stance: fc.constantFrom(...stances),
  evidence: fc.constantFrom(...evidenceGrades, null),
  aside: fc.constantFrom(...asides, null),
});
const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant("log" as const), together: fc.array(said, { minLength: 1, maxLength: 4 }) }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("correct" as const), nth: fc.nat(30), stance: fc.constantFrom(...stances) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), nth: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("erase" as const), who: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename" as const), who: fc.nat(3), as: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("merge" as const), into: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("move" as const), from: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("retain" as const), days: fc.integer({ min: 1, max: 30 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("quoting" as const), who: fc.nat(3), allowed: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const [numRuns, timeout] = process.env.SOAK === undefined ? [25, 30_000] : [1_000, 900_000];

const kinds: readonly (readonly [string, () => Promise<Storage & { readonly clean?: () => Promise<void> }>])[] = [
  [
    "PGlite",
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "depinion-storage-"));
      return { ...(await openEmbedded(folder)), clean: () => rm(folder, { recursive: true }) };
    },
  ],
  ["PostgreSQL", async () => openPostgres(await postgresUrl())],
];

describe.each(kinds)("the counts of opinions on %s", (_, open) => {
  let storage: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    storage = await open();
  });
  afterAll(async () => {
    await storage.close();
    await storage.clean?.();
  });

  /** Counting them all, without anything that is kept beside them. */
  async function plainly(community: CommunityId, { topic, version }: Wording, from: Date, to: Date): Promise<readonly Cohort[]> {
    const { rows } = await storage.session.executeSql(
      `SELECT stance, platform, COALESCE(evidence = 'measured', false) AS measured, aside, count(*)::int AS people FROM (
         SELECT DISTINCT ON (member) * FROM opinion WHERE community = $1 AND topic = $2 AND version = $3 AND at >= $4 AND at < $5
          ORDER BY member, at DESC, seq DESC) AS newest GROUP BY 1, 2, 3, 4`,
      [community, topic, version, from.toISOString(), to.toISOString()],
    );
    return rows as readonly Cohort[];
  }

  /** All cells, in an order of their own. */
  const cells = async () => (await storage.session.executeSql("SELECT * FROM opinion_cell ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9")).rows;
  const sorted = (cohorts: readonly Cohort[]) => cohorts.map((c) => JSON.stringify(Object.entries(c).sort())).sort();

  async function take(one: Step, places: CommunityId[], people: MemberId[], logged: { id: OpinionId; member: MemberId }[]): Promise<void> {
    const { opinions, members, rooms, settings, topics: changes } = storage;
    const person = (n: number): MemberId => people[n] ?? memberId("");
    switch (one.kind) {
      case "log": {
        await Promise.all(
          one.together.map(async ({ place, who, topic, version, at, stance, evidence, aside }) => {
            const given = opinion({
              community: places[place] ?? fresh.community(),
              member: person(who),
              topic: topics[topic] ?? topics[0],
              stance,
              at: new Date(at),
            });
            logged.push(given);
            await opinions.add(given, { version, evidence, aside, platform: who % 2 === 0 ? "telegram" : "discord" });
            await opinions.add(given); // again, which changes nothing
          }),
        );
        return;
      }
      case "correct":
      case "remove": {
        const found = logged[one.nth];
        if (found === undefined) return;
        if (one.kind === "correct") await opinions.correct(found.id, found.member, one.stance);
        else await opinions.remove(found.id, found.member);
        return;
      }
      case "erase":
        await members.erase(person(one.who));
        return;
      case "rename":
        await members.rekey([person(one.who)], person(one.as));
        return;
      case "merge": {
        const [into, from] = one.into === 0 ? topics : topics.toReversed();
        const change: TopicChange = {
          community: everywhere,
          kind: "merged",
          topic: { ...wordless, id: from ?? topics[0] },
          other: into ?? null,
          at: noon,
          member: null,
        };
        await changes.merge([change], [{ from: { topic: from ?? topics[0], version: 1 }, to: { topic: into ?? topics[1], version: 2 } }]);
        return;
      }
      case "move":
        await rooms.migrate(places[one.from] ?? places[0] ?? fresh.community(), places[1 - one.from] ?? fresh.community());
        return;
      case "retain":
        for (const place of places) await settings.set(place, { retentionDays: one.days }, []);
        await settings.expire(noon);
        return;
      case "quoting":
        await members.choose(person(one.who), { quoting: one.allowed });
        return;
    }
  }

  test("of opinions that are logged at the same moment only the one fails that cannot be stored", async () => {
    const [good, bad, fine] = [opinion({}), opinion({ text: "no text holds a \0" }), opinion({})];
    const outcomes = await Promise.allSettled([good, bad, fine].map((one) => storage.opinions.add(one)));
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await Promise.all([good, bad, fine].map(({ id }) => storage.opinions.find(id)))).toEqual([good, null, fine]);
  });

  test("are what counting them all gives, after anything that can happen to opinions, and the same when made anew", {
    timeout,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), moment, moment, moment, async (steps, ...times) => {
        const people = Array.from({ length: 4 }, fresh.member);
        const places = [fresh.community(), fresh.community()];
        const logged: { id: OpinionId; member: MemberId }[] = [];
        for (const one of steps) await take(one, places, people, logged);
        const [before, from, to] = times.toSorted((a, b) => a - b).map((ms) => new Date(ms));
        if (before === undefined || from === undefined || to === undefined) throw new TypeError("there are three");
        for (const place of places)
          for (const topic of topics)
            for (const version of [1, 2]) {
              const tally = await storage.opinions.tally(place, { topic, version }, { before, from, to });
              expect(sorted(tally.recent)).toEqual(sorted(await plainly(place, { topic, version }, from, to)));
              expect(sorted(tally.before)).toEqual(sorted(await plainly(place, { topic, version }, before, from)));
            }
        const kept = await cells();
        await storage.recount();
        expect(kept).toEqual(await cells());
        await storage.session.executeSql("TRUNCATE opinion, reading, opinion_cell, topic_change");
      }),
      { numRuns },
    );
  });

  test("hold what one member says through many doors at once", async () => {
    const here = { community: fresh.community(), topic: topics[0], member: fresh.member() };
    const said = Array.from({ length: 40 }, (_, n) => opinion({ ...here, at: new Date(noon.getTime() + n * 3_600_000), stance: "agree" }));
    await Promise.all(said.map((one) => storage.opinions.add(one)));
    const kept = await cells();
    await storage.recount();
    expect(await cells()).toEqual(kept);
    await storage.members.erase(here.member);
    expect(await cells()).toEqual([]);
  });

  test("are gone with a private chat and its member", async () => {
    const member = fresh.member();
    await storage.opinions.add(opinion({ member, community: privateCommunityId("telegram", member) }));
    expect(await cells()).toHaveLength(1);
    await storage.members.erase(member);
    expect(await cells()).toEqual([]);
  });
});

const wordless = { title: "t", proposition: "p", sides: { agree: "a", disagree: "d" }, question: "q", version: 1 };
