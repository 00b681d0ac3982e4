/** The bare peer on Discord: a default discord.js client that replies to every slash command at once. */
import { Client, Events, GatewayIntentBits } from "discord.js";

const client = new Client({
  intents: [GatewayIntentBits.Guilds],
  shards: "auto",
  allowedMentions: { parse: [] },
  rest: { api: process.env.DISCORD_API_URL ?? "" },
});
client.on(Events.InteractionCreate, async (interaction) => {
  if (interaction.isChatInputCommand()) await interaction.reply("ok");
});
client.once(Events.ClientReady, () => process.stdout.write("ready\n"));
await client.login(process.env.DISCORD_TOKEN);
