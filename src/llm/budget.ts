/** The day's tokens: the bot's, and of them each room's and each member's share. */
import { createHash } from "node:crypto";
import { UpstreamError } from "../core/errors.ts";
import type { MemberId, RoomId } from "../core/ids.ts";
import type { ModelBudgetStore, Task } from "./types.ts";

export const modelService = "The language model";

const shares = ["member", "room", "bot"] as const;
export type Share = (typeof shares)[number];

/** Tokens of one UTC day, in and out together. */
export type DailyTokens = Readonly<Record<Share, number>>;

/** The day's tokens are used up, and whose. */
export class SpentError extends UpstreamError {
  readonly share: Share;
  constructor(share: Share) {
    super(modelService, "rate_limited", { detail: `the day's tokens of the ${share} are used up` });
    this.share = share;
  }
}

/** The UTC day, `YYYY-MM-DD`. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** Names nobody, and differs from day to day. */
const keyOf = (day: string, share: Share, id: string): string =>
  share === "bot"
    ? share
    : createHash("sha256")
        .update(JSON.stringify([day, share, id]))
        .digest("base64url")
        .slice(0, 22);

export interface Reservation {
  /** Says what was used in the end. */
  settle(used: number): Promise<void>;
}

export interface Budget {
  /** Takes tokens from every share that pays, or from none. @throws SpentError */
  reserve(tokens: number, payer: Task<unknown>["payer"]): Promise<Reservation>;
  /** What the bot has used today, what this room and this member have, and how much each may. */
  today(room: RoomId, member: MemberId): Promise<Readonly<Record<Share, number>> & { readonly limits: DailyTokens }>;
  /** What the bot has used or reserved today, and how much it may. */
  spent(): Promise<{ readonly tokens: number; readonly limit: number }>;
}

export function createBudget(store: ModelBudgetStore, limits: DailyTokens, now: () => Date): Budget {
  const used = (share: Share, id: string) => {
    const day = dayOf(now());
    return store.used(day, keyOf(day, share, id));
  };
  return {
    async reserve(tokens, payer) {
      const day = dayOf(now());
      const paying = shares.filter((share) => share === "bot" || payer !== undefined);
      const taken: string[] = [];
      const correct = async (difference: number) => {
        for (const key of taken) await store.settle(day, key, difference);
      };
      for (const share of paying) {
        const key = keyOf(day, share, share === "bot" ? "" : (payer?.[share] ?? ""));
        if (await store.reserve(day, key, tokens, limits[share])) {
          taken.push(key);
          continue;
        }
        await correct(-tokens);
        throw new SpentError(share);
      }
      return { settle: (used) => (used === tokens ? Promise.resolve() : correct(used - tokens)) };
    },
    async spent() {
      return { tokens: await used("bot", ""), limit: limits.bot };
    },
    async today(room, member) {
      const [bot, here, own] = await Promise.all([used("bot", ""), used("room", room), used("member", member)]);
      return { bot, room: here, member: own, limits };
    },
  };
}
