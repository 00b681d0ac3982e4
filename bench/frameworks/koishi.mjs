/** The peer on Koishi: Discord and Telegram from one process, with one `/explain` that answers from memory. */
import { createRequire } from "node:module";

// Its adapters are made for CommonJS.
const load = createRequire(import.meta.url);
const { Context, Logger } = load("koishi");
const http = load("@koishijs/plugin-http").default;
const discord = load("@satorijs/adapter-discord").default;
const telegram = load("@satorijs/adapter-telegram").default;
const { TELEGRAM_TOKEN, TELEGRAM_API_ROOT, DISCORD_TOKEN, DISCORD_API_URL } = process.env;
Logger.levels.base = Number(process.env.LOG ?? 0);

/** GUILD_MESSAGES and DIRECT_MESSAGES. */
const intents = (1 << 9) | (1 << 12);

const app = new Context({ prefix: ["/"] });
app.plugin(http);
app.plugin(telegram, { protocol: "polling", token: TELEGRAM_TOKEN, endpoint: TELEGRAM_API_ROOT, slash: false });
app.plugin(discord, { type: "bot", token: DISCORD_TOKEN, endpoint: `${DISCORD_API_URL}/v10`, intents, slash: false });
app.command("explain <term>").action(() => "Filecoin: a network that is paid for storing files, and proves that it does.");
await app.start();
