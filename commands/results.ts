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
  table,
  text,
  UserError,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "results",
  summary: "How a poll stands, or how it ended",
  args: z.object({ poll: z.string().trim().min(1).max(40).optional().describe("The poll's id; without it, the newest poll here") }),
  examples: ["/results"],
  access: "everyone",
  visibility: "public",
  async run({ services, room, now }, { poll: id }) {
    const results = await services.polls.results(room.community, id === undefined ? null : pollId(id));
    if (results === null) throw new UserError("no_such_poll", "There is no such poll here.", "`/poll` lists those that were asked.");
    const { poll, tally } = results;
    const when =
      poll.closedAt === null
        ? now < poll.closesAt
          ? `open until ${formatTime(poll.closesAt, "instant")}`
          : "over; the last votes are being counted"
        : `closed ${formatTime(poll.closedAt, "instant")}`;
    const title = heading(literal(poll.question));
    if (results.sealed)
      return reply(title, text(`${people(tally.people)} voted so far; ${when}. The counts are shown when it ends.`), ...apart(results));
    if (tally.people === 0) return reply(title, text(`Nobody has voted; ${when}.`), ...apart(results));
    const picture = await services.illustrate(services.polls.chart(results), "poll.png");
    return reply(
      title,
      counts(results),
      text(`**${people(tally.people)}** voted; ${when}.`),
      ...(picture === null ? [] : [picture]),
      ...byRoom(results),
      ...apart(results),
      note(
        tally.people < fewestForShares
          ? `Fewer than ${fewestForShares} people: counts only, no percentages. Each person counts once.`
          : "Each person counts once, in the first room of the list where they voted: also with two joined accounts (`/linkme`).",
      ),
    );
  },
});

/** Never a round number that is none: 199 of 200 are not 100 %. */
const percent = (part: number): string =>
  part > 0 && part < 0.005 ? "<1 %" : part < 1 && part >= 0.995 ? ">99 %" : `${Math.round(100 * part)} %`;

const people = (n: number): string => (n === 1 ? "1 person" : `${n} people`);
const titles = { discord: "Discord", telegram: "Telegram", console: "Console" } as const;

function counts({ poll, tally }: PollResults): Block {
  const shares = tally.people >= fewestForShares;
  return table(
    ["Option", "People", ...(shares ? [`Share of ${tally.people}`] : [])],
    poll.options.map((option, index) => {
      const count = tally.options[index] ?? 0;
      return [option, String(count), ...(shares ? [percent(count / tally.people)] : [])];
    }),
  );
}

/** Rooms are shown by their platform and number alone: their names are not stored. */
function byRoom({ poll, tally }: PollResults): readonly Block[] {
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
    ...(tally.platforms.length > 1 ? several.map((room) => ({ name: `All of ${titles[room.platform]}`, room })) : []),
  ];
  return [
    table(
      ["Room", "People", ...poll.options],
      rows.map(({ name, room }) => [name, String(room.people), ...room.options.map(String)]),
    ),
  ];
}

/** What is in no count, or known to be missing. */
function apart({ poll, tally, incomplete, sealed }: PollResults): readonly Block[] {
  const lines: string[] = [];
  if (tally.again > 0)
    lines.push(
      `${tally.again === 1 ? "1 vote" : `${tally.again} votes`} of people who had voted in another room already: not counted again.`,
    );
  if (tally.outside.people > 0) {
    const each = poll.options.flatMap((option, index) =>
      (tally.outside.options[index] ?? 0) > 0 ? [`${literal(option)} ${tally.outside.options[index]}`] : [],
    );
    lines.push(
      `Counted apart: ${people(tally.outside.people)} from outside${sealed ? "" : ` (${each.join(", ")})`}, who came by a forwarded poll or are no members.`,
    );
  }
  const unchecked = tally.rooms.reduce((sum, room) => sum + room.unchecked, 0);
  if (unchecked > 0) lines.push(`Of ${people(unchecked)} the platform does not say whether they are members here.`);
  const missed = tally.rooms.filter(({ post }) => post.state === "missed").length;
  if (missed > 0) lines.push(`${missed === 1 ? "One room" : `${missed} rooms`} could not be asked.`);
  if (incomplete) lines.push(`**Incomplete.** ${tally.rooms.flatMap(lacking).join(" ")}`);
  return lines.length === 0 ? [] : [text(lines.join("\n"))];
}

function lacking({ platform, post, missing, people: known, outside }: PollResults["tally"]["rooms"][number]): readonly string[] {
  if (post.state !== "ended" || post.ballot === null || post.ballot.startsWith("buttons:")) return [];
  if (post.totals === null) return [`${titles[platform]} did not tell how many votes it counted; I know of ${known + outside.people}.`];
  if (missing === null || missing === 0) return [];
  const total = post.totals.reduce((sum, n) => sum + n, 0);
  return [
    `${titles[platform]} counted ${total} votes (${post.totals.join(", ")}), and I know of ${known + outside.people}: ${missing} were cast while I could not be told.`,
  ];
}
