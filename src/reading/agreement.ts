/** Plain words of agreement and disagreement: what a short answer says, and all that is read on a topic that nobody has labelled comments for. */
import type { Stance } from "./types.ts";

type Side = "agree" | "disagree";

const agreement: Readonly<Record<Side, readonly string[]>> = {
  agree: ["agree", "agreed", "exactly", "absolutely", "definitely", "yes", "true", "correct", "this is right", "no doubt", "overdue"],
  disagree: ["disagree", "nope", "wrong", "false", "nonsense", "no way", "not true", "doubt it", "overrated"],
};

/** Answers that say one thing where they stand alone, and much else within a sentence. */
const answers: Readonly<Record<Side, ReadonlySet<string>>> = {
  agree: new Set(["yep", "yeah", "yea", "sure", "of course", "indeed", "right", "totally", "i do", "i think so", "+1", "👍", "✅", "💯"]),
  disagree: new Set([
    "no",
    "nah",
    "never",
    "not at all",
    "not really",
    "hardly",
    "i do not",
    "i don't",
    "i dont",
    "i do not think so",
    "i don't think so",
    "i dont think so",
    "-1",
    "👎",
    "❌",
  ]),
};

const negations = new Set([
  "not",
  "no",
  "never",
  "isnt",
  "isn't",
  "arent",
  "aren't",
  "dont",
  "don't",
  "doesnt",
  "doesn't",
  "hardly",
  "cannot",
  "cant",
  "can't",
  "wont",
  "won't",
  "without",
]);
const hedges =
  /\b(?:it depends|depends on|on the fence|both sides|sometimes|partly|partially|in some cases|mixed feelings|not sure|unsure)\b/u;

const opposite = (side: Side): Side => (side === "agree" ? "disagree" : "agree");

/** Verbs whose negation is meant for what is believed: "I don't think it is slow" says that it is not slow. */
const beliefs = new Set(["think", "believe", "feel", "find", "expect", "suppose", "reckon", "say", "claim", "convinced"]);
/** Words behind which the belief is over: "I don't think so, but it is slow". */
const turns = new Set(["but", "because", "since", "though", "although", "however", "yet", "so", "and", "when", "if"]);

/** The words of one sentence, and for each of them where its clause begins. */
interface Sentence {
  readonly words: readonly string[];
  readonly clauses: readonly number[];
}

function readSentence(sentence: string): Sentence {
  const words: string[] = [];
  const clauses: number[] = [];
  for (const clause of sentence.split(",")) {
    const begin = words.length;
    for (const word of clause.split(/[^\p{L}\p{N}'-]+/u).filter((w) => w !== "")) {
      words.push(word);
      clauses.push(begin);
    }
  }
  return { words, clauses };
}

/** Where in the clause of `until` a negated belief stands, as in "do not really think"; -1 where there is none. */
function negatedBelief({ words, clauses }: Sentence, until: number): number {
  for (let i = until - 1; i >= (clauses[until] ?? 0); i--) {
    const word = words[i] ?? "";
    if (turns.has(word)) return -1;
    if (beliefs.has(word) && words.slice(Math.max(0, i - 2), i).some((before) => negations.has(before))) return i;
  }
  return -1;
}

/**
 * Which side each occurrence of a cue in one sentence takes. "not" within the three words before turns it round, and so does a negated
 * belief further up; "whether" takes it away.
 */
function votes(sentence: Sentence, side: Side, cue: string): readonly Side[] {
  const { words } = sentence;
  const wanted = cue.split(" ");
  const found: Side[] = [];
  for (let i = 0; i + wanted.length <= words.length; i++) {
    if (!wanted.every((word, k) => words[i + k] === word)) continue;
    const belief = negatedBelief(sentence, i);
    // The negation of the belief is not one of the cue as well: "I don't think it is not slow" is turned twice.
    const before = words.slice(Math.max(belief + 1, i - 3), i);
    if (before.includes("whether")) continue;
    const turned = before.some((word) => negations.has(word)) !== belief >= 0;
    found.push(turned ? opposite(side) : side);
  }
  return found;
}

/** Where a text says that its author stands on whatever is proposed. It prefers "unclear" to a guess. */
export function plainStance(text: string): Stance {
  const lower = text.toLowerCase().replaceAll("’", "'");
  const whole = lower
    .replace(/\p{Emoji_Modifier}|\uFE0F/gu, "")
    .replace(/[\s.,!]+/g, " ")
    .trim();
  for (const side of ["agree", "disagree"] as const) if (answers[side].has(whole)) return side;
  // A bare question takes no side, whatever words it uses.
  if (/\?\s*$/u.test(lower) && !/[.!]\s/u.test(lower)) return "unclear";
  const sentences = lower.split(/[.!?;\n]+/u).map(readSentence);
  const found = new Set<Side>();
  for (const side of ["agree", "disagree"] as const)
    for (const cue of agreement[side]) for (const one of sentences) for (const vote of votes(one, side, cue)) found.add(vote);
  if (found.size === 2 || hedges.test(lower)) return "mixed";
  return [...found][0] ?? "unclear";
}
