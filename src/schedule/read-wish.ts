/** Takes apart how a person says when something shall come: "9 Vienna mon wed fri", "weekdays at 9am in New York". */
import { UserError } from "../core/errors.ts";
import { parseDays, parseTime } from "./parse-schedule.ts";

/** What a line says, in pieces; the words that are neither a time nor days should be a place. */
export interface Wish {
  /** For `parseTime`. */
  readonly time: string;
  /** For `parseDays`. */
  readonly days: string | undefined;
  readonly place: readonly string[];
}

interface Run {
  readonly at: number;
  readonly count: number;
  readonly text: string;
}

/** Words that join the others, and say nothing of their own at the edge of a place. */
const fillers = ["at", "in", "on", "for", "every", "each", "and", "time", "o'clock", "o’clock"];

export function takeApart(line: string): Wish {
  const words = line
    .normalize("NFKC")
    .split(/\s+/)
    .filter((word) => /[^,;]/.test(word));
  const numbered = words.findIndex((word) => /^\d/.test(word));
  // What was meant as a time and is none: the first word that looks like one, or the first of all.
  const time = findTime(words) ?? { at: Math.max(numbered, 0), count: 1, text: words[Math.max(numbered, 0)] ?? "" };
  const others = words.toSpliced(time.at, time.count);
  const days = longestDays(others);
  return { time: time.text, days: days?.text, place: trimmed(days === null ? others : others.toSpliced(days.at, days.count)) };
}

function findTime(words: readonly string[]): Run | null {
  for (const at of words.keys()) {
    const [first = "", second = ""] = words.slice(at, at + 2).map(bare);
    const both = `${first} ${second}`;
    if (/^[ap]\.?m\.?$/i.test(second) && reads(() => parseTime(both))) return { at, count: 2, text: both };
    if (reads(() => parseTime(first))) return { at, count: 1, text: first };
  }
  return null;
}

/** The longest run of words that are days, the first of those that are equally long. */
function longestDays(words: readonly string[]): Run | null {
  for (let count = words.length; count > 0; count--) {
    for (let at = 0; at + count <= words.length; at++) {
      const text = words.slice(at, at + count).join(" ");
      if (reads(() => parseDays(text, 1))) return { at, count, text };
    }
  }
  return null;
}

function trimmed(words: readonly string[]): readonly string[] {
  const says = (word: string) => !fillers.includes(bare(word).toLowerCase());
  const [from, to] = [words.findIndex(says), words.findLastIndex(says)];
  // A comma inside belongs to the place: "Portland, Maine".
  return from < 0 ? [] : words.slice(from, to + 1).map((word, i) => (from + i === to ? bare(word) : word));
}

const bare = (word: string): string => word.replace(/[,;]+$/, "");

function reads(act: () => unknown): boolean {
  try {
    act();
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
