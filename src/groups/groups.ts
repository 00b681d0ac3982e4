/** Claims on a topic, votes on them, and the groups that these make. */
import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../core/errors.ts";
import type { CommunityId } from "../core/ids.ts";
import type { MemberStore } from "../members/types.ts";
import type { Topic } from "../topics/types.ts";
import { claimsOf } from "./claims-of.ts";
import { fewestInGroup, fewestVoters } from "./grouping.ts";
import type { RunGrouping } from "./run-grouping.ts";
import type { GroupHeld, Grouping, GroupNamer, GroupNames, GroupStore, Groups, GroupsView } from "./types.ts";

/** More nobody votes on, and the arithmetic is made for so many. */
const mostStatements = 200;
/** Of the newest opinions that may be quoted so many are split into claims. */
const mostSplit = 60;
/** Voters that are read from the database in one go: others get their turn in between. */
const votersAtOnce = 500;

export interface GroupsDeps {
  readonly store: GroupStore;
  readonly members: Pick<MemberStore, "choice">;
  readonly group: RunGrouping;
  /** Null without a language model: groups have letters. */
  readonly namer: GroupNamer | null;
  readonly now: () => Date;
}

export function createGroups({ store, members, group, namer, now }: GroupsDeps): Groups {
  async function refuseOptedOut(member: Parameters<Groups["vote"]>[0]["member"]): Promise<void> {
    if ((await members.choice(member)).optedOut) throw new UserError("opted_out", (texts) => texts.opinion.optedOut);
  }

  return {
    fewestVoters,
    fewestInGroup,
    async next(community, topic, member) {
      const waiting = await store.next(community, topic.id, member);
      if (waiting !== null) return waiting;
      // Opinions that were logged since may hold more to vote on.
      if (!(await split(store, community, topic, now()))) return null;
      return store.next(community, topic.id, member);
    },
    async add({ community, topic, member, text }) {
      await refuseOptedOut(member);
      const there = await store.statements(community, topic.id);
      if (there.some((one) => sameClaim(one.text) === sameClaim(text))) return false;
      if (there.length >= mostStatements) throw new UserError("too_many_claims", (texts) => texts.claims.tooMany(mostStatements));
      const id = randomBytes(9).toString("base64url");
      return (await store.add(community, topic.id, [{ id, text, member, opinion: null, at: now() }])) > 0;
    },
    async vote({ community, statement, member, vote }) {
      await refuseOptedOut(member);
      return store.vote(community, statement, member, vote);
    },
    async view(community, topic, payer, signal) {
      const statements = await store.statements(community, topic.id);
      const ids = statements.map(({ id }) => id);
      let votes = "";
      let after = "";
      for (;;) {
        signal.throwIfAborted();
        const page = await store.voters(ids, after, votersAtOnce);
        if (page === null) break;
        votes = votes === "" ? page.votes : `${votes};${page.votes}`;
        after = page.last;
      }
      const voters = votes === "" ? 0 : votes.split(";").length;
      const grouping = voters === 0 ? null : await group({ votes, statements: statements.length }, signal);
      const called = grouping === null || namer === null ? null : await namesOf({ topic, statements, grouping, payer }, namer, signal);
      return { topic, statements, voters, grouping, called };
    },
  };
}

type Asked = Pick<GroupsView, "topic" | "statements"> & { readonly grouping: Grouping; readonly payer: Parameters<Groups["view"]>[2] };

/** What tells the groups apart is what they are called by; one that holds nothing of its own has no name. */
async function namesOf({ topic, statements, grouping, payer }: Asked, namer: GroupNamer, signal: AbortSignal): Promise<GroupNames | null> {
  const held = grouping.groups.map(
    ({ holds }): GroupHeld => holds.map(({ statement, vote }) => ({ claim: statements[statement]?.text ?? "", agrees: vote === "agree" })),
  );
  const groups = held.filter((holds) => holds.length > 0);
  if (groups.length === 0) return null;
  const named = await namer({ topic, groups, payer }, signal);
  if (named === null) return null;
  const left = [...named.names];
  return { ...named, names: held.map((holds) => (holds.length === 0 ? null : (left.shift() ?? null))) };
}

/** @returns whether anything was added */
async function split(store: GroupStore, community: CommunityId, topic: Topic, at: Date): Promise<boolean> {
  const there = await store.statements(community, topic.id);
  const room = mostStatements - there.length;
  const said = await store.unsplit(community, { topic: topic.id, version: topic.version }, mostSplit);
  const claims = said.flatMap(({ id: opinion, member, text }) =>
    claimsOf(text).map((claim) => ({
      // The same claim of the same opinion is the same one, however many ask for it at once.
      id: createHash("sha256").update(`${opinion} ${claim}`).digest("base64url").slice(0, 12),
      text: claim,
      member,
      opinion,
      at,
    })),
  );
  const known = new Set(there.map(({ text }) => sameClaim(text)));
  const fresh = [...Map.groupBy(claims, ({ text }) => sameClaim(text))].flatMap(([same, [first]]) =>
    first === undefined || known.has(same) ? [] : [first],
  );
  return (await store.add(community, topic.id, fresh.slice(0, Math.max(0, room)))) > 0;
}

/** What claims share that differ only in how they are written. */
const sameClaim = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[\s.!…]+$/, "");
