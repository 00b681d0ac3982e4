/** `/groups`: who votes alike on the claims about a topic, what each group holds, what all share, and what divides them. */
import {
  type Block,
  buttons,
  defineCommand,
  type GroupsView,
  heading,
  literal,
  note,
  type Reply,
  reply,
  type Services,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Grouping = NonNullable<GroupsView["grouping"]>;

/** What was measured of planted groups: with fewer people and votes they are found half of the time. */
const [manyVoters, names] = [50, "ABCDE"] as const;

export default defineCommand({
  name: "groups",
  summary: "Who thinks alike about a topic, what all share, and what divides",
  args: z.object({ topic: z.string().trim().min(1).max(60).describe("One of /topics, such as latency") }),
  examples: ["/groups latency"],
  access: "everyone",
  visibility: "public",
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run({ services, room, signal, progress }, { topic: typed }) {
    const topic = (await services.opinions.book(room.community)).any(typed);
    if (topic === null) throw new UserError("unknown_topic", `There is no topic “${literal(typed)}”.`, "`/topics` lists all.");
    progress("Counting votes …");
    const view = await services.groups.view(room.community, topic, signal);
    const vote = buttons([{ label: "Vote on claims", command: "claims", args: { topic: topic.id } }]);
    const { grouping } = view;
    if (grouping === null || grouping.voters < services.groups.fewestVoters) return tooFew(view, services.groups, vote);
    const claim = (n: number): string => `“${literal(view.statements[n]?.text ?? "")}”`;
    return reply(
      heading(`${topic.title}: groups`),
      text(counts(view, grouping)),
      ...(grouping.groups.length === 0
        ? [text("The votes do not fall into groups: nothing tells enough people apart.")]
        : grouping.groups.map((group, n) => text(groupInWords(names.charAt(n), group, claim)))),
      ...shared(grouping, claim),
      ...divides(grouping, claim),
      note(method(grouping, services.groups)),
      vote,
    );
  },
});

const peopleOf = (n: number): string => (n === 1 ? "1 person" : `${n} people`);

function tooFew({ topic, statements, voters, grouping }: GroupsView, { fewestVoters }: Services["groups"], vote: Block): Reply {
  const placed = grouping?.voters ?? 0;
  const said =
    statements.length === 0
      ? "There are no claims yet"
      : statements.length === 1
        ? "There is one claim"
        : `There are ${statements.length} claims`;
  const who =
    voters === 0 ? "nobody has voted" : `${peopleOf(voters)} voted, ${placed === voters ? "each" : `${placed} of them`} on enough of them`;
  return reply(
    heading(`${topic.title}: groups`),
    text(`${said}, and ${who}. Below ${fewestVoters} voters I make no groups: they would be chance, and could point at somebody.`),
    vote,
  );
}

function counts({ statements, voters }: GroupsView, grouping: Grouping): string {
  const all = `${peopleOf(voters)} voted on ${statements.length} claims`;
  return grouping.voters === voters ? `${all}.` : `${all}; the ${grouping.voters} who voted on enough of them are counted here.`;
}

function groupInWords(name: string, { people, holds }: Grouping["groups"][number], claim: (n: number) => string): string {
  const lines = holds.map(
    ({ statement, vote, count, seen }) => `${vote === "agree" ? "Agrees" : "Disagrees"} (${count} of ${seen}): ${claim(statement)}`,
  );
  return [`**Group ${name}**, ${peopleOf(people)}`, ...(lines.length === 0 ? ["Nothing that others do not say as well."] : lines)].join(
    "\n",
  );
}

function shared({ shared, groups }: Grouping, claim: (n: number) => string): readonly Block[] {
  const title = groups.length === 0 ? "**What most agree with**" : "**What every group agrees with**";
  if (shared.length === 0) return [text(`${title}\nNo claim so far.`)];
  return [text([title, ...shared.map(({ statement, agree, seen }) => `${agree} of ${seen}: ${claim(statement)}`)].join("\n"))];
}

function divides({ divides }: Grouping, claim: (n: number) => string): readonly Block[] {
  if (divides.length === 0) return [];
  const lines = divides.map(({ statement, ballots }) => {
    const sides = ballots.map(({ agree, seen }, n) => `${names.charAt(n)} ${agree} of ${seen}`);
    return `${claim(statement)} – agree: ${sides.join(", ")}`;
  });
  return [text(["**What divides**", ...lines].join("\n"))];
}

function method({ voters, groups, silhouette }: Grouping, { fewestInGroup }: Services["groups"]): string {
  const how = `Groups are made of votes alone, by principal components and k-means as in Polis; none has fewer than ${fewestInGroup} people.`;
  const fit = groups.length === 0 ? "" : ` Silhouette ${silhouette.toFixed(2)} (1: clearly apart, 0: not at all).`;
  return `${how}${fit}${voters < manyVoters ? ` With fewer than ${manyVoters} voters they may be chance.` : ""}`;
}
