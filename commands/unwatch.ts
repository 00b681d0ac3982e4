/** `/unwatch`: an asset that this community does not follow any more. */
import { defineCommand, literal, reply, text, UserError, z } from "../src/kit.ts";

export default defineCommand({
  name: "unwatch",
  summary: "Take an asset off this community's list",
  args: z.object({ asset: z.string().trim().min(1).max(60).describe("Its name, or CoinGecko's id") }),
  examples: ["/unwatch grass"],
  access: "admin",
  visibility: "public",
  suggest: { asset: ({ market }, { typed }) => market.nearest(typed).map(({ name, coingecko }) => ({ label: name, value: coingecko })) },
  async run({ services: { market, communities }, room, actor, now }, { asset: typed }) {
    const { watched } = await communities.current(room.community);
    const own = watched.find((id) => id === typed.toLowerCase());
    const listed = own === undefined ? market.asset(typed) : { coingecko: own, name: own };
    if (listed === null)
      throw new UserError("not_watched", `This community follows nothing called “${literal(typed)}”.`, "`/watch` shows what it follows.");
    const changed = await communities.follow(room.community, { id: listed.coingecko, name: listed.name }, false, actor.member, now);
    return reply(
      text(
        changed
          ? `**${literal(listed.name)}** is off this community's list.`
          : `This community does not follow **${literal(listed.name)}** anyway.`,
      ),
    );
  },
});
