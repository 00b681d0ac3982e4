/** `/vote`: what the buttons under a poll run. */
import { defineCommand, literal, note, pollId, type Reply, text, z } from "../src/kit.ts";

export default defineCommand({
  name: "vote",
  summary: "Vote in a poll of this room; its buttons do the same",
  args: z.object({
    poll: z.string().trim().min(1).max(40).describe("The poll's id"),
    option: z.int().min(0).max(20).describe("The option's number; 0 takes your vote back"),
  }),
  examples: ["/vote 4fT0mQ 1"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  async run({ services, room, actor, key, now, texts: { vote: words } }, { poll: id, option }): Promise<Reply> {
    const { poll, tally, sealed } = await services.polls.vote({
      poll: pollId(id),
      option: option === 0 ? null : option - 1,
      member: actor.member,
      room: { id: room.id, community: room.community },
      standing: actor.standing ?? (async () => "member"),
      since: actor.since,
      key,
      now,
    });
    const done = text(option === 0 ? words.takenBack : words.counted(literal(poll.options[option - 1] ?? "")));
    const so = sealed
      ? words.sealed
      : words.soFar(poll.options.map((name, index) => `${literal(name)} ${tally.options[index] ?? 0}`).join(", "));
    return { blocks: [done, note(so)], brief: [done], passing: true };
  },
});
