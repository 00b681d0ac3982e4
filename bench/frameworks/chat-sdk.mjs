/** The peer on Vercel's Chat SDK: Discord and Telegram from one process, with one `/explain` that answers from memory. */
import { createRequire } from "node:module";
import { createDiscordAdapter } from "@chat-adapter/discord";
import { createMemoryState } from "@chat-adapter/state-memory";
import { createTelegramAdapter } from "@chat-adapter/telegram";
import { Chat, ConsoleLogger } from "chat";

const { TELEGRAM_TOKEN, TELEGRAM_API_ROOT, DISCORD_TOKEN, DISCORD_API_URL } = process.env;
const logger = new ConsoleLogger("silent");

// Its gateway listener makes a discord.js client of its own and leaves no way to name another address.
const adapter = createRequire(import.meta.resolve("@chat-adapter/discord"));
adapter("discord.js").DefaultRestOptions.api = DISCORD_API_URL;

const telegram = createTelegramAdapter({ botToken: TELEGRAM_TOKEN, apiUrl: TELEGRAM_API_ROOT, mode: "polling", logger });
const discord = createDiscordAdapter({
  botToken: DISCORD_TOKEN,
  apiUrl: `${DISCORD_API_URL}/v10`,
  publicKey: "0".repeat(64),
  applicationId: "1",
  logger,
});
const bot = new Chat({ userName: "bot", adapters: { telegram, discord }, state: createMemoryState(), concurrency: "concurrent", logger });

const explanation = "Filecoin: a network that is paid for storing files, and proves that it does.";
bot.onSlashCommand("/explain", (event) => event.channel.post(explanation));
bot.onDirectMessage((thread) => thread.post(explanation));

await bot.initialize();
await discord.startGatewayListener({ waitUntil: () => {} }, 2 ** 31 - 1);
