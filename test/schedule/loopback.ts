/** What a stage and a process of its own have in common: the real platforms on fake servers, and digests that say whose they are. */

import { pino } from "pino";
import { communityId, memberId, type RoomId, roomId, subscriptionId } from "../../src/core/ids.ts";
import type { Pace, Platform } from "../../src/core/platform.ts";
import { heading, text } from "../../src/core/reply.ts";
import { textsIn } from "../../src/core/texts.ts";
import { createDiscord } from "../../src/platforms/discord/index.ts";
import { createTelegram } from "../../src/platforms/telegram/index.ts";
import type { Content, Due, Subscription } from "../../src/schedule/types.ts";
import type { FakeChannel } from "../support/fake-discord/index.ts";
import type { FakeChat } from "../support/fake-telegram/index.ts";

/** Every message at once: limits are the platforms' own business, and tested there. */
export const noPace: Pace = {
  async slot(_lane, _room, signal) {
    signal?.throwIfAborted();
  },
  refused: () => undefined,
};

export const startPlatforms = async (platforms: readonly Platform[]): Promise<readonly (Platform & { readonly pace: Pace })[]> => {
  const dispatch = { answer: async () => ({ blocks: [], private: false }), suggest: async () => [], texts: async () => textsIn("en") };
  for (const platform of platforms) {
    await platform.publish([]);
    await platform.start(dispatch);
  }
  return platforms.map((platform) => ({ ...platform, pace: noPace }));
};

/** The digest of a room on a date: its first words say whose it is. */
export const shortContent: Content = async ({ room, localDate }) => [heading(`Digest of ${localDate} for ${room}`), text("All is well.")];

/** A schedule that comes due at given moments. */
export const dueAt =
  (...moments: readonly Date[]): Due =>
  (_, { now, since, windowMs }) =>
    moments
      .filter((at) => at > since && at <= now)
      .map((at) => ({ localDate: at.toISOString().slice(0, 10), at, kind: now.getTime() - at.getTime() <= windowMs ? "run" : "skipped" }));

const quiet = { arrive: async () => false, leave: async () => {}, migrate: async () => {}, greet: async () => false };
const rooms = { ...quiet, known: async () => [], eraseLeft: async () => 0 };
const inbox = {
  take: async () => new Set<number>(),
  unhandled: async () => [],
  done: async () => {},
  expire: async () => 0,
  forget: async () => {},
};
const pseudonymise = () => ({ member: memberId("somebody"), former: [] });

export const platformsOn = (discord: { token: string; url: string }, telegram: { token: string; apiRoot: string }, now: () => Date) => {
  const common = { rooms, pseudonymise, log: pino({ level: "silent" }), now, onFatal: () => {} };
  return [
    createDiscord({ ...common, token: discord.token, apiUrl: discord.url, timing: { identifyEveryMs: 1, requestMs: 5_000 } }),
    createTelegram({ ...common, inbox, token: telegram.token, apiRoot: telegram.apiRoot, timing: { callTimeout: 5_000, drain: 1_000 } }),
  ];
};

let serial = 0;
/** A room's wish. */
export const wishOf = (room: RoomId, community = communityId("discord", "1")): Subscription => ({
  id: subscriptionId(`subscription-${++serial}-${room}`),
  room,
  community,
  time: "07:30",
  zone: "Europe/Vienna",
  days: [1, 2, 3, 4, 5, 6, 7],
  sections: null,
  createdAt: new Date("2026-11-01T00:00:00Z"),
  paused: null,
});

export const channelRoom = (channel: FakeChannel): RoomId => roomId("discord", channel.id);
export const chatRoom = (chat: FakeChat): RoomId => roomId("telegram", String(chat.id));
