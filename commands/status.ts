/** `/status`: whether the sources, the database and the program are well. */
import { defineCommand, heading, reply, table, z } from "../src/kit.ts";

export default defineCommand({
  name: "status",
  summary: "Sources with their freshness, database, version, uptime",
  args: z.object({}),
  examples: ["/status"],
  access: "everyone",
  visibility: "public",
  async run({ services, actor, room, texts: { status: words } }) {
    const rows = await services.status(room.id, actor.member, words);
    return reply(
      heading(words.title),
      table(
        [words.head.what, words.head.state],
        rows.map(({ name, state }) => [name, state]),
      ),
    );
  },
});
