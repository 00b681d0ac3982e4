/** What the store of polls and votes must do, on whichever database. */
import { describe, expect, test } from "vitest";
import {
  type BallotId,
  type CommunityId,
  type MemberId,
  nativeBallot,
  pollId,
  roomId,
  subscriptionId,
  topicId,
} from "../../../src/core/ids.ts";
import type { Choice } from "../../../src/core/poll.ts";
import { tally } from "../../../src/polls/tally.ts";
import type { Poll, Series } from "../../../src/polls/types.ts";
import type { Storage } from "../../../src/storage/open.ts";
import { fresh, later, next, noon, opinion } from "./fixtures.ts";

type Stores = Pick<Storage, "polls" | "links" | "members" | "opinions" | "rooms" | "settings" | "subscriptions" | "session">;

const chose = (option: number): Choice => ({ kind: "chose", option });
const tookBack = (option: number | null = null): Choice => ({ kind: "took_back", option });

type LinkedPlace = Pick<Poll["posts"][number], "room" | "community">;

/** A poll that stands in one Discord channel and in one Telegram group. */
async function asked({ polls, subscriptions }: Stores, parts: Partial<Series> = {}, places?: readonly LinkedPlace[]) {
  const serial = next();
  const [discord, telegram] = [`discord:77${serial}` as CommunityId, fresh.community()];
  const series: Series = {
    id: `series-${serial}`,
    community: discord,
    question: "Which network next?",
    options: ["Akash", "Render", "None"],
    topic: null,
    hidden: false,
    hours: 24,
    createdAt: noon,
    ...parts,
  };
  const by = fresh.member();
  await polls.addSeries(series, by);
  const rooms = places ?? [
    { room: roomId("discord", `88${serial}`), community: discord },
    { room: roomId("telegram", telegram.slice("telegram:".length)), community: telegram },
  ];
  for (const { room, community } of rooms)
    await subscriptions.add(
      {
        id: subscriptionId(`poll-${room}-${serial}`),
        room,
        community,
        time: "",
        zone: series.id,
        days: [],
        sections: null,
        series: series.id,
        createdAt: noon,
        paused: null,
      },
      by,
    );
  const { hours: _, createdAt: __, ...rest } = series;
  const id = pollId(`poll-${serial}`);
  const opened = await polls.open({ ...rest, id, series: series.id, opensAt: noon, closesAt: later(24 * 60) });
  const ballots = [nativeBallot("discord", `message-${serial}`), nativeBallot("telegram", `poll-${serial}`)] as const;
  for (const [index, { room }] of rooms.entries())
    await polls.posted(id, room, { ballot: ballots[index] ?? ballots[0], messageId: String(serial), at: noon });
  return { id, by, rooms, ballots, opened, series };
}

