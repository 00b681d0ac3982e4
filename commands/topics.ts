/** `/topics`: the propositions this community can take a stand on, and how many members have. */
import { buttons, defineCommand, heading, literal, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "topics",
  summary: "The questions you can take a stand on",
  args: z.object({}),
  examples: ["/topics"],
  access: "everyone",
  visibility: "public",
  async run({ services, room, texts: { topics: words } }) {
    const { topics } = await services.opinions.book(room.community);
    const counts = await services.opinions.counts(room.community);
    return reply(
      heading(words.title),
      ...topics.map((topic) =>
        text(`**${literal(topic.title)}** – \`${topic.id}\`\n${literal(topic.proposition)} (${words.people(counts.get(topic.id) ?? 0)})`),
      ),
      note(words.how),
      buttons(topics.map((topic) => ({ label: topic.title, command: "sentiment", args: { topic: topic.id } }))),
    );
  },
});
