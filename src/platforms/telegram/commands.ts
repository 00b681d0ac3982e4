/** Makes the commands known to Telegram: one list per scope, written only where it differs from what stands there. */
import type { BotCommandScope } from "grammy/types";
import { z } from "zod";
import type { CommandInfo } from "../../core/command.ts";
import type { BotApi } from "./client.ts";

/** Bot API, setMyCommands: at most 100 commands. */
const maxCommands = 100;

const listed = z.array(z.object({ command: z.string(), description: z.string() }));
type Listed = z.infer<typeof listed>;

/**
 * A narrower scope replaces a wider one, so admins of groups get everything. In a private chat everyone is the admin of
 * their own room.
 */
const scopes: readonly { readonly type: BotCommandScope["type"] & `${"default" | `all_${string}`}`; readonly admin: boolean }[] = [
  { type: "default", admin: false },
  { type: "all_private_chats", admin: true },
  { type: "all_group_chats", admin: false },
  { type: "all_chat_administrators", admin: true },
];

const same = (a: Listed, b: Listed): boolean =>
  a.length === b.length && a.every((one, i) => one.command === b[i]?.command && one.description === b[i]?.description);

/**
 * @returns the scopes that were written
 * @throws GrammyError or HttpError where Telegram refuses or does not answer
 */
export async function publishCommands(api: BotApi, commands: readonly CommandInfo[]): Promise<readonly string[]> {
  const written: string[] = [];
  for (const { type, admin } of scopes) {
    const wanted = commands
      .filter(({ access }) => admin || access === "everyone")
      .slice(0, maxCommands)
      .map(({ name, summary }) => ({ command: name, description: summary }));
    const scope = { type };
    const present = listed.safeParse(await api.getMyCommands({ scope }));
    if (present.success && same(present.data, wanted)) continue;
    await api.setMyCommands(wanted, { scope });
    written.push(type);
  }
  return written;
}
