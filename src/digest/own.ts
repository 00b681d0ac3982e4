/** What a digest says of one community alone: its own opinions of the last day, and what changed since its last digest. */
import { type Figure, formatFigure } from "../core/figure.ts";
import { literal } from "../core/markup.ts";
import { type Language, type Texts, textsIn } from "../core/texts.ts";
import type { SentimentView, Share } from "../opinions/types.ts";
import type { Results } from "../polls/types.ts";
import { stances } from "../reading/types.ts";
import type { Topic } from "../topics/types.ts";
import type { Digest, DigestBlock } from "./types.ts";

type Words = Texts["digest"];

/** At most so many topics: a digest is read in a minute. */
const maxTopics = 3;

/** @param views one per topic on which somebody spoke, most people first */
export function pulse(views: readonly SentimentView[], quoting: boolean, language: Language): readonly DigestBlock[] {
  const words = textsIn(language).digest;
  if (views.length === 0) return [];
  const lines = views
    .slice(0, maxTopics)
    .map((view) => ({ topic: view.topic.id, version: view.topic.version, text: countsOf(view, words) }));
  const quotes = views.flatMap((view) => view.quotes.map((q) => ({ ...q, title: view.topic.title })));
  // The newest, whatever it says: the order of the stances would give the word to those who agree.
  const quote = quoting ? quotes.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0] : undefined;
  return [
    { kind: "pulse", language, lines },
    ...(quote === undefined ? [] : [{ kind: "opinion", opinion: quote.id, by: words.quotedMember(quote.title.toLowerCase()) } as const]),
  ];
}

/** @param polls that ended in the last day, the newest first */
export function pollPulse(polls: readonly Results[], words: Words): readonly DigestBlock[] {
  if (polls.length === 0) return [];
  const lines = polls.slice(0, maxTopics).map(({ poll, tally, incomplete }) => {
    const inWords = (options: readonly number[]) =>
      poll.options
        .map((option, index) => ({ option, count: options[index] ?? 0 }))
        .filter(({ count }) => count > 0)
        .toSorted((a, b) => b.count - a.count)
        .map(({ option, count }) => `${literal(option)} ${count}`)
        .join(", ");
    const { robust } = tally;
    const left = tally.people - robust.people;
    const robustly = robust.differs === false ? "" : words.pollRobust(left, robust.differs === null ? null : inWords(robust.options));
    return `${words.pollVotes(literal(poll.question), tally.people, inWords(tally.options), incomplete)}${robustly}`;
  });
  return [{ kind: "text", text: [words.pollsEnded, ...lines].join("\n") }];
}

/**
 * The open question of what was most discussed; on a day on which nobody spoke, that of another topic each day.
 * @param localDate `YYYY-MM-DD`
 */
export function question(
  views: readonly SentimentView[],
  topics: readonly Topic[],
  localDate: string,
  words: Words,
): readonly DigestBlock[] {
  const day = Math.floor(Date.parse(localDate) / 86_400_000);
  const topic = views[0]?.topic ?? topics[day % topics.length];
  return topic === undefined ? [] : [{ kind: "question", topic: topic.id, text: words.question(literal(topic.question)) }];
}

/** What people said of one topic, in numbers. */
export function countsOf(view: SentimentView, words: Words): string {
  const { topic, people, shares } = view;
  if (people === 0) return words.pulseErased(literal(topic.title));
  const counts = stances.filter((stance) => shares[stance].count > 0).map((stance) => `${shares[stance].count} ${stance}`);
  return `${words.people(literal(topic.title), people, counts.join(", "))}${shift(view, words)}${robustly(view, words)}`;
}

/** A change of agreement that is more than chance. What is not, is left to `/sentiment` to explain. */
function shift({ agreement, earlier, shift }: SentimentView, words: Words): string {
  if (shift === null || shift.direction === "none") return "";
  const tell = ({ count, of }: Share) => words.ofPeople(Math.round((100 * count) / of), of);
  return words.shift(shift.direction, tell(earlier), tell(agreement));
}

/** What looks made to sway the count, where it does. */
function robustly({ differs, people, robust }: SentimentView, words: Words): string {
  if (!differs) return "";
  const { agreement } = robust;
  return words.robustly(people - robust.people, agreement.count, agreement.of);
}

/** Metrics whose course a reader follows from day to day. */
const followed = [
  "sector.market_cap",
  "bitcoin.price",
  "ethereum.price",
  "filecoin.capacity_raw",
  "akash.gpus_active",
  "bittensor.subnets",
  "compute.index",
];

/** @param last of this room; @param before its figures */
export function sinceLast(
  last: Digest | null,
  before: readonly Figure[],
  current: readonly Figure[],
  words: Words,
): readonly DigestBlock[] {
  if (last === null) return [];
  const lines = followed.flatMap((metric) => {
    const [then, now] = [before, current].map((list) => list.find((f) => f.metric === metric));
    if (then === undefined || now === undefined || then.id === now.id) return [];
    const [from, to] = [formatFigure(then), formatFigure(now)];
    // Two sources count and price differently: their difference is no change.
    if (from === to || then.source.name !== now.source.name) return [];
    return [`${literal(now.label)}: ${from} → ${to}`];
  });
  return lines.length === 0 ? [] : [{ kind: "text", text: [words.since(last.localDate), ...lines].join("\n") }];
}
