/** The stores in memory, for fast tests. They keep the same contract as the database (`test/contracts/stores.ts`). */
import type { ButtonStore, StoredButton } from "../../src/core/buttons.ts";
import type { Figure } from "../../src/core/figure.ts";
import { type CommunityId, type MemberId, type OpinionId, platformNames, platformOf, privateCommunityId } from "../../src/core/ids.ts";
import type { InboxStore, Incoming } from "../../src/core/inbox.ts";
import type { LeaseStore } from "../../src/core/lease.ts";
import type { RoomStore } from "../../src/core/platform.ts";
import type { PushedStore } from "../../src/core/pushed.ts";
import { type Audience, type Gap, type GapStore, maxGaps, type ReaderStore } from "../../src/knowledge/types.ts";
import type { LedgerStore, Report } from "../../src/ledger/types.ts";
import type { FigureStore } from "../../src/market/types.ts";
import type { MemberChoice, MemberStore } from "../../src/members/types.ts";
import { type Cohort, glance, type Opinion, type OpinionStore, type Standing } from "../../src/opinions/types.ts";
import { type Reading, type ReadingStore, stances } from "../../src/reading/types.ts";
import type { DeliveryStore, SubscriptionStore } from "../../src/schedule/types.ts";
import { everywhere, type TopicChange, type TopicStore, type Wording } from "../../src/topics/types.ts";
import { type Pushed, type PushedMemory, pushedStore } from "./memory-pushed.ts";
import {
  deliveryStore,
  dropSubscriptions,
  leaseStore,
  moveSubscriptions,
  type ScheduleMemory,
  scheduleMemory,
  subscriptionStore,
} from "./memory-schedule.ts";

export interface Stores {
  readonly opinions: OpinionStore;
  readonly topics: TopicStore;
  readonly readings: ReadingStore;
  readonly members: MemberStore;
  readonly figures: FigureStore;
  readonly buttons: ButtonStore;
  readonly rooms: RoomStore;
  readonly subscriptions: SubscriptionStore;
  readonly deliveries: DeliveryStore;
  readonly leases: LeaseStore;
  readonly inbox: InboxStore;
  readonly pushed: PushedStore;
  readonly gaps: GapStore;
  readonly readers: ReaderStore;
  readonly reports: LedgerStore;
}

interface Inbound extends Incoming {
  readonly inbox: string;
  readonly takenAt: Date;
  starts: number;
}

interface Community {
  arrivedAt: Date | null;
  leftAt: Date | null;
  greetedAt: Date | null;
}

type Logged = Opinion & Standing;

interface Memory extends PushedMemory {
  readonly schedule: ScheduleMemory;
  opinions: Logged[];
  readonly readings: Map<OpinionId, Reading>;
  topics: TopicChange[];
  readonly choices: Map<MemberId, MemberChoice>;
  buttons: StoredButton[];
  inbound: Inbound[];
  reports: Report[];
  gaps: (Gap & { readonly community: CommunityId })[];
  readonly readers: Map<MemberId, Audience>;
  /** Inbox and id, and when it was handled. */
  readonly handled: Map<string, Date>;
  readonly communities: Map<CommunityId, Community>;
}

export function createMemoryStores(): Stores {
  const memory: Memory = {
    schedule: scheduleMemory(),
    opinions: [],
    topics: [],
    choices: new Map(),
    readings: new Map(),
    buttons: [],
    inbound: [],
    pushed: [],
    seen: new Map(),
    watchers: new Set(),
    reports: [],
    gaps: [],
    readers: new Map(),
    handled: new Map(),
    communities: new Map(),
  };
  return {
    opinions: opinionStore(memory),
    topics: topicStore(memory),
    readings: readingStore(memory),
    members: memberStore(memory),
    figures: figureStore(),
    buttons: buttonStore(memory),
    rooms: roomStore(memory),
    subscriptions: subscriptionStore(memory.schedule),
    deliveries: deliveryStore(memory.schedule),
    leases: leaseStore(memory.schedule),
    inbox: inboxStore(memory),
    pushed: pushedStore(memory),
    gaps: gapStore(memory),
    reports: reportStore(memory),
    readers: {
      audience: async (member) => memory.readers.get(member) ?? null,
      choose: async (member, audience) => void memory.readers.set(member, audience),
    },
  };
}

