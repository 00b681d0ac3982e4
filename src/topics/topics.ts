/** The eight propositions that ship with the bot, and how a typed name finds one of these or of others. */
import { distance } from "fastest-levenshtein";
import { topicId } from "../core/ids.ts";
import type { Topic } from "./types.ts";

const shipped: readonly Omit<Topic, "version">[] = [
  {
    id: topicId("compute-pricing"),
    title: "Compute pricing",
    proposition: "Decentralised compute is cheaper than the big clouds for the same job.",
    sides: {
      agree: "Open markets find the real price of a GPU-hour and undercut list prices.",
      disagree: "After setup, failures, egress and missing discounts, the big clouds cost the same or less.",
    },
    question: "What did the same job cost you on both, with setup, failures and egress counted?",
    metric: "compute.index",
  },
  {
    id: topicId("latency"),
    title: "Latency",
    proposition: "Decentralised compute is fast and consistent enough for real-time workloads.",
    sides: {
      agree: "Nodes near the user answer quickly enough for live use.",
      disagree: "Mixed hardware and home connections answer too slowly or too unevenly.",
    },
    question: "Which response times did you measure, and how far apart were the fastest and the slowest?",
  },
  {
    id: topicId("training-reliability"),
    title: "Training reliability",
    proposition: "Decentralised networks can carry a training run of several weeks for a large language model.",
    sides: {
      agree: "Runs have been carried through, and recovery keeps getting better.",
      disagree: "Without uptime guarantees a long run does not finish in reasonable time.",
    },
    question: "How long was the longest run you saw through, and how often did it have to recover?",
    metric: "ledger.interruptions",
  },
  {
    id: topicId("checkpoint-reliability"),
    title: "Checkpoint reliability",
    proposition: "Lost checkpoints, rather than downtime, are what makes long training runs fail on decentralised compute.",
    sides: {
      agree: "Nodes coming and going is bearable; a lost checkpoint costs hours of work.",
      disagree: "Checkpoints can be copied cheaply; it is the interruptions that hurt.",
    },
    question: "When a run of yours failed, was it a lost checkpoint or lost time, and how many hours did it cost?",
    metric: "ledger.checkpoint_survival",
  },
  {
    id: topicId("data-privacy"),
    title: "Data privacy",
    proposition: "Private data can be processed safely on other people's machines.",
    sides: {
      agree: "Enclaves, zero-knowledge proofs and federated learning protect it well enough.",
      disagree: "Whoever holds the machine can get at the data in the end.",
    },
    question: "Which data would you hand to a machine you do not know, and what would have to be proven first?",
  },
  {
    id: topicId("institutional-understanding"),
    title: "Institutional understanding",
    proposition: "The institutions that put money into DePIN understand what the sector does.",
    sides: {
      agree: "Funds have done their homework and know the networks they hold.",
      disagree: "Money arrived before knowledge; many holders cannot name the sector.",
    },
    question: "What did the last fund you spoke to ask, and what could it answer itself?",
  },
  {
    id: topicId("cloud-competition"),
    title: "Cloud competition",
    proposition: "DePIN puts real competitive pressure on AWS, Google Cloud and Azure.",
    sides: {
      agree: "An alternative with open prices forces the big clouds to move.",
      disagree: "The big clouds are too far ahead in scale and service to notice.",
    },
    question: "Which price or service did a big cloud change because of a decentralised one?",
  },
  {
    id: topicId("market-size"),
    title: "Market size",
    proposition: "DePIN is still small against what it will become.",
    sides: {
      agree: "The gap to the big clouds' revenue is the room to grow.",
      disagree: "Token values already run ahead of what the networks earn.",
    },
    question: "Which network's revenue would have to grow to how much for its token's value today to be earned?",
    metric: "sector.market_cap",
  },
];

export const topics: readonly Topic[] = shipped.map((topic) => ({ ...topic, version: 1 }));

const key = (name: string): string => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** The topic with this id or title, with a slip of at most two letters; null where none or several are meant. */
export function namedTopic(query: string, list = topics): Topic | null {
  const wanted = key(query);
  if (wanted === "") return null;
  const exact = list.find((t) => key(t.id) === wanted || key(t.title) === wanted);
  return exact ?? only(list.filter((t) => distance(key(t.id), wanted) <= 2));
}

/** The topic whose id or title the words begin with, however it is spaced ("Compute Pricing too expensive"), and what stands behind it. */
export function leadingTopic(text: string, list = topics): { readonly topic: Topic; readonly rest: string } | null {
  const ends = Array.from(text.matchAll(/\s+|$/gu), ({ index, 0: { length } }) => ({
    name: text.slice(0, index),
    rest: text.slice(index + length),
  }));
  // The longest name first: one topic's may begin with another's.
  for (const { name, rest } of ends.slice(0, longestName).toReversed()) {
    // A thumb behind the name is what is thought, and no part of it.
    if (/\p{Extended_Pictographic}/u.test(name)) continue;
    const topic = list.find((t) => key(name) !== "" && (key(t.id) === key(name) || key(t.title) === key(name)));
    if (topic !== undefined) return { topic, rest };
  }
  return null;
}

/** Words in a topic's name, at most. */
const longestName = 8;

/** The topic that a name or its beginning means; null where none or several are meant. */
export function findTopic(query: string, list = topics): Topic | null {
  const wanted = key(query);
  return namedTopic(query, list) ?? (wanted.length < 4 ? null : only(list.filter((t) => key(t.id).startsWith(wanted))));
}

const only = (found: readonly Topic[]): Topic | null => (found.length === 1 ? (found[0] ?? null) : null);

/** All topics, the nearest to what was typed first. */
export function nearestTopics(query: string, list = topics): readonly Topic[] {
  const wanted = key(query);
  const score = (t: Topic) => (wanted !== "" && key(`${t.id}${t.proposition}`).includes(wanted) ? 0 : distance(key(t.id), wanted));
  return list.toSorted((a, b) => score(a) - score(b));
}
