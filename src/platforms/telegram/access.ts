/**
 * Looks now and then whether a group that refused a digest takes it again: Telegram tells a bot when its own rights change, and not when
 * those of all members do.
 */
import { z } from "zod";
import { roomAddress } from "../../core/ids.ts";
import type { PausedRooms } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import type { BotApi } from "./client.ts";
import { noteOf } from "./failures.ts";

const own = z.object({
  status: z.string(),
  can_send_messages: z.boolean().optional(),
  can_post_messages: z.boolean().optional(),
});
const ofAll = z.object({ type: z.string(), permissions: z.object({ can_send_messages: z.boolean().optional() }).optional() });

export interface AccessOptions {
  readonly api: BotApi;
  readonly me: number;
  readonly paused: PausedRooms;
  readonly log: Logger;
  readonly now: () => Date;
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Ends it. */
  readonly stopping: AbortSignal;
}

/** Resumes what is paused in groups and channels that the bot may write in; a closed topic looks the same as an open one, so topics are left alone. */
export function watchAccess({ api, me, paused, log, now, every, stopping }: AccessOptions): void {
  async function look(): Promise<void> {
    for (const { room } of await paused.of("telegram")) {
      const [chat = 0, thread] = roomAddress(room).split(":").map(Number);
      if (stopping.aborted) return;
      // A member who unblocks the bot is told of.
      if (thread !== undefined || chat >= 0 || !(await mayWrite(api, chat, me))) continue;
      await paused.resume([room], now());
      log.info("a group takes messages again: its digests go on");
    }
  }
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look()
      .catch((error: unknown) => log.warn(noteOf(error), "whether groups take messages again could not be found out"))
      .finally(() => {
        looking = false;
      });
  }, every).unref();
  stopping.addEventListener("abort", () => clearInterval(timer), { once: true });
}

/** False where Telegram does not say. */
async function mayWrite(api: BotApi, chat: number, me: number): Promise<boolean> {
  try {
    const [mine, all] = [own.parse(await api.getChatMember(chat, me)), ofAll.parse(await api.getChat(chat))];
    if (mine.status === "administrator") return all.type !== "channel" || mine.can_post_messages === true;
    const granted = mine.status === "member" || (mine.status === "restricted" && mine.can_send_messages === true);
    return granted && all.type !== "channel" && all.permissions?.can_send_messages === true;
  } catch {
    return false;
  }
}
