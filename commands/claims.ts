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
  type Texts,
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
  named: ["statement", "vote", "add"],
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run({ services, room, actor, texts: { claims: said } }, { topic: typed, statement, vote, add = false, text: words = "" }) {
    const topic = (await services.opinions.book(room.community)).topic(typed);
    if (topic === null) throw new UserError("unknown_topic", said.unknown(literal(typed)));
    if (isPrivateCommunity(room.community)) throw new UserError("no_claims_here", said.notHere);
    if (words !== "") {
      if (words.length < shortest) throw new UserError("short_claim", said.tooShort(shortest));
      const added = await services.groups.add({ community: room.community, topic, member: actor.member, text: words });
      return show(topic, await services.groups.next(room.community, topic, actor.member), added ? said.added : said.there, said);
    }
    if (add) {
      const submit = { label: said.submit, command: "claims", args: { topic: topic.id }, for: "author" } as const;
      return reply(form(topic.title, said.prompt, longest, submit));
    }
    let told = "";
    if (statement !== undefined && vote !== undefined) {
      const value = vote === "agree" ? 1 : vote === "disagree" ? -1 : 0;
      const counted = await services.groups.vote({ community: room.community, statement, member: actor.member, vote: value });
      told = counted ? said.counted(vote) : said.gone;
    }
    return show(topic, await services.groups.next(room.community, topic, actor.member), told, said);
  },
});

function show(topic: Topic, next: { readonly id: string; readonly text: string } | null, told: string, said: Texts["claims"]): Reply {
  const own = { label: said.add, command: "claims", args: { topic: topic.id, add: true }, for: "author" } as const;
  const begin = told === "" ? [] : [text(told)];
  if (next === null)
    return reply(
      ...begin,
      text(said.done(literal(topic.title))),
      buttons([own, { label: said.groups, command: "groups", args: { topic: topic.id } }]),
    );
  const cast = (vote: "agree" | "disagree" | "pass") =>
    ({
      label: said.votes[vote],
      command: "claims",
      args: { topic: topic.id, statement: next.id, vote },
      for: "author",
      update: true,
    }) as const;
  return reply(
    ...begin,
    text(said.ask(literal(topic.title))),
    quote(next.text),
    note(said.countsOnly),
    buttons([cast("agree"), cast("disagree"), cast("pass"), own]),
  );
}
