/** Discord keeps the contract of platforms. */
import { pino } from "pino";
import { roomId } from "../../../src/core/ids.ts";
import { pseudonymiser } from "../../../src/core/pseudonym.ts";
import { createDiscord } from "../../../src/platforms/discord/index.ts";
import { platformContract } from "../../contracts/platforms.ts";
import { startFakeDiscord, visibleText } from "../../support/fake-discord/index.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { openPages } from "../../support/web-pages.ts";
import { roomStore } from "./bot.ts";

const contract = (name: string, overHttp: boolean) =>
  platformContract(name, async () => {
    const fake = await startFakeDiscord();
    const ann = fake.member("ann");
    const platform = createDiscord({
      token: fake.token,
      apiUrl: fake.url,
      ...(overHttp ? { http: { publicKey: fake.endpoint.publicKey, pushed: createMemoryStores().pushed } } : {}),
      rooms: roomStore([]),
      pseudonymise: pseudonymiser(["a key for tests"]),
      log: pino({ level: "silent" }),
      now: () => new Date(),
      onFatal: () => {},
    });
    const web = overHttp ? await openPages([platform.webhook]) : null;
    if (web !== null) await fake.endpoint.use(`${web.url}/discord/interactions`);
    return {
      platform,
      room: roomId("discord", fake.channel.id),
      refused: {
        gone: roomId("discord", fake.addChannel({ deleted: true }).id),
        forbidden: roomId("discord", fake.addChannel({ refuses: 50013 }).id),
      },
      shown: () => fake.world.visibleIn(fake.channel.id).map(visibleText),
      pictures: () =>
        fake.world.visibleIn(fake.channel.id).flatMap(({ body, files }) =>
          body.embeds.flatMap(({ image }) => {
            const shown = files.find((f) => image?.url === `attachment://${f.name}`);
            const described = body.attachments.find(({ id }) => id === shown?.id);
            return shown === undefined ? [] : [{ content: shown.content, words: described?.description ?? "" }];
          }),
        ),
      pinged: () => fake.world.pinged,
      violations: () => fake.world.violations,
      loseNextResponse: () => fake.fail({ method: "POST", path: "/messages", fault: "lost" }),
      limitNext: (seconds) => fake.fail({ method: "POST", path: "/messages", fault: { limit: "route", retryAfter: seconds } }),
      ask: async (line) => (await ann.says(line)).visible.map(visibleText),
      async close() {
        await web?.close();
        await fake.close();
      },
    };
  });

contract("Discord", false);
contract("Discord over HTTP", true);
