/** `/stance`: the author corrects how an opinion was read, or deletes it; what the buttons under a logged opinion run. */
import { buttons, defineCommand, opinionId, reply, stances, text, UserError, z } from "../src/kit.ts";

export default defineCommand({
  name: "stance",
  summary: "Correct how your opinion was read, or delete it",
  args: z.object({
    opinion: z.string().trim().min(1).max(40).describe("The opinion's id, as /privacy export shows it"),
    as: z.enum([...stances, "delete"]).describe("Where you stand, or delete"),
  }),
  examples: ["/stance 4fT0mQ as=disagree"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  async run({ services, actor }, { opinion, as }) {
    const id = opinionId(opinion);
    const done = as === "delete" ? await services.opinions.remove(id, actor.member) : await services.opinions.correct(id, actor.member, as);
    if (!done) throw new UserError("no_such_opinion", "This is not an opinion of yours, or it has been deleted already.");
    if (as === "delete") {
      const gone = text("Deleted. Nothing of it is kept.");
      return { blocks: [gone], brief: [gone] };
    }
    const noted = text(`Noted: **${as}**. Your word wins over my reading.`);
    const more = buttons(
      [...stances.filter((s) => s !== as), "delete" as const].map((other) => ({
        label: other === "delete" ? "Delete" : `Make it ${other}`,
        command: "stance",
        args: { opinion, as: other },
        update: true,
      })),
    );
    return { ...reply(noted, more), brief: [noted, more] };
  },
});
