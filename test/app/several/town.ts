/** Several processes of the program on one PostgreSQL, with both platforms faked: people who speak, vote, and are sent digests. */
import { onTestFinished } from "vitest";
import { z } from "zod";
import { communityId, type MemberId, memberId, type RoomId, roomId, subscriptionId } from "../../../src/core/ids.ts";
import { pseudonymiser } from "../../../src/core/pseudonym.ts";
import { createEnqueue } from "../../../src/schedule/enqueue.ts";
import { createQueue } from "../../../src/schedule/queue.ts";
import { type Delivery, weekdays } from "../../../src/schedule/types.ts";
import { openPostgres, postgresUrl, silent } from "../../support/database.ts";
import { type Exchange, type FakeGuild, startFakeDiscord, visibleText } from "../../support/fake-discord/index.ts";
import type { FakeMessage } from "../../support/fake-telegram/chat.ts";
import { startFakeTelegram } from "../../support/fake-telegram/index.ts";
import { freshFolder, type Program, startProgram } from "../../support/program.ts";
import { identifyEveryMs } from "./lives.ts";

const entry = new URL("./process.ts", import.meta.url).pathname;
const key = "k".repeat(32);
const heldRows = z.array(z.object({ count: z.int() }));
export const shards = 4;
const roomsEach = 6;

/** Somebody who has said something. */
interface Said {
  readonly member: MemberId;
  readonly text: string;
  readonly answers: () => number;
  /** Whether an answer is owed, come what may. */
  readonly owed: boolean;
}

export type Town = Awaited<ReturnType<typeof foundTown>>;

