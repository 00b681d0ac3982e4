/** `/export`: what this community thinks, as counts in a file, for its admins; small cells are left out, and texts of whoever allowed none. */
import {
  defineCommand,
  fewestForShares,
  file,
  isPrivateCommunity,
  note,
  type Reply,
  reply,
  type Services,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "export",
  summary: "This community's counts as a file, without anybody's name",
  args: z.object({
    format: z.enum(["csv", "json"]).optional().describe("Which kind of file (default: csv)"),
    what: z.enum(["opinions", "reports"]).optional().describe("Counts of opinions, or the reports of runs as CSV (default: opinions)"),
    days: z.int().min(1).max(3650).optional().describe("How many days back (default 365)"),
  }),
  examples: ["/export", "/export json", "/export csv 90", "/export what=reports"],
  access: "admin",
  visibility: "private",
  named: ["what"],
  async run({ services, room, now, texts }, { format = "csv", days = 365, what = "opinions" }) {
    const { exporting: words } = texts;
    if (isPrivateCommunity(room.community)) throw new UserError("no_export_here", words.notHere);
    const { quoting } = await services.communities.settings(room.community);
    if (what === "reports") return reports(texts, await services.ledger.exported(room.community, quoting), now);
    const { content, suppressed, rows } = await services.opinions.exported(room.community, { format, days, quoting, now });
    if (rows === 0) throw new UserError("nothing_to_export", words.nothing);
    const name = `depinion-${now.toISOString().slice(0, 10)}.${format}`;
    return reply(
      text(words.done(days)),
      file(name, format === "csv" ? "text/csv" : "application/json", content, words.file),
      note(words.note(fewestForShares, suppressed)),
    );
  },
});

type Exported = Awaited<ReturnType<Services["ledger"]["exported"]>>;

function reports({ ledger: { exported } }: Texts, { content, rows, leftOut }: Exported, now: Date): Reply {
  if (rows === 0) throw new UserError("nothing_to_export", exported.nothing);
  const name = `depinion-reports-${now.toISOString().slice(0, 10)}.csv`;
  return reply(text(exported.said(rows)), file(name, "text/csv", content, exported.alt), note(exported.note(leftOut)));
}