export function pollContract(stores: () => Stores): void {
  const cast = (ballot: BallotId, member: ReturnType<typeof fresh.member>, choice: Choice, order: number, at = noon) =>
    stores().polls.cast({ ballot, member, choice, order: BigInt(order) }, at, ballot.startsWith("discord:"));
  const counts = async (id: Poll["id"]): Promise<readonly string[]> =>
    (await stores().polls.votes(id)).map(({ place, choice }) => `${place}:${choice}`).sort();

  describe("polls", () => {
    test("a poll is opened once, in every room of its series, its own community's first", async () => {
      const { polls } = stores();
      const { id, opened, rooms, series, by } = await asked(stores(), { topic: topicId("latency"), hidden: true });
      expect(opened).toMatchObject({
        topic: "latency",
        hidden: true,
        closedAt: null,
        posts: [
          { place: 0, state: "waiting" },
          { place: 1, state: "waiting" },
        ],
      });
      const again = await polls.open({ ...opened, closesAt: later(1) });
      expect(again.closesAt).toEqual(later(24 * 60));
      expect(again.posts.map(({ room, state }) => ({ room, state }))).toEqual(rooms.map(({ room }) => ({ room, state: "open" })));
      // The proof of another attempt changes nothing.
      await polls.posted(id, rooms[0]?.room ?? roomId("discord", "0"), {
        ballot: nativeBallot("discord", "other"),
        messageId: "2",
        at: noon,
      });
      expect((await polls.find(id))?.posts[0]?.messageId).not.toBe("2");
      expect((await polls.latest(rooms[1]?.community ?? series.community, 5)).map((poll) => poll.id)).toEqual([id]);
      expect(await polls.overdue(later(24 * 60 - 1))).not.toContainEqual(expect.objectContaining({ id }));
      expect(await polls.overdue(later(24 * 60))).toContainEqual(expect.objectContaining({ id }));
      expect((await stores().members.read(by)).polls).toMatchObject([{ question: "Which network next?" }]);
    });

    test("a vote is what its member did last, whatever is told twice, late or in another order", async () => {
      const { id, ballots } = await asked(stores());
      const [ann, bob, cora] = [fresh.member(), fresh.member(), fresh.member()];
      await cast(ballots[1], ann, chose(0), 10);
      await cast(ballots[1], ann, chose(2), 12);
      await cast(ballots[1], ann, chose(1), 11);
      await cast(ballots[1], ann, chose(0), 10);
      // On Discord a change is told as two things; here the second comes first.
      await cast(ballots[0], bob, chose(0), 20);
      await cast(ballots[0], bob, chose(1), 22);
      await cast(ballots[0], bob, tookBack(0), 21);
      // Taken back before it is told that it was given.
      await cast(ballots[0], cora, tookBack(2), 31);
      await cast(ballots[0], cora, chose(2), 30);
      expect(await counts(id)).toEqual(["0:1", "1:2"]);
      await cast(ballots[0], bob, tookBack(1), 23);
      await cast(ballots[1], ann, tookBack(), 13);
      expect(await counts(id)).toEqual([]);
      // Telegram's numbers begin anew after a week without any.
      await cast(ballots[1], ann, chose(1), 3, later(7 * 24 * 60));
      expect(await counts(id)).toEqual(["1:1"]);
    });

    test("votes on Telegram may come before their poll is known, and on Discord only those of known polls are kept", async () => {
      const { polls, session } = stores();
      const member = fresh.member();
      const [unknown, foreign] = [nativeBallot("telegram", `early-${next()}`), nativeBallot("discord", `foreign-${next()}`)];
      expect(await cast(unknown, member, chose(1), 1)).toEqual({ room: null, standing: "unknown" });
      await cast(foreign, member, chose(1), 1);
      const { rows } = await session.executeSql("SELECT ballot FROM vote WHERE member = $1", [member]);
      expect(rows).toEqual([{ ballot: unknown }]);
      expect(await polls.sweep(noon, noon)).toBe(0);
      expect(await polls.sweep(later(1), noon)).toBeGreaterThan(0);
      expect((await session.executeSql("SELECT 1 FROM vote WHERE member = $1", [member])).rows).toEqual([]);
    });

    test("of a poll that has ended, votes are taken only as long as the platform has counted others", async () => {
      const { polls } = stores();
      const { id, ballots } = await asked(stores());
      const [ann, bob, cora] = [fresh.member(), fresh.member(), fresh.member()];
      await cast(ballots[1], ann, chose(0), 1);
      await polls.end(id, 1, "ended", [0, 2, 0]);
      await cast(ballots[1], ann, chose(1), 2);
      await cast(ballots[1], bob, chose(1), 3);
      await cast(ballots[1], cora, chose(1), 4);
      await cast(ballots[1], bob, tookBack(), 5);
      expect(await counts(id)).toEqual(["1:1", "1:1"]);
      await polls.end(id, 0, "ended", [0, 0, 0]);
      await cast(ballots[0], cora, chose(1), 4);
      expect(await counts(id)).toEqual(["1:1", "1:1"]);
    });

    test("of a poll whose end the platform has told, every vote that was cast before counts, however late it is told, and none after", async () => {
      const { polls } = stores();
      const { id, ballots } = await asked(stores());
      const [ann, bob] = [fresh.member(), fresh.member()];
      await cast(ballots[1], ann, chose(0), 1);
      await polls.setTotals(ballots[1], [1, 0, 0], 10n);
      // The counts are right already, and the wrong person's.
      await cast(ballots[1], ann, tookBack(), 2);
      await cast(ballots[1], bob, chose(0), 3);
      await cast(ballots[1], ann, chose(1), 11);
      expect((await polls.votes(id)).map(({ voter, choice }) => [voter, choice])).toEqual([[bob, 0]]);
    });

    test("a platform's list replaces what is known up to its moment, and nothing that was told later", async () => {
      const { polls } = stores();
      const { id, ballots } = await asked(stores());
      const [ann, bob, cora, dan] = [fresh.member(), fresh.member(), fresh.member(), fresh.member()];
      await cast(ballots[0], ann, chose(0), 10);
      await cast(ballots[0], bob, chose(0), 10);
      await cast(ballots[0], cora, chose(0), 30);
      await polls.recount(
        ballots[0],
        [
          { member: bob, option: 2 },
          { member: dan, option: 1 },
        ],
        20n,
        noon,
      );
      expect(await counts(id)).toEqual(["0:0", "0:1", "0:2"]);
      await cast(ballots[0], dan, chose(0), 15);
      expect(await counts(id)).toEqual(["0:0", "0:1", "0:2"]);
      await polls.end(id, 0, "ended", [0, 1, 1]);
      await polls.recount(ballots[0], [], 99n, noon);
      expect(await counts(id)).toEqual(["0:0", "0:1", "0:2"]);
    });

    test("who erases themselves is counted no more, not by the platform's list either, but by a new vote", async () => {
      const { polls, members, session } = stores();
      const { id, ballots } = await asked(stores());
      const ann = fresh.member();
      await cast(ballots[0], ann, chose(0), 10);
      expect((await members.read(ann)).votes).toMatchObject([{ option: "Akash" }]);
      await members.erase(ann);
      await polls.recount(ballots[0], [{ member: ann, option: 0 }], 20n, noon);
      expect(await counts(id)).toEqual([]);
      expect((await polls.find(id))?.posts[0]?.erased).toBe(1);
      expect((await session.executeSql("SELECT 1 FROM vote t WHERE strpos(t::text, $1) > 0", [ann])).rows).toEqual([]);
      await cast(ballots[0], ann, chose(1), 30);
      expect(await counts(id)).toEqual(["0:1"]);
      expect((await polls.find(id))?.posts[0]?.erased).toBe(0);
      await members.erase(ann);
      await polls.end(id, 0, "ended", [0, 1, 0]);
      // The mark has done its work.
      expect((await session.executeSql("SELECT 1 FROM vote WHERE ballot = $1", [ballots[0]])).rows).toEqual([]);
    });

    test("a member of an earlier key keeps the newer of two votes, and joined accounts stay joined", async () => {
      const { members } = stores();
      const { id, ballots } = await asked(stores());
      const [old, current] = [fresh.member(), fresh.member()];
      await cast(ballots[0], old, chose(0), 10);
      await cast(ballots[0], current, chose(1), 20);
      await cast(ballots[1], old, chose(2), 10);
      await members.rekey([old], current);
      expect((await stores().polls.votes(id)).map(({ voter, place, choice }) => [voter, place, choice]).sort()).toEqual([
        [current, 0, 1],
        [current, 1, 2],
      ]);
    });

    test("on Telegram a newcomer is who had left nothing in this community before the poll opened, on Discord whom the platform calls one", async () => {
      const { polls, opinions } = stores();
      const earlier = await asked(stores());
      const { id, ballots, rooms } = await asked(stores(), {}, earlier.rooms);
      const community = rooms[1]?.community ?? earlier.series.community;
      const [spoke, spokeLate, spokeElsewhere, voted, lurker] = Array.from({ length: 5 }, fresh.member);
      const said = (member: MemberId | undefined, at: Date, where = community) =>
        opinions.add(opinion({ community: where, member: member ?? fresh.member(), topic: fresh.topic(), at }));
      await said(spoke, later(-1));
      await said(spokeLate, noon);
      await said(spokeElsewhere, later(-1), fresh.community());
      await cast(earlier.ballots[1], voted ?? fresh.member(), chose(0), 1, later(-1));
      const voters = Object.entries({ spoke, spokeLate, spokeElsewhere, voted, lurker });
      for (const [n, [, member = fresh.member()]] of voters.entries()) await cast(ballots[1], member, chose(0), n + 2, later(1));
      const [made, old] = [fresh.member(), fresh.member()];
      await polls.cast({ ballot: ballots[0], member: made, choice: chose(0), order: 10n, newcomer: true }, later(1), true);
      await polls.recount(
        ballots[0],
        [
          { member: made, option: 0 },
          { member: old, option: 1, newcomer: false },
        ],
        20n,
        later(2),
      );
      const told = (await polls.votes(id)).filter(({ newcomer }) => newcomer).map(({ voter }) => voter);
      expect(told.sort()).toEqual([spokeLate, spokeElsewhere, lurker, made].sort());
      expect((await polls.choices(id)).filter(({ newcomer }) => newcomer).map(({ member }) => member)).toEqual(told);
    });

    test("a voter who is found to have joined after the poll opened is a newcomer from then on", async () => {
      const { polls } = stores();
      const { id, ballots } = await asked(stores());
      const { ballots: others, id: other } = await asked(stores());
      const [before, atOnce, after] = [fresh.member(), fresh.member(), fresh.member()];
      for (const [n, member] of [before, atOnce, after].entries()) await cast(ballots[0], member, chose(0), n + 1, later(5));
      await cast(others[0], after, chose(0), 1, later(5));
      await polls.setJoined(ballots[0], before, later(-1));
      await polls.setJoined(ballots[0], atOnce, noon);
      await polls.setJoined(ballots[0], after, later(1));
      await polls.setJoined(ballots[0], fresh.member(), later(1));
      const newcomers = async (poll: Poll["id"]) => (await polls.votes(poll)).filter(({ newcomer }) => newcomer).map(({ voter }) => voter);
      expect([await newcomers(id), await newcomers(other)]).toEqual([[after], []]);
      await cast(ballots[0], after, chose(1), 10, later(6));
      await polls.recount(
        ballots[0],
        [after, before].map((member) => ({ member, option: 2, newcomer: false })),
        20n,
        later(7),
      );
      expect(await newcomers(id)).toEqual([after]);
      expect((await polls.choices(id)).map(({ member, newcomer }) => [member, newcomer]).sort()).toEqual(
        [
          [after, true],
          [before, false],
        ].sort(),
      );
    });

    test("of a person who voted with two accounts, the same vote counts as a choice and in the tally", async () => {
      const { polls, links } = stores();
      const { id, ballots } = await asked(stores());
      const [first, second, third] = [fresh.member(), fresh.member(), fresh.member()];
      await links.join([first, second], `person-${next()}`);
      await cast(ballots[1], first, chose(0), 1);
      await cast(ballots[0], second, chose(1), 1);
      await cast(ballots[1], third, chose(2), 1);
      const poll = await polls.find(id);
      if (poll === null) throw new TypeError("the poll is there");
      const counted = tally(poll, await polls.votes(id));
      expect([counted.options, counted.again]).toEqual([[0, 1, 1], 1]);
      expect(counted.rooms.map(({ options }) => options)).toEqual([
        [0, 1, 0],
        [1, 0, 1],
      ]);
      expect((await polls.choices(id)).map(({ choice }) => choice).sort()).toEqual([1, 2]);
    });

    test("that ended longer ago than their community keeps votes go with all of them, and from the polls of others its own room alone", async () => {
      const { polls, settings } = stores();
      const [own, shared, open] = [await asked(stores()), await asked(stores()), await asked(stores())];
      const day = 24 * 60;
      for (const { ballots } of [own, shared, open]) {
        for (const ballot of ballots) await cast(ballot, fresh.member(), chose(0), 1);
        await cast(ballots[1], fresh.member(), tookBack(), 1);
      }
      for (const { id } of [own, shared]) await polls.close(id, later(day));
      const guest = shared.rooms[1]?.community ?? shared.series.community;
      for (const community of [own.series.community, guest, open.series.community]) await settings.set(community, { retentionDays: 2 }, []);
      const keep = async () => {
        await settings.expire(later(3 * day));
        return [await counts(own.id), await counts(shared.id), await counts(open.id)];
      };
      expect(await keep()).toEqual([
        ["0:0", "1:0"],
        ["0:0", "1:0"],
        ["0:0", "1:0"],
      ]);
      const before = later(day + 1);
      expect([await settings.older(own.series.community, before), await settings.older(guest, before)]).toMatchObject([
        { votes: 2 },
        { votes: 1 },
      ]);
      await settings.expire(later(3 * day + 1));
      expect(await polls.find(own.id)).toBeNull();
      expect((await polls.find(shared.id))?.posts.map(({ place }) => place)).toEqual([0]);
      expect([await counts(own.id), await counts(shared.id), await counts(open.id)]).toEqual([[], ["0:0"], ["0:0", "1:0"]]);
    });

    test("of a community that is erased, its polls go with their votes, and its rooms from the polls of others", async () => {
      const { polls, rooms: roomStore, session } = stores();
      const own = await asked(stores());
      const shared = await asked(stores());
      for (const ballot of [...own.ballots, ...shared.ballots]) await cast(ballot, fresh.member(), chose(0), 1);
      const [gone, guest] = [own.series.community, shared.rooms[1]?.community ?? shared.series.community];
      for (const community of [gone, guest]) await roomStore.leave(community, noon);
      await roomStore.eraseLeft(later(1));
      expect(await polls.find(own.id)).toBeNull();
      expect((await polls.find(shared.id))?.posts.map(({ place }) => place)).toEqual([0]);
      expect(await counts(shared.id)).toEqual(["0:0"]);
      expect((await session.executeSql("SELECT 1 FROM vote WHERE ballot = ANY($1)", [[...own.ballots, shared.ballots[1]]])).rows).toEqual(
        [],
      );
    });
  });
}
