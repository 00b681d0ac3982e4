/** Peers of the fan-out on Telegram: grammY with its own plugins, in the ways that its documentation shows. */
import { autoRetry } from "@grammyjs/auto-retry";
import { apiThrottler } from "@grammyjs/transformer-throttler";
import { Api } from "grammy";
import { digest, inWorkers, serveFanouts } from "./fanout.ts";

const api = new Api(process.env.TELEGRAM_TOKEN ?? "", { apiRoot: process.env.TELEGRAM_API_ROOT ?? "" });
if (process.env.WAY === "throttler") api.config.use(apiThrottler());
api.config.use(autoRetry());
/** The throttler has a queue of its own; without it, messages are sent one by one or by as many workers as ours. */
const workers = process.env.WAY === "throttler" ? Number.POSITIVE_INFINITY : process.env.WAY === "loop" ? 1 : 10;

serveFanouts(async (chats) => {
  let gaveUp = 0;
  await inWorkers(chats, Math.min(workers, chats.length), async (chat) => {
    await api.sendMessage(chat, digest).catch(() => gaveUp++);
  });
  return gaveUp;
});
