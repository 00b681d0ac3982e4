/** `/unwatch`: an asset that this community does not follow any more. */
import { buttons, defineCommand, literal, reply, type Services, text, UserError, z } from "../src/kit.ts";

export default defineCommand({
  name: "unwatch",
  summary: "Follow an asset no more: this community's digest leaves it out",
  args: z.object({ asset: z.string().trim().min(1).max(60).describe("Its name, or CoinGecko's id") }),
  examples: ["/unwatch grass"],
  access: "admin",
  visibility: "public",
  suggest: {
    asset: async ({ market, communities }, { typed, room }) => {
      const { watched, unwatched } = await communities.settings(room.community);
      const own = watched.filter((id) => id.includes(typed.trim().toLowerCase())).map((id) => ({ label: id, value: id }));
      const usual = market.nearest(typed).filter(({ coingecko }) => !unwatched.includes(coingecko));
      return [...own, ...usual.map(({ name, coingecko }) => ({ label: name, value: coingecko }))];
    },
  },
  async run({ services: { market, communities }, room, actor, now, signal }, { asset: typed }) {
    const { watched } = await communities.current(room.community);
    const own = watched.find((id) => id === typed.toLowerCase().replaceAll(/\s+/g, "-"));
    const listed = own === undefined ? market.asset(typed) : await named(market, own, signal);
    if (listed === null)
      throw new UserError("not_watched", `This community follows nothing called “${literal(typed)}”.`, "`/watch` shows what it follows.");
    const changed = await communities.follow(room.community, { id: listed.coingecko, name: listed.name }, false, actor.member, now);
    return reply(
      text(
        changed
          ? `This community does not follow **${literal(listed.name)}** any more: its digest leaves it out.`
          : `This community did not follow **${literal(listed.name)}**; nothing has changed.`,
      ),
      ...(changed ? [buttons([{ label: "Undo", command: "watch", args: { asset: listed.coingecko } }])] : []),
    );
  },
});

/** What a coin beyond the watch list is called; its id where nobody can say so now. */
async function named(market: Services["market"], id: string, signal: AbortSignal) {
  const found = await market.lookUp(id, signal).catch(() => null);
  return found ?? { coingecko: id, name: id };
}
