/** Adding, wording, closing and merging topics. */
import { UserError } from "../core/errors.ts";
import { type MemberId, type TopicId, topicId } from "../core/ids.ts";
import { literal } from "../core/markup.ts";
import { shareRead } from "../lib/shared-read.ts";
import { nextVersion, topicBook } from "./topic-book.ts";
import {
  everywhere,
  type NewWording,
  type Topic,
  type TopicBook,
  type TopicChange,
  type TopicPlace,
  type TopicStore,
  type Topics,
} from "./types.ts";

/** A list that people choose from: Discord suggests 25, and a message has room for 25 buttons. */
const mostTopics = 25;

export function createTopicDesk(store: TopicStore): Topics {
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
        throw new UserError("too_many_topics", (texts) => texts.topic.tooMany(mostTopics));
      // A name with capitals or spaces is a title; a slug is not.
      const title = typeof which === "string" && base === null && which !== id ? which : undefined;
      const topic = worded(id, base, title === undefined ? words : { ...words, said: { title, ...words.said } });
      // Where nothing changes that an opinion answers, the wording stays, and so do the opinions on it.
      const version = base === null || sameWords(base, topic) ? topic.version : nextVersion(known, base);
      const kind = base === null ? "added" : known.isClosed(id) ? "opened" : "edited";
      const stored = { ...topic, version };
      await store.add(change(place, kind, stored, by, now)).finally(changed);
      return stored;
    },

    close: (place, topic, by, now) => store.add(change(place, "closed", topic, by, now)).finally(changed),

    async merge(place, topic, into, by, now) {
      if (topic.id === into.id) throw new UserError("same_topic", (texts) => texts.topic.same);
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
  if (id === null) throw new UserError("bad_topic", (texts) => texts.topic.badName);
  const same = known.any(id);
  if (same === null || same.id !== id) {
    if (known.isClosed(id)) throw new UserError("topic_merged", (texts) => texts.topic.mergedAlready(id));
    return { id, base: null };
  }
  if (known.isClosed(id)) return { id, base: same };
  throw new UserError("topic_exists", (texts) => texts.topic.exists(literal(same.title), id));
}

function worded(id: TopicId, base: Topic | null, { said: words, unsaid }: NewWording): Topic {
  const { proposition = base?.proposition } = words;
  if (proposition === undefined) throw new UserError("no_proposition", (texts) => texts.topic.noProposition);
  const metric = words.metric ?? base?.metric;
  return {
    id,
    title: words.title ?? base?.title ?? titleOf(id),
    proposition,
    sides: {
      agree: words.agree ?? base?.sides.agree ?? unsaid.agree,
      disagree: words.disagree ?? base?.sides.disagree ?? unsaid.disagree,
    },
    question: words.question ?? base?.question ?? unsaid.question,
    // "none" takes a metric off again.
    ...(metric === undefined || metric === "none" ? {} : { metric }),
    version: base?.version ?? 1,
  };
}

/** "gpu-prices" is "Gpu prices". */
const titleOf = (id: TopicId): string => id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");

const sameWords = (a: Topic, b: Topic): boolean =>
  a.proposition === b.proposition && a.sides.agree === b.sides.agree && a.sides.disagree === b.sides.disagree;

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
