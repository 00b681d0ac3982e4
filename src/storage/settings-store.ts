/** Communities' settings in the database. */
import { z } from "zod";
import { type Decided, type SettingsStore, sections } from "../communities/types.ts";
import { memberId } from "../core/ids.ts";
import { languages } from "../core/texts.ts";
import { audiences } from "../knowledge/types.ts";
import type { Database } from "./database.ts";
import { expireSaid, saidBefore } from "./retention.ts";
import { communityText } from "./rows.ts";

const names = [
  "language",
  "audience",
  "zone",
  "sections",
  "quoting",
  "suggestions",
  "retentionDays",
] as const satisfies readonly (keyof Decided)[];
const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue("this is no JSON");
    return z.NEVER;
  }
});
/** What another version of the program wrote and this one cannot read counts as undecided, and takes nothing else with it. */
const one = <T>(type: z.ZodType<T>) => json.pipe(type).optional().catch(undefined);
const decided = z.object({
  language: one(z.enum(languages)),
  audience: one(z.enum(audiences)),
  zone: one(z.string()),
  sections: one(z.array(z.enum(sections))),
  quoting: one(z.boolean()),
  suggestions: one(z.boolean()),
  retentionDays: one(z.int().nullable()),
} satisfies Record<(typeof names)[number], z.ZodType>);

const stored = z.tuple([z.object({ settings: decided, watched: z.array(z.string()), unwatched: z.array(z.string()) })]);
const changeRows = z.array(
  z.object({
    at: z.date(),
    member: z.string().transform(memberId).nullable(),
    what: z.string(),
    before: z.string(),
    after: z.string(),
  }),
);
const assetRows = z.array(z.object({ asset: z.string() }));

export function createSettingsStore(database: Database): SettingsStore {
  return {
    async decided() {
      const rows = await database.read((client) => client.$queryRaw`SELECT community FROM setting UNION SELECT community FROM follow`);
      return z
        .array(z.object({ community: communityText }))
        .parse(rows)
        .map((row) => row.community);
    },

    async read(community) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT (SELECT coalesce(jsonb_object_agg(name, value), '{}') FROM setting WHERE community = ${community}) AS settings,
                 ARRAY(SELECT asset FROM follow WHERE community = ${community} AND follows ORDER BY asset) AS watched,
                 ARRAY(SELECT asset FROM follow WHERE community = ${community} AND NOT follows ORDER BY asset) AS unwatched`,
      );
      const [{ settings, watched, unwatched }] = stored.parse(rows);
      return { ...known(settings), watched, unwatched };
    },

    async set(community, values, changes) {
      const changed = names.filter((name) => values[name] !== undefined);
      const texts = changed.map((name) => JSON.stringify(values[name]));
      await database.write(
        (client) => client.$executeRaw`
          WITH written AS (
            INSERT INTO setting (community, name, value)
            SELECT ${community}, name, value FROM unnest(${changed}::text[], ${texts}::text[]) AS new(name, value)
            ON CONFLICT (community, name) DO UPDATE SET value = excluded.value)
          INSERT INTO setting_change (community, at, member, what, before, after)
          SELECT ${community}, at, member, what, before, after
            FROM unnest(${changes.map((c) => c.at)}::timestamptz[], ${changes.map((c) => c.member)}::text[], ${changes.map((c) => c.what)}::text[],
                        ${changes.map((c) => c.before)}::text[], ${changes.map((c) => c.after)}::text[]) AS new(at, member, what, before, after)`,
      );
    },

    async follow(community, asset, follows, { at, member, what, before, after }) {
      await database.write(
        (client) => client.$executeRaw`
          WITH written AS (
            INSERT INTO follow (community, asset, follows) VALUES (${community}, ${asset}, ${follows})
            ON CONFLICT (community, asset) DO UPDATE SET follows = excluded.follows)
          INSERT INTO setting_change (community, at, member, what, before, after)
          VALUES (${community}, ${at}, ${member}, ${what}, ${before}, ${after})`,
      );
    },

    async changes(community, limit) {
      const rows = await database.read(
        (client) => client.$queryRaw`
          SELECT at, member, what, before, after FROM setting_change WHERE community = ${community} ORDER BY seq DESC LIMIT ${limit}`,
      );
      return changeRows.parse(rows);
    },

    async watched() {
      const rows = await database.read(
        (client) => client.$queryRaw`SELECT asset FROM follow WHERE follows GROUP BY asset ORDER BY count(*) DESC, asset`,
      );
      return assetRows.parse(rows).map((row) => row.asset);
    },

    older: (community, before) => saidBefore(database, community, before),
    expire: (now) => expireSaid(database, now),
  };
}

/** Without the keys that are absent, which exact optional types tell from `undefined`. */
function known(data: z.output<typeof decided>): Partial<Decided> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));
}
