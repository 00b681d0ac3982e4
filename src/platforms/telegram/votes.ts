/** Telegram's own polls: posted, voted on as updates tell it, and ended. */
import { GrammyError } from "grammy";
import type { InlineKeyboardMarkup } from "grammy/types";
import { z } from "zod";
import { type BallotId, nativeBallot, type PollId, type RoomId, roomAddress } from "../../core/ids.ts";
import { type NativePolls, nativeOptions, type Standing, type VoteBox } from "../../core/poll.ts";
import type { PollBlock, SealedBlock, SealedButton } from "../../core/reply.ts";
import { Backoff, type BotApi } from "./client.ts";
import { noteOf, notModified } from "./failures.ts";
import { Unfinished } from "./lanes.ts";
import type { Address } from "./message.ts";
import { label } from "./render.ts";
import type { Desk } from "./respond.ts";
import type { PollAnswer, PollState } from "./updates.ts";

type Question = PollBlock<SealedButton>;

/** The message's poll, where Telegram's own can do what is wanted. */
export function nativePoll(blocks: readonly SealedBlock[]): Question | null {
  const [block, ...others] = blocks;
  return block?.kind === "poll" && others.length === 0 && block.options.length <= nativeOptions ? block : null;
}

/** Bot API, sendPoll: `open_period` is 5 to 2,628,000 seconds. */
const [shortestPeriod, longestPeriod] = [5, 2_628_000] as const;

const posted = z.object({ message_id: z.int(), poll: z.object({ id: z.string() }) });

/** @throws as `post` in message.ts */
export async function postPoll(api: BotApi, to: Address, question: Question, now: Date): Promise<{ message: number; ballot: BallotId }> {
  const left = Math.floor((question.closesAt.getTime() - now.getTime()) / 1000);
  const sent = await api.sendPoll(
    to.chat,
    label(question.question),
    question.options.map((text) => ({ text: label(text) })),
    {
      ...(to.thread === undefined ? {} : { message_thread_id: to.thread }),
      // Anonymous votes are told as totals alone, and nobody's could be counted once.
      is_anonymous: false,
      allows_multiple_answers: false,
      allows_revoting: true,
      hide_results_until_closes: question.hidden,
      open_period: Math.max(shortestPeriod, Math.min(longestPeriod, left)),
    },
  );
  const { message_id: message, poll } = posted.parse(sent);
  return { message, ballot: nativeBallot("telegram", poll.id) };
}

/** Channels take anonymous polls alone, and a group may forbid polls and still allow words. What was refused is not there. */
export const pollForbidden = (error: unknown): boolean =>
  error instanceof GrammyError &&
  error.error_code === 400 &&
  /polls? can't be sent|rights to send polls|CHAT_SEND_POLL_FORBIDDEN/i.test(error.description);

const inside = new Set(["creator", "administrator", "member"]);
const chatMember = z.object({ status: z.string(), is_member: z.boolean().optional() });

/** Whether somebody is in a chat; a group can hide that from bots that are no admins. */
export async function standingIn(api: BotApi, chat: number, user: number): Promise<Standing> {
  try {
    const { status, is_member } = chatMember.parse(await api.getChatMember(chat, user));
    return inside.has(status) || (status === "restricted" && is_member === true) ? "member" : "outside";
  } catch {
    return "unknown";
  }
}

/**
 * Does what must not be lost, until it is done. While the database does not answer there is nobody to be told so.
 * @throws Unfinished where the platform stops before
 */
async function insist({ log, timing, stopping }: Pick<Desk, "log" | "timing" | "stopping">, work: () => Promise<void>): Promise<void> {
  const backoff = new Backoff(timing);
  for (let failures = 0; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (failures === 0) log.warn(noteOf(error), "a vote cannot be stored; trying until it can");
      await backoff.pause(stopping).catch(() => undefined);
      if (stopping.aborted) throw new Unfinished();
    }
  }
}

/** A voter's choice as it is now. @param order the update's number @throws Unfinished */
export async function handleAnswer(
  desk: Desk,
  box: VoteBox,
  { poll_id, user, voter_chat, option_ids }: PollAnswer,
  order: number,
): Promise<void> {
  const voter = voter_chat?.id ?? user?.id;
  if (voter === undefined) return;
  const names = desk.pseudonymise("telegram", String(voter));
  const [option] = option_ids;
  const choice = option === undefined ? ({ kind: "took_back", option: null } as const) : ({ kind: "chose", option } as const);
  const standing = async (room: RoomId): Promise<Standing> => {
    const chat = desk.rooms.current(Number(roomAddress(room).split(":")[0]));
    // Admins who write in the group's name.
    if (voter_chat != null) return voter_chat.id === chat ? "member" : "unknown";
    return standingIn(desk.api, chat, voter);
  };
  const vote = { ballot: nativeBallot("telegram", poll_id), ...names, choice, order: BigInt(order) };
  await insist(desk, () => box.cast(vote, standing));
}

/** How a poll stands: told with every vote, and when it has ended by itself or was ended by hand. @param order the update's number @throws Unfinished */
export async function handleState(desk: Desk, box: VoteBox, { id, question, options, is_closed }: PollState, order: number): Promise<void> {
  const ballot = nativeBallot("telegram", id);
  await box.seen(
    ballot,
    question,
    options.map(({ text }) => text),
  );
  const totals = options.map(({ voter_count }) => voter_count);
  if (is_closed) await insist(desk, () => box.ended(ballot, totals, BigInt(order)));
}

const counted = z.object({ options: z.array(z.object({ voter_count: z.int() })) });
const withPoll = z.object({ poll: counted });

const isOver = (error: unknown): boolean => error instanceof GrammyError && /poll has already been closed/i.test(error.description);
const isGone = (error: unknown): boolean =>
  error instanceof GrammyError &&
  (error.error_code === 403 ||
    /message (?:with poll )?to (?:be )?(?:stop|edit)\w* not found|message not found|MESSAGE_ID_INVALID|chat not found/i.test(
      error.description,
    ));

/** Under a poll that is over: what it came to, as we count it. */
const resultsKeyboard = (poll: PollId) => ({ inline_keyboard: [[{ text: "Results", callback_data: `o:results?poll=${poll}` }]] });

export function createNativePolls(api: BotApi): NativePolls {
  return {
    async end(ballot) {
      const [chat = 0] = roomAddress(ballot.room).split(":").map(Number);
      const message = Number(ballot.messageId);
      const keyboard = resultsKeyboard(ballot.poll);
      const read = async (reply_markup: InlineKeyboardMarkup) =>
        withPoll.parse(await api.editMessageReplyMarkup(chat, message, { reply_markup })).poll;
      try {
        return totalsOf(counted.parse(await api.stopPoll(chat, message, { reply_markup: keyboard })));
      } catch (error) {
        if (isGone(error)) return { kind: "gone" };
        if (!isOver(error)) throw error;
      }
      try {
        // Nothing else shows a poll that ended by itself than a change of its message: of the button, or, where that is there, without it.
        return totalsOf(
          await read(keyboard).catch((error: unknown) => {
            if (!notModified(error)) throw error;
            return read({ inline_keyboard: [] });
          }),
        );
      } catch (error) {
        if (isGone(error)) return { kind: "gone" };
        throw error;
      }
    },
  };
}

const totalsOf = ({ options }: z.infer<typeof counted>) =>
  ({ kind: "totals", totals: options.map(({ voter_count }) => voter_count) }) as const;
