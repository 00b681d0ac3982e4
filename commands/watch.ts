/** `/watch`: the assets that this community follows, and how to follow one more. */
import { buttons, defineCommand, literal, note, reply, text, UserError, z } from "../src/kit.ts";

export default defineCommand({
  name: "watch",
  summary: "Follow one more asset in this community's digest, or list those it follows",
  args: z.object({
    asset: z.string().trim().max(60).optional().describe("CoinGecko's id, such as geodnet; without it, the list is shown"),
  }),
  examples: ["/watch geodnet", "/watch"],
  access: "admin",
  visibility: "public",
  suggest: { asset: ({ market }, { typed }) => market.nearest(typed).map(({ name, coingecko }) => ({ label: name, value: coingecko })) },
  async run({ services: { market, communities }, room, actor, now, signal, progress, texts: { watch: words } }, { asset: typed }) {
    const { watched, unwatched } = await communities.current(room.community);
    if (typed === undefined) {
      const usual = market.assets.filter((asset) => !unwatched.includes(asset.coingecko)).map((asset) => asset.name);
      return reply(
        text(words.follows(usual.map(literal).join(", "), watched.length === 0 ? null : watched.map(literal).join(", "))),
        ...(unwatched.length === 0 ? [] : [text(words.takenOff(unwatched.map(literal).join(", ")))]),
        note(words.how),
      );
    }
    progress(words.lookingUp);
    const found = market.asset(typed) ?? (await market.lookUp(typed.toLowerCase(), signal));
    if (found === null) throw new UserError("unknown_asset", words.unknown(literal(typed)));
    const changed = await communities.follow(room.community, { id: found.coingecko, name: found.name }, true, actor.member, now);
    return reply(
      text(changed ? words.followed(literal(found.name)) : words.already(literal(found.name))),
      buttons([{ label: words.about(found.name), command: "market", args: { asset: found.coingecko } }]),
    );
  },
});
