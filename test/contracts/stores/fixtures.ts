/** Places, people and things for the store contract, all different. */
import type { StoredButton } from "../../../src/core/buttons.ts";
import { type Figure, figure } from "../../../src/core/figure.ts";
import {
  buttonId,
  type CommunityId,
  communityId,
  type MemberId,
  memberId,
  opinionId,
  roomId,
  subscriptionId,
  topicId,
} from "../../../src/core/ids.ts";
import type { Incoming } from "../../../src/core/inbox.ts";
import type { Opinion } from "../../../src/opinions/types.ts";
import type { Subscription } from "../../../src/schedule/types.ts";

let serial = 0;
/** A number that no other test of this process has. */
export const next = (): number => ++serial;
/** Every test works in places and with people of its own, so that all of them can share one database. */
export const fresh = {
  community: (): CommunityId => communityId("telegram", `-100${++serial}`),
  member: (): MemberId => memberId(`member${++serial}`),
  topic: () => topicId(`topic-${++serial}`),
};

export const noon = new Date("2026-11-22T12:00:00.123Z");
export const later = (minutes: number): Date => new Date(noon.getTime() + minutes * 60_000);
export const always = { before: new Date(0), from: new Date(0), to: new Date("9999-12-31T23:59:59.999Z") };

export const opinion = (parts: Partial<Opinion> = {}): Opinion => ({
  id: opinionId(`opinion${++serial}`),
  community: communityId("discord", "1"),
  member: memberId("nobody"),
  topic: topicId("latency"),
  text: "It depends.",
  stance: "mixed",
  stanceBy: "reading",
  at: noon,
  ...parts,
});

export const button = (parts: Partial<StoredButton> = {}): StoredButton => ({
  id: buttonId(`button${++serial}`),
  command: "opinion",
  args: {},
  member: null,
  quoted: null,
  community: communityId("discord", "1"),
  expiresAt: later(60),
  ...parts,
});

export const incoming = (parts: Partial<Incoming> = {}): Incoming => ({
  id: ++serial,
  payload: "{}",
  member: null,
  quoted: null,
  community: communityId("telegram", "-1"),
  ...parts,
});

export const price = (parts: Partial<Omit<Figure, "id">> = {}): Figure =>
  figure({
    metric: `asset${++serial}.price`,
    label: "Price",
    value: 1.5,
    unit: "usd",
    source: { name: "CoinGecko", url: "https://www.coingecko.com/" },
    observedAt: noon,
    precision: "instant",
    fetchedAt: noon,
    raw: "1.5",
    state: "live",
    ...parts,
  });

/** A room of its own, at half past seven in a zone where nobody else of the test lives. */
export const subscription = (parts: Partial<Subscription> = {}): Subscription => {
  const chat = `-100${++serial}`;
  return {
    id: subscriptionId(`subscription${serial}`),
    room: roomId("telegram", chat),
    community: communityId("telegram", chat),
    time: "07:30",
    zone: `Test/Zone${serial}`,
    days: [1, 2, 3, 4, 5, 6, 7],
    sections: null,
    createdAt: noon,
    paused: null,
    ...parts,
  };
};
