/**
 * Many members vote, change their minds and take votes back at random, on both platforms, while what is told of it comes twice, in another
 * order, after cut connections, in new sessions and after restarts: in the end the count is exactly what the platforms show.
 * `npm run soak` plays it with 2,000 members.
 */
import { expect, it } from "vitest";
import { communityId } from "../../src/core/ids.ts";
import type { FakeMember } from "../support/fake-discord/index.ts";
import type { Person } from "../support/fake-telegram/index.ts";
import { type PollStage, pollStage, read } from "../support/poll-stage.ts";
import { randomFrom, seedOf } from "../support/random.ts";

const long = process.env.SOAK !== undefined;
/** Half of them on each platform; of each ten two are one person. */
const members = long ? 2_000 : 60;
const rounds = long ? 60 : 6;
const actions = long ? 200 : 30;
const options = 4;

interface Voters {
  readonly here: readonly FakeMember[];
  readonly there: readonly Person[];
  /** Index of those with an account on both platforms that they have joined. */
  readonly joined: ReadonlySet<number>;
}

async function gather({ discord, telegram }: PollStage): Promise<Voters> {
  const half = Array.from({ length: members / 2 }, (_, index) => index);
  const here = half.map((index) => discord.member(`discord-${index}`));
  const there = half.map((index) => telegram.user(`telegram-${index}`, { outside: index % 10 === 7 }));
  const joined = new Set(half.filter((index) => index % 10 === 3));
  for (const index of joined) {
    const [one, other] = [here[index], there[index]];
    if (one === undefined || other === undefined) continue;
    const code = /\/linkme ([A-Z0-9]{8})/.exec(await read(one.says("/linkme")))?.[1] ?? "";
    expect((await other.says(other.private, `/linkme ${code}`)).text).toContain("Joined");
  }
  return { here, there, joined };
}

/** What the platforms show: people once, with joined accounts by their Discord vote, where there is one; outsiders apart. */
function expected(
  { here, there, joined }: Voters,
  choiceHere: (index: number) => number | null,
  choiceThere: (index: number) => number | null,
) {
  const counts = { all: zeros(), discord: zeros(), telegram: zeros(), outside: zeros() };
  for (const [index] of here.entries()) {
    const [one, other] = [choiceHere(index), choiceThere(index)];
    if (one !== null) add(counts.discord, one);
    const outside = index % 10 === 7;
    if (other !== null) add(outside ? counts.outside : counts.telegram, other);
    if (one !== null) add(counts.all, one);
    if (other !== null && !outside && !(joined.has(index) && one !== null)) add(counts.all, other);
  }
  expect(here).toHaveLength(there.length);
  return counts;
}

const zeros = (): number[] => Array.from({ length: options }, () => 0);
const add = (counts: number[], option: number): void => {
  counts[option] = (counts[option] ?? 0) + 1;
};

it(
  `${members} members vote at random, and the tally is what the platforms show`,
  async () => {
    const random = randomFrom(seedOf(20_261_122));
    const pick = (below: number): number => Math.floor(random() * below);
    const shuffled = <T>(list: readonly T[]): readonly T[] => {
      const twice = list.flatMap((one) => (random() < 0.3 ? [one, one] : [one]));
      return twice
        .map((one) => ({ one, at: random() }))
        .sort((a, b) => a.at - b.at)
        .map(({ one }) => one);
    };
    const stage = await pollStage();
    const { discord, telegram, link, askBoth, told, pass, app } = stage;
    await link();
    const voters = await gather(stage);
    const named = (hidden: string) => `/poll question="Which ${hidden}?" options="A|B|C|D" hours=24 everywhere=yes hidden=${hidden}`;
    const native = await askBoth(named("no"));
    const sealed = await askBoth(named("yes"));
    expect([native.here.poll === null, sealed.here.poll === null]).toEqual([false, true]);
    /** What each member's last press on Discord chose: buttons are no state of the platform's. */
    const pressed = new Map<number, number | null>();

    let away = false;
    async function act(): Promise<void> {
      const index = pick(voters.here.length);
      const choice = random() < 0.25 ? null : pick(options);
      const [one, other] = [voters.here[index], voters.there[index]];
      const kind = pick(8);
      if (kind < 3) one?.votes(native.here, choice === null ? null : choice + 1);
      else if (kind < 5) other?.votes(native.there, choice);
      else if (kind < 7) other?.votes(sealed.there, choice);
      else if (!away && one !== undefined) {
        const label = choice === null ? "Take my vote back" : "ABCD".charAt(choice);
        const taps = Array.from({ length: 1 + pick(2) }, () => one.press(sealed.here, label));
        await Promise.all(taps);
        pressed.set(index, choice);
      }
    }

    for (let round = 0; round < rounds; round++) {
      const chaos = round % 5;
      if (chaos === 1) discord.gateway.hold();
      if (chaos === 3) {
        away = true;
        await stage.stop();
      }
      for (let n = 0; n < actions; n++) {
        // Presses on Discord would wait for what is held back.
        away = chaos === 1 || chaos === 3;
        await act();
        if (random() < 0.2) telegram.world.updates.arrange(shuffled);
      }
      if (chaos === 1) discord.gateway.release(shuffled);
      if (chaos === 2) {
        const back = discord.gateway.next("resumed");
        discord.gateway.cut();
        await act();
        await back;
      }
      if (chaos === 3) await stage.start();
      if (chaos === 4) {
        const again = discord.gateway.next("ready");
        stage.later(6_000); // Discord demands five seconds between two identifies.
        discord.gateway.invalidate(false);
        await again;
      }
      away = false;
      await told();
    }
    await pass("2026-11-23T18:10:00Z");
    await told();
    await pass("2026-11-23T18:21:00Z");

    const community = communityId("discord", discord.guild.id);
    const { polls } = await app().services.polls.list(community);
    for (const [title, choiceHere, there] of [
      ["Which no?", (index: number) => (native.here.poll?.votes.get(voters.here[index]?.user.id ?? "") ?? 0) - 1, native.there],
      ["Which yes?", (index: number) => pressed.get(index) ?? -1, sealed.there],
    ] as const) {
      const poll = polls.find((one) => one.question === title);
      const results = poll === undefined ? null : await app().services.polls.results(community, poll.id);
      const counts = expected(
        voters,
        (index) => (choiceHere(index) < 0 ? null : choiceHere(index)),
        (index) => there.poll?.votes.get(voters.there[index]?.id ?? 0) ?? null,
      );
      expect(results?.poll.closedAt).not.toBeNull();
      expect({
        all: results?.tally.options,
        discord: results?.tally.rooms[0]?.options,
        telegram: results?.tally.rooms[1]?.options,
        outside: results?.tally.outside.options,
      }).toEqual(counts);
      expect(results?.incomplete).toBe(false);
    }
  },
  long ? 3_600_000 : 60_000,
);
