/** Proven delivery on loopback: the real platforms on fake servers, the real queue and ledger, and rooms that have subscribed. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, onTestFinished } from "vitest";
import { createDelivery, type DeliveryOptions, type DeliveryService } from "../../src/app/delivery.ts";
import { memberId, type RoomId } from "../../src/core/ids.ts";
import type { Delivery, DeliveryState, Subscription } from "../../src/schedule/types.ts";
import { openStorage, type Storage } from "../../src/storage/open.ts";
import { type FakeDiscord, startFakeDiscord } from "../support/fake-discord/index.ts";
import { type FakeTelegram, startFakeTelegram } from "../support/fake-telegram/index.ts";
import { dueAt, platformsOn, shortContent, startPlatforms, wishOf } from "./loopback.ts";

export const dueMoment = new Date("2026-11-23T06:30:00Z");

export interface Stage {
  readonly discord: FakeDiscord;
  readonly telegram: FakeTelegram;
  readonly storage: Storage;
  readonly delivery: DeliveryService;
  readonly platforms: DeliveryOptions["platforms"];
  /** What delivery was made with. */
  readonly options: DeliveryOptions;
  readonly log: readonly string[];
  /** Moves the clock. */
  at(now: Date): void;
  subscribe(room: RoomId): Promise<Subscription>;
  /** The last delivery of a subscription, as soon as it is in one of these states. */
  becomes(subscription: Subscription, ...states: readonly DeliveryState[]): Promise<Delivery>;
  /** Comes due. */
  beat(): Promise<void>;
  /** Takes delivery down as a stop of the program does, or a kill: the platforms' connections are cut first. */
  restart(options?: Partial<DeliveryOptions>): Promise<void>;
}

/** One database for all tests of a file, emptied for each. */
let database: Promise<Storage> | null = null;

async function emptyDatabase(): Promise<Storage> {
  database ??= (async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "depinion-delivery-"));
    const opened = await openStorage({ databaseUrl: undefined, dataDir, log: pino({ level: "silent" }), now: () => new Date() });
    return {
      ...opened,
      async close() {
        await opened.close();
        await rm(dataDir, { recursive: true });
      },
    };
  })();
  const storage = await database;
  const { rows } = await storage.session.executeSql("SELECT to_regclass('pgboss.job') IS NOT NULL AS queue");
  await storage.session.executeSql("TRUNCATE subscription, lease CASCADE");
  if (JSON.stringify(rows).includes("true")) await storage.session.executeSql("DELETE FROM pgboss.job");
  return storage;
}
afterAll(async () => (await database)?.close());

export async function stage(options: Partial<DeliveryOptions> = {}): Promise<Stage> {
  const [discord, telegram, storage] = await Promise.all([startFakeDiscord(), startFakeTelegram(), emptyDatabase()]);
  let clock = new Date(dueMoment.getTime() + 1_000);
  const now = () => clock;
  const log: string[] = [];
  const logger = pino({ base: null, level: "debug" }, { write: (line: string) => void log.push(line) });
  const platforms = await startPlatforms(platformsOn(discord, telegram, now));
  const usual: DeliveryOptions = {
    storage,
    platforms,
    due: dueAt(dueMoment),
    content: shortContent,
    now,
    log: logger,
    timing: { idleMs: 10, retryMs: 5, troubleMs: 10 },
  };
  let delivery = createDelivery({ ...usual, ...options });
  const start = () => {
    for (const { name } of platforms) delivery.started(name);
  };
  start();
  onTestFinished(async () => {
    await delivery.stop();
    for (const platform of platforms) await platform.stop();
    await Promise.all([discord.close(), telegram.stop()]);
    const broken = [...discord.world.violations, ...telegram.violations];
    if (broken.length > 0) throw new Error(broken.join("; "));
  });
  return {
    discord,
    telegram,
    storage,
    platforms,
    options: usual,
    log,
    get delivery() {
      return delivery;
    },
    at(moment) {
      clock = moment;
    },
    async subscribe(room) {
      const wish = wishOf(room);
      await storage.subscriptions.add(wish, memberId("admin"));
      return wish;
    },
    async becomes({ id }, ...states) {
      for (let tries = 0; tries < 1_000; tries++) {
        const [last] = await storage.deliveries.latest([id], 1);
        if (last !== undefined && states.includes(last.state)) return last;
        await new Promise((turn) => setTimeout(turn, 10));
      }
      throw new Error(`never ${states}: ${JSON.stringify(await storage.deliveries.latest([id], 1))}\n${log.join("")}`);
    },
    beat: () => delivery.beat(clock),
    async restart(changes = {}) {
      await delivery.stop();
      delivery = createDelivery({ ...usual, ...options, ...changes });
      start();
    },
  };
}
