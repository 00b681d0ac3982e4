/** Every waiting time of the Telegram platform, in one place so that tests need not wait. All in milliseconds unless named otherwise. */

export interface Timing {
  /** An answer that takes longer is announced by "typing …". */
  readonly typingAfter: number;
  /** An answer that takes longer is shown while it is made. */
  readonly progressAfter: number;
  /** The shortest time between two versions of it: in a private chat, and in a group, which takes 20 messages and edits a minute. */
  readonly progressEvery: number;
  readonly progressEveryShared: number;
  /** How long the answer waits for the last version, which must not come after it. */
  readonly progressPatience: number;
  /** What follows in a chat waits this long for the answer before it. */
  readonly orderPatience: number;
  /** A pressed button shows its spinner at most this long before it is released without text. */
  readonly releaseButtonAfter: number;
  /** Seconds that one getUpdates call stays open; the server caps it at 50 (telegram-bot-api, Client.cpp). */
  readonly pollSeconds: number;
  /** First and longest pause between failed attempts to reach Telegram. Repeating one offset within 0.5 s is punished with limit 1. */
  readonly retryFirst: number;
  readonly retryMost: number;
  /** grammY waits 500 s by default; nobody waits that long for an answer. */
  readonly callTimeout: number;
  /** Pauses before a call that never left this machine is tried again. */
  readonly unsentRetries: readonly number[];
  /** An answer to a chat that takes nothing for longer than this is given up at once. */
  readonly longestAnswerWait: number;
  /** An answer that finds no slot for this long, because too many are asked for, is given up. */
  readonly answerPatience: number;
  /** Pauses before a room's news (arrived, left, migrated) is offered to storage again. */
  readonly storeRetries: readonly number[];
  /** The shortest time between two notes of which updates are handled: a crash before the note repeats their answers. */
  readonly noteHandledEvery: number;
  /** Between two looks at whether groups that refused a digest take it again. */
  readonly accessEvery: number;
  /** Between two looks at whether Telegram still posts here. */
  readonly webhookEvery: number;
  /** How long `stop` waits for what is in flight. */
  readonly drain: number;
  readonly adminsRemembered: number;
  readonly inlineRemembered: number;
}

export const defaultTiming: Timing = {
  typingAfter: 500,
  progressAfter: 1_000,
  progressEvery: 1_000,
  progressEveryShared: 4_000,
  progressPatience: 2_000,
  orderPatience: 3_000,
  releaseButtonAfter: 2_000,
  pollSeconds: 30,
  retryFirst: 500,
  retryMost: 30_000,
  callTimeout: 15_000,
  unsentRetries: [300, 1_500],
  longestAnswerWait: 10_000,
  answerPatience: 30_000,
  storeRetries: [1_000, 5_000, 30_000],
  noteHandledEvery: 50,
  accessEvery: 3_600_000,
  webhookEvery: 60_000,
  drain: 10_000,
  adminsRemembered: 60_000,
  inlineRemembered: 300_000,
};
