/** `/unsubscribe`: ends a digest in this room. */
import { buttons, defineCommand, reply, subscriptionId, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "unsubscribe",
  summary: "End a digest in this room",
  args: z.object({
    which: z.string().trim().max(40).optional().describe("Only needed where several come here; a button fills it in"),
  }),
  examples: ["/unsubscribe"],
  access: "admin",
  visibility: "public",
  async run({ services: { schedules, planning }, room, texts: { unsubscribe: words, schedule } }, { which }) {
    const here = await schedules.list(room.id);
    if (here.length === 0 && which === undefined) return reply(text(words.none));
    const chosen = which === undefined ? (here.length === 1 ? here[0]?.id : undefined) : subscriptionId(which);
    if (chosen === undefined)
      return reply(
        text(words.which),
        buttons(here.map((one) => ({ label: planning.describe(one, schedule), command: "unsubscribe", args: { which: one.id } }))),
      );
    const ended = here.find((one) => one.id === chosen);
    if (!(await schedules.remove(chosen, room.community))) return reply(text(words.already));
    return reply(text(words.ended(ended === undefined ? null : planning.describe(ended, schedule))));
  },
});
