/** `/results`: how a poll stands or ended, each person counted once, with what is counted apart and what is missing. */
import {
  type Block,
  defineCommand,
  fewestForShares,
  formatTime,
  heading,
  literal,
  note,
  type PollResults,
  pollId,
  reply,
  type Texts,
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

type Words = Texts["results"];

export default defineCommand({
  name: "results",
  summary: "How a poll stands, or how it ended",
  args: z.object({ poll: z.string().trim().min(1).max(40).optional().describe("The poll's id; without it, the newest poll here") }),
  examples: ["/results"],
  access: "everyone",
  visibility: "public",
  async run({ services, room, now, texts: { results: words } }, { poll: id }) {
    const results = await services.polls.results(room.community, id === undefined ? null : pollId(id));
    if (results === null) throw new UserError("no_such_poll", words.none);
    const { poll, tally } = results;
    const when =
      poll.closedAt === null
        ? now < poll.closesAt
          ? words.open(formatTime(poll.closesAt, "instant"))
          : words.counting
        : words.closed(formatTime(poll.closedAt, "instant"));
    const title = heading(literal(poll.question));
    if (results.sealed) return reply(title, text(words.sealed(tally.people, when)), ...apart(results, words));
    if (tally.people === 0) return reply(title, text(words.nobody(when)), ...apart(results, words));
    const picture = await services.illustrate(services.polls.chart(results, words), "poll.png");
    return reply(
      title,
      counts(results, words),
      text(words.voted(tally.people, when)),
      ...(picture === null ? [] : [picture]),
      ...robustly(results, words),
      ...byRoom(results, words),
      ...apart(results, words),
      note(tally.people < fewestForShares ? words.few(fewestForShares) : words.once),
    );
  },
});

/** Never a round number that is none: 199 of 200 are not 100 %. */
const percent = (part: number): string =>
  part > 0 && part < 0.005 ? "<1 %" : part < 1 && part >= 0.995 ? ">99 %" : `${Math.round(100 * part)} %`;

const titles = { discord: "Discord", telegram: "Telegram", console: "Console" } as const;

function counts({ poll, tally }: PollResults, words: Words): Block {
  const shares = tally.people >= fewestForShares;
  return table(
    [words.head.option, words.head.people, ...(shares ? [words.shareOf(tally.people)] : [])],
    poll.options.map((option, index) => {
      const count = tally.options[index] ?? 0;
      return [option, String(count), ...(shares ? [percent(count / tally.people)] : [])];
    }),
  );
}

/** Who may have come for this one count is left out of a second one; the two are told apart where they differ. */
function robustly({ poll, tally }: PollResults, words: Words): readonly Block[] {
  const { leftOut, people, options, differs } = tally.robust;
  if (leftOut.length === 0) return [];
  const out = leftOut.map(({ platform, people: n }) => words.leftOut(platform, n));
  if (differs === null) return [text(words.robustFew(out, people, tally.people))];
  const counts = poll.options.map((option, index) => `${literal(option)} ${options[index] ?? 0}`).join(", ");
  return [text(words.robust(out, people, tally.people, differs ? counts : null))];
}

/** Rooms are shown by their platform and number alone: their names are not stored. */
function byRoom({ poll, tally }: PollResults, words: Words): readonly Block[] {
  if (tally.rooms.length < 2) return [];
  const nameOf = (index: number) => {
    const platform = tally.rooms[index]?.platform;
    const same = tally.rooms.filter((room) => room.platform === platform);
    const nth = tally.rooms.slice(0, index + 1).filter((room) => room.platform === platform).length;
    return platform === undefined ? "" : `${titles[platform]}${same.length > 1 ? ` ${nth}` : ""}`;
  };
  const several = tally.platforms.filter(({ platform }) => tally.rooms.filter((room) => room.platform === platform).length > 1);
  const rows = [
    ...tally.rooms.map((room, index) => ({ name: nameOf(index), room })),
    ...(tally.platforms.length > 1 ? several.map((room) => ({ name: words.allOf(titles[room.platform]), room })) : []),
  ];
  return [
    table(
      [words.head.room, words.head.people, ...poll.options],
      rows.map(({ name, room }) => [name, String(room.people), ...room.options.map(String)]),
    ),
  ];
}

/** What is in no count, or known to be missing. */
function apart({ poll, tally, incomplete, sealed }: PollResults, words: Words): readonly Block[] {
  const lines: string[] = [];
  if (tally.again > 0) lines.push(words.again(tally.again));
  if (tally.outside.people > 0) {
    const each = poll.options.flatMap((option, index) =>
      (tally.outside.options[index] ?? 0) > 0 ? [`${literal(option)} ${tally.outside.options[index]}`] : [],
    );
    lines.push(words.outside(tally.outside.people, sealed ? null : each.join(", ")));
  }
  const unchecked = tally.rooms.reduce((sum, room) => sum + room.unchecked, 0);
  if (unchecked > 0) lines.push(words.unchecked(unchecked));
  const missed = tally.rooms.filter(({ post }) => post.state === "missed").length;
  if (missed > 0) lines.push(words.missed(missed));
  if (incomplete) lines.push(words.incomplete(tally.rooms.flatMap((room) => lacking(room, words)).join(" ")));
  return lines.length === 0 ? [] : [text(lines.join("\n"))];
}

function lacking({ platform, post, missing, people, outside }: PollResults["tally"]["rooms"][number], words: Words): readonly string[] {
  if (post.state !== "ended" || post.ballot === null || post.ballot.startsWith("buttons:")) return [];
  const known = people + outside.people;
  if (post.totals === null) return [words.untold(titles[platform], known)];
  if (missing === null || missing === 0) return [];
  const total = post.totals.reduce((sum, n) => sum + n, 0);
  return [words.lacking(titles[platform], total, post.totals.join(", "), known, missing)];
}
