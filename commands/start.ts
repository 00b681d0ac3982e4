/** `/start`: the greeting, with the first things to try and, for admins, how to set the bot up. */
import { buttons, defineCommand, heading, note, reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "start",
  summary: "Who I am and where to begin",
  args: z.object({}),
  examples: ["/start"],
  access: "everyone",
  visibility: "public",
  async run({ actor, room }) {
    const setup =
      room.kind === "public" && (await actor.isAdmin())
        ? [
            text(
              "**For admins:** nothing needs setting up. `/subscribe 9 Vienna` brings a digest every morning at nine, `/settings` shows what you can decide. Members type commands here; I read no other messages. `/privacy` says what I store.",
            ),
          ]
        : [];
    return reply(
      heading("Hello, I am Depinion"),
      text(
        "I explain decentralised physical infrastructure (DePIN) in plain words, show its market with a source and a time behind every number, and keep what this community thinks, without names.",
      ),
      text(
        "`/explain depin` explains a term\n`/market` shows the sector, `/digest` the day\n`/topics` lists what you can take a stand on\n`/help` lists everything",
      ),
      ...setup,
      note("Information, not financial advice."),
      buttons([
        { label: "Explain DePIN", command: "explain", args: { term: "depin" } },
        { label: "Market", command: "market", args: {} },
        { label: "Topics", command: "topics", args: {} },
      ]),
    );
  },
});
