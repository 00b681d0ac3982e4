/**
 * Processes that deliver are killed at random moments of a fan-out: every room gets its digest, Discord's exactly once, Telegram's at most
 * once, and what nobody can know is said. SOAK=1 asks for 3,000 rooms and ten kills.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { memberId } from "../../src/core/ids.ts";
import { openStorage, type Storage } from "../../src/storage/open.ts";
import { postgresUrl } from "../support/database.ts";
import { type FakeChannel, startFakeDiscord } from "../support/fake-discord/index.ts";
import { type FakeChat, startFakeTelegram } from "../support/fake-telegram/index.ts";
import { preloaded } from "../support/preloaded.ts";
import { randomFrom, seedOf } from "../support/random.ts";
import type { ChildSettings } from "./child.ts";
import { channelRoom, chatRoom, wishOf } from "./loopback.ts";

const soak = process.env.SOAK === "1";
const roomsEach = soak ? 1_500 : 60;
const kills = soak ? 10 : 3;
const seed = seedOf(20_261_122);
/** Deliveries that a courier has under way at once. */
const workers = 10;

interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<unknown>;
  /** Resolves when the ledger has nothing open any more; rejects when the process ends before. */
  done(): Promise<void>;
  errors(): string;
}

function startChild(settings: ChildSettings): Child {
  const child = spawn(process.execPath, [...preloaded, join(import.meta.dirname, "child.ts"), JSON.stringify(settings)], {
    stdio: ["pipe", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk));
  const lines = createInterface({ input: child.stdout });
  const settled = Promise.withResolvers<void>();
  settled.promise.catch(() => undefined);
  lines.on("line", (line) => {
    if (line === "open 0") settled.resolve();
  });
  const ended = once(child, "close").then(() => settled.reject(new Error(`the process ended:\n${said}`)));
  child.stdin.on("error", () => undefined);
  return { process: child, ended, done: () => settled.promise, errors: () => said };
}

interface Town {
  readonly settings: ChildSettings;
  readonly channels: readonly FakeChannel[];
  readonly groups: readonly FakeChat[];
  /** Messages that the services have stored. */
  stored(): number;
  /** Resolves when so many are stored. */
  reaches(count: number): Promise<void>;
  /** Of every room: how often its digest stands there, and what the ledger says of it. */
  audit(): Promise<readonly { room: string; shown: readonly string[]; state: string | undefined; proof: readonly (string | null)[] }[]>;
}

/** Two services, and rooms on both that have subscribed. @param lost share of messages that are stored and never answered */
async function town(lost: number, databaseUrl?: string): Promise<Town> {
  const random = randomFrom(seed + 1);
  const [discord, telegram, dataDir] = await Promise.all([
    startFakeDiscord({ latencyMs: 15 }),
    startFakeTelegram({ latencyMs: 15 }),
    mkdtemp(join(tmpdir(), "depinion-fan-out-")),
  ]);
  if (lost > 0) {
    const when = () => random() < lost;
    discord.fail({ method: "POST", path: "/messages", fault: "lost", times: Number.POSITIVE_INFINITY, when });
    telegram.fault("sendMessage", { kind: "lost" }, { times: Number.POSITIVE_INFINITY, when });
  }
  const open = () => openStorage({ databaseUrl, dataDir, log: pino({ level: "silent" }), now: () => new Date() });
  const channels = Array.from({ length: roomsEach }, () => discord.addChannel());
  const groups = Array.from({ length: roomsEach }, (_, i) => telegram.group(`Group ${i}`));
  const wishes = [...channels.map(channelRoom), ...groups.map(chatRoom)].map((room) => wishOf(room));
  await using(await open(), async ({ subscriptions }) => {
    for (const wish of wishes) await subscriptions.add(wish, memberId("admin"));
  });
  onTestFinished(async () => {
    await Promise.all([discord.close(), telegram.stop()]);
    await rm(dataDir, { recursive: true, force: true });
    expect([...discord.world.violations, ...telegram.violations]).toEqual([]);
  });
  const stored = () => discord.world.messages.size + groups.reduce((sum, { posts }) => sum + posts.length, 0);
  const due = new Date(Date.now() - 60_000).toISOString();
  return {
    settings: {
      dataDir,
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      discord: { token: discord.token, url: discord.url },
      telegram: { token: telegram.token, apiRoot: telegram.apiRoot },
      due,
      ttlMs: 1_500,
    },
    channels,
    groups,
    stored,
    async reaches(count) {
      while (stored() < count) await new Promise((turn) => setTimeout(turn, 1));
    },
    audit: async () =>
      using(await open(), async ({ deliveries }) => {
        const shownIn = new Map<string, readonly string[]>([
          ...channels.map((channel) => [channelRoom(channel), discord.world.visibleIn(channel.id).map(({ id }) => id)] as const),
          ...groups.map((group) => [chatRoom(group), group.posts.map(({ id }) => String(id))] as const),
        ]);
        const found = await deliveries.latest(
          wishes.map(({ id }) => id),
          5,
        );
        return wishes.map(({ id, room }) => {
          const ours = found.filter(({ subscription }) => subscription === id);
          expect(ours).toHaveLength(1);
          return {
            room,
            shown: shownIn.get(room) ?? [],
            state: ours[0]?.state,
            proof: ours[0]?.parts.map(({ messageId }) => messageId) ?? [],
          };
        });
      }),
  };
}

async function using<T>(storage: Storage, work: (storage: Storage) => Promise<T>): Promise<T> {
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/** Every room has its digest, or the ledger says that nobody knows. @param doubts most that may be uncertain */
async function expectProof(place: Town, doubts: number): Promise<void> {
  const rooms = await place.audit();
  const ofDiscord = rooms.filter(({ room }) => room.startsWith("discord:"));
  const ofTelegram = rooms.filter(({ room }) => room.startsWith("telegram:"));
  // Exactly once, with the id of that one message.
  expect(ofDiscord.filter(({ shown, state, proof }) => state !== "delivered" || shown.length !== 1 || shown[0] !== proof[0])).toEqual([]);
  // At most once; delivered means proven, and everything else is uncertain.
  expect(ofTelegram.filter(({ shown }) => shown.length > 1)).toEqual([]);
  const proven = ofTelegram.filter(({ state }) => state === "delivered");
  expect(proven.filter(({ shown, proof }) => shown.length !== 1 || shown[0] !== proof[0])).toEqual([]);
  const doubtful = ofTelegram.filter(({ state }) => state === "uncertain");
  expect(proven.length + doubtful.length).toBe(ofTelegram.length);
  expect(doubtful.filter(({ proof }) => proof.some((id) => id !== null))).toEqual([]);
  expect(doubtful.length).toBeLessThanOrEqual(doubts);
}

/** Kills at random moments of what is left: the number of stored messages at which the next kill strikes. */
function killer(place: Town, count: number): () => number {
  const random = randomFrom(seed);
  let left = count;
  return () => {
    const remaining = 2 * roomsEach - place.stored();
    return place.stored() + 1 + Math.floor(random() * Math.max(0, (2 * remaining) / (left-- + 1) - 1));
  };
}

const timeout = soak ? 1_200_000 : 60_000;

describe(`a fan-out to ${2 * roomsEach} rooms (seed ${seed})`, () => {
  test(`survives ${kills} kills`, { timeout }, async () => {
    const place = await town(0);
    const next = killer(place, kills);
    for (let kill = 0; kill < kills; kill++) {
      const child = startChild(place.settings);
      await place.reaches(next());
      child.process.kill("SIGKILL");
      await child.ended;
    }
    expect(place.stored()).toBeLessThan(2 * roomsEach);
    const last = startChild(place.settings);
    await last.done();
    last.process.stdin.end();
    await last.ended;
    await expectProof(place, kills * workers);
  });

  test("has no duplicate anywhere where one answer in twenty is lost, kills included", { timeout }, async () => {
    const place = await town(0.05);
    const child = startChild(place.settings);
    await Promise.race([place.reaches(Math.floor(roomsEach / 2)), child.done()]);
    child.process.kill("SIGKILL");
    await child.ended;
    const last = startChild(place.settings);
    await last.done();
    last.process.stdin.end();
    await last.ended;
    await expectProof(place, workers + Math.ceil(roomsEach * 0.15));
  });

  test("is done once by two processes on one PostgreSQL, whichever of them is killed", { timeout }, async () => {
    const place = await town(0, await postgresUrl());
    let pair = [startChild(place.settings), startChild(place.settings)];
    const deaths = soak ? kills : 2;
    const next = killer(place, deaths);
    for (let kill = 0; kill < deaths; kill++) {
      await place.reaches(next());
      const [victim, survivor] = kill % 2 === 0 ? pair : pair.toReversed();
      victim?.process.kill("SIGKILL");
      await victim?.ended;
      pair = [...(survivor === undefined ? [] : [survivor]), startChild(place.settings)];
    }
    await Promise.all(pair.map((child) => child.done()));
    for (const child of pair) child.process.stdin.end();
    await Promise.all(pair.map((child) => child.ended));
    await expectProof(place, deaths * workers);
  });

  test("is done once where a process is stopped for longer than its leases last, and then goes on as if nothing had been", {
    timeout,
  }, async () => {
    const place = await town(0, await postgresUrl());
    const frozen = startChild(place.settings);
    await place.reaches(Math.floor(roomsEach / 2));
    // As a laptop's lid or a debugger does: five minutes against leases of half a minute, here as many against one and a half seconds.
    frozen.process.kill("SIGSTOP");
    const other = startChild(place.settings);
    await other.done();
    const stored = place.stored();
    expect(stored).toBeGreaterThan(2 * roomsEach - 2 * workers - 1);
    frozen.process.kill("SIGCONT");
    await frozen.done();
    for (const child of [frozen, other]) child.process.stdin.end();
    await Promise.all([frozen, other].map((child) => child.ended));
    // To whoever was stopped, what it asked the database just before has timed out, and is done again.
    const lines = `${frozen.errors()}${other.errors()}`
      .split("\n")
      .filter((line) => !(line.includes('"kind":"timeout"') && line.includes('"service":"The database"')));
    expect(lines.filter((line) => /"level":(?:50|60)/.test(line))).toEqual([]);
    await expectProof(place, 2 * workers);
  });
});
