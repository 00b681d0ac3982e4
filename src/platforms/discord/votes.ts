/** Discord's own polls: drawn, voted on as the gateway tells it, listed anew after what the gateway did not tell, and ended. */
import { setTimeout as sleep } from "node:timers/promises";
import { DiscordAPIError, type REST } from "@discordjs/rest";
import { type RESTAPIPoll, Routes } from "discord-api-types/v10";
import { z } from "zod";
import { type BallotId, communityAddress, type MemberId, nativeBallot, roomAddress } from "../../core/ids.ts";
import type { Pseudonymise } from "../../core/platform.ts";
import { type NativePolls, nativeOptions, type OpenBallot, type VoteBox, type Voter } from "../../core/poll.ts";
import type { PollBlock, SealedBlock, SealedButton } from "../../core/reply.ts";
import type { Logger } from "../../lib/logger.ts";
import { codes, describe, limitOf } from "./errors.ts";
import { createJoins } from "./joins.ts";
import { madeAt } from "./made-at.ts";
import { pollVoteSchema, readySchema } from "./payloads.ts";
import { persist } from "./rest.ts";

/** resources/poll, "Get Answer Voters". */
const pageSize = 100;
const longestHours = 768;
const hourMs = 3_600_000;
const longestPauseMs = 15_000;

/** The message's poll, where Discord's own can do what is wanted: it cannot hide its counts. */
export function nativePoll(blocks: readonly SealedBlock[], now: Date): RESTAPIPoll | null {
  const [block, ...others] = blocks;
  if (block?.kind !== "poll" || others.length > 0 || block.hidden || block.options.length > nativeOptions) return null;
  return {
    question: { text: block.question },
    answers: block.options.map((text) => ({ poll_media: { text } })),
    // It is ended in time by us; this is its own limit, in whole hours.
    duration: hoursUntil(block, now),
    allow_multiselect: false,
    layout_type: 1,
  };
}

const hoursUntil = ({ closesAt }: PollBlock<SealedButton>, now: Date): number =>
  Math.min(longestHours, Math.max(1, Math.ceil((closesAt.getTime() - now.getTime()) / hourMs)));

/** Roles may write in a channel and still not ask polls there (SEND_POLLS); what was refused is not there. */
export const pollForbidden = (error: unknown): boolean => error instanceof DiscordAPIError && error.status === 403;

/** An answer's id counts from 1, in the order in which answers were given (resources/poll, "Poll Answer Object"). */
const optionOf = (answer: number): number => answer - 1;

const page = z.object({ users: z.array(z.object({ id: z.string() })) });

export interface Votes extends NativePolls {
  /** MESSAGE_POLL_VOTE_ADD and …_REMOVE. @param position grows from event to event of a shard */
  told(name: string, data: unknown, position: bigint): void;
  /** READY: a new session was told nothing of what happened before it. */
  began(ready: unknown, position: bigint): void;
  /** Resolves when every vote told so far is stored; what is not known of the voters by then stays so. */
  settled(): Promise<void>;
}

export interface VotesOptions {
  readonly rest: REST;
  readonly box: VoteBox;
  readonly pseudonymise: Pseudonymise;
  readonly log: Logger;
}

/** Waits for limits to pass, as long as the heartbeat can wait: a long list is many requests to one route. @throws the last error */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = longestPauseMs; ; ) {
    try {
      return await work();
    } catch (error) {
      const wait = limitOf(error)?.waitMs ?? Number.POSITIVE_INFINITY;
      if (wait > left) throw error;
      left -= wait;
      await sleep(wait);
    }
  }
}

export function createVotes({ rest, box, pseudonymise, log }: VotesOptions): Votes {
  let queue: Promise<void> = Promise.resolve();
  const joins = createJoins(rest, log);

  /** One after another: what a voter did first is stored first. */
  function store(work: () => Promise<void>): void {
    queue = queue.then(work).catch((error: unknown) => log.error({ platform: "discord", err: error }, "votes could not be stored"));
  }

  /** A vote counts at once; whether its voter came for it is found out meanwhile. */
  function scrutinise(ballot: BallotId, guild: string, user: string, member: MemberId): void {
    joins.ask(guild, user, (joined) => store(() => box.joined(ballot, member, joined)));
  }

  /** @throws where Discord does not answer */
  async function listVoters({ ballot, room, community, messageId, options }: OpenBallot): Promise<readonly Voter[]> {
    const guild = communityAddress(community);
    const voters: Voter[] = [];
    for (let answer = 1; answer <= options; answer++) {
      let last = "0";
      for (;;) {
        const query = new URLSearchParams({ limit: String(pageSize), after: last });
        const route = Routes.pollAnswerVoters(roomAddress(room), messageId, answer);
        const { users } = page.parse(await patiently(() => persist(() => rest.get(route, { query }))));
        for (const { id } of users) {
          const { member } = pseudonymise("discord", id);
          voters.push({ member, option: optionOf(answer), since: { account: madeAt(id) } });
          scrutinise(ballot, guild, id, member);
        }
        last = users.at(-1)?.id ?? last;
        if (users.length < pageSize) break;
      }
    }
    return voters;
  }

  async function catchUp(ballot: OpenBallot, position: bigint): Promise<void> {
    try {
      await box.recount(ballot.ballot, await listVoters(ballot), position);
    } catch (error) {
      // The last reading, when it ends, lists them all again.
      log.warn({ platform: "discord", ...describe(error) }, "the votes of an open poll could not be listed");
    }
  }

  return {
    told(name, data, position) {
      const { user_id, message_id, guild_id, answer_id } = pollVoteSchema.parse(data);
      const ballot = nativeBallot("discord", message_id);
      const names = pseudonymise("discord", user_id);
      const since = { account: madeAt(user_id) };
      const option = optionOf(answer_id);
      const choice = name === "MESSAGE_POLL_VOTE_ADD" ? ({ kind: "chose", option } as const) : ({ kind: "took_back", option } as const);
      store(() => box.cast({ ballot, ...names, choice, order: position, since }));
      if (guild_id != null && choice.kind === "chose") scrutinise(ballot, guild_id, user_id, names.member);
    },
    began(ready, position) {
      const guilds = new Set(readySchema.parse(ready).guilds.map(({ id }) => `discord:${id}`));
      store(async () => {
        for (const ballot of await box.open("discord")) if (guilds.has(ballot.community)) await catchUp(ballot, position);
      });
    },
    settled() {
      joins.stop();
      return queue;
    },

    async end(ballot) {
      try {
        await persist(() => rest.post(Routes.expirePoll(roomAddress(ballot.room), ballot.messageId)));
      } catch (error) {
        if (!(error instanceof DiscordAPIError)) throw error;
        if (error.status === 404 || error.code === codes.unknownMessage) return { kind: "gone" };
        // It is over already.
        if (error.code !== codes.pollExpired) throw error;
      }
      return { kind: "listed", voters: await listVoters(ballot) };
    },
  };
}
