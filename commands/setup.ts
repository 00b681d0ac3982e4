/** `/setup`: a community's settings as a code that another community takes over, and the history of who changed what. */
import {
  audiences,
  buttons,
  defineCommand,
  file,
  formatTime,
  heading,
  languages,
  literal,
  note,
  type Reply,
  reply,
  type Services,
  sections,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["setup"];
type Communities = Services["communities"];
type Settings = Awaited<ReturnType<Communities["current"]>>;
type Here = Parameters<Communities["current"]>[0];

const prefix = "depinion-settings-1:";
const [shownChanges, keptChanges] = [15, 1_000];

/** As CoinGecko writes them. */
const asset = z.string().regex(/^[\w.-]{1,100}$/);
/** What an earlier version did not know yet is absent, and stays as it is where it is taken over. */
const carried = z.object({
  language: z.enum(languages).optional(),
  audience: z.enum(audiences).optional(),
  zone: z.string().max(60).optional(),
  sections: z.array(z.enum(sections)).max(sections.length).optional(),
  quoting: z.boolean().optional(),
  suggestions: z.boolean().optional(),
  retentionDays: z.int().min(1).max(3650).nullable().optional(),
  watched: z.array(asset).max(50).default([]),
  unwatched: z.array(asset).max(50).default([]),
});
const names = ["language", "audience", "zone", "sections", "quoting", "suggestions", "retentionDays"] as const;
type Decided = Pick<Settings, (typeof names)[number]>;

export default defineCommand({
  name: "setup",
  summary: "This community's settings as a code for another one, and the history of who changed what",
  args: z.object({
    action: z.enum(["export", "import", "history"]).describe("What to do"),
    code: z.string().trim().max(4000).optional().describe("For import: the code that export gave"),
    confirm: z.boolean().optional().describe("Really take the settings over"),
  }),
  examples: ["/setup export", "/setup history"],
  access: "admin",
  visibility: "private",
  async run({ services, room, actor, now, texts: { setup: words } }, { action, code = "", confirm = false }) {
    const { communities } = services;
    if (action === "export") return exported(await communities.current(room.community), now, words);
    if (action === "history") return history(await communities.changes(room.community, keptChanges), now, words);
    if (code === "") throw new UserError("no_code", words.noCode);
    const { watched, unwatched, ...wanted } = decode(code, words);
    const zone = wanted.zone === undefined ? {} : { zone: await services.planning.zone(wanted.zone, now) };
    const values: Partial<Decided> = Object.fromEntries(Object.entries({ ...wanted, ...zone }).filter(([, value]) => value !== undefined));
    const before = await communities.current(room.community);
    const follows = followsBetween(before, { watched, unwatched });
    const lines = [
      ...names.flatMap((name) => {
        const value = values[name];
        if (value === undefined || said(value, words) === said(before[name], words)) return [];
        return [words.change(words.names[name], literal(said(before[name], words)), literal(said(value, words)))];
      }),
      ...counted(follows, true, words.followed),
      ...counted(follows, false, words.unfollowed),
    ];
    if (lines.length === 0) return reply(text(words.same));
    if (!confirm) return askFirst(lines, await erased(communities, room.community, values, before, now), code, words);
    await communities.change(room.community, values, actor.member, now);
    for (const { id, wish } of follows) await communities.follow(room.community, { id, name: id }, wish, actor.member, now);
    return reply(heading(words.changed), text(lines.join("\n")));
  },
});

function exported(settings: Settings, now: Date, words: Words): Reply {
  const data = carried.parse(settings);
  const code = `${prefix}${Buffer.from(JSON.stringify(data)).toString("base64url")}`;
  const content = new TextEncoder().encode(`${JSON.stringify({ exportedAt: now, ...data }, null, 2)}\n`);
  return reply(
    text(words.exported),
    text(words.code(code)),
    file(`depinion-settings-${now.toISOString().slice(0, 10)}.json`, "application/json", content, words.exportFile),
  );
}

/** @throws UserError where it is no code of ours */
function decode(code: string, words: Words) {
  const body = code.startsWith(prefix) ? code.slice(prefix.length) : "";
  try {
    return carried.parse(JSON.parse(Buffer.from(body, "base64url").toString("utf8")));
  } catch {
    throw new UserError("bad_code", words.badCode);
  }
}

/** What must be followed, and what not any more, to come from one to the other; what makes room first. */
function followsBetween(before: Pick<Settings, "watched" | "unwatched">, after: Pick<Settings, "watched" | "unwatched">) {
  const wishes = (ids: readonly string[], wish: boolean) => ids.map((id) => ({ id, wish }));
  const without = (ids: readonly string[], others: readonly string[]) => ids.filter((id) => !others.includes(id));
  return [
    ...wishes([...without(before.watched, after.watched), ...without(after.unwatched, before.unwatched)], false),
    ...wishes([...without(before.unwatched, after.unwatched), ...without(after.watched, before.watched)], true),
  ];
}

function counted(follows: readonly { readonly wish: boolean }[], wish: boolean, say: (n: number) => string): readonly string[] {
  const n = follows.filter((one) => one.wish === wish).length;
  return n === 0 ? [] : [say(n)];
}

function said(value: Decided[(typeof names)[number]], words: Words): string {
  if (value === null) return words.forEver;
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "number") return words.days(value);
  return typeof value === "string" ? value : value.length === 0 ? words.none : value.join(", ");
}

/** What is erased does not come back: it goes within a minute of the change. */
async function erased(communities: Communities, here: Here, { retentionDays }: Partial<Decided>, before: Settings, now: Date) {
  if (retentionDays === undefined || retentionDays === null || retentionDays === before.retentionDays) return null;
  const gone = await communities.older(here, retentionDays, now);
  return Object.values(gone).every((n) => n === 0) ? null : { gone, days: retentionDays };
}

const askFirst = (lines: readonly string[], loss: Awaited<ReturnType<typeof erased>>, code: string, words: Words): Reply =>
  reply(
    heading(words.wouldChange),
    text(lines.join("\n")),
    ...(loss === null ? [] : [text(words.erases(loss.gone, loss.days))]),
    buttons([{ label: words.confirm, command: "setup", args: { action: "import", code, confirm: true }, for: "author", update: true }]),
  );

function history(changes: Awaited<ReturnType<Communities["changes"]>>, now: Date, words: Words): Reply {
  if (changes.length === 0) return reply(text(words.nothingYet));
  const called: Readonly<Record<string, string>> = words.names;
  const by = (member: string | null) => (member === null ? words.left : words.admin(member.slice(0, 6)));
  const shown = changes.slice(0, shownChanges);
  const rows = changes.map(({ at, member, what, before, after }) => ({ at, what, before, after, by: member?.slice(0, 6) ?? null }));
  const content = new TextEncoder().encode(`${JSON.stringify(rows, null, 2)}\n`);
  return reply(
    heading(words.history),
    text(
      shown
        .map((one) =>
          words.row(
            formatTime(one.at, "instant"),
            literal(called[one.what] ?? one.what),
            literal(one.before),
            literal(one.after),
            by(one.member),
          ),
        )
        .join("\n"),
    ),
    file(
      `depinion-settings-history-${now.toISOString().slice(0, 10)}.json`,
      "application/json",
      content,
      words.historyFile(changes.length),
    ),
    note(words.pseudonyms(shown.length, changes.length)),
  );
}
