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
  async run({ services, room, texts: { gaps: words } }) {
    if (isPrivateCommunity(room.community)) return reply(text(words.inPrivate));
    const gaps = await services.gaps.list(room.community, limit);
    const kept = note(words.kept(gapDays));
    if (gaps.length === 0) return reply(text(words.none), kept);
    return reply(
      heading(words.title),
      table(
        [words.head.question, words.head.times, words.head.last],
        gaps.map((gap) => [gap.text, String(gap.count), formatTime(gap.lastAt, "day")]),
      ),
      kept,
    );
  },
});
