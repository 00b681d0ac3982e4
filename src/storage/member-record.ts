/** All that is stored of one member, read from every table. */
import { z } from "zod";
import { type MemberId, privateChats, questionId, topicId } from "../core/ids.ts";
import { comparisons, outcomes } from "../forecasts/types.ts";
import { audiences } from "../knowledge/types.ts";
import type { MemberChoice, MemberRecord } from "../members/types.ts";
import type { Database } from "./database.ts";
import { argsText, communityText, daysText, opinionRow, reportRow, roomText } from "./rows.ts";

const subscriptionRows = z.array(
  z.object({ community: communityText, room: roomText, time: z.string(), zone: z.string(), days: daysText, createdAt: z.date() }),
);
const buttonRows = z.array(z.object({ command: z.string(), args: argsText, community: communityText, expiresAt: z.date() }));
const changeRows = z.array(z.object({ community: communityText, at: z.date(), what: z.string(), before: z.string(), after: z.string() }));
const readerRow = z.object({ audience: z.enum(audiences) }).nullable();
const jsonText = z.string().transform((text): unknown => JSON.parse(text));
const settingRows = z.array(z.object({ community: communityText, name: z.string(), value: jsonText }));
const followRows = z.array(z.object({ community: communityText, asset: z.string(), follows: z.boolean() }));
const digestRows = z.array(z.object({ community: communityText, room: roomText, localDate: z.string(), composedAt: z.date() }));

const statementRows = z.array(z.object({ community: communityText, topic: z.string().transform(topicId), text: z.string() }));
const statementVoteRows = z.array(
  z.object({ community: communityText, topic: z.string().transform(topicId), text: z.string(), vote: z.int() }),
);
const voteRows = z.array(z.object({ question: z.string(), option: z.string(), community: communityText, at: z.date() }));
const questionRows = z.array(
  z.object({ id: z.string().transform(questionId), community: communityText, metric: z.string(), askedAt: z.date() }),
);
const forecastRows = z.array(
  z
    .object({
      percent: z.number(),
      at: z.date(),
      question: z.object({
        id: z.string().transform(questionId),
        community: communityText,
        metric: z.string(),
        comparison: z.enum(comparisons),
        threshold: z.number(),
        resolvesAt: z.date(),
        outcome: z.enum(outcomes).nullable(),
      }),
    })
    .transform(({ question: { id, ...question }, ...row }) => ({ question: id, ...question, ...row })),
);
const pollRows = z.array(z.object({ question: z.string(), community: communityText, opensAt: z.date() }));

export async function readRecord(database: Database, member: MemberId, choice: MemberChoice): Promise<MemberRecord> {
  const chats = privateChats(member);
  const community = { in: chats };
  const opinions = await database.read((client) =>
    client.opinion.findMany({ where: { member }, orderBy: [{ at: "asc" }, { seq: "asc" }], omit: { seq: true } }),
  );
  const reports = await database.read((client) =>
    client.report.findMany({ where: { member }, orderBy: [{ at: "asc" }, { seq: "asc" }], omit: { seq: true } }),
  );
  const buttons = await database.read((client) =>
    client.button.findMany({
      where: { OR: [{ member }, { quoted: member }, { community }] },
      orderBy: [{ expiresAt: "asc" }, { id: "asc" }],
      select: { command: true, args: true, community: true, expiresAt: true },
    }),
  );
  const subscriptions = await database.read((client) =>
    client.subscription.findMany({
      where: { OR: [{ createdBy: member }, { community }] },
      orderBy: [{ createdAt: "asc" }, { id: "asc" }],
      select: { community: true, room: true, time: true, zone: true, days: true, createdAt: true },
    }),
  );
  const changes = await database.read((client) =>
    client.settingChange.findMany({
      where: { OR: [{ member }, { community }] },
      orderBy: { seq: "asc" },
      omit: { seq: true, member: true },
    }),
  );
  const settings = await database.read((client) =>
    client.setting.findMany({ where: { community }, orderBy: [{ community: "asc" }, { name: "asc" }] }),
  );
  const follows = await database.read((client) =>
    client.follow.findMany({ where: { community }, orderBy: [{ community: "asc" }, { asset: "asc" }] }),
  );
  const digests = await database.read((client) =>
    client.digest.findMany({
      where: { community },
      orderBy: [{ composedAt: "asc" }, { id: "asc" }],
      select: { community: true, room: true, localDate: true, composedAt: true },
    }),
  );
  const reader = await database.read((client) => client.reader.findUnique({ where: { member }, select: { audience: true } }));
  const statements = await database.read((client) => client.statement.findMany({ where: { member }, orderBy: { seq: "asc" } }));
  const statementVotes = await database.read(
    (client) => client.$queryRaw`
        SELECT community, topic, text, vote FROM statement_vote JOIN statement ON id = statement_id
         WHERE statement_vote.member = ${member} ORDER BY seq`,
  );
  const votes = await database.read(
    (client) => client.$queryRaw`
        SELECT poll.question, poll.options[v.choice + 1] AS option, p.community, v.at
          FROM vote v JOIN poll_post p ON p.ballot = v.ballot JOIN poll ON poll.id = p.poll_id
         WHERE v.member = ${member} AND v.choice IS NOT NULL ORDER BY v.at, v.ballot`,
  );
  const asked = await database.read((client) =>
    client.poll.findMany({
      where: { createdBy: member },
      orderBy: [{ opensAt: "asc" }, { id: "asc" }],
      select: { community: true, question: true, opensAt: true },
    }),
  );
  const joined = await database.read((client) => client.person.count({ where: { member } }));
  const questions = await database.read((client) =>
    client.forecastQuestion.findMany({
      where: { OR: [{ askedBy: member }, { community }] },
      orderBy: { seq: "asc" },
      select: { id: true, community: true, metric: true, askedAt: true },
    }),
  );
  const forecasts = await database.read((client) =>
    client.forecast.findMany({
      where: { member },
      orderBy: { question: { seq: "asc" } },
      select: {
        percent: true,
        at: true,
        question: {
          select: { id: true, community: true, metric: true, comparison: true, threshold: true, resolvesAt: true, outcome: true },
        },
      },
    }),
  );
  return {
    audience: readerRow.parse(reader)?.audience ?? null,
    opinions: z.array(opinionRow).parse(opinions),
    reports: z.array(reportRow).parse(reports),
    statements: statementRows.parse(statements),
    statementVotes: statementVoteRows.parse(statementVotes),
    choice,
    votes: voteRows.parse(votes),
    polls: pollRows.parse(asked),
    joined: joined > 0,
    questions: questionRows.parse(questions),
    forecasts: forecastRows.parse(forecasts),
    buttons: buttonRows.parse(buttons),
    subscriptions: subscriptionRows.parse(subscriptions).map((one) => ({ ...one, room: chats.includes(one.community) ? one.room : null })),
    changes: changeRows.parse(changes),
    settings: settingRows.parse(settings),
    follows: followRows.parse(follows),
    digests: digestRows.parse(digests),
  };
}
