/** Polls from the wish to the result: asked within the platforms' limits, posted by the couriers, ended in time, counted once. */
import { createHash, randomBytes } from "node:crypto";
import { UserError } from "../core/errors.ts";
import { formatTime } from "../core/figure.ts";
import { buttonBallot, type CommunityId, isPrivateCommunity, type PollId, platformOf, pollId } from "../core/ids.ts";
import { isNewcomer } from "../core/newcomer.ts";
import type { Texts } from "../core/texts.ts";
import type { PostPoll } from "../schedule/types.ts";
import { resultChart } from "./chart.ts";
import { checkWish } from "./limits.ts";
import { tally } from "./tally.ts";
import type { Links, Poll, PollDesk, PollStore, Polls, Results, Series } from "./types.ts";

export interface PollsOptions {
  readonly store: PollStore;
  readonly links: Links;
  readonly postPoll: PostPoll;
}

/** How many polls `/poll` lists. */
const listed = 10;

/** 96 bits, as of opinions. */
const idOf = (...parts: readonly string[]): PollId =>
  pollId(createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16));

/** A press's place among those of its member: platforms number what they tell, and what has no number is ordered by the clock. */
const orderOf = (key: string | undefined, now: Date): bigint => BigInt(/(\d{1,19})$/.exec(key ?? "")?.[1] ?? now.getTime());

/** What is to be read of polls, and needs nobody to post them. */
export function createPollResults(store: PollStore): Pick<Polls, "list" | "results" | "closed" | "chart"> {
  async function of(community: CommunityId, id: PollId | null): Promise<Poll | null> {
    if (id === null) return (await store.latest(community, 1))[0] ?? null;
    const poll = await store.find(id);
    return poll?.community === community || poll?.posts.some((post) => post.community === community) ? poll : null;
  }

  return {
    async list(community) {
      return { polls: await store.latest(community, listed), repeating: await store.seriesOf(community) };
    },

    async results(community, id) {
      const poll = await of(community, id);
      return poll === null ? null : resultsOf(store, poll);
    },

    async closed(community, hours, now) {
      const polls = await store.closedIn(community, new Date(now.getTime() - hours * 3_600_000), now);
      return Promise.all(polls.map((poll) => resultsOf(store, poll)));
    },

    chart: resultChart,
  };
}

async function resultsOf(store: PollStore, poll: Poll, scrutiny?: "none"): Promise<Results> {
  const counted = tally(poll, await store.votes(poll.id, scrutiny));
  return {
    poll,
    tally: counted,
    sealed: poll.hidden && poll.closedAt === null,
    incomplete: poll.closedAt !== null && counted.rooms.some(({ missing, post }) => (missing ?? 0) > 0 || isUnread(post)),
  };
}

export function createPolls({ store, links, postPoll }: PollsOptions): Polls {
  return {
    ...createPollResults(store),

    async ask(wish) {
      const { room, community, schedule, hours, by, now, everywhere } = wish;
      if (platformOf(room) === "console" || isPrivateCommunity(community))
        throw new UserError("no_polls_here", (texts) => texts.poll.notAlone);
      const checked = checkWish(wish);
      const circle = everywhere ? (await links.circle(room)).filter(({ agreed }) => agreed) : [];
      if (everywhere && circle.length < 2) throw new UserError("not_linked", (texts) => texts.poll.notLinked);
      const rooms = [{ room, community }, ...circle.filter((other) => other.room !== room)];
      const series: Series = {
        id: randomBytes(12).toString("base64url"),
        community,
        ...checked,
        topic: wish.topic,
        hidden: wish.hidden,
        hours,
        createdAt: now,
      };
      await store.addSeries(series, by);
      try {
        await postPoll({ series: series.id, rooms, schedule, by, now });
      } catch (error) {
        await store.removeSeries(series.id, community);
        throw error;
      }
      return { series, rooms: rooms.length, closesAt: new Date(now.getTime() + hours * 3_600_000) };
    },

    async vote({ poll: id, option, member, room, standing, since = {}, key, now }) {
      const poll = await store.find(id);
      const post = poll?.posts.find((one) => one.room === room.id && one.community === room.community);
      if (poll === null || post === undefined || post.ballot === null || post.ballot !== buttonBallot(id, post.place))
        throw new UserError("no_such_poll", (texts) => texts.poll.noSuchPoll);
      if (option !== null && (option < 0 || option >= poll.options.length))
        throw new UserError("no_such_option", (texts) => texts.poll.noSuchOption);
      const choice = option === null ? ({ kind: "took_back", option: null } as const) : ({ kind: "chose", option } as const);
      const newcomer = isNewcomer(since, now, poll.opensAt);
      const vote = { ballot: post.ballot, member, choice, order: orderOf(key, now), newcomer };
      const counted = await store.press(vote, await standing(), room, now);
      if (!counted) throw new UserError("poll_over", (texts) => texts.poll.tooLate);
      return resultsOf(store, poll, "none");
    },

    async end(id, community, now) {
      return (await store.removeSeries(id, community)) || store.hasten(pollId(id), community, now);
    },
  };
}

/** A native poll whose platform never told what it counted. */
const isUnread = ({ ballot, totals, state }: Poll["posts"][number]): boolean =>
  state === "ended" && ballot !== null && totals === null && !ballot.startsWith("buttons:");

/** The couriers' side of polls. */
export function createPollDesk(store: PollStore, texts: (community: CommunityId) => Promise<Texts>, now: () => Date): PollDesk {
  const idIn = (series: string, localDate: string): PollId => idOf(series, localDate);
  return {
    async block(id, { localDate, room }) {
      const series = await store.findSeries(id);
      if (series === null) return null;
      const opensAt = now();
      const { hours, createdAt: _, ...rest } = series;
      const closesAt = new Date(opensAt.getTime() + hours * 3_600_000);
      // Whichever room comes first opens the poll; for the others it is there.
      const poll = await store.open({ ...rest, id: idIn(id, localDate), series: id, opensAt, closesAt });
      const place = poll.posts.findIndex((post) => post.room === room);
      const post = poll.posts[place];
      if (post === undefined || opensAt >= poll.closesAt) return null;
      const { poll: words } = await texts(post.community);
      return {
        kind: "poll",
        question: poll.question,
        options: poll.options,
        closesAt: poll.closesAt,
        hidden: poll.hidden,
        note: `${words.openUntil(formatTime(poll.closesAt, "instant"))} ${poll.hidden ? words.countsLater : words.withoutNames}`,
        buttons: [
          ...poll.options.map((label, option) => ({ label, command: "vote", args: { poll: poll.id, option: option + 1 } })),
          { label: words.takeBack, command: "vote", args: { poll: poll.id, option: 0 } },
        ],
      };
    },
    async posted(series, { localDate, room }, { ballot, messageId }) {
      const poll = await store.find(idIn(series, localDate));
      const post = poll?.posts.find((one) => one.room === room);
      if (poll === null || post === undefined) return;
      await store.posted(poll.id, room, { ballot: ballot ?? buttonBallot(poll.id, post.place), messageId, at: now() });
    },
  };
}
