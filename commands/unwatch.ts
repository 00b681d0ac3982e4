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
  async run({ services: { market, communities }, room, actor, now, signal, texts: { watch: words } }, { asset: typed }) {
    const { watched } = await communities.current(room.community);
    const own = watched.find((id) => id === typed.toLowerCase().replaceAll(/\s+/g, "-"));
    const listed = own === undefined ? market.asset(typed) : await named(market, own, signal);
    if (listed === null) throw new UserError("not_watched", words.notWatched(literal(typed)));
    const changed = await communities.follow(room.community, { id: listed.coingecko, name: listed.name }, false, actor.member, now);
    return reply(
      text(changed ? words.unfollowed(literal(listed.name)) : words.notFollowed(literal(listed.name))),
      ...(changed ? [buttons([{ label: words.undo, command: "watch", args: { asset: listed.coingecko } }])] : []),
    );
  },
});

/** What a coin beyond the watch list is called; its id where nobody can say so now. */
async function named(market: Services["market"], id: string, signal: AbortSignal) {
  const found = await market.lookUp(id, signal).catch(() => null);
  return found ?? { coingecko: id, name: id };
}
