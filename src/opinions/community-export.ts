/** A community's counts for its admins: by topic, wording and week, with small cells left out, and texts only of who may be quoted. */
import type { CommunityId } from "../core/ids.ts";
import { stances } from "../reading/types.ts";
import type { Topic, TopicBook } from "../topics/types.ts";
import { standpointOf } from "./sentiment.ts";
import { type CommunityExport, type ExportWanted, fewestForShares, type OpinionStore } from "./types.ts";

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;
/** 5 January 1970 was a Monday. */
const firstMonday = 4 * dayMs;
/** Texts of each stance and wording. */
const mostTexts = 200;

const columns = ["topic", "wording", "week", ...stances, "people"] as const;

interface Row {
  readonly topic: string;
  readonly wording: number;
  /** Its Monday, `YYYY-MM-DD`. */
  readonly week: string;
  /** Null where fewer than five people are behind a number, or where it would tell one that is left out. */
  readonly counts: readonly (number | null)[];
  readonly people: number | null;
}

export async function exportCommunity(
  store: OpinionStore,
  community: CommunityId,
  book: TopicBook,
  { format, days, quoting, now }: ExportWanted,
): Promise<CommunityExport> {
  // Whole weeks from Monday to Monday, always the same: with windows that move, the difference of two files would tell what each leaves out.
  const end = firstMonday + Math.floor((now.getTime() - firstMonday) / weekMs) * weekMs;
  const weeks = Math.max(1, Math.floor(days / 7));
  const from = new Date(end - weeks * weekMs);
  const spoken = await store.counts(community);
  const rows: Row[] = [];
  const texts: object[] = [];
  let suppressed = 0;
  for (const { topic, version } of spoken.toSorted((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.version - b.version))) {
    for (const [n, cohorts] of (await store.weeks(community, { topic, version }, from, weeks)).entries()) {
      const { people, shares } = standpointOf(cohorts);
      if (people === 0) continue;
      const counts = stances.map((stance) =>
        shares[stance].count > 0 && shares[stance].count < fewestForShares ? null : shares[stance].count,
      );
      const left = counts.filter((count) => count === null).length;
      suppressed += left;
      const week = new Date(from.getTime() + n * weekMs).toISOString().slice(0, 10);
      // The sum would tell a single one that is left out, and bound several.
      rows.push({ topic, wording: version, week, counts, people: left === 0 ? people : null });
    }
    if (!quoting || format === "csv") continue;
    const said = await store.quotable(community, { topic, version }, { from, to: new Date(end) }, mostTexts);
    // No times: who spoke when is known in the chat.
    texts.push(...said.map(({ stance, text }) => ({ topic, wording: version, stance, text })));
  }
  const content = format === "csv" ? csv(rows) : json({ book, rows, texts, from, until: new Date(end), now });
  return { content: new TextEncoder().encode(content), rows: rows.length, suppressed };
}

/** Slugs, numbers and days need no quotes. */
const csv = (rows: readonly Row[]): string =>
  [columns, ...rows.map(({ topic, wording, week, counts, people }) => [topic, wording, week, ...counts, people])]
    .map((row) => `${row.map((cell) => cell ?? "").join(",")}\r\n`)
    .join("");

function json({
  book,
  rows,
  texts,
  from,
  until,
  now,
}: {
  book: TopicBook;
  rows: readonly Row[];
  texts: readonly object[];
  from: Date;
  until: Date;
  now: Date;
}) {
  const wordingOf = (id: string, version: number): Topic | undefined => {
    const topic = book.any(id);
    return topic === null ? undefined : [topic, ...book.earlier(topic)].find((one) => one.version === version);
  };
  const document = {
    about: "Counts of people by topic, wording and week. null: fewer than five people, or a sum that would tell such a number.",
    exportedAt: now.toISOString(),
    from: from.toISOString(),
    until: until.toISOString(),
    counts: rows.map(({ topic, wording, week, counts, people }) => ({
      topic,
      wording,
      proposition: wordingOf(topic, wording)?.proposition ?? null,
      week,
      ...Object.fromEntries(stances.map((stance, n) => [stance, counts[n] ?? null])),
      people,
    })),
    texts,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