/** Newest first; of two with the same time the later one in the list is the newer one. */
const newestFirst = (opinions: readonly Logged[]): readonly Logged[] =>
  opinions.toReversed().sort((a, b) => b.at.getTime() - a.at.getTime());

/** Each member's newest opinion in a window. */
function newestIn(memory: Memory, community: CommunityId, { topic, version }: Wording, since: Date, until: Date): readonly Logged[] {
  const seen = new Set<MemberId>();
  const here = memory.opinions.filter((o) => o.community === community && o.topic === topic && o.version === version);
  return newestFirst(here.filter((o) => o.at >= since && o.at < until)).filter((o) => !seen.has(o.member) && seen.add(o.member));
}

function cohortsOf(all: readonly Logged[]): readonly Cohort[] {
  const cohorts = new Map<string, Cohort>();
  for (const { stance, platform, evidence, aside } of all) {
    const cohort = { stance, platform, measured: evidence === "measured", aside };
    const key = JSON.stringify(cohort);
    cohorts.set(key, { ...cohort, people: (cohorts.get(key)?.people ?? 0) + 1 });
  }
  return [...cohorts.values()];
}

const withoutStanding = ({
  version: _,
  platform: __,
  evidence: ___,
  aside: ____,
  print: _____,
  quotable: ______,
  ...opinion
}: Logged): Opinion => opinion;
function readingStore(memory: Memory): ReadingStore {
  return {
    of: async (member) =>
      new Map(
        memory.opinions.flatMap(({ id, member: author }) => {
          const reading = memory.readings.get(id);
          return author === member && reading !== undefined ? [[id, reading] as const] : [];
        }),
      ),
  };
}

function opinionStore(memory: Memory): OpinionStore {
  return {
    async add(opinion, standing, reading) {
      if (reading !== undefined && !memory.readings.has(opinion.id)) memory.readings.set(opinion.id, reading);
      if (memory.opinions.some((o) => o.id === opinion.id)) return;
      const plain = { version: 1, platform: platformOf(opinion.community), evidence: null, aside: null, print: null, quotable: false };
      memory.opinions.push({ ...plain, ...opinion, ...standing });
    },
    async find(id) {
      const found = memory.opinions.find((o) => o.id === id);
      return found === undefined ? null : withoutStanding(found);
    },
    async correct(id, member, stance) {
      const at = memory.opinions.findIndex((o) => o.id === id && o.member === member);
      const found = memory.opinions[at];
      if (found === undefined) return false;
      memory.opinions[at] = { ...found, stance, stanceBy: "author" };
      return true;
    },
    async remove(id, member) {
      const before = memory.opinions.length;
      memory.opinions = memory.opinions.filter((o) => o.id !== id || o.member !== member);
      return memory.opinions.length < before;
    },
    async tally(community, wording, { before, from, to }) {
      return {
        recent: cohortsOf(newestIn(memory, community, wording, from, to)),
        before: cohortsOf(newestIn(memory, community, wording, before, from)),
      };
    },
    async weeks(community, wording, from, weeks) {
      const begin = (week: number) => new Date(from.getTime() + week * 7 * 86_400_000);
      return Array.from({ length: weeks }, (_, week) => cohortsOf(newestIn(memory, community, wording, begin(week), begin(week + 1))));
    },
    async quotable(community, wording, { from, to }, each) {
      const fit = newestIn(memory, community, wording, from, to).filter(
        (o) => o.quotable && o.aside === null && [...o.text].length <= glance,
      );
      return stances
        .filter((stance) => stance !== "unclear")
        .flatMap((stance) => fit.filter((o) => o.stance === stance).slice(0, each))
        .map(({ id, stance, text, at }) => ({ id, stance, text, at }));
    },
    async counts(community) {
      const members = new Map<string, Wording & { readonly who: Set<MemberId> }>();
      for (const { community: place, topic, version, member } of memory.opinions) {
        if (place !== community) continue;
        const key = `${topic} ${version}`;
        const known = members.get(key) ?? { topic, version, who: new Set<MemberId>() };
        known.who.add(member);
        members.set(key, known);
      }
      return [...members.values()].map(({ who, ...wording }) => ({ ...wording, people: who.size }));
    },
    async company({ community, topic, member, stance, at }, { version, print }, since) {
      const others = memory.opinions.filter((o) => o.community === community && o.topic === topic && o.member !== member && o.at <= at);
      const alike = newestIn(memory, community, { topic, version }, since.burst, new Date(at.getTime() + 1));
      return {
        copied: print !== null && others.some((o) => o.print === print && o.at >= since.copies),
        others: Math.min(100, alike.filter((o) => o.member !== member && o.stance === stance).length),
      };
    },
  };
}

