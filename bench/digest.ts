/** What a digest costs: composing the first one, chart included, and posting it to many rooms that share it. */
import { performance } from "node:perf_hooks";
import { pino } from "pino";
import { buildApp } from "../src/app/build.ts";
import { readConfig } from "../src/config/env.ts";
import { communityId, digestId, roomId } from "../src/core/ids.ts";
import { startFakeWeb } from "../test/support/fake-web.ts";
import { serveMarket } from "../test/support/market-web.ts";
import { sourcesOff } from "../test/support/sources-off.ts";
import { freshFolder, median, print } from "./process.ts";

const rounds = 3;
const atOnce = 10;

export async function benchDigest(rooms = 10_000): Promise<void> {
  const samples: { first: number; each: number; calls: number }[] = [];
  for (let n = 0; n < rounds; n++) samples.push(await sample(rooms));
  print(
    `A digest on the embedded database, median of ${rounds}`,
    ["what", "time", "source calls"],
    [
      ["composing it, sources and chart included", `${median(samples.map((s) => s.first)).toFixed(0)} ms`, String(samples[0]?.calls)],
      [`the same in each of ${rooms} rooms that share it`, `${median(samples.map((s) => s.each)).toFixed(2)} ms a room`, "0 more"],
    ],
  );
}

async function sample(rooms: number): Promise<{ first: number; each: number; calls: number }> {
  const web = await startFakeWeb();
  const now = new Date();
  await serveMarket(web, now);
  const config = readConfig({ ...sourcesOff, DATA_DIR: await freshFolder(), COINGECKO_URL: web.url });
  const app = await buildApp({ config, log: pino({ level: "silent" }), now: () => now, onFatal: () => undefined });
  const post = (n: number) =>
    app.services.digests.post(digestId(`d${n}`), {
      community: communityId("telegram", `-100${n}`),
      room: roomId("telegram", `-100${n}`),
      zone: "UTC",
      sections: null,
    });
  const began = performance.now();
  await post(0);
  const first = performance.now() - began;
  const calls = web.seen.length;
  const many = performance.now();
  let next = 1;
  const work = async () => {
    while (next < rooms) await post(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const each = (performance.now() - many) / rooms;
  if (web.seen.length !== calls) throw new Error("rooms that share a digest asked the sources again");
  await app.delivery.stop();
  await app.stopDomains();
  await app.storage.close();
  await web.close();
  return { first, each, calls };
}
