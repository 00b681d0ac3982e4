/** `/export`: what this community thinks, as counts in a file, for its admins; small cells are left out, and texts of whoever allowed none. */
import { defineCommand, fewestForShares, file, isPrivateCommunity, note, reply, text, UserError, z } from "../src/kit.ts";

export default defineCommand({
  name: "export",
  summary: "This community's counts as a file, without anybody's name",
  args: z.object({
    format: z.enum(["csv", "json"]).optional().describe("Which kind of file (default: csv)"),
    days: z.int().min(1).max(3650).optional().describe("How many days back (default 365)"),
  }),
  examples: ["/export", "/export json", "/export csv 90"],
  access: "admin",
  visibility: "private",
  async run({ services, room, now, texts: { exporting: words } }, { format = "csv", days = 365 }) {
    if (isPrivateCommunity(room.community)) throw new UserError("no_export_here", words.notHere);
    const { quoting } = await services.communities.settings(room.community);
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
