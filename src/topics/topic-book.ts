/** The topics of one community: those that ship, with what was changed everywhere and then here. */
import type { TopicId } from "../core/ids.ts";
import { findTopic, leadingTopic, namedTopic, nearestTopics, topics as shipped } from "./topics.ts";
import { everywhere, type Topic, type TopicBook, type TopicChange } from "./types.ts";

interface State {
  readonly topic: Topic;
  readonly closed: boolean;
  readonly into: TopicId | null;
}

/** @param changes here and everywhere, in the order in which they were made */
export function topicBook(changes: readonly TopicChange[]): TopicBook {
  const states = new Map<TopicId, State>(shipped.map((topic) => [topic.id, { topic, closed: false, into: null }]));
  // What a community decided for itself stands before what is decided for all of them.
  const inOrder = [...changes.filter((c) => c.community === everywhere), ...changes.filter((c) => c.community !== everywhere)];
  for (const { kind, topic, other } of inOrder) {
    // A wording that came from another topic is history at once.
    if (kind === "absorbed") continue;
    states.set(topic.id, { topic, closed: kind === "closed" || kind === "merged", into: kind === "merged" ? other : null });
  }
  const all = [...states.values()];
  const open = all.filter(({ closed }) => !closed).map(({ topic }) => topic);
  const history = (id: TopicId) => inOrder.filter(({ topic }) => topic.id === id);
  const followed = (topic: Topic | null, steps = 0): Topic | null => {
    const into = topic === null ? null : (states.get(topic.id)?.into ?? null);
    // Merged in a circle over two scopes: shown as what was asked for.
    return into === null || steps > states.size ? topic : followed(states.get(into)?.topic ?? topic, steps + 1);
  };
  return {
    topics: open,
    topic: (query) => findTopic(query, open),
    named: (query) => namedTopic(query, open),
    leading: (words) => leadingTopic(words, open),
    nearest: (query) => nearestTopics(query, open),
    // A choice's name has at most 100 characters on Discord.
    suggest: (typed) =>
      nearestTopics(typed, open).map(({ id, title, proposition }) => ({ label: `${title}: ${proposition}`.slice(0, 100), value: id })),
    any: (query) =>
      findTopic(query, open) ??
      followed(
        findTopic(
          query,
          all.map(({ topic }) => topic),
        ),
      ),
    isClosed: (id) => states.get(id)?.closed ?? false,
    history,
    earlier({ id, version }) {
      const first = shipped.filter((topic) => topic.id === id);
      const worded = history(id).filter(({ kind }) => kind !== "closed" && kind !== "merged");
      const wordings = new Map([...first, ...worded.map(({ topic }) => topic)].map((topic) => [topic.version, topic]));
      return [...wordings.values()].filter((topic) => topic.version !== version).toSorted((a, b) => b.version - a.version);
    },
  };
}

/** The number of a topic's next wording, whichever place it was last worded in. */
export const nextVersion = (book: TopicBook, topic: Topic): number =>
  Math.max(topic.version, ...book.history(topic.id).map((change) => change.topic.version)) + 1;