export async function foundTown() {
  const [discord, telegram, databaseUrl, dataDir] = await Promise.all([
    // In a test of many deaths more shards identify than in a day.
    startFakeDiscord({ shards, maxConcurrency: shards, identifyEveryMs, identifiesPerDay: 1_000_000 }),
    startFakeTelegram({ patienceSeconds: 60 }),
    postgresUrl(),
    freshFolder(),
  ]);
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    MEMBER_KEY: key,
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    LOG_LEVEL: "info",
    ...(process.env.SOAK === undefined ? {} : { SOAK: process.env.SOAK }),
  };
  const storage = await openPostgres(databaseUrl);
  const pseudonymise = pseudonymiser([key]);
  const queue = createQueue({ database: storage, backend: storage.kind, log: silent });
  const programs = new Set<Program>();
  onTestFinished(async () => {
    for (const { child } of programs) child.kill("SIGKILL");
    await Promise.all([...programs].map(({ ended }) => ended));
    await queue.stop();
    await storage.close();
    await Promise.all([discord.close(), telegram.stop()]);
  });

  // A server on each shard.
  const shardOf = (guild: FakeGuild): number => Number((BigInt(guild.id) >> 22n) % BigInt(shards));
  const byShard = new Map<number, FakeGuild>();
  while (byShard.size < shards) {
    const guild = discord.addGuild(new Date(0));
    byShard.set(shardOf(guild), guild);
  }
  const guilds = [...byShard.values()];
  const channels = Array.from({ length: roomsEach }, (_, i) => discord.addChannel({ guildId: guilds[i % shards]?.id ?? null }));
  const groups = Array.from({ length: roomsEach }, (_, i) => telegram.group(`Group ${i}`));
  // No digest comes due by itself meanwhile.
  const inThreeDays = weekdays[(new Date().getUTCDay() + 2) % 7] ?? 1;
  const wishes = [
    ...channels.map((channel) => [roomId("discord", channel.id), communityId("discord", channel.guildId ?? "")] as const),
    ...groups.map((group) => [roomId("telegram", String(group.id)), communityId("telegram", String(group.id))] as const),
  ].map(([room, community], i) => ({
    id: subscriptionId(`subscription-${i}`),
    room,
    community,
    time: "07:30",
    zone: "Europe/Vienna",
    days: [inThreeDays],
    sections: null,
    createdAt: new Date(),
    paused: null,
  }));
  for (const wish of wishes) await storage.subscriptions.add(wish, memberId("admin"));

  let day = 0;
  let people = 0;
  const said: Said[] = [];
  const votes = new Map<string, number>();

  return {
    discord,
    telegram,
    storage,
    guilds,
    said,
    start(ROLE: string): Program {
      const program = startProgram([], { ...env, ROLE }, entry);
      programs.add(program);
      void program.ended.then(() => programs.delete(program));
      return program;
    },
    shardOf,

    /** How many shards each of the living gateways holds, the fewest first. */
    async shares(): Promise<readonly number[]> {
      const { rows } = await storage.session.executeSql(
        "SELECT count(*)::int AS count FROM lease WHERE name ~ '^discord:shards/[0-9]+$' AND until > clock_timestamp() GROUP BY holder ORDER BY 1",
      );
      return heldRows.parse(rows).map(({ count }) => count);
    },

    /** Somebody new says what they think, on Telegram. */
    saysOnTelegram(): Said {
      const text = `too slow t${++people}-`;
      const person = telegram.user(`Ann ${people}`);
      const one = {
        member: pseudonymise("telegram", String(person.id)).member,
        text,
        owed: true,
        answers: () => person.private.posts.length,
      };
      said.push(one);
      person.posts(person.private, `/opinion latency ${text}`);
      return one;
    },

    /** The same in a server on Discord. What nobody listens to is lost, as with Discord itself. */
    saysOnDiscord(guild: FakeGuild): Said & { readonly exchange: Exchange } {
      const text = `too slow d${++people}-`;
      const person = discord.member(`Bob ${people}`, { guild, channel: guild.channel });
      const exchange = person.begin.slash("opinion", { topic: "latency", text });
      const answers = () => exchange.visible.filter((message) => visibleText(message).includes(text)).length;
      const one = { member: pseudonymise("discord", person.user.id).member, text, owed: false, answers, exchange };
      said.push(one);
      return one;
    },

    /** Somebody new votes in a poll on Telegram. */
    votes(poll: FakeMessage, option: number): void {
      const person = telegram.user(`Voter ${++people}`);
      votes.set(pseudonymise("telegram", String(person.id)).member, option);
      person.votes(poll, option);
    },

    /** The next day's digest comes due in every room. */
    async digest(): Promise<void> {
      const at = new Date();
      const localDate = new Date(Date.UTC(2026, 0, 1 + day++)).toISOString().slice(0, 10);
      const due = () => [{ localDate, at, kind: "run" as const }];
      await createEnqueue({ deliveries: storage.deliveries, queue, due, platforms: ["discord", "telegram"], log: silent })(at);
    },

    /** Deliveries that are not settled. */
    open: async (): Promise<number> =>
      (await Promise.all((["discord", "telegram"] as const).map((platform) => storage.deliveries.unsettled(platform)))).flat().length,

    /** What is wrong with the ledger: digests that do not stand in their room as often as it says. */
    async ledger(): Promise<{ readonly wrong: readonly string[]; readonly delivered: number; readonly uncertain: number }> {
      const found = await storage.deliveries.latest(
        wishes.map(({ id }) => id),
        10_000,
      );
      const wrong: string[] = [];
      const shownIn = (room: RoomId): readonly string[] => {
        const address = room.slice(room.indexOf(":") + 1);
        if (room.startsWith("discord:")) return discord.world.visibleIn(address).map(({ id }) => id);
        return (
          groups
            .find((group) => String(group.id) === address)
            ?.posts.filter(({ poll }) => poll === undefined)
            .map(({ id }) => String(id)) ?? []
        );
      };
      for (const { id, room } of wishes) {
        const own = found.filter(({ subscription }) => subscription === id);
        const parts = own.flatMap((delivery) => delivery.parts);
        const proven = parts.flatMap(({ messageId }) => messageId ?? []);
        const doubtful = parts.filter(({ messageId }) => messageId === null).length;
        const shown = shownIn(room);
        const say = (what: string) => wrong.push(`${room}: ${what}`);
        if (own.length !== day) say(`${own.length} digests of ${day}`);
        if (new Set(proven).size !== proven.length) say("two digests have one message");
        for (const message of proven) if (!shown.includes(message)) say(`message ${message} does not stand there`);
        const unproven = shown.length - proven.length;
        if (unproven < 0 || unproven > doubtful) say(`${shown.length} messages, ${proven.length} proven, ${doubtful} in doubt`);
        for (const { state, localDate } of own) if (!settled(state)) say(`${localDate} is ${state}`);
        if (room.startsWith("discord:") && own.some(({ state }) => state !== "delivered")) say("a digest on Discord is not delivered");
      }
      const count = (state: Delivery["state"]) => found.filter((one) => one.state === state).length;
      return { wrong, delivered: count("delivered"), uncertain: count("uncertain") };
    },

    /** What is wrong with what people said: acknowledged and not kept, or kept twice. */
    async lost(): Promise<readonly string[]> {
      const wrong: string[] = [];
      for (const { member, text, owed, answers } of said) {
        const { opinions } = await storage.members.read(member);
        const kept = opinions.filter((opinion) => opinion.text === text).length;
        if (kept > 1) wrong.push(`“${text}” is kept ${kept} times`);
        if (kept === 0 && (owed || answers() > 0)) wrong.push(`“${text}” is lost`);
      }
      return wrong;
    },

    /** Votes that are not counted as they were cast. */
    async miscounted(): Promise<readonly string[]> {
      const ballots = await storage.polls.openBallots("telegram");
      const cast = (await Promise.all([...new Set(ballots.map(({ poll }) => poll))].map((poll) => storage.polls.votes(poll)))).flat();
      return [...votes].flatMap(([member, option]) => {
        const own = cast.filter(({ voter }) => voter === member);
        return own.length === 1 && own[0]?.choice === option
          ? []
          : [`${member}: ${own.map(({ choice }) => choice).join(" ")} for ${option}`];
      });
    },
    voters: () => votes.size,
  };
}

const settled = (state: Delivery["state"]): boolean => state !== "waiting" && state !== "sending";
