/** A member's rights over what is stored of them: see it, take it along, have it erased, be quoted or not, and be left alone. */
import type { MemberId } from "../core/ids.ts";
import type { Reading, ReadingStore } from "../reading/types.ts";
import type { MemberStore, Privacy } from "./types.ts";

/** From −1 to 1. */
const votes = ["disagree", "pass", "agree"] as const;

export interface PrivacyDeps {
  readonly store: MemberStore;
  readonly readings: ReadingStore;
  readonly now: () => Date;
  /** Drops what is kept of a member outside the store, such as files of exports; resolves with the files that stay. */
  readonly eraseCopies: (member: MemberId) => Promise<readonly string[]>;
  readonly backups: Privacy["backups"];
}

export function createPrivacy({ store, readings, now, eraseCopies, backups }: PrivacyDeps): Privacy {
  const erase: Privacy["erase"] = async (member, former) => ({
    ...(await store.erase(member, former)),
    left: await eraseCopies(member),
  });
  return {
    read: (member) => store.read(member),
    erase,
    backups,
    mayAskToQuote: async (member) => (await store.choice(member)).quoting === null,
    allowQuoting: (member, allowed) => store.choose(member, { quoting: allowed }),
    async optOut(member, former, out) {
      // First, so that nothing is logged between the two.
      await store.choose(member, { optedOut: out });
      return out ? erase(member, former) : null;
    },
    async export(member) {
      const [record, read] = await Promise.all([store.read(member), readings.of(member)]);
      const document = {
        about: "What Depinion stores of you on this platform",
        besides:
          "Of each digest that was posted to your private chat on schedule, when it was and the numbers of its messages are kept for 90 days. What you send is kept until it is answered.",
        exportedAt: now().toISOString(),
        pseudonym: member,
        ...(record.audience === null ? {} : { explainedFor: record.audience }),
        opinions: record.opinions.map(({ id, community, topic, text, stance, stanceBy, at }) => ({
          id,
          community,
          topic,
          text,
          stance,
          stanceBy,
          at: at.toISOString(),
          ...readingOf(read.get(id)),
        })),
        reports: record.reports.map(({ member: _, at, ...report }) => ({ ...report, at: at.toISOString() })),
        mayBeQuoted: record.choice.quoting ?? "not decided, so no",
        nothingIsLogged: record.choice.optedOut,
        statements: record.statements,
        votesOnStatements: record.statementVotes.map(({ vote, ...statement }) => ({ ...statement, vote: votes[vote + 1] })),
        votes: record.votes.map(({ community, question, option, at }) => ({ community, question, option, at: at.toISOString() })),
        pollsYouAsked: record.polls.map(({ community, question, opensAt }) => ({ community, question, at: opensAt.toISOString() })),
        forecasts: record.forecasts.map(({ resolvesAt, at, ...forecast }) => ({
          ...forecast,
          resolvesAt: resolvesAt.toISOString(),
          at: at.toISOString(),
        })),
        questionsYouAsked: record.questions.map(({ askedAt, ...question }) => ({ ...question, at: askedAt.toISOString() })),
        joinedWithAnotherAccount: record.joined,
        // What a press would do, and until when it can be pressed.
        buttonsBoundToYou: record.buttons.map(({ command, args, community, expiresAt }) => ({
          command,
          args,
          community,
          until: expiresAt.toISOString(),
        })),
        digestsYouAskedFor: record.subscriptions.map(({ community, room, time, zone, days, createdAt }) => ({
          community,
          // Absent where the room is not yours alone.
          ...(room === null ? {} : { room }),
          time,
          zone,
          days,
          at: createdAt.toISOString(),
        })),
        settingsYouChanged: record.changes.map(({ community, at, what, before, after }) => ({
          community,
          at: at.toISOString(),
          what,
          before,
          after,
        })),
        privateChat: {
          settings: record.settings,
          follows: record.follows,
          digests: record.digests.map(({ community, room, localDate, composedAt }) => ({
            community,
            room,
            date: localDate,
            at: composedAt.toISOString(),
          })),
        },
      };
      return new TextEncoder().encode(`${JSON.stringify(document, null, 2)}\n`);
    },
  };
}

/** Absent where the text was not read. With the author's own stance it is an example of how texts are to be read. */
function readingOf(reading: Reading | undefined) {
  if (reading === undefined) return {};
  const { stance, strength, aspect, evidence, by } = reading;
  return { readAs: { stance, strength, aspect, evidence, by } };
}
