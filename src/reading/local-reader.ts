/** Reads opinions without a language model: a small classifier over words for the topics that ship, plain agreement for all others. */

import type { Topic } from "../topics/types.ts";
import { plainStance } from "./agreement.ts";
import { readAspect, readStrength } from "./aspects.ts";
import { guessStance, partsOf, topicScores } from "./classify.ts";
import { readEvidence } from "./evidence.ts";
import { clausesOf } from "./features.ts";
import type { Reading, Stance, Unread } from "./types.ts";
import { readWeights } from "./weights.ts";

/** More than a person says in one remark, and more than fits under it as buttons. */
const mostOpinions = 4;

/**
 * Every opinion that a text carries on some of the topics, the most certain first. Topics that are only touched on come as "unclear".
 * @param learned the topics as they were worded for the comments that the weights were learned from
 */
export function readByWords({ text, topics, on }: Pick<Unread, "text" | "topics" | "on">, learned: readonly Topic[]): readonly Reading[] {
  const [weights, parts] = [readWeights(), partsOf(text)];
  const scores = topicScores(weights, parts);
  const found = topics.flatMap((topic) => {
    // What was learned of a topic holds for that sentence: another wording may mean the opposite.
    const at = learned.some(({ id, proposition }) => id === topic.id && proposition === topic.proposition)
      ? weights.topics.indexOf(topic.id)
      : -1;
    const score = at < 0 ? named(topic, text) : (scores[at] ?? 0);
    if (score < weights.topicThreshold && topic.id !== on?.id) return [];
    // Who answers "hard agree" under a topic has said all there is.
    const plain = at < 0 || isShort(text) ? plainStance(text) : "unclear";
    // Of a text that does not touch on the topic at all, nothing is guessed, whoever named it.
    const silent = at < 0 || score < weights.topicThreshold / 4;
    const guess = plain !== "unclear" || silent ? plain : guessStance(weights, parts, at).stance;
    // Nobody is of two minds in a single clause that sets nothing against anything.
    const stance = guess === "mixed" && parts.clauses.length === 0 && !twoSided.test(text) ? "unclear" : guess;
    return [{ topic, stance, score: topic.id === on?.id ? 2 : score }];
  });
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, mostOpinions)
    .map(({ topic, stance }) => describe(topic, stance, text));
}

const twoSided =
  /\b(?:but|and|or|though|although|yet|while|unless|if|when|for|in|at|with|of|only|not|depends?|some|sometimes|half|both|mixed|n?either|partly|partially)\b/iu;

const isShort = (text: string): boolean => text.split(/\s+/u).length <= 7;

/** A topic that the weights do not know is meant where its title stands in the text. */
const named = ({ title }: Topic, text: string): number => (` ${wordsIn(text)} `.includes(` ${wordsIn(title)} `) ? 1 : 0);
const wordsIn = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");

function describe(topic: Topic, stance: Stance, text: string): Reading {
  // The clauses that name the topic's aspect say how firmly it is held; the whole text says how it is known.
  const aspect = readAspect(topic.id, text);
  const own = clausesOf(text).filter((clause) => aspect !== null && readAspect(topic.id, clause) === aspect);
  const strength = readStrength(own.length === 0 ? text : own.join(" "));
  return { topic: topic.id, stance, strength, aspect, evidence: readEvidence(text), by: "classifier" };
}
