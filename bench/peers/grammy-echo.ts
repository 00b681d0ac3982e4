/** The bare peer on Telegram: grammY with its runner, answering every command with one short message. */
import { run } from "@grammyjs/runner";
import { Bot } from "grammy";

const bot = new Bot(process.env.TELEGRAM_TOKEN ?? "", { client: { apiRoot: process.env.TELEGRAM_API_ROOT ?? "" } });
bot.on("message:text", (ctx) => ctx.reply("ok"));
await bot.init();
run(bot);
