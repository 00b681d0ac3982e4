/** Answers questions from evidence: refused, unknown, written by a model and checked, or quoted as it stands. */
import { slotsIn } from "../core/claims.ts";
import { plainText } from "../core/markup.ts";
import type { Entry, Knowledge } from "../knowledge/types.ts";
import { orAborted } from "../lib/abort.ts";
import { checkDrafts } from "./check.ts";
import { createConversations } from "./conversations.ts";
import { type EvidenceDeps, gather } from "./evidence.ts";
import { foreignLanguage, type Language, looksEnglish } from "./languages.ts";
import { excerpt } from "./quoting.ts";
import { refusalOf } from "./refuse.ts";
import { slotText } from "./slots.ts";
import { createTranslating } from "./translating.ts";
import type {
  Answers,
  Dossier,
  Draft,
  FindPassages,
  News,
  Outcome,
  Question,
  Refusal,
  Sentence,
  Translator,
  Turn,
  WhyQuoted,
  Writer,
} from "./types.ts";
import { createWritings } from "./writings.ts";

export interface AnswersLog {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface AnswersDeps extends EvidenceDeps {
  readonly passages: FindPassages;
  /** For what is offered instead of an answer. */
  readonly knowledge: Pick<Knowledge, "find">;
  /** Null without a language model. */
  readonly writer: Writer | null;
  /** Null without a language model. */
  readonly translator: Translator | null;
  readonly log: AnswersLog;
  /** A writer's whole time, its second attempt included; the command has some seconds more. For tests. */
  readonly writeWithinMs?: number;
}

/** Whoever waits for an answer. */
interface Waiting {
  readonly tell: (news: News) => void;
  readonly signal: AbortSignal;
}

export function createAnswers({
  passages,
  knowledge,
  writer,
  translator,
  market,
  opinions,
  log,
  writeWithinMs = 25_000,
}: AnswersDeps): Answers {
  const conversations = createConversations();
  const written = writer === null ? null : createWritings(writer, writeWithinMs);
  const translating = translator === null ? null : createTranslating(translator);

  async function find(text: string, earlier: readonly Turn[]) {
    // "And how does it earn?" says nothing without the question before it, and that one perhaps nothing without its own.
    for (let from = earlier.length; from >= 0; from--) {
      const found = await passages([...earlier.slice(from).map(({ question }) => question), text].join(" "));
      if (found.length > 0) return found;
    }
    return [];
  }

  async function compose(question: Question, dossier: Dossier, earlier: readonly Turn[], { tell, signal }: Waiting): Promise<Outcome> {
    if (writer === null || written === null) return quoted("no_model", question, dossier);
    const commission = { question: question.text, audience: question.audience, dossier, earlier };
    let shown = 0;
    const onDrafts = (drafts: readonly Draft[]) => {
      // Nothing is shown that would have to be taken back: a sentence stands or falls by itself.
      const { kept } = checkDrafts(drafts, dossier, question.now);
      if (kept.length > shown && !signal.aborted) tell({ kind: "written", sentences: kept });
      shown = kept.length;
    };
    const result = await orAborted(written(commission, question, onDrafts), signal);
    if (typeof result === "string") {
      log.info({ prompt: writer.prompt, why: result }, "answered with quotes");
      return quoted(result, question, dossier);
    }
    const { kept, dropped } = checkDrafts(result.sentences, dossier, question.now);
    log.info({ prompt: writer.prompt, kept: kept.length, dropped }, "an answer was held against its evidence");
    if (kept.length === 0) return quoted("unsupported", question, dossier);
    const cited = new Set(kept.flatMap(({ cites }) => cites));
    const evidence = dossier.evidence.filter(({ n }) => cited.has(n));
    const partly = dropped.length >= kept.length;
    return { kind: "written", sentences: kept, partly, prompt: writer.prompt, receipt: result.receipt, language: null, evidence };
  }

  /** An answer that was checked, in the reader's language as far as that can be had. */
  async function inLanguage(
    outcome: Outcome,
    language: Language,
    question: Question,
    dossier: Dossier,
    waiting: Waiting,
  ): Promise<Outcome> {
    if (outcome.kind !== "written" || translating === null) return outcome;
    waiting.tell({ kind: "translating", language: language.name });
    const tellPart = (sentences: readonly Sentence[]) => !waiting.signal.aborted && waiting.tell({ kind: "written", sentences });
    const about = { dossier, language, now: question.now };
    const sentences = await orAborted(translating.answer(outcome.sentences, about, question, tellPart), waiting.signal);
    log.info({ language: language.name, translated: sentences !== null }, "an answer was put into another language");
    return sentences === null
      ? outcome
      : { ...outcome, sentences, language: language.name, prompt: `${outcome.prompt}, ${translating.prompts}` };
  }

  async function refusing(why: Refusal, text: string): Promise<Outcome> {
    return { kind: "refused", why, about: why === "advice" ? entriesOf(await passages(text)) : [] };
  }

  return {
    async ask(asked, tell, signal) {
      const { member, room, now } = asked;
      const refused = refusalOf(asked.text);
      if (refused !== null) return refusing(refused, asked.text);
      const language = translating === null ? null : foreignLanguage(asked.language);
      const text =
        translating === null || language === null || looksEnglish(asked.text)
          ? asked.text
          : await orAborted(translating.question(asked.text, asked), signal);
      const question = { ...asked, text };
      // What is refused is told by English words.
      const why = refusalOf(text);
      if (why !== null) return refusing(why, text);
      const earlier = question.follow ? conversations.turns(member, room, now) : [];
      const found = await find(text, earlier);
      const dossier = await gather(text, found, question, { market, opinions });
      if (dossier === null) {
        const near = await knowledge.find(text);
        return { kind: "unknown", near: near.kind === "near" ? near.entries : near.kind === "found" ? [near.entry] : [] };
      }
      tell({ kind: "reading", evidence: dossier.evidence });
      // English on the way to another language would only be in the way.
      const onTheWay = (news: News) => void (language === null && tell(news));
      const outcome = await compose(question, dossier, earlier, { tell: onTheWay, signal });
      conversations.keep(member, room, [...earlier, { question: text, answer: toldIn(outcome) }], now);
      return language === null ? outcome : inLanguage(outcome, language, question, dossier, { tell, signal });
    },
    forget: (member) => conversations.forget(member),
  };
}

const entriesOf = (found: Awaited<ReturnType<FindPassages>>): readonly Entry[] => [...new Set(found.map(({ entry }) => entry))];

function quoted(why: WhyQuoted, { text, now }: Question, dossier: Dossier): Outcome {
  const quotes = dossier.evidence.flatMap((one) => {
    if (one.kind !== "passage") return [];
    // Which sentences fit is judged before values are filled in.
    const part = excerpt(one.text, text);
    return [{ n: one.n, text: plainText(fillPlain(part, dossier, now)) }];
  });
  return { kind: "quoted", why, quotes, evidence: dossier.evidence };
}

/** Marked-up text with its slots filled; an entry's own marks stay marks. */
function fillPlain(text: string, dossier: Dossier, now: Date): string {
  return slotsIn(text).reduce(
    (rest, slot) => rest.replace(new RegExp(`\\{\\{\\s*${RegExp.escape(slot)}\\s*\\}\\}`), () => slotText(slot, dossier, now, false)),
    text,
  );
}

/** What was said, for the next turn. */
function toldIn(outcome: Outcome): string {
  if (outcome.kind === "written") return outcome.sentences.map(({ text }) => plainText(text)).join(" ");
  return outcome.kind === "quoted" ? outcome.quotes.map(({ text }) => text).join(" ") : "";
}