function topicStore(memory: Memory): TopicStore {
  return {
    changes: async (community) => memory.topics.filter((c) => c.community === community || c.community === everywhere),
    places: async () => [...new Set(memory.topics.map(({ community }) => community))],
    add: async (change) => void memory.topics.push(change),
    async merge(changes, moves) {
      const place = changes[0]?.community;
      memory.opinions = memory.opinions.map((o) => {
        const move = moves.find(({ from }) => from.topic === o.topic && from.version === o.version);
        return move === undefined || (place !== everywhere && place !== o.community) ? o : { ...o, ...move.to };
      });
      memory.topics.push(...changes);
    },
  };
}

const privateChats = (member: MemberId): readonly CommunityId[] => platformNames.map((platform) => privateCommunityId(platform, member));

function memberStore(memory: Memory): MemberStore {
  const belongs = (member: MemberId) => {
    const chats = privateChats(member);
    return (one: Pick<StoredButton, "member" | "quoted" | "community">) =>
      one.member === member || one.quoted === member || chats.includes(one.community);
  };
  const choice = (member: MemberId) => memory.choices.get(member) ?? { quoting: null, optedOut: false };
  return {
    choice: async (member) => choice(member),
    async choose(member, { quoting, optedOut }) {
      const known = choice(member);
      memory.choices.set(member, { quoting: quoting ?? known.quoting, optedOut: optedOut ?? known.optedOut });
      if (quoting === undefined || quoting === null) return;
      memory.opinions = memory.opinions.map((o) => (o.member === member ? { ...o, quotable: quoting } : o));
    },
    async rekey(former, current) {
      for (const old of former) {
        if (old === current) continue;
        const chats = new Map(platformNames.map((p) => [privateCommunityId(p, old), privateCommunityId(p, current)]));
        const member = <M extends MemberId | null>(id: M) => (id === old ? current : id);
        const community = (id: CommunityId) => chats.get(id) ?? id;
        memory.opinions = memory.opinions.map((o) => (o.member === old ? { ...o, member: current, community: community(o.community) } : o));
        memory.buttons = memory.buttons.map((b) => ({
          ...b,
          member: member(b.member),
          quoted: member(b.quoted),
          community: community(b.community),
        }));
        memory.schedule.subscriptions = memory.schedule.subscriptions.map((s) => ({
          ...s,
          by: member(s.by),
          community: community(s.community),
        }));
        memory.topics = memory.topics.map((c) => ({ ...c, member: member(c.member) }));
        memory.reports = memory.reports.map((r) => (r.member === old ? { ...r, member: current, community: community(r.community) } : r));
        const known = memory.choices.get(old);
        if (known !== undefined) {
          memory.choices.delete(old);
          const { quoting, optedOut } = choice(current);
          memory.choices.set(current, { quoting: quoting ?? known.quoting, optedOut: optedOut || known.optedOut });
        }
        const renamed = <T extends Pick<StoredButton, "member" | "quoted" | "community">>(one: T): T => ({
          ...one,
          member: member(one.member),
          quoted: member(one.quoted),
          community: community(one.community),
        });
        memory.buttons = memory.buttons.map(renamed);
        memory.inbound = memory.inbound.map(renamed);
        memory.pushed = memory.pushed.map(renamed);
        for (const [from, to] of chats) join(memory, from, to, true);
        const chosen = memory.readers.get(old);
        memory.readers.delete(old);
        if (chosen !== undefined && !memory.readers.has(current)) memory.readers.set(current, chosen);
      }
    },
    async read(member) {
      const opinions = newestFirst(memory.opinions.filter((o) => o.member === member)).toReversed();
      const chats = privateChats(member);
      const subscriptions = memory.schedule.subscriptions
        .filter(({ by, community }) => by === member || chats.includes(community))
        .toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1))
        .map(({ community, room, time, zone, days, createdAt }) => {
          return { community, room: chats.includes(community) ? room : null, time, zone, days, createdAt };
        });
      const buttons = memory.buttons
        .filter(belongs(member))
        .toSorted((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime() || (a.id < b.id ? -1 : 1))
        .map(({ command, args, community, expiresAt }) => ({ command, args, community, expiresAt }));
      // No store in memory keeps the rest.
      const audience = memory.readers.get(member) ?? null;
      return {
        audience,
        opinions: opinions.map(withoutStanding),
        reports: memory.reports.filter((r) => r.member === member).toSorted((a, b) => a.at.getTime() - b.at.getTime()),
        buttons,
        subscriptions,
        choice: choice(member),
        statements: [],
        statementVotes: [],
        votes: [],
        polls: [],
        joined: false,
        questions: [],
        forecasts: [],
        changes: [],
        settings: [],
        follows: [],
        digests: [],
      };
    },
    async erase(member) {
      const before = { opinions: memory.opinions.length, reports: memory.reports.length, buttons: memory.buttons.length };
      memory.reports = memory.reports.filter((r) => r.member !== member && !privateChats(member).includes(r.community));
      const own = belongs(member);
      memory.opinions = memory.opinions.filter((o) => o.member !== member);
      memory.buttons = memory.buttons.filter((b) => !own(b));
      memory.readers.delete(member);
      memory.topics = memory.topics.map((c) => (c.member === member ? { ...c, member: null } : c));
      if (choice(member).optedOut) memory.choices.set(member, { quoting: null, optedOut: true });
      else memory.choices.delete(member);
      const chats = privateChats(member);
      dropSubscriptions(memory.schedule, (s) => chats.includes(s.community));
      memory.schedule.subscriptions = memory.schedule.subscriptions.map((s) => (s.by === member ? { ...s, by: null } : s));
      for (const chat of chats) memory.communities.delete(chat);
      memory.inbound = memory.inbound.filter((one) => !own(one));
      memory.pushed = memory.pushed.filter((one) => !own(one));
      for (const chat of privateChats(member)) memory.communities.delete(chat);
      return {
        opinions: before.opinions - memory.opinions.length,
        reports: before.reports - memory.reports.length,
        buttons: before.buttons - memory.buttons.length,
      };
    },
  };
}

