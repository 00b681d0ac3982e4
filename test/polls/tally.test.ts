/** What a tally is, for any votes: each person once, outsiders in no other count, and nothing lost between rooms, platforms and the whole. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buttonBallot, communityId, platformOf, pollId, roomId } from "../../src/core/ids.ts";
import { tally } from "../../src/polls/tally.ts";
import type { Cast, PollPost } from "../../src/polls/types.ts";

const id = pollId("p");
const post = (place: number, platform: "discord" | "telegram", totals: readonly number[] | null = null, erased = 0): PollPost => ({
  place,
  room: roomId(platform, String(place)),
  community: communityId(platform, String(place)),
  state: "ended",
  ballot: buttonBallot(id, place),
  messageId: String(place),
  totals,
  erased,
});

const options = fc.integer({ min: 2, max: 10 });
const shape = fc.record({
  options,
  posts: fc.array(fc.constantFrom("discord" as const, "telegram" as const), { minLength: 1, maxLength: 5 }),
  votes: fc.array(
    fc.record({
      place: fc.nat(4),
      voter: fc.integer({ min: 0, max: 12 }).map((n) => `voter-${n}`),
      choice: fc.nat(9),
      standing: fc.constantFrom("member" as const, "outside" as const, "unknown" as const),
      newcomer: fc.boolean(),
    }),
    { maxLength: 60 },
  ),
});

interface Case {
  readonly poll: { readonly options: readonly string[]; readonly posts: readonly PollPost[] };
  readonly votes: readonly Cast[];
}

/** As the store hands them out: at most one vote for each voter and room. */
const cases: fc.Arbitrary<Case> = shape.map(({ options: many, posts, votes }) => ({
  poll: { options: Array.from({ length: many }, (_, n) => `option ${n}`), posts: posts.map((platform, place) => post(place, platform)) },
  votes: [...new Map(votes.filter((v) => v.place < posts.length && v.choice < many).map((v) => [`${v.place} ${v.voter}`, v])).values()],
}));

const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);

describe("a tally", () => {
  it("counts each person once, with the vote in the first room where they are no outsider", () => {
    fc.assert(
      fc.property(cases, ({ poll, votes }) => {
        const expected = poll.options.map(() => 0);
        for (const voter of new Set(votes.map((v) => v.voter))) {
          const own = votes.filter((v) => v.voter === voter && v.standing !== "outside").toSorted((a, b) => a.place - b.place)[0];
          if (own !== undefined) expected[own.choice] = (expected[own.choice] ?? 0) + 1;
        }
        const counted = tally(poll, votes);
        expect(counted.options).toEqual(expected);
        expect(counted.people).toBe(sum(expected));
      }),
    );
  });

  it("has a robust count besides, which leaves out newcomers and nobody else, and says how many on which platform", () => {
    fc.assert(
      fc.property(cases, ({ poll, votes }) => {
        const { robust, ...whole } = tally(poll, votes);
        expect(robust.people + sum(robust.leftOut.map(({ people }) => people))).toBe(whole.people);
        expect(sum(robust.options)).toBe(robust.people);
        expect(
          tally(
            poll,
            votes.map((vote) => ({ ...vote, newcomer: false })),
          ).robust,
        ).toEqual({
          people: whole.people,
          options: whole.options,
          leftOut: [],
          differs: false,
        });
      }),
    );
  });

  it.each([
    ["another option is ahead", { old: [3, 2], young: [0, 2] }, true],
    ["a share is five points off", { old: [6, 4], young: [3, 0] }, true],
    ["both say the same", { old: [6, 3], young: [2, 1] }, false],
    ["five are left", { old: [5, 0], young: [4, 0] }, false],
    ["four are left", { old: [4, 0], young: [4, 0] }, null],
    ["nobody was new, however few they are", { old: [1, 0], young: [0, 0] }, false],
  ])("whether it tells something else: %s", (_, { old, young }, differs) => {
    const cast = (counts: readonly number[], newcomer: boolean) =>
      counts.flatMap((n, choice) =>
        Array.from({ length: n }, (_, i) => ({
          place: 0,
          voter: `${newcomer} ${choice} ${i}`,
          choice,
          standing: "member" as const,
          newcomer,
        })),
      );
    const poll = { options: ["one", "two"], posts: [post(0, "telegram")] };
    expect(tally(poll, [...cast(old, false), ...cast(young, true)]).robust.differs).toBe(differs);
  });

  it("is the same in whatever order votes come", () => {
    fc.assert(
      fc.property(
        cases.chain((one) => fc.tuple(fc.constant(one), fc.shuffledSubarray([...one.votes], { minLength: one.votes.length }))),
        ([{ poll, votes }, shuffled]) => {
          expect(tally(poll, shuffled)).toEqual(tally(poll, votes));
        },
      ),
    );
  });

  it("adds up: rooms are the whole and what was not counted again, and every count is the sum of its options", () => {
    fc.assert(
      fc.property(cases, ({ poll, votes }) => {
        const counted = tally(poll, votes);
        expect(sum(counted.rooms.map(({ people }) => people))).toBe(counted.people + counted.again);
        expect(sum(counted.rooms.map(({ people, outside }) => people + outside.people))).toBe(votes.length);
        for (const counts of [counted, counted.outside, ...counted.platforms, ...counted.rooms])
          expect(sum(counts.options)).toBe(counts.people);
        for (const { platform, people } of counted.platforms) {
          const rooms = counted.rooms.filter(({ post: { room } }) => platformOf(room) === platform);
          expect(people).toBeLessThanOrEqual(sum(rooms.map((room) => room.people)));
          expect(people).toBeLessThanOrEqual(counted.people + counted.again);
        }
      }),
    );
  });

  it("knows how many votes are missing that the platform counted, those of members who erased themselves apart", () => {
    fc.assert(
      fc.property(cases, fc.nat(5), fc.nat(5), ({ poll, votes }, lost, erased) => {
        const cast = votes.filter((v) => v.place === 0).length;
        const told = { ...poll, posts: poll.posts.map((p) => (p.place === 0 ? post(0, "telegram", [cast + lost + erased], erased) : p)) };
        expect(tally(told, votes).rooms[0]?.missing).toBe(lost);
      }),
    );
  });
});
