/** Answers questions from evidence: refused, unknown, written by a model and checked, or quoted as it stands. */
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { slotsIn } from "../core/claims.ts";
import { literal, plainText } from "../core/markup.ts";
import type { Entry, Knowledge } from "../knowledge/types.ts";
import { orAborted } from "../lib/abort.ts";
import { checkDrafts } from "./check.ts";
import { createConversations } from "./conversations.ts";
import { type EvidenceDeps, gather } from "./evidence.ts";
import { excerpt } from "./quoting.ts";
import { refusalOf } from "./refuse.ts";
import { slotText } from "./slots.ts";
import type { Answers, Commission, Dossier, Evidence, FindPassages, Outcome, Question, Turn, WhyQuoted, Writer } from "./types.ts";

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
  readonly log: AnswersLog;
}

/** A writer's whole time, its second attempt included; the command has some seconds more. */
const writeWithinMs = 25_000;
/** Distinct questions whose answers are kept while their evidence stays the same. */
const remembered = 500;

export function createAnswers({ passages, knowledge, writer, market, opinions, log }: AnswersDeps): Answers {
  const conversations = createConversations();
  const written = new LRUCache<string, ReturnType<Writer["write"]>>({ max: remembered });

  /** Equal questions over equal evidence are written about once, also while the first one is still being written. */
  function drafts(by: Writer, commission: Commission, question: Question): ReturnType<Writer["write"]> {
    const key = keyOf(by.prompt, commission);
    const before = written.get(key);
    if (before !== undefined) return before;
    const writing = by.write(commission, question, AbortSignal.timeout(writeWithinMs));
    written.set(key, writing);
    const drop = () => void (written.get(key) === writing && written.delete(key));
    // What could not be had is asked for again the next time.
    writing.then((result) => typeof result === "string" && drop(), drop);
    return writing;
  }

  async function find(text: string, earlier: readonly Turn[]) {
    const own = await passages(text);
    const last = earlier.at(-1);
    // "And how does it earn?" says nothing without the question before it.
    return own.length > 0 || last === undefined ? own : passages(`${last.question} ${text}`);
  }

  async function compose(question: Question, dossier: Dossier, earlier: readonly Turn[], signal: AbortSignal): Promise<Outcome> {
    if (writer === null) return quoted("no_model", question, dossier);
    const commission = { question: question.text, audience: question.audience, dossier, earlier };
    const result = await orAborted(drafts(writer, commission, question), signal);
    if (typeof result === "string") {
      log.info({ prompt: writer.prompt, why: result }, "answered with quotes");
      return quoted(result, question, dossier);
    }
    const { kept, dropped } = checkDrafts(result, dossier, question.now);
    log.info({ prompt: writer.prompt, kept: kept.length, dropped }, "an answer was held against its evidence");
    if (kept.length === 0) return quoted("unsupported", question, dossier);
    const cited = new Set(kept.flatMap(({ cites }) => cites));
    const evidence = dossier.evidence.filter(({ n }) => cited.has(n));
    return { kind: "written", sentences: kept, partly: dropped.length >= kept.length, prompt: writer.prompt, evidence };
  }

  return {
    async ask(question, progress, signal) {
      const { text, member, room, now } = question;
      const why = refusalOf(text);
      if (why !== null) return { kind: "refused", why, about: why === "advice" ? entriesOf(await passages(text)) : [] };
      const earlier = question.follow ? conversations.turns(member, room, now) : [];
      const found = await find(text, earlier);
      const dossier = await gather(text, found, question, { market, opinions });
      if (dossier === null) {
        const near = await knowledge.find(text);
        return { kind: "unknown", near: near.kind === "near" ? near.entries : near.kind === "found" ? [near.entry] : [] };
      }
      progress(`Reading ${namesOf(dossier.evidence)} …`);
      const outcome = await compose(question, dossier, earlier, signal);
      conversations.keep(member, room, [...earlier, { question: text, answer: toldIn(outcome) }], now);
      return outcome;
    },
    forget: (member) => conversations.forget(member),
  };
}

/** Nobody's words are kept as a key. */
function keyOf(prompt: string, { question, audience, dossier, earlier }: Commission): string {
  const words = question
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/[?!. ]+$/, "");
  const figures = [...dossier.figures.values()].map(({ id, state }) => [id, state]);
  const evidence = dossier.evidence.map((one) => {
    if (one.kind === "passage") return [one.entry.id, one.audience, one.text];
    return one.kind === "figure" ? one.figure.id : [one.topic.id, one.counts];
  });
  return createHash("sha256")
    .update(JSON.stringify([prompt, words, audience, evidence, figures, earlier]))
    .digest("base64url");
}

const entriesOf = (found: Awaited<ReturnType<FindPassages>>): readonly Entry[] => [...new Set(found.map(({ entry }) => entry))];

function namesOf(evidence: readonly Evidence[]): string {
  const names = evidence.map((one) =>
    one.kind === "passage" ? one.entry.term : one.kind === "figure" ? one.figure.label : `opinions on ${one.topic.title}`,
  );
  return literal([...new Set(names)].slice(0, 4).join(", "));
}

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
