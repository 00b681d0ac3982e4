/** The bot's own membership: who added it is greeted once, and what it leaves is told to storage. */
import { privateCommunityId } from "../../core/ids.ts";
import { personOf, placeOf } from "./inbound.ts";
import { type Desk, invocationOf, showAnswer, wordsIn } from "./respond.ts";
import { groupCommunity } from "./rooms.ts";
import type { Member, MyChatMember } from "./updates.ts";

/** Whether somebody with this status is in the chat (Bot API, ChatMember). */
const isInside = ({ status, is_member }: Member): boolean =>
  status === "restricted" ? is_member === true : ["creator", "administrator", "member"].includes(status);

/** Whether somebody with this status may write in a chat of this type, as far as the status says: a group may forbid it to all its members. */
function mayWrite(member: Member, type: MyChatMember["chat"]["type"]): boolean {
  if (!isInside(member)) return false;
  if (member.status === "restricted") return member.can_send_messages === true;
  return type !== "channel" || (member.status === "administrator" && member.can_post_messages !== false);
}

export async function handleMembership(desk: Desk, change: MyChatMember, key: string | undefined): Promise<void> {
  const { chat, from, old_chat_member, new_chat_member } = change;
  if (chat.type === "private") {
    // Nothing is kept about a private chat that could end, but a subscription: its next delivery finds out that the bot is blocked, and
    // it goes on once it is not.
    const { member } = desk.pseudonymise("telegram", String(chat.id));
    if (isInside(new_chat_member)) await desk.rooms.regained(privateCommunityId("telegram", member));
    return;
  }
  const community = groupCommunity(chat.id);
  if (!isInside(new_chat_member)) return desk.rooms.left(community);
  if (mayWrite(new_chat_member, chat.type)) await desk.rooms.regained(community);
  if (isInside(old_chat_member)) return;
  const isNew = await desk.rooms.arrived(community);
  // A channel's readers did not ask for a bot's introduction; its admins know what they added.
  if (!isNew || chat.type === "channel") return;
  const place = placeOf({ chat });
  const input = { kind: "text", command: "start", line: "" } as const;
  const answer = await desk.dispatch.answer(invocationOf(desk, { place, speaker: personOf(from), input, key }), () => {});
  if (answer.error !== undefined) return desk.log.info({ code: answer.error }, "no greeting: /start did not answer");
  const { doors: words } = await wordsIn(desk, place, null);
  await showAnswer(desk, place, answer, {}, { words });
}
