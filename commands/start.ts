/** `/start`: the greeting, with the first things to try and, for admins, how to set the bot up. */
import { buttons, defineCommand, heading, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "start",
  summary: "Who I am and where to begin",
  args: z.object({}),
  examples: ["/start"],
  access: "everyone",
  visibility: "public",
  async run({ actor, room, texts: { start, buttons: labels } }) {
    const admin = room.kind === "public" && (await actor.isAdmin());
    return reply(
      heading(start.title),
      text(start.about),
      text(start.first),
      ...(admin ? [text(start.forAdmins)] : []),
      note(start.noAdvice),
      buttons([
        { label: labels.explainDepin, command: "explain", args: { term: "depin" } },
        { label: labels.market, command: "market", args: {} },
        { label: labels.topics, command: "topics", args: {} },
      ]),
    );
  },
});
