/** Puts questions into English before anything is looked up, and checked answers into the reader's language after; each only where it works. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { fillIn } from "../core/claims.ts";
import type { Language } from "./languages.ts";
import { slotText } from "./slots.ts";
import { termsIn, unfaithful } from "./translation.ts";
import type { Dossier, Payer, Sentence, Translator } from "./types.ts";

/** Beside the time that writing takes; the command has some seconds more. */
const questionWithinMs = 6_000;
const answerWithinMs = 8_000;
const remembered = 500;

export interface Translating {
  /** The prompts with their versions. */
  readonly prompts: string;
  /** The question in English, or as it is where that cannot be had. */
  question(text: string, payer: Payer): Promise<string>;
  /**
   * The sentences in this language, each that cannot be had as it is; null where none can.
   * @param tell told those that are there, each time there is one more
   */
  answer(
    kept: readonly Sentence[],
    about: { readonly dossier: Dossier; readonly language: Language; readonly now: Date },
    payer: Payer,
    tell: (sentences: readonly Sentence[]) => void,
  ): Promise<readonly Sentence[] | null>;
}

const keyOf = (...parts: readonly unknown[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url");

export function createTranslating(translator: Translator): Translating {
  // Nobody's words are kept as a key.
  const questions = new LRUCache<string, Promise<string | null>>({ max: remembered });
  const answers = new LRUCache<string, Promise<readonly string[] | null>>({ max: remembered });

  /** What could not be had is asked for again the next time. */
  function once<T extends {}>(cache: LRUCache<string, Promise<T | null>>, key: string, work: () => Promise<T | null>): Promise<T | null> {
    const known = cache.get(key);
    if (known !== undefined) return known;
    const made = work();
    cache.set(key, made);
    const drop = () => void (cache.get(key) === made && cache.delete(key));
    made.then((result) => result === null && drop(), drop);
    return made;
  }

  return {
    prompts: translator.prompts,

    async question(text, payer) {
      const key = keyOf(translator.prompts, text);
      const put = await once(questions, key, () => translator.question(text, payer, AbortSignal.timeout(questionWithinMs)));
      return put ?? text;
    },

    async answer(kept, { dossier, language, now }, payer, tell) {
      const terms = kept.map(({ written, cites }) => termsIn(written, cites, dossier));
      const written = kept.map((sentence) => sentence.written);
      const put = (texts: readonly string[]): { readonly sentences: readonly Sentence[]; readonly translated: number } => {
        const good = kept.map((one, at) => {
          const text = texts[at];
          return text !== undefined && unfaithful(one.written, text, terms[at] ?? [], language) === null ? text : null;
        });
        const sentences = kept.map((one, at) => {
          const words = good[at] ?? null;
          return words === null ? one : { ...one, text: fillIn(words.trim(), (slot) => slotText(slot, dossier, now)) };
        });
        return { sentences, translated: good.filter((text) => text !== null).length };
      };
      const key = keyOf(translator.prompts, language.name, written);
      const texts = await once(answers, key, () =>
        translator.sentences(
          { sentences: written, terms: [...new Set(terms.flat())], language: language.name },
          payer,
          AbortSignal.timeout(answerWithinMs),
          (soFar) => tell(put(soFar).sentences.slice(0, soFar.length)),
        ),
      );
      // Another number of sentences: nobody can say which one stands for which.
      if (texts === null || texts.length !== kept.length) return null;
      const { sentences, translated } = put(texts);
      return translated === 0 ? null : sentences;
    },
  };
}
