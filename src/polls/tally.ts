/** Counts a poll: each person once, outsiders apart, what is missing named; pure. */
import { type PlatformName, platformNames, platformOf } from "../core/ids.ts";
import { fewestForShares } from "../opinions/types.ts";
import type { Cast, Counts, Poll, RobustCounts, RoomCounts, Tally } from "./types.ts";

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
    robust: robustly(options.length, counted, (place) => rooms.find(({ post }) => post.place === place)?.platform),
  };
}

function robustly(options: number, counted: readonly Cast[], platformAt: (place: number) => PlatformName | undefined): RobustCounts {
  const [all, robust] = [
    count(options, counted),
    count(
      options,
      counted.filter(({ newcomer }) => !newcomer),
    ),
  ];
  const left = counted.flatMap(({ newcomer, place }) => (newcomer ? (platformAt(place) ?? []) : []));
  const leftOut = platformNames.flatMap((platform) => {
    const people = left.filter((one) => one === platform).length;
    return people === 0 ? [] : [{ platform, people }];
  });
  return { ...robust, leftOut, differs: left.length > 0 && robust.people < fewestForShares ? null : differ(all, robust) };
}

/** Points by which an option's share must differ to be told: less is lost in the rounding of small groups. */
const tellingDifference = 0.05;

/** Another option ahead, or a share that is clearly another one. */
function differ(all: Counts, robust: Counts): boolean {
  const share = ({ options, people }: Counts) => options.map((n) => (people === 0 ? 0 : n / people));
  const ahead = ({ options }: Counts) => options.flatMap((n, option) => (n === Math.max(...options) ? [option] : [])).join();
  const [before, after] = [share(all), share(robust)];
  return ahead(all) !== ahead(robust) || before.some((part, option) => Math.abs(part - (after[option] ?? 0)) >= tellingDifference);
}
