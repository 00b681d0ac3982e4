/** Marks voters of a platform's list whose accounts are new: what is stored of when they were made. */
import { isNewcomer } from "../core/newcomer.ts";
import type { Voter } from "../core/poll.ts";
import type { KeptVoter } from "./types.ts";

/** A list does not say when its voters joined: that is found out apart. */
export const markNewcomers = (voters: readonly Voter[], at: Date): readonly KeptVoter[] =>
  voters.map(({ since = {}, ...voter }) => ({ ...voter, newcomer: isNewcomer(since, at, at) }));
