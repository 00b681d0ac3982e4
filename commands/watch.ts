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
  async run({ services: { market, communities }, room, actor, now, signal, progress }, { asset: typed }) {
    const { watched, unwatched } = await communities.current(room.community);
    if (typed === undefined) {
      const usual = market.assets.filter((asset) => !unwatched.includes(asset.coingecko)).map((asset) => asset.name);
      return reply(
        text(
          `This community follows ${usual.map(literal).join(", ")}${watched.length === 0 ? "" : `, and besides: ${watched.map(literal).join(", ")}`}.`,
        ),
        ...(unwatched.length === 0 ? [] : [text(`Taken off: ${unwatched.map(literal).join(", ")}.`)]),
        note("`/watch <id>` adds one by CoinGecko's id, `/unwatch <id>` takes one off."),
      );
    }
    progress("Looking it up …");
    const found = market.asset(typed) ?? (await market.lookUp(typed.toLowerCase(), signal));
    if (found === null)
      throw new UserError(
        "unknown_asset",
        `I found no asset with the CoinGecko id “${literal(typed)}”.`,
        "The id is the last part of the coin's page on coingecko.com, such as `geodnet`. Tickers are not unique, so I do not take them.",
      );
    const changed = await communities.follow(room.community, { id: found.coingecko, name: found.name }, true, actor.member, now);
    return reply(
      text(
        changed
          ? `This community follows **${literal(found.name)}** from now on.`
          : `This community follows **${literal(found.name)}** already.`,
      ),
      buttons([{ label: `About ${found.name}`, command: "market", args: { asset: found.coingecko } }]),
    );
  },
});
