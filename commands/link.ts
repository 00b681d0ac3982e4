/** `/link`: joins rooms that are asked together, with a code, agreed to by an admin on each side. */
import { type Button, buttons, defineCommand, platformOf, reply, type Services, type Texts, text, z } from "../src/kit.ts";

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
  async run({ services, room, actor, now, texts: { link: words } }, { code, agree, refuse }) {
    const { links } = services;
    const here = { room: room.id, community: room.community };
    const asked = agree ?? refuse;
    if (asked !== undefined) {
      const done = await links.decide(room.id, asked, agree !== undefined, now);
      if (!done) return reply(text(words.gone));
      return reply(text(agree === undefined ? words.refused : words.linked));
    }
    if (code?.toLowerCase() === "leave") return reply(text((await links.leave(room.id)) ? words.left : words.notLinked));
    if (code !== undefined) {
      await links.accept(code, here, now);
      return reply(text(words.asked));
    }
    return overview(links, here, await links.invite(here, actor.member, now), words);
  },
});

async function overview(
  links: Services["links"],
  { room }: Parameters<Services["links"]["invite"]>[0],
  code: string,
  words: Texts["link"],
) {
  const others = (await links.circle(room)).filter((other) => other.room !== room);
  const [linked, waiting] = [others.filter(({ agreed }) => agreed), others.filter(({ agreed }) => !agreed)];
  const kinds = (list: typeof others) => list.map((other) => words.rooms[platformOf(other.room)]).join(", ");
  const nth = (index: number) => (waiting.length === 1 ? null : index + 1);
  const decide: Button[] = waiting.flatMap((other, index) => [
    { label: words.agree(nth(index)), command: "link", args: { agree: other.room } },
    { label: words.refuse(nth(index)), command: "link", args: { refuse: other.room } },
  ]);
  return reply(
    text(linked.length === 0 ? words.alone : words.with(kinds(linked))),
    ...(waiting.length === 0 ? [] : [text(words.asks(kinds(waiting))), buttons(decide)]),
    text(words.how(code)),
  );
}
