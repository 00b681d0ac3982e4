/** From votes to groups of people who vote alike, and what these hold; plain arithmetic, the same for the same votes. */
import { kmeans } from "ml-kmeans";
import { consensus, division, representativeness } from "./consensus.ts";
import { project } from "./projection.ts";
import { silhouette } from "./silhouette.ts";
import type { Ballot, Grouping, Held } from "./types.ts";
import { readVotes, type VoteMatrix, votersOf } from "./votes.ts";

/** Fewer people are a conversation, and a group of fewer could be told by name. */
export const fewestVoters = 20;
export const fewestInGroup = 3;
/** Polis leaves out who voted on fewer statements, or on fewer than all where there are not as many. */
const fewestVotes = 7;
/** More groups than these nobody keeps apart. */
const mostGroups = 5;
/** Below this there is no structure to speak of (L. Kaufman, P. J. Rousseeuw, Finding Groups in Data, 1990, table 4). */
const fewestWidth = 0.25;
/** Statements named of each kind. */
const most = 3;
/** A vote that is not this much likelier in a group says nothing of it. */
const leastTelling = 1.2;

const seed = 1987;

/** @param text see `readVotes`; @param statements how many there are */
export function groupVoters(text: string, statements: number): Grouping {
  const all = readVotes(text, statements);
  const enough = Math.min(fewestVotes, statements);
  const placed = Array.from({ length: all.voters }, (_, voter) => voter).filter(
    (voter) => (all.starts[voter + 1] ?? 0) - (all.starts[voter] ?? 0) >= enough,
  );
  const votes = votersOf(all, placed);
  const found = votes.voters < fewestVoters ? null : bestClusters(project(votes));
  if (found === null) {
    const ballots = ballotsOf(votes, new Array<number>(votes.voters).fill(0), 1);
    return { voters: votes.voters, groups: [], silhouette: 0, shared: sharedOf(ballots), divides: [] };
  }
  const { clusters, count, width } = found;
  const ballots = ballotsOf(votes, clusters, count);
  const groups = Array.from({ length: count }, (_, group) => ({
    people: clusters.filter((cluster) => cluster === group).length,
    holds: holdsOf(ballots, group),
  }));
  const divides = ballots
    .map((of, statement) => ({ statement, ballots: of, apart: division(of) }))
    .filter(({ ballots: of }) => of.every(({ seen }) => seen >= fewestInGroup))
    .toSorted((a, b) => b.apart - a.apart || a.statement - b.statement)
    .slice(0, most)
    .filter(({ apart }) => apart >= 0.3)
    .map(({ statement, ballots: of }) => ({ statement, ballots: of }));
  return { voters: votes.voters, groups, silhouette: width, shared: sharedOf(ballots), divides };
}

/** The clusters of the number that fits best, the largest first; null where no number makes groups that can be shown. */
function bestClusters(points: readonly (readonly [number, number])[]) {
  let best: { readonly clusters: readonly number[]; readonly count: number; readonly width: number } | null = null;
  const data = points.map(([x, y]) => [x, y]);
  for (let count = 2; count <= Math.min(mostGroups, Math.floor(points.length / fewestInGroup)); count++) {
    if (new Set(data.map(([x, y]) => `${x} ${y}`)).size < count) break;
    const clusters = bySize(kmeans(data, count, { seed, initialization: "kmeans++" }).clusters, count);
    if (Array.from({ length: count }, (_, n) => clusters.filter((c) => c === n).length).some((size) => size < fewestInGroup)) continue;
    const width = silhouette(points, clusters);
    if (width >= fewestWidth && (best === null || width > best.width)) best = { clusters, count, width };
  }
  return best;
}

/** Numbered anew: the largest is 0, and of two as large the one with the first voter. */
function bySize(clusters: readonly number[], count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, n) => n).toSorted(
    (a, b) => clusters.filter((c) => c === b).length - clusters.filter((c) => c === a).length || clusters.indexOf(a) - clusters.indexOf(b),
  );
  return clusters.map((cluster) => order.indexOf(cluster));
}

/** For each statement how each group voted on it. */
function ballotsOf(votes: VoteMatrix, clusters: readonly number[], count: number): readonly (readonly Ballot[])[] {
  const { voters, statements, starts, columns, values } = votes;
  const tallies = Array.from({ length: statements }, () => Array.from({ length: count }, () => ({ agree: 0, disagree: 0, seen: 0 })));
  for (let voter = 0; voter < voters; voter++) {
    for (let n = starts[voter] ?? 0; n < (starts[voter + 1] ?? 0); n++) {
      const tally = tallies[columns[n] ?? 0]?.[clusters[voter] ?? 0];
      if (tally === undefined) continue;
      tally.seen++;
      if (values[n] === 1) tally.agree++;
      else if (values[n] === -1) tally.disagree++;
    }
  }
  return tallies;
}

const sumOf = (ballots: readonly Ballot[]): Ballot => ({
  agree: ballots.reduce((sum, b) => sum + b.agree, 0),
  disagree: ballots.reduce((sum, b) => sum + b.disagree, 0),
  seen: ballots.reduce((sum, b) => sum + b.seen, 0),
});

/** Only what most of every group agrees with is shared. */
function sharedOf(ballots: readonly (readonly Ballot[])[]): Grouping["shared"] {
  return ballots
    .map((of, statement) => ({
      statement,
      ...sumOf(of),
      consensus: consensus(of),
      all: of.every((b) => b.agree * 2 > b.seen && b.seen >= fewestInGroup),
    }))
    .filter(({ all }) => all)
    .toSorted((a, b) => b.consensus - a.consensus || a.statement - b.statement)
    .slice(0, most)
    .map(({ all: _, ...shared }) => shared);
}

/** What a group says more often than everyone else, and most of it. */
function holdsOf(ballots: readonly (readonly Ballot[])[], group: number): readonly Held[] {
  return ballots
    .flatMap((of, statement) => {
      const own = of[group];
      if (own === undefined || own.seen < fewestInGroup) return [];
      const rest = sumOf(of.filter((_, n) => n !== group));
      return (["agree", "disagree"] as const).map((vote) => {
        const telling = representativeness({ count: own[vote], seen: own.seen }, { count: rest[vote], seen: rest.seen });
        return { statement, vote, count: own[vote], seen: own.seen, telling, weight: telling * (own[vote] / own.seen) };
      });
    })
    .filter(({ count, seen, telling }) => count * 2 > seen && telling >= leastTelling)
    .toSorted((a, b) => b.weight - a.weight || a.statement - b.statement)
    .slice(0, most)
    .map(({ telling: _, weight: __, ...held }) => held);
}
