/** Telegram keeps the contract of platforms. */
import { roomId } from "../../../src/core/ids.ts";
import { createLogger } from "../../../src/lib/logger.ts";
import { createTelegram } from "../../../src/platforms/telegram/index.ts";
import { type PlatformUnderTest, platformContract } from "../../contracts/platforms.ts";
import { mentionsIn, startFakeTelegram } from "../../support/fake-telegram/index.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { openPages } from "../../support/web-pages.ts";
import { MemoryRooms, pseudonymise, quick } from "./setup.ts";

async function setup(byWebhook: boolean): Promise<PlatformUnderTest> {
  const fake = await startFakeTelegram();
  const group = fake.group("DePIN");
  const left = fake.group("Left");
  left.bot = "kicked";
  const ann = fake.user("Ann");
  const stores = createMemoryStores();
  const platform = createTelegram({
    token: fake.token,
    apiRoot: fake.apiRoot,
    rooms: new MemoryRooms(),
    inbox: stores.inbox,
    ...(byWebhook ? { webhook: { url: "https://bot.example.org", pushed: stores.pushed, takes: true, handles: true } } : {}),
    pseudonymise,
    log: createLogger({ level: "silent", secrets: [], out: { write: () => undefined } }),
    now: () => new Date(),
    onFatal: (error) => {
      throw error;
    },
    timing: quick,
  });
  const inChat = (id: number) => roomId("telegram", String(id));
  const web = byWebhook ? await openPages([platform.webhook]) : null;
  fake.poster.targets = web === null ? [] : [web.url];
  // The word joiner behind an @ is not to be seen.
  const seen = (text: string) => text.replaceAll("\u2060", "");
  return {
    platform,
    room: inChat(group.id),
    refused: { gone: inChat(-1_009_999_999_999), forbidden: inChat(left.id) },
    shown: () => group.posts.map(({ text }) => seen(text)),
    pictures: () =>
      group.posts.flatMap(({ file, text }) => (file?.name.endsWith(".png") ? [{ content: file.content, words: seen(text) }] : [])),
    pinged: () => group.posts.flatMap(mentionsIn),
    violations: () => fake.violations,
    loseNextResponse: () => fake.fault("sendMessage", { kind: "lost" }),
    limitNext: (seconds) => fake.fault("sendMessage", { kind: "rate_limit", retryAfter: seconds }),
    ask: async (line) => [seen((await ann.says(group, line)).text)],
    async close() {
      await web?.close();
      await fake.stop();
    },
  };
}

platformContract("telegram", () => setup(false));
platformContract("telegram by webhook", () => setup(true));
