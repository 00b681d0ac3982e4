/** `/linkme`: joins one person's accounts on two platforms, so that they vote once. */
import { buttons, defineCommand, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "linkme",
  summary: "Join your accounts on two platforms, so that in polls you count once",
  args: z.object({
    code: z.string().trim().min(1).max(20).optional().describe("The code that /linkme showed to your other account; or apart"),
  }),
  examples: ["/linkme", "/linkme K7QM2XRB", "/linkme apart"],
  access: "everyone",
  visibility: "private",
  async run({ services, actor, now }, { code }) {
    const { links } = services;
    if (code?.toLowerCase() === "apart")
      return reply(
        text((await links.partAccount(actor.member)) ? "Your accounts are apart again." : "This account was not joined with another one."),
      );
    if (code !== undefined) {
      await links.joinAccount(code, actor.member, now);
      return reply(text("Joined: in polls your two accounts count as one person."));
    }
    if (await links.isJoined(actor.member))
      return reply(
        text("This account is joined with one on another platform: in polls they count as one person."),
        buttons([{ label: "Take them apart", command: "linkme", args: { code: "apart" }, for: "author" }]),
      );
    const fresh = await links.inviteAccount(actor.member, now);
    return reply(
      text(`Send me \`/linkme ${fresh}\` from your other account within 15 minutes.`),
      note("What is stored then is that two hashes are one person, and `/privacy` erases it."),
    );
  },
});
