/** The peer of the fan-out on Discord: discord.js's own REST queue, which is given everything at once. */
import { REST, Routes } from "discord.js";
import { digest, serveFanouts } from "./fanout.ts";

const rest = new REST({ api: process.env.DISCORD_API_URL ?? "" }).setToken(process.env.DISCORD_TOKEN ?? "");

serveFanouts(async (channels) => {
  const sent = await Promise.allSettled(
    channels.map((channel) => rest.post(Routes.channelMessages(channel), { body: { content: digest, allowed_mentions: { parse: [] } } })),
  );
  return sent.filter(({ status }) => status === "rejected").length;
});
