/** `/linkme`: joins one person's accounts on two platforms, so that they vote once. */
import { buttons, defineCommand, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "linkme",
  summary: "Join your accounts on two platforms, so that in polls and forecasts you count once",
  args: z.object({
    code: z.string().trim().min(1).max(20).optional().describe("The code that /linkme showed to your other account; or apart"),
  }),
  examples: ["/linkme", "/linkme K7QM2XRB", "/linkme apart"],
  access: "everyone",
  visibility: "private",
  async run({ services, actor, now, texts: { linkme: words } }, { code }) {
    const { links } = services;
    if (code?.toLowerCase() === "apart") return reply(text((await links.partAccount(actor.member)) ? words.apart : words.notJoined));
    if (code !== undefined) {
      await links.joinAccount(code, actor.member, now);
      return reply(text(words.joined));
    }
    if (await links.isJoined(actor.member))
      return reply(text(words.isJoined), buttons([{ label: words.takeApart, command: "linkme", args: { code: "apart" }, for: "author" }]));
    const fresh = await links.inviteAccount(actor.member, now);
    return reply(text(words.how(fresh)), note(words.stored));
  },
});
