/** The chat platforms that are configured, each with what this process's role does there. */
import type { Config } from "../config/env.ts";
import type { OperatorError } from "../core/errors.ts";
import type { PlatformName } from "../core/ids.ts";
import type { Platform, Pseudonymise } from "../core/platform.ts";
import type { VoteBox } from "../core/poll.ts";
import type { Logger } from "../lib/logger.ts";
import type { Storage } from "../storage/open.ts";
import { dutiesOf } from "./duties.ts";

export interface PlatformDeps {
  readonly config: Config;
  readonly storage: Storage;
  readonly votes: VoteBox;
  readonly pseudonymise: Pseudonymise;
  readonly leaseMs: number;
  readonly identifyEveryMs: number | undefined;
  readonly log: Logger;
  readonly now: () => Date;
  readonly onFatal: (platform: PlatformName, error: OperatorError) => void;
}

export const titles: Readonly<Record<PlatformName, string>> = { discord: "Discord", telegram: "Telegram", console: "Console" };

export async function openPlatforms({
  config,
  storage,
  votes,
  pseudonymise,
  leaseMs,
  identifyEveryMs,
  log,
  now,
  onFatal,
}: PlatformDeps): Promise<readonly Platform[]> {
  const { listens, takes, handles } = dutiesOf[config.role];
  // Of the embedded database this process has all, and nobody to share it with.
  const sharing = storage.kind === "pglite" ? null : { leases: storage.leases, ttlMs: leaseMs };
  const platforms: Platform[] = [];
  // Each platform's library is only loaded where it is used: it costs start time and memory.
  if (config.discord !== null) {
    const { createDiscord } = await import("../platforms/discord/index.ts");
    const { publicKey } = config.discord;
    platforms.push(
      createDiscord({
        ...config.discord,
        ...(publicKey === undefined || !takes ? {} : { http: { publicKey, pushed: storage.pushed } }),
        listens,
        sharing,
        rooms: storage.rooms,
        paused: storage.subscriptions.pausedRooms,
        votes,
        pseudonymise,
        log,
        now,
        onFatal: (error) => onFatal("discord", error),
        ...(identifyEveryMs === undefined ? {} : { timing: { identifyEveryMs } }),
      }),
    );
  }
  if (config.telegram !== null) {
    const { createTelegram } = await import("../platforms/telegram/index.ts");
    const { webhookUrl: url } = config.telegram;
    platforms.push(
      createTelegram({
        ...config.telegram,
        listens,
        sharing,
        rooms: storage.rooms,
        paused: storage.subscriptions.pausedRooms,
        inbox: storage.inbox,
        ...(url === undefined ? {} : { webhook: { url, pushed: storage.pushed, takes, handles } }),
        votes,
        pseudonymise,
        log,
        now,
        onFatal: (error) => onFatal("telegram", error),
      }),
    );
  }
  return platforms;
}
