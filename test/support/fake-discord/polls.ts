/** Discord's own polls on the fake: what one may be, who voted for what, and how it ends (resources/poll). */
import { z } from "zod";
import type { Reply } from "./faults.ts";
import type { FakeMessage, World } from "./world.ts";

const media = (most: number) => z.object({ text: z.string().min(1).max(most) });

/** resources/poll, "Poll Create Request Object": at most 10 answers of 55 characters, 768 hours. */
export const pollShape = z.object({
  question: media(300),
  answers: z
    .array(z.object({ poll_media: media(55) }))
    .min(1)
    .max(10),
  duration: z.int().min(1).max(768).optional(),
  allow_multiselect: z.boolean().optional(),
  layout_type: z.literal(1).optional(),
});

export type PollRequest = z.infer<typeof pollShape>;

export interface FakePoll {
  readonly question: string;
  readonly answers: readonly string[];
  /** Answer ids by user, in the order of voting. */
  readonly votes: Map<string, number>;
  readonly expiresAt: number;
  ended: boolean;
}

export const pollOf = (request: PollRequest, now: number): FakePoll => ({
  question: request.question.text,
  answers: request.answers.map(({ poll_media }) => poll_media.text),
  votes: new Map(),
  expiresAt: now + (request.duration ?? 24) * 3_600_000,
  ended: false,
});

const votersOf = (poll: FakePoll, answer: number): readonly string[] =>
  [...poll.votes]
    .filter(([, chosen]) => chosen === answer)
    .map(([user]) => user)
    .sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1));

export const pollPayload = (poll: FakePoll) => ({
  question: { text: poll.question },
  answers: poll.answers.map((text, index) => ({ answer_id: index + 1, poll_media: { text } })),
  expiry: new Date(poll.expiresAt).toISOString(),
  allow_multiselect: false,
  layout_type: 1,
  results: {
    is_finalized: poll.ended,
    answer_counts: poll.answers.map((_, index) => ({ id: index + 1, count: votersOf(poll, index + 1).length, me_voted: false })),
  },
});

const missing: Reply = { status: 404, body: { message: "Unknown Message", code: 10008 } };

function pollIn(world: World, channel: string, id: string): FakeMessage | null {
  const message = world.messages.get(id);
  return message === undefined || message.deleted || message.channelId !== channel || message.poll === null ? null : message;
}

/** "Get Answer Voters": by ascending id, 25 at a time unless asked for up to 100. */
export function answerVoters(world: World, [channel = "", id = "", answer = ""]: readonly string[], query: URLSearchParams): Reply {
  const poll = pollIn(world, channel, id)?.poll ?? null;
  if (poll === null) return missing;
  const limit = Number(query.get("limit") ?? 25);
  if (!(limit >= 1 && limit <= 100)) return { status: 400, body: { message: "Invalid Form Body", code: 50035 } };
  const after = BigInt(query.get("after") ?? 0);
  const users = votersOf(poll, Number(answer)).filter((user) => BigInt(user) > after);
  const body = { users: users.slice(0, limit).map((user) => ({ id: user, username: "voter", discriminator: "0", avatar: null })) };
  return { status: 200, body };
}

/** "End Poll". */
export function expirePoll(world: World, [channel = "", id = ""]: readonly string[], payload: (message: FakeMessage) => object): Reply {
  const message = pollIn(world, channel, id);
  if (message?.poll == null) return missing;
  if (message.poll.ended) return { status: 400, body: { message: "Poll expired", code: 520_001 } };
  message.poll.ended = true;
  return { status: 200, body: payload(message) };
}