const earliest = (a: Date | null, b: Date | null): Date | null => (a === null ? b : b === null || a < b ? a : b);

function join(memory: Memory, from: CommunityId, to: CommunityId, keepLeft: boolean): void {
  const old = memory.communities.get(from);
  if (old === undefined) return;
  memory.communities.delete(from);
  const present = memory.communities.get(to);
  memory.communities.set(to, {
    arrivedAt: earliest(old.arrivedAt, present?.arrivedAt ?? null),
    greetedAt: earliest(old.greetedAt, present?.greetedAt ?? null),
    leftAt: present === undefined ? (keepLeft ? old.leftAt : null) : present.leftAt,
  });
}

function figureStore(): FigureStore {
  let figures: Figure[] = [];
  let prunedAt = new Date(0);
  return {
    async save(added) {
      for (const figure of added) {
        if (typeof figure.value === "number" && !Number.isFinite(figure.value)) throw new TypeError("no value; a missing one is null");
      }
      for (const figure of added) {
        if (!figures.some((f) => f.id === figure.id)) figures.push({ ...figure, state: figure.value === null ? "missing" : "live" });
      }
    },
    async latest() {
      const newest = new Map<string, Figure>();
      for (const figure of figures) {
        const known = newest.get(figure.metric);
        if (known === undefined || figure.fetchedAt >= known.fetchedAt) newest.set(figure.metric, figure);
      }
      return [...newest.values()];
    },
    find: async (id) => figures.find((f) => f.id === id) ?? null,
    findAll: async (ids) => ids.flatMap((id) => figures.find((f) => f.id === id) ?? []),
    at: async (metrics, instant, toleranceMs) =>
      lastOfEach(
        figures.filter(
          ({ metric, fetchedAt }) =>
            metrics.includes(metric) && fetchedAt <= instant && fetchedAt.getTime() >= instant.getTime() - toleranceMs,
        ),
        ({ metric, source }) => `${metric} ${source.name}`,
      ),
    series: async (metric, from, to) =>
      lastOfEach(
        figures.filter((f) => f.metric === metric && f.fetchedAt >= from && f.fetchedAt < to),
        ({ source, fetchedAt }) => `${source.name} ${fetchedAt.toISOString().slice(0, 10)}`,
      ),
    other: async (metric, sourceName) => inTime(figures.filter((f) => f.metric === metric && f.source.name !== sourceName)).at(-1) ?? null,
    async prune(now) {
      if (now.getTime() < prunedAt.getTime() + 3_600_000) return 0;
      prunedAt = now;
      const age = ({ fetchedAt }: Figure) => (now.getTime() - fetchedAt.getTime()) / (24 * 3_600_000);
      // "2026-11-22T12" is an hour, "2026-11-22" a day.
      const span = (f: Figure, letters: number) => `${f.metric} ${f.source.name} ${f.fetchedAt.toISOString().slice(0, letters)}`;
      const before = figures.length;
      const ofHour = new Set(lastOfEach(figures, (f) => span(f, 13)));
      const ofDay = new Set(lastOfEach(figures, (f) => span(f, 10)));
      figures = figures.filter((f) => (age(f) <= 7 || ofHour.has(f)) && (age(f) <= 90 || ofDay.has(f)));
      return before - figures.length;
    },
  };
}

