/** Rows as they come out of the database, checked before the program believes them: another version or a hand may have written them. */
import { z } from "zod";
import { type CommunityId, communityId, memberId, opinionId, platformNames, topicId } from "../core/ids.ts";
import { type Opinion, stances } from "../opinions/types.ts";

/** `<platform>:<address>`. */
export const communityText = z.string().transform((text, context): CommunityId => {
  const colon = text.indexOf(":");
  const platform = z.enum(platformNames).safeParse(text.slice(0, colon));
  if (platform.success) return communityId(platform.data, text.slice(colon + 1));
  context.addIssue({ code: "custom", message: "not a community id" });
  return z.NEVER;
});

export const opinionRow = z
  .object({
    id: z.string().transform(opinionId),
    community: communityText,
    member: z.string().transform(memberId),
    topic: z.string().transform(topicId),
    text: z.string(),
    stance: z.enum(stances),
    stanceBy: z.enum(["reading", "author"]),
    at: z.date(),
  })
  .transform((row): Opinion => row);

/** The whole answer of `SELECT count(…)::int AS count`, or of any statement with such a column. */
export const counted = z.tuple([z.object({ count: z.int() })]).transform(([row]) => row.count);
