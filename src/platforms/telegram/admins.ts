/** Who is an admin of a chat: asked from Telegram, remembered for a minute. */
import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { BotApi } from "./client.ts";

const member = z.object({ status: z.string() });
const administrators = z.array(z.object({ user: z.object({ id: z.int() }) }));

/** Answers whether `user` is an admin of `chat`; rejects where Telegram does not say. Failures are not remembered. */
export function createAdmins(api: BotApi, rememberMs: number): (chat: number, user: number) => Promise<boolean> {
  const known = new LRUCache<string, boolean>({ max: 10_000, ttl: rememberMs });
  return async (chat, user) => {
    const key = `${chat}:${user}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const answer = await ask(api, chat, user);
    known.set(key, answer);
    return answer;
  };
}

/** getChatMember is guaranteed only to bots that are admins themselves (Bot API); where a group hides its members, the list of admins still answers. */
async function ask(api: BotApi, chat: number, user: number): Promise<boolean> {
  try {
    const { status } = member.parse(await api.getChatMember(chat, user));
    return status === "creator" || status === "administrator";
  } catch {
    return administrators.parse(await api.getChatAdministrators(chat)).some((admin) => admin.user.id === user);
  }
}
