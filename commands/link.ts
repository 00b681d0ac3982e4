/** `/link`: joins rooms that are asked together, with a code, agreed to by an admin on each side. */
import { type Button, buttons, defineCommand, platformOf, reply, type Services, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "link",
  summary: "Link this room with others, so that one poll can be asked in all of them",
  args: z.object({
    code: z.string().trim().min(1).max(20).optional().describe("The code that /link showed in the other room; or leave"),
    agree: z.string().trim().min(1).max(80).optional().describe("A room that asks to join"),
    refuse: z.string().trim().min(1).max(80).optional().describe("A room that asks to join"),
  }),
  examples: ["/link", "/link K7QM2XRB", "/link leave"],
  access: "admin",
  visibility: "public",
  async run({ services, room, actor, now }, { code, agree, refuse }) {
    const { links } = services;
    const here = { room: room.id, community: room.community };
    const asked = agree ?? refuse;
    if (asked !== undefined) {
      const done = await links.decide(room.id, asked, agree !== undefined, now);
      if (!done) return reply(text("That room does not ask any more."));
      return reply(
        text(agree === undefined ? "Refused: it stays outside." : "Linked. `/poll … everywhere=yes` now asks in all of these rooms."),
      );
    }
    if (code?.toLowerCase() === "leave")
      return reply(text((await links.leave(room.id)) ? "This room is linked no more." : "This room was not linked."));
    if (code !== undefined) {
      await links.accept(code, here, now);
      return reply(text("Asked. Now an admin of the other room types `/link` there and agrees."));
    }
    return overview(links, here, await links.invite(here, actor.member, now));
  },
});

async function overview(links: Services["links"], { room }: Parameters<Services["links"]["invite"]>[0], code: string) {
  const others = (await links.circle(room)).filter((other) => other.room !== room);
  const [linked, waiting] = [others.filter(({ agreed }) => agreed), others.filter(({ agreed }) => !agreed)];
  const kinds = (list: typeof others) =>
    list.map((other) => (platformOf(other.room) === "discord" ? "a Discord channel" : "a Telegram chat")).join(", ");
  const decide: Button[] = waiting.flatMap((other, index) => [
    { label: waiting.length === 1 ? "Agree" : `Agree to ${index + 1}`, command: "link", args: { agree: other.room } },
    { label: waiting.length === 1 ? "Refuse" : `Refuse ${index + 1}`, command: "link", args: { refuse: other.room } },
  ]);
  return reply(
    text(linked.length === 0 ? "This room is not linked with another one." : `Linked with: ${kinds(linked)}.`),
    ...(waiting.length === 0 ? [] : [text(`With this room's code ${kinds(waiting)} asks to join.`), buttons(decide)]),
    text(`To link another room, an admin there types \`/link ${code}\` within 15 minutes; then \`/link\` here asks you to agree.`),
  );
}
