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
  async run({ services, room, now }, { format = "csv", days = 365 }) {
    if (isPrivateCommunity(room.community))
      throw new UserError(
        "no_export_here",
        "A community's counts are exported where it is: use this in a server or group.",
        "Your own data: `/privacy export`.",
      );
    const { quoting } = await services.communities.settings(room.community);
    const { content, suppressed, rows } = await services.opinions.exported(room.community, { format, days, quoting, now });
    if (rows === 0) throw new UserError("nothing_to_export", "Nobody here has said anything in the whole weeks of that time.");
    const name = `depinion-${now.toISOString().slice(0, 10)}.${format}`;
    return reply(
      text(`Counts of people by topic, wording and week, over ${days} days.`),
      file(name, format === "csv" ? "text/csv" : "application/json", content, "Counts of opinions by topic and week"),
      note(
        `Whole weeks, Monday to Monday. Numbers of fewer than ${fewestForShares} people are left out (${suppressed} here), and with them the sum that would tell them. Texts, in JSON alone, only of members who allow quoting.`,
      ),
    );
  },
});
