/** What the fake Discord knows: servers, channels, people, messages, and every rule that was broken. */

import type { FakePoll } from "./polls.ts";
import { snowflake } from "./snowflake.ts";
import type { ValidMessage } from "./validate.ts";

export interface FakeUser {
  readonly id: string;
  readonly name: string;
}

export interface FakeGuild {
  readonly id: string;
  readonly name: string;
  readonly channel: FakeChannel;
  /** When the bot joined. */
  readonly joinedAt: Date;
}

export interface FakeChannel {
  readonly id: string;
  readonly guildId: string | null;
  /** 0 a text channel, 1 the chat with one user. */
  readonly type: number;
  /** Set to refuse the bot's messages with this JSON error code: 50001 no access, 50013 missing permission. */
  refuses?: number;
  /** The bot may write here, and ask no polls. */
  forbidsPolls?: boolean;
  deleted?: boolean;
}

export interface FakeFile {
  /** The n of its part `files[n]`. */
  readonly id: number;
  readonly name: string;
  readonly mime: string;
  readonly content: Uint8Array;
}

export interface FakeMessage {
  readonly id: string;
  readonly channelId: string;
  readonly author: FakeUser;
  body: ValidMessage;
  files: readonly FakeFile[];
  /** The only person who sees it, or null. */
  readonly viewer: string | null;
  /** A "thinking" placeholder. */
  pending: boolean;
  deleted: boolean;
  edits: number;
  /** The poll that it is. */
  poll: FakePoll | null;
}

export interface RecordedRequest {
  readonly method: string;
  /** Without `/api/v10` and the query. */
  readonly path: string;
  readonly authorised: boolean;
  readonly body: unknown;
  readonly files: readonly FakeFile[];
  readonly status: number;
}

/** What a benchmark keeps at most. */
const kept = 20_000;

/** Forgets the older half of what is too much. */
export function forgetOldest(map: Map<string, unknown>): void {
  if (map.size <= kept) return;
  for (const key of map.keys()) {
    map.delete(key);
    if (map.size <= kept / 2) return;
  }
}

export class World {
  readonly bot: FakeUser = { id: snowflake(), name: "depinion" };
  readonly applicationId = this.bot.id;
  readonly channels = new Map<string, FakeChannel>();
  readonly messages = new Map<string, FakeMessage>();
  /** How many messages were ever posted to each channel. */
  readonly posts = new Map<string, number>();
  /** By channel and nonce. */
  readonly nonces = new Map<string, { readonly message: FakeMessage; readonly at: number }>();
  /** Sentences about payloads that Discord would have refused. */
  readonly violations: string[] = [];
  /** When members joined their server, by user id; all others long ago. */
  readonly joined = new Map<string, Date>();
  /** Who was pinged: user ids, role ids, or "everyone". */
  readonly pinged: string[] = [];
  readonly requests: RecordedRequest[] = [];
  /** Requests that were refused for a limit of this fake; scripted refusals do not count. */
  refusals = 0;
  /** The published global commands, with the ids that Discord adds. */
  commands: Record<string, unknown>[] = [];
  readonly #record: boolean;
  #watchers: { readonly channelId: string | null; readonly tell: (message: FakeMessage) => void }[] = [];

  /** @param record keep everything; benchmarks keep only the newest messages */
  constructor(record: boolean) {
    this.#record = record;
  }

  post(message: Omit<FakeMessage, "id" | "deleted" | "edits" | "poll">, poll: FakePoll | null = null): FakeMessage {
    const posted: FakeMessage = { ...message, id: snowflake(), deleted: false, edits: 0, poll };
    this.messages.set(posted.id, posted);
    this.posts.set(posted.channelId, (this.posts.get(posted.channelId) ?? 0) + 1);
    if (!this.#record) forgetOldest(this.messages);
    if (!posted.pending) this.shown(posted);
    return posted;
  }

  /** Tells who waits for a message. */
  shown(message: FakeMessage): void {
    if (message.author === this.bot) this.pinged.push(...pings(message.body));
    const told = this.#watchers.filter((w) => w.channelId === null || w.channelId === message.channelId);
    this.#watchers = this.#watchers.filter((w) => !told.includes(w));
    for (const watcher of told) watcher.tell(message);
  }

  nextMessage(channelId: string | null): Promise<FakeMessage> {
    return new Promise((tell) => this.#watchers.push({ channelId, tell }));
  }

  /** What everyone in a channel sees, oldest first. */
  visibleIn(channelId: string): readonly FakeMessage[] {
    return [...this.messages.values()].filter((m) => m.channelId === channelId && !m.deleted && !m.pending && m.viewer === null);
  }
}

/** Whom plain content pings; embeds never do (resources/message, "Allowed Mentions Object"). */
function pings({ content, allowed }: ValidMessage): readonly string[] {
  const found: string[] = [];
  if (allowed.includes("everyone") && /@(everyone|here)/.test(content)) found.push("everyone");
  for (const [, kind, id] of content.matchAll(/<@([!&]?)(\d+)>/g)) {
    if (id !== undefined && allowed.includes(kind === "&" ? "roles" : "users")) found.push(id);
  }
  return found;
}
