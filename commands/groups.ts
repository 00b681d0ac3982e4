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
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["groups"];
type Grouping = NonNullable<GroupsView["grouping"]>;

/** What was measured of planted groups: with fewer people and votes they are found half of the time. */
const [manyVoters, letters] = [50, "ABCDE"] as const;

export default defineCommand({
  name: "groups",
  summary: "Who thinks alike about a topic, what all share, and what divides",
  args: z.object({ topic: z.string().trim().min(1).max(60).describe("One of /topics, such as latency") }),
  examples: ["/groups latency"],
  access: "everyone",
  visibility: "public",
  deadlineMs: 20_000,
  suggest: { topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed) },
  async run({ services, room, actor, signal, progress, texts: { groups: words } }, { topic: typed }) {
    const topic = (await services.opinions.book(room.community)).any(typed);
    if (topic === null) throw new UserError("unknown_topic", words.unknown(literal(typed)));
    progress(words.counting);
    const view = await services.groups.view(room.community, topic, { member: actor.member, room: room.id }, signal);
    const vote = buttons([{ label: words.vote, command: "claims", args: { topic: topic.id } }]);
    const { grouping } = view;
    if (grouping === null || grouping.voters < services.groups.fewestVoters) return tooFew(view, services.groups, vote, words);
    const claim = (n: number): string => words.claim(literal(view.statements[n]?.text ?? ""));
    return reply(
      heading(words.title(topic.title)),
      text(words.voted(view.voters, view.statements.length, grouping.voters)),
      ...(grouping.groups.length === 0
        ? [text(words.none)]
        : grouping.groups.map((group, n) => text(groupInWords(letters.charAt(n), view.called?.names[n] ?? null, group, claim, words)))),
      ...shared(grouping, claim, words),
      ...divides(grouping, claim, words),
      note(method(view, grouping, services.groups, words)),
      vote,
    );
  },
});

function tooFew(
  { topic, statements, voters, grouping }: GroupsView,
  { fewestVoters }: Services["groups"],
  vote: Block,
  words: Words,
): Reply {
  const placed = grouping?.voters ?? 0;
  return reply(heading(words.title(topic.title)), text(words.tooFew(statements.length, voters, placed, fewestVoters)), vote);
}

function groupInWords(
  letter: string,
  called: string | null,
  { people, holds }: Grouping["groups"][number],
  claim: (n: number) => string,
  words: Words,
): string {
  const lines = holds.map(({ statement, vote, count, seen }) => words.holds(vote === "agree", count, seen, claim(statement)));
  return [words.group(letter, called === null ? null : literal(called), people), ...(lines.length === 0 ? [words.nothingOwn] : lines)].join(
    "\n",
  );
}

function shared({ shared, groups }: Grouping, claim: (n: number) => string, words: Words): readonly Block[] {
  const title = groups.length === 0 ? words.shared.most : words.shared.every;
  if (shared.length === 0) return [text(`${title}\n${words.shared.none}`)];
  return [text([title, ...shared.map(({ statement, agree, seen }) => words.sharedLine(agree, seen, claim(statement)))].join("\n"))];
}

function divides({ divides }: Grouping, claim: (n: number) => string, words: Words): readonly Block[] {
  if (divides.length === 0) return [];
  const lines = divides.map(({ statement, ballots }) => {
    const sides = ballots.map(({ agree, seen }, n) => words.side(letters.charAt(n), agree, seen));
    return words.dividesLine(claim(statement), sides.join(", "));
  });
  return [text([words.divides, ...lines].join("\n"))];
}

function method(
  { called }: GroupsView,
  { voters, groups, silhouette }: Grouping,
  { fewestInGroup }: Services["groups"],
  words: Words,
): string {
  const fit = groups.length === 0 ? null : silhouette.toFixed(2);
  const how = words.method(fewestInGroup, fit, voters < manyVoters ? manyVoters : null);
  return called === null ? how : `${how} ${words.named(called.receipt)}`;
}
