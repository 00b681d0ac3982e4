/** Adding, wording, closing and merging topics. */
import { UserError } from "../core/errors.ts";
import { type MemberId, type TopicId, topicId } from "../core/ids.ts";
import { literal } from "../core/markup.ts";
import { shareRead } from "../lib/shared-read.ts";
import { nextVersion, topicBook } from "./topic-book.ts";
import type { Opinions, Topic, TopicBook, TopicChange, TopicPlace, TopicStore, TopicWords } from "./types.ts";
import { everywhere } from "./types.ts";

/** A list that people choose from: Discord suggests 25, and a message has room for 25 buttons. */
const mostTopics = 25;

export function createTopicDesk(store: TopicStore): Pick<Opinions, "book" | "word" | "close" | "merge"> {
  const fresh = async (place: TopicPlace): Promise<TopicBook> => topicBook(await store.changes(place));
  // Few communities word topics of their own, and every opinion asks for its topic: all others share one book.
  const worders = shareRead(async () => new Set(await store.places()));
  const common = shareRead(() => fresh(everywhere));
  const changed = (): void => {
    worders.forget();
    common.forget();
  };
  const change = (place: TopicPlace, kind: TopicChange["kind"], topic: Topic, by: MemberId, at: Date, other: TopicId | null = null) =>
    ({ community: place, kind, topic, other, at, member: by }) satisfies TopicChange;

  return {
    book: async (place) => ((await worders.current()).has(place) ? fresh(place) : common.current()),

    async word(place, which, words, by, now) {
      const known = await fresh(place);
      const { id, base } = typeof which === "string" ? readName(known, which) : { id: which.id, base: which };
      if (known.topics.length >= mostTopics && !known.topics.some((topic) => topic.id === id))
        throw new UserError("too_many_topics", `There can be ${mostTopics} open topics here.`, "Close one first: `/topic close <topic>`.");
      // A name with capitals or spaces is a title; a slug is not.
      const title = typeof which === "string" && base === null && which !== id ? which : undefined;
      const topic = worded(id, base, title === undefined ? words : { title, ...words });
      // Where nothing changes that an opinion answers, the wording stays, and so do the opinions on it.
      const version = base === null || sameWords(base, topic) ? topic.version : nextVersion(known, base);
      const kind = base === null ? "added" : known.isClosed(id) ? "opened" : "edited";
      const stored = { ...topic, version };
      await store.add(change(place, kind, stored, by, now)).finally(changed);
      return stored;
    },

    close: (place, topic, by, now) => store.add(change(place, "closed", topic, by, now)).finally(changed),

    async merge(place, topic, into, by, now) {
      if (topic.id === into.id) throw new UserError("same_topic", "A topic cannot be merged into itself.");
      const known = await fresh(place);
      const changes = [change(place, "merged", topic, by, now, into.id)];
      const moves = [];
      let version = nextVersion(known, into);
      for (const wording of [...known.earlier(topic).toReversed(), topic]) {
        changes.push(change(place, "absorbed", { ...wording, id: into.id, version }, by, now, topic.id));
        moves.push({ from: { topic: topic.id, version: wording.version }, to: { topic: into.id, version } });
        version++;
      }
      await store.merge(changes, moves).finally(changed);
    },
  };
}

/** The topic that a name means: a new one, or a closed one that is opened again. */
function readName(known: TopicBook, name: string): { readonly id: TopicId; readonly base: Topic | null } {
  const id = slugOf(name);
  if (id === null) throw new UserError("bad_topic", "A topic's name needs letters or digits, such as `gpu-supply`.");
  const same = known.any(id);
  if (same === null || same.id !== id) {
    if (known.isClosed(id)) throw new UserError("topic_merged", `\`${id}\` was merged into another topic, and goes on there.`);
    return { id, base: null };
  }
  if (known.isClosed(id)) return { id, base: same };
  throw new UserError("topic_exists", `There is a topic “${literal(same.title)}” already.`, `Reword it: \`/topic edit ${id}\`.`);
}

function worded(id: TopicId, base: Topic | null, words: Partial<TopicWords>): Topic {
  const { proposition = base?.proposition } = words;
  if (proposition === undefined)
    throw new UserError(
      "no_proposition",
      "A topic needs one sentence that people can agree or disagree with.",
      "Give it as `proposition=`.",
    );
  const metric = words.metric ?? base?.metric;
  return {
    id,
    title: words.title ?? base?.title ?? titleOf(id),
    proposition,
    sides: {
      agree: words.agree ?? base?.sides.agree ?? "It is so.",
      disagree: words.disagree ?? base?.sides.disagree ?? "It is not so.",
    },
    question: words.question ?? base?.question ?? "What have you seen or measured yourself?",
    // "none" takes a metric off again.
    ...(metric === undefined || metric === "none" ? {} : { metric }),
    version: base?.version ?? 1,
  };
}

/** "gpu-prices" is "Gpu prices". */
const titleOf = (id: TopicId): string => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

const sameWords = (a: Topic, b: Topic): boolean =>
  a.title === b.title && a.proposition === b.proposition && a.sides.agree === b.sides.agree && a.sides.disagree === b.sides.disagree;

/** The id that a name gets, or null where no letter or digit is in it. */
function slugOf(title: string): TopicId | null {
  const slug = title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return slug === "" ? null : topicId(slug);
}
