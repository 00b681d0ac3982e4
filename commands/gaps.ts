/** `/gaps`: what this community asked for in vain, for its admins. */
import { defineCommand, formatTime, gapDays, heading, isPrivateCommunity, note, reply, table, text, z } from "../src/kit.ts";

const limit = 25;

export default defineCommand({
  name: "gaps",
  summary: "What this community asked me in vain, how often and when last",
  args: z.object({}),
  examples: ["/gaps"],
  access: "admin",
  // Questions may hold what somebody would not want repeated to everyone.
  visibility: "private",
  async run({ services, room }) {
    if (isPrivateCommunity(room.community))
      return reply(text("What you ask in private is not noted. Use `/gaps` in a server or group whose admin you are."));
    const gaps = await services.gaps.list(room.community, limit);
    const kept = note(`Only admins of this community see this. Without a new question a line is forgotten after ${gapDays} days.`);
    if (gaps.length === 0) return reply(text("Nobody has asked for anything that I do not have."), kept);
    return reply(
      heading("Asked for in vain"),
      table(
        ["Question", "Times", "Last"],
        gaps.map((gap) => [gap.text, String(gap.count), formatTime(gap.lastAt, "day")]),
      ),
      kept,
    );
  },
});