/** Oldest first; of two that were fetched together, the one saved later is the newer one. */
const inTime = (figures: readonly Figure[]): readonly Figure[] => figures.toSorted((a, b) => a.fetchedAt.getTime() - b.fetchedAt.getTime());

const lastOfEach = (figures: readonly Figure[], key: (figure: Figure) => string): readonly Figure[] =>
  inTime([...new Map(inTime(figures).map((figure) => [key(figure), figure])).values()]);

function buttonStore(memory: Memory): ButtonStore {
  return {
    save: async (buttons) => void memory.buttons.push(...buttons),
    find: async (id, now) => memory.buttons.find((b) => b.id === id && b.expiresAt > now) ?? null,
    async sweep(now) {
      const before = memory.buttons.length;
      memory.buttons = memory.buttons.filter((b) => b.expiresAt > now);
      return before - memory.buttons.length;
    },
  };
}

function roomStore(memory: Memory): RoomStore {
  const of = (id: CommunityId): Community => {
    const community = memory.communities.get(id) ?? { arrivedAt: null, leftAt: null, greetedAt: null };
    memory.communities.set(id, community);
    return community;
  };
  return {
    async arrive(id, now) {
      const community = of(id);
      const first = community.arrivedAt === null;
      community.arrivedAt ??= now;
      community.leftAt = null;
      return first;
    },
    async leave(id, now) {
      of(id).leftAt ??= now;
    },
    async migrate(from, to) {
      if (from === to) return;
      memory.opinions = memory.opinions.map((o) => (o.community === from ? { ...o, community: to } : o));
      memory.topics = memory.topics.map((c) => (c.community === from ? { ...c, community: to } : c));
      memory.reports = memory.reports.map((r) => (r.community === from ? { ...r, community: to } : r));
      memory.buttons = memory.buttons.map((b) => (b.community === from ? { ...b, community: to } : b));
      moveSubscriptions(memory.schedule, from, to);
      const moving = memory.gaps.filter((gap) => gap.community === from);
      memory.gaps = memory.gaps.filter((gap) => gap.community !== from);
      for (const gap of moving) {
        const known = memory.gaps.find((other) => other.community === to && other.text === gap.text);
        memory.gaps = memory.gaps.filter((other) => other !== known);
        const lastAt = known !== undefined && known.lastAt > gap.lastAt ? known.lastAt : gap.lastAt;
        memory.gaps.push({ community: to, text: gap.text, count: gap.count + (known?.count ?? 0), lastAt });
      }
      const moved = <T extends Pick<Pushed, "community">>(one: T): T => (one.community === from ? { ...one, community: to } : one);
      memory.inbound = memory.inbound.map(moved);
      memory.pushed = memory.pushed.map(moved);
      join(memory, from, to, false);
    },
    async greet(id, now) {
      const community = of(id);
      const first = community.greetedAt === null;
      community.greetedAt ??= now;
      return first;
    },
    async known(platform) {
      const stored = new Set([
        ...memory.communities.keys(),
        ...[...memory.opinions, ...memory.reports, ...memory.schedule.subscriptions].map((o) => o.community),
      ]);
      return [...stored]
        .filter((id) => id.startsWith(`${platform}:`) && !id.startsWith(`${platform}:private:`))
        .map((community) => ({ community, left: (memory.communities.get(community)?.leftAt ?? null) !== null }));
    },
    async eraseLeft(before) {
      const gone = [...memory.communities].filter(([, c]) => c.leftAt !== null && c.leftAt < before).map(([id]) => id);
      memory.opinions = memory.opinions.filter((o) => !gone.includes(o.community));
      memory.topics = memory.topics.filter((c) => !gone.some((id) => id === c.community));
      memory.gaps = memory.gaps.filter((gap) => !gone.includes(gap.community));
      memory.reports = memory.reports.filter((r) => !gone.some((id) => id === r.community));
      memory.buttons = memory.buttons.filter((b) => !gone.includes(b.community));
      dropSubscriptions(memory.schedule, (s) => gone.includes(s.community));
      for (const id of gone) memory.communities.delete(id);
      return gone.length;
    },
  };
}

