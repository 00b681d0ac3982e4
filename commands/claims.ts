/** `/claims`: short claims on a topic, one at a time, to agree or disagree with; and how to add one. */
import {
  buttons,
  defineCommand,
  form,
  isPrivateCommunity,
  literal,
  note,
  quote,
  type Reply,
  reply,
  type Topic,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const longest = 140;
const shortest = 10;

export default defineCommand({
  name: "claims",
  summary: "Agree or disagree with claims on a topic, or add one",
  args: z.object({
    topic: z.string().trim().min(1).max(60).describe("One of /topics, such as latency"),
    statement: z.string().max(20).optional().describe("The claim that is voted on; its buttons fill this in"),
    vote: z.enum(["agree", "disagree", "pass"]).optional().describe("How you vote on it"),
    add: z.boolean().optional().describe("Asks for a claim of your own"),
    text: z.string().trim().max(longest).optional().describe("A claim of your own, that others can agree or disagree with"),
  }),
  examples: ["/claims latency", '/claims latency text="Home connections are fast enough for voice"'],
  access: "everyone",
  visibility: "private",
  opensForm: "text",
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run({ services, room, actor }, { topic: typed, statement, vote, add = false, text: words = "" }) {
    const topic = (await services.opinions.book(room.community)).topic(typed);
    if (topic === null) throw new UserError("unknown_topic", `There is no open topic “${literal(typed)}”.`, "`/topics` lists all.");
    if (isPrivateCommunity(room.community))
      throw new UserError("no_claims_here", "Claims belong to a server or group: use `/claims` there, and vote here in private.");
    if (words !== "") {
      if (words.length < shortest) throw new UserError("short_claim", `A claim needs at least ${shortest} characters.`);
      const added = await services.groups.add({ community: room.community, topic, member: actor.member, text: words });
      return show(
        topic,
        await services.groups.next(room.community, topic, actor.member),
        added ? "Added." : "That claim is there already.",
      );
    }
    if (add) {
      const submit = { label: "Add it", command: "claims", args: { topic: topic.id }, for: "author" } as const;
      return reply(
        form(topic.title, "One short claim that others can agree or disagree with. It is shown without your name.", longest, submit),
      );
    }
    let told = "";
    if (statement !== undefined && vote !== undefined) {
      const value = vote === "agree" ? 1 : vote === "disagree" ? -1 : 0;
      const counted = await services.groups.vote({ community: room.community, statement, member: actor.member, vote: value });
      told = counted ? `Counted: ${vote}.` : "That claim has been taken back.";
    }
    return show(topic, await services.groups.next(room.community, topic, actor.member), told);
  },
});

function show(topic: Topic, next: { readonly id: string; readonly text: string } | null, told: string): Reply {
  const own = { label: "Add a claim", command: "claims", args: { topic: topic.id, add: true }, for: "author" } as const;
  const begin = told === "" ? [] : [text(told)];
  if (next === null)
    return reply(
      ...begin,
      text(`There is nothing more to vote on about **${literal(topic.title)}**.`),
      buttons([own, { label: "See the groups", command: "groups", args: { topic: topic.id } }]),
    );
  const cast = (label: string, vote: string) =>
    ({ label, command: "claims", args: { topic: topic.id, statement: next.id, vote }, for: "author", update: true }) as const;
  return reply(
    ...begin,
    text(`**${literal(topic.title)}:** do you agree?`),
    quote(next.text),
    note("Only counts of votes are ever shown."),
    buttons([cast("Agree", "agree"), cast("Disagree", "disagree"), cast("Pass", "pass"), own]),
  );
}
