/** `/stance`: the author corrects how an opinion was read, deletes it, or logs its words on another topic; what the buttons under it run. */
import {
  type Block,
  buttons,
  type CommandContext,
  defineCommand,
  literal,
  opinionId,
  type Reply,
  type Services,
  type Stance,
  stances,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Id = ReturnType<typeof opinionId>;

export default defineCommand({
  name: "stance",
  summary: "Correct how your opinion was read, delete it, or log its words on another topic",
  args: z.object({
    opinion: z.string().trim().min(1).max(40).describe("The opinion's id, as /privacy export shows it"),
    as: z.enum([...stances, "delete", "another"]).describe("Where you stand, or delete, or another topic for the same words"),
    topic: z.string().trim().max(60).optional().describe("That other topic"),
  }),
  examples: ["/stance 4fT0mQ as=disagree", "/stance 4fT0mQ as=another topic=latency"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run(context, { opinion, as, topic }) {
    const id = opinionId(opinion);
    const { services, actor, texts } = context;
    const { stance: words, opinion: said } = texts;
    if (as === "another") return another(context, id, topic);
    const done = as === "delete" ? await services.opinions.remove(id, actor.member) : await services.opinions.correct(id, actor.member, as);
    if (!done) throw noneSuch(words);
    if (as === "delete") return brief([text(words.deleted)]);
    return brief([text(words.noted(said.stances[as])), corrections(id, as, texts)]);
  },
});

const noneSuch = (words: Texts["stance"]) => new UserError("no_such_opinion", words.none);
const brief = (blocks: readonly Block[]): Reply => ({ blocks, brief: blocks });

const corrections = (id: Id, present: Stance, { stance: words, opinion: said }: Texts): Block =>
  buttons(
    [...stances.filter((s) => s !== present), "delete" as const].map((other) => ({
      label: other === "delete" ? words.delete : words.make(said.stances[other]),
      command: "stance",
      args: { opinion: id, as: other },
      update: true,
    })),
  );

async function another(context: CommandContext<Services>, id: Id, typed: string | undefined): Promise<Reply> {
  const { services, actor, room, platform, now, pressed, key, signal, texts } = context;
  const { stance: said } = texts;
  const { opinions } = services;
  const book = await opinions.book(room.community);
  const words = await opinions.words(id, actor.member);
  if (words === null) throw noneSuch(said);
  const topic = typed === undefined ? null : book.topic(typed);
  if (topic === null)
    return brief([
      text(said.which),
      buttons(
        book.topics.map(({ id: other, title }) => ({
          label: title,
          command: "stance",
          args: { opinion: id, as: "another", topic: other },
        })),
      ),
    ]);
  const [reading] = await opinions.read(
    { text: words, topics: book.topics, on: topic, own: true, member: actor.member, room: room.id },
    signal,
  );
  if (reading === undefined) throw new TypeError("nothing was read on a topic that was named");
  // The same words on the same topic are the same opinion, however often the button is pressed.
  const origin = pressed ?? key ?? id;
  const logged = await opinions.log({
    community: room.community,
    member: actor.member,
    reading,
    text: words,
    at: now,
    origin,
    platform,
    since: actor.since,
  });
  return brief([
    text(said.logged(literal(topic.title), texts.opinion.stances[reading.stance])),
    corrections(logged.id, reading.stance, texts),
  ]);
}
