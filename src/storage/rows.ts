/** Rows as they come out of the database, checked before the program believes them: another version or a hand may have written them. */
import { z } from "zod";
import { communityId, memberId, opinionId, type PlatformName, platformNames, reportId, roomId, topicId } from "../core/ids.ts";
import type { Report } from "../ledger/types.ts";
import type { Opinion } from "../opinions/types.ts";
import { evidenceGrades, stances } from "../reading/types.ts";
import { pauseReasons, weekdays } from "../schedule/types.ts";

/** `<platform>:<address>`. */
const placeText = <Id>(make: (platform: PlatformName, address: string) => Id) =>
  z.string().transform((text, context): Id => {
    const colon = text.indexOf(":");
    const platform = z.enum(platformNames).safeParse(text.slice(0, colon));
    if (platform.success) return make(platform.data, text.slice(colon + 1));
    context.addIssue({ code: "custom", message: "not the id of a place" });
    return z.NEVER;
  });
export const communityText = placeText(communityId);
export const roomText = placeText(roomId);

/** ISO weekdays as digits. */
export const daysText = z.string().transform((text) => z.array(z.literal(weekdays)).parse([...text].map(Number)));
export const pauseReason = z.enum(pauseReasons);

export const opinionRow = z
  .object({
    id: z.string().transform(opinionId),
    community: communityText,
    member: z.string().transform(memberId),
    topic: z.string().transform(topicId),
    text: z.string(),
    stance: z.enum(stances),
    stanceBy: z.enum(["reading", "author", "vote"]),
    at: z.date(),
  })
  .transform((row): Opinion => row);

export const reportRow = z
  .object({
    id: z.string().transform(reportId),
    community: communityText,
    member: z.string().transform(memberId),
    network: z.string(),
    gpu: z.string(),
    gpus: z.int(),
    nodes: z.int(),
    hours: z.number(),
    interruptions: z.int(),
    written: z.int().nullable(),
    lost: z.int().nullable(),
    resumed: z.int().nullable(),
    recoveryHours: z.number().nullable(),
    evidence: z.string(),
    grade: z.enum(evidenceGrades),
    at: z.date(),
  })
  .transform((row): Report => row);

/** A stored button's arguments. */
export const argsText = z
  .string()
  .transform((text) => z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).parse(JSON.parse(text)));

/** The whole answer of `SELECT count(…)::int AS count`, or of any statement with such a column. */
export const counted = z.tuple([z.object({ count: z.int() })]).transform(([row]) => row.count);