const mostWanted = (a: Gap, b: Gap): number => b.count - a.count || b.lastAt.getTime() - a.lastAt.getTime() || (a.text < b.text ? -1 : 1);

function gapStore(memory: Memory): GapStore {
  const of = (community: CommunityId) => memory.gaps.filter((gap) => gap.community === community).sort(mostWanted);
  return {
    async add(community, text, now) {
      const known = of(community).find((gap) => gap.text === text);
      const beside = of(community).filter((gap) => gap.text !== text);
      const gone = new Set([...beside.slice(maxGaps - 1), known]);
      memory.gaps = memory.gaps.filter((gap) => !gone.has(gap));
      const lastAt = known !== undefined && known.lastAt > now ? known.lastAt : now;
      memory.gaps.push({ community, text, count: (known?.count ?? 0) + 1, lastAt });
    },
    list: async (community, limit) =>
      of(community)
        .slice(0, limit)
        .map(({ text, count, lastAt }) => ({ text, count, lastAt })),
    async expire(before) {
      const all = memory.gaps.length;
      memory.gaps = memory.gaps.filter((gap) => gap.lastAt >= before);
      return all - memory.gaps.length;
    },
  };
}

function reportStore(memory: Memory): LedgerStore {
  const byTime = (list: readonly Report[]) => list.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  return {
    async put(report) {
      const at = memory.reports.findIndex(({ id }) => id === report.id);
      if (at < 0) memory.reports.push(report);
      else if (memory.reports[at]?.member === report.member) memory.reports[at] = report;
      else return false;
      return true;
    },
    find: async (id) => memory.reports.find((r) => r.id === id) ?? null,
    async remove(id, member) {
      const gone = memory.reports.find((r) => r.id === id && r.member === member);
      if (gone === undefined) return false;
      memory.reports = memory.reports.filter((r) => r !== gone);
      const ofIt = ({ command, args }: StoredButton) => command === "report" && (args.id === id || args.network !== undefined);
      memory.buttons = memory.buttons.filter((b) => b.member !== member || b.community !== gone.community || !ofIt(b));
      return true;
    },
    of: async (community, limit) =>
      byTime(memory.reports.filter((r) => r.community === community))
        .slice(-limit)
        .map((r) => ({ ...r, person: r.member, quotable: memory.choices.get(r.member)?.quoting === true })),
  };
}

function inboxStore(memory: Memory): InboxStore {
  const nameOf = (inbox: string, id: number) => `${inbox} ${id}`;
  return {
    async take(inbox, incoming, now) {
      const fresh = new Set<number>();
      for (const one of incoming) {
        const waits = memory.inbound.some((other) => other.inbox === inbox && other.id === one.id);
        if (waits || memory.handled.has(nameOf(inbox, one.id))) continue;
        memory.inbound.push({ ...one, inbox, takenAt: now, starts: 0 });
        fresh.add(one.id);
      }
      return fresh;
    },
    async unhandled(inbox, since) {
      const waiting = memory.inbound.filter((one) => one.inbox === inbox && one.takenAt >= since);
      for (const one of waiting) one.starts++;
      return waiting.map(({ id, payload, community, starts }) => ({ id, payload, community, starts }));
    },
    async done(inbox, ids, now) {
      for (const id of ids) memory.handled.set(nameOf(inbox, id), now);
      memory.inbound = memory.inbound.filter((one) => one.inbox !== inbox || !ids.includes(one.id));
    },
    async expire(before) {
      const gone = memory.inbound.filter((one) => one.takenAt < before);
      for (const { inbox, id, takenAt } of gone) memory.handled.set(nameOf(inbox, id), takenAt);
      memory.inbound = memory.inbound.filter((one) => !gone.includes(one));
      return gone.length;
    },
    async forget(before) {
      for (const [name, at] of memory.handled) if (at < before) memory.handled.delete(name);
    },
  };
}
