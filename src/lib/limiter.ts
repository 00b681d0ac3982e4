/** Cool-down per member and per room, kept in memory: enough to stop floods, forgotten with the process. */
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { UserError } from "../core/errors.ts";

export interface LimiterOptions {
  /** Commands and button presses of one member per `seconds`, over all rooms. */
  readonly perMember: number;
  /** The same of one room. */
  readonly perRoom: number;
  readonly seconds: number;
}

/** A person in a hurry never meets these; a script does. Telegram itself allows 20 messages a minute in a group. */
export const defaultLimits: LimiterOptions = { perMember: 10, perRoom: 30, seconds: 15 };

export function createLimiter({ perMember, perRoom, seconds }: LimiterOptions): { admit(member: string, room: string): Promise<void> } {
  const members = new RateLimiterMemory({ keyPrefix: "member", points: perMember, duration: seconds });
  const rooms = new RateLimiterMemory({ keyPrefix: "room", points: perRoom, duration: seconds });
  const take = async (limiter: RateLimiterMemory, key: string, who: "member" | "room") => {
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      const wait = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      // Where everybody reads what one is told, saying it to each message of a flood would be a second flood.
      const code = refusal.consumedPoints > limiter.points + 1 ? "slow_down_told" : "slow_down";
      throw new UserError(code, ({ refusals }) => refusals.slowDown(who, wait));
    }
  };
  return {
    async admit(member, room) {
      await take(members, member, "member");
      await take(rooms, room, "room");
    },
  };
}
