/** Places, people and things for the store contract, all different. */
import type { StoredButton } from "../../../src/core/buttons.ts";
import { type Figure, figure } from "../../../src/core/figure.ts";
import { buttonId, type CommunityId, communityId, type MemberId, memberId, opinionId, topicId } from "../../../src/core/ids.ts";
import type { Opinion } from "../../../src/opinions/types.ts";

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
