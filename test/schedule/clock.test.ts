/** Clocks that jump, repeat an hour or leave one out: every room gets one digest a local day, as the ledger says. */
import { expect, test } from "vitest";
import { memberId, platformNames } from "../../src/core/ids.ts";
import { dueRuns } from "../../src/schedule/planning.ts";
import type { Subscription } from "../../src/schedule/types.ts";
import { ledgerFaults } from "../support/ledger-check.ts";
import { channelRoom, chatRoom, wishOf } from "./loopback.ts";
import { stage } from "./stage.ts";

const minuteMs = 60_000;

/** Rooms on both platforms that subscribed, and a clock that beats once a minute wherever it stands. */
async function town(time: string, zone: string, createdAt: string) {
  const set = await stage({ due: dueRuns });
  const group = set.telegram.group("DePIN");
  const wishes: readonly Subscription[] = [channelRoom(set.discord.channel), chatRoom(group)].map((room) => ({
    ...wishOf(room),
    time,
    zone,
    createdAt: new Date(createdAt),
  }));
  for (const wish of wishes) await set.storage.subscriptions.add(wish, memberId("admin"));
  /** Beats from one moment to another, each minute. */
  const pass = async (from: string, minutes: number, every = 1) => {
    for (let n = 0; n <= minutes; n += every) {
      set.at(new Date(Date.parse(from) + n * minuteMs));
      await set.beat();
    }
  };
  /** The local dates that stand in the rooms, once nothing is under way. */
  const dates = async () => {
    await expect
      .poll(async () => (await Promise.all(platformNames.map((name) => set.storage.deliveries.unsettled(name)))).flat(), {
        timeout: 10_000,
      })
      .toEqual([]);
    expect(await ledgerFaults(wishes, set)).toEqual([]);
    const said = group.posts.map(({ text }) => /Digest of (\S+)/.exec(text)?.[1]);
    expect(set.discord.world.visibleIn(set.discord.channel.id)).toHaveLength(said.length);
    return said;
  };
  return { pass, dates };
}

test("a clock that jumps an hour ahead brings what was due meanwhile, once, and one that jumps back brings nothing again", async () => {
  const { pass, dates } = await town("07:30", "Europe/Vienna", "2026-11-22T12:00:00Z");
  await pass("2026-11-23T05:58:00Z", 2);
  expect(await dates()).toEqual([]);
  await pass("2026-11-23T07:00:00Z", 2); // 05:59 … 07:00: over 06:30
  expect(await dates()).toEqual(["2026-11-23"]);
  await pass("2026-11-23T06:00:00Z", 45, 5); // back by an hour, and over 06:30 again
  expect(await dates()).toEqual(["2026-11-23"]);
  await pass("2026-11-24T06:29:00Z", 2);
  expect(await dates()).toEqual(["2026-11-23", "2026-11-24"]);
});

test.each([
  ["the hour that is left out in spring", "02:30", "Europe/Berlin", "2027-03-27T12:00:00Z", "2027-03-28T00:00:00Z", ["2027-03-28"]],
  ["the hour that comes twice in autumn", "02:30", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:00:00Z", ["2026-10-25"]],
  [
    "the half hour that comes twice on Lord Howe",
    "01:45",
    "Australia/Lord_Howe",
    "2027-04-03T00:00:00Z",
    "2027-04-03T14:00:00Z",
    ["2027-04-04"],
  ],
  ["the leap day", "09:00", "Europe/Vienna", "2028-02-28T12:00:00Z", "2028-02-29T07:00:00Z", ["2028-02-29"]],
])("%s has one digest", async (_, time, zone, createdAt, from, expected) => {
  const { pass, dates } = await town(time, zone, createdAt);
  await pass(from, 180, 5);
  expect(await dates()).toEqual(expected);
});
