/** `/topics`: the propositions this community can take a stand on, and how many members have. */
import { buttons, defineCommand, heading, literal, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "topics",
  summary: "The questions you can take a stand on",
  args: z.object({}),
  examples: ["/topics"],
  access: "everyone",
  visibility: "public",
  async run({ services, room }) {
    const { topics } = await services.opinions.book(room.community);
    const counts = await services.opinions.counts(room.community);
    const people = (n: number) => (n === 0 ? "nobody yet" : n === 1 ? "1 member" : `${n} members`);
    return reply(
      heading("Topics"),
      ...topics.map((topic) =>
        text(`**${literal(topic.title)}** – \`${topic.id}\`\n${literal(topic.proposition)} (${people(counts.get(topic.id) ?? 0)})`),
      ),
      note("Say what you think: `/opinion <topic> <your words>`. See what others think: `/sentiment <topic>`."),
      buttons(topics.map((topic) => ({ label: topic.title, command: "sentiment", args: { topic: topic.id } }))),
    );
  },
});
