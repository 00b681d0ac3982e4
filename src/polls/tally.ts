/** Counts a poll: each person once, outsiders apart, what is missing named; pure. */
import { type PlatformName, platformOf } from "../core/ids.ts";
import type { Cast, Counts, Poll, RoomCounts, Tally } from "./types.ts";

function count(options: number, votes: readonly Cast[]): Counts {
  const counts = Array.from({ length: options }, () => 0);
  for (const { choice } of votes) counts[choice] = (counts[choice] ?? 0) + 1;
  return { people: votes.length, options: counts };
}

/**
 * Of somebody who voted in several rooms, or with joined accounts, the vote in the first of the rooms counts: neither platform dates a
 * vote, and after an outage they are told in any order, so that "the newest" could not be known.
 */
function once(votes: readonly Cast[]): readonly Cast[] {
  const first = new Map<string, Cast>();
  for (const vote of votes) {
    const known = first.get(vote.voter);
    if (known === undefined || vote.place < known.place) first.set(vote.voter, vote);
  }
  return [...first.values()];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);

/** @param votes those that are not taken back, at most one for each voter and room */
export function tally({ options, posts }: Pick<Poll, "options" | "posts">, votes: readonly Cast[]): Tally {
  const valid = votes.filter(({ choice }) => choice >= 0 && choice < options.length);
  const members = valid.filter(({ standing }) => standing !== "outside");
  const outside = valid.filter(({ standing }) => standing === "outside");
  const counted = once(members);
  const rooms = posts.map((post): RoomCounts => {
    const here = ({ place }: Cast) => place === post.place;
    const inside = members.filter(here);
    return {
      post,
      platform: platformOf(post.room),
      ...count(options.length, once(inside)),
      outside: count(options.length, once(outside.filter(here))),
      unchecked: inside.filter(({ standing }) => standing === "unknown").length,
      missing: post.totals === null ? null : Math.max(0, sum(post.totals) - post.erased - valid.filter(here).length),
    };
  });
  const names: readonly PlatformName[] = [...new Set(rooms.map(({ platform }) => platform))];
  return {
    ...count(options.length, counted),
    platforms: names.map((platform) => {
      const places = new Set(rooms.filter((room) => room.platform === platform).map(({ post }) => post.place));
      return { platform, ...count(options.length, once(members.filter(({ place }) => places.has(place)))) };
    }),
    rooms,
    outside: count(options.length, once(outside)),
    again: members.length - counted.length,
  };
}
