/** Telegram's limits on messages, and the slots that answers take of them. */
import type { RawApi, Transformer } from "grammy";
import { type RoomId, roomAddress, roomId } from "../../core/ids.ts";
import { createPace, type PlatformPace } from "../../lib/pace.ts";
import { tellPace } from "./failures.ts";
import type { Timing } from "./timing.ts";

/**
 * About 30 messages a second over all chats, one a second to one chat, 20 a minute to one group (Bot FAQ, "My bot is hitting limits").
 * Topics count as their chat; ids of groups and channels are negative.
 */
export function createTelegramPace(perSecond: number): PlatformPace {
  return createPace({
    perSecond,
    jitterMs: 12,
    rooms: {
      chatOf: (room) => roomAddress(room).split(":", 1)[0] ?? room,
      everyMs: 1000,
      perMinute: 20,
      isShared: (chat) => chat.startsWith("-"),
    },
  });
}

/** The methods that put something into a chat. Acknowledgements, "typing …" and questions are not messages. */
const isMessage = (method: string): boolean => /^(?:send(?!ChatAction)|edit)/.test(method);

/** Lets every message of an answer wait for its slot, and gives up those that nobody waits for any more. */
export function paceAnswers(pace: PlatformPace, timing: Timing, closing: AbortSignal): Transformer<RawApi> {
  /** Whether a slot came before the patience was over. */
  async function slotWithin(ms: number, room: RoomId, signal: Parameters<Transformer<RawApi>>[3]): Promise<boolean> {
    const waiting = new AbortController();
    const giveUp = () => waiting.abort();
    const patience = setTimeout(giveUp, ms);
    closing.addEventListener("abort", giveUp);
    signal?.addEventListener("abort", giveUp);
    try {
      await pace.slot("answer", room, waiting.signal);
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(patience);
      closing.removeEventListener("abort", giveUp);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  return async (prev, method, payload, signal) => {
    const chat = isMessage(method) && "chat_id" in payload ? payload.chat_id : undefined;
    if (chat === undefined) return prev(method, payload, signal);
    const room = roomId("telegram", String(chat));
    const heldBack = () => {
      const seconds = Math.max(1, Math.ceil(pace.closedFor(room) / 1000));
      return { ok: false, error_code: 429, description: `Too Many Requests: held back for ${seconds} s, as Telegram said before` } as const;
    };
    if (closing.aborted || pace.closedFor(room) > timing.longestAnswerWait) return heldBack();
    if (!pace.slotNow(room) && !(await slotWithin(timing.answerPatience, room, signal))) return heldBack();
    const response = await pace.timed(() => prev(method, payload, signal));
    if (!response.ok && response.error_code === 429) tellPace(pace, room, response.parameters?.retry_after);
    return response;
  };
}
