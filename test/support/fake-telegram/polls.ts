/** Telegram's own polls on the fake: what one may be, who voted for what, and how it ends (Bot API, sendPoll, stopPoll, Poll, PollAnswer). */
import type { FakeChat, FakeMessage } from "./chat.ts";
import { list, number, type Payload, record, string } from "./payload.ts";
import type { World } from "./world.ts";

export interface FakePoll {
  readonly id: string;
  readonly question: string;
  readonly options: readonly string[];
  /** Options by voter; what is taken back is gone. */
  readonly votes: Map<number, number>;
  readonly hidden: boolean;
  readonly openPeriod: number | undefined;
  closed: boolean;
}

/** What is wrong with a poll, in the server's words; null where nothing is. `broken` marks what a correct bot never sends. */
export function pollProblem(payload: Payload, chat: FakeChat): { readonly text: string; readonly broken: boolean } | null {
  const question = string(payload.question) ?? "";
  const options = list(payload.options).map((option) => string(record(option).text) ?? "");
  const broken = (text: string) => ({ text, broken: true });
  if (question.length < 1 || question.length > 300) return broken("poll question length must not exceed 300");
  if (options.length < 1 || options.length > 12) return broken("poll must have 1 to 12 options");
  if (options.some((option) => option.length < 1 || option.length > 100)) return broken("poll options length must not exceed 100");
  const period = number(payload.open_period);
  if (period !== undefined && (period < 5 || period > 2_628_000)) return broken("POLL_PERIOD_INVALID");
  if (payload.is_anonymous !== false) return broken("the fake counts no anonymous polls");
  if (chat.kind === "channel") return { text: "non-anonymous polls can't be sent to channel chats", broken: false };
  if (chat.forbidsPolls) return { text: "not enough rights to send polls to the chat", broken: false };
  return null;
}

export const pollOf = (id: string, payload: Payload): FakePoll => ({
  id,
  question: string(payload.question) ?? "",
  options: list(payload.options).map((option) => string(record(option).text) ?? ""),
  votes: new Map(),
  hidden: payload.hide_results_until_closes === true,
  openPeriod: number(payload.open_period),
  closed: false,
});

export const pollJson = (poll: FakePoll): Payload => ({
  id: poll.id,
  question: poll.question,
  options: poll.options.map((text, index) => ({
    persistent_id: `${poll.id}-${index}`,
    text,
    voter_count: [...poll.votes.values()].filter((chosen) => chosen === index).length,
  })),
  total_voter_count: poll.votes.size,
  is_closed: poll.closed,
  is_anonymous: false,
  type: "regular",
  allows_multiple_answers: false,
  allows_revoting: true,
  members_only: false,
  ...(poll.openPeriod === undefined ? {} : { open_period: poll.openPeriod }),
});

/** The poll ends by itself, or is ended. */
export function closePoll(world: World, message: FakeMessage): Payload {
  if (message.poll === undefined) throw new Error("no poll to close");
  message.poll.closed = true;
  const json = pollJson(message.poll);
  world.updates.push("poll", json);
  return json;
}
