/** What answering a question works with: its evidence, what may come out, and the ports it asks through. */
import type { Figure } from "../core/figure.ts";
import type { CommunityId, MemberId, ReceiptId, RoomId } from "../core/ids.ts";
import type { Audience, Entry } from "../knowledge/types.ts";
import type { StanceCounts } from "../opinions/types.ts";
import type { Topic } from "../topics/types.ts";

/** A piece of an entry that speaks to a question. */
export interface Passage {
  readonly entry: Entry;
  readonly audience: Audience;
  /** Marked-up, with its `{{metric}}` slots. */
  readonly text: string;
  /** The greater, the better it fits; compared only with others of the same question. */
  readonly score: number;
}

/**
 * Finds what the entries say to a question, best first. Nothing where nothing clearly speaks to it: whatever is found here is answered from,
 * so this is the gate that keeps questions outside the field out.
 */
export type FindPassages = (question: string) => Promise<readonly Passage[]> | readonly Passage[];

/** One numbered piece of evidence; `n` is what a sentence cites. */
export type Evidence =
  | { readonly n: number; readonly kind: "passage"; readonly entry: Entry; readonly audience: Audience; readonly text: string }
  | { readonly n: number; readonly kind: "figure"; readonly figure: Figure }
  | {
      readonly n: number;
      readonly kind: "opinions";
      readonly topic: Topic;
      readonly days: number;
      readonly people: number;
      readonly counts: StanceCounts;
    };

/** Everything that an answer may be made of. */
export interface Dossier {
  readonly evidence: readonly Evidence[];
  /** By metric: those of the evidence, and those that its passages name in slots. */
  readonly figures: ReadonlyMap<string, Figure>;
}

/** One question of a conversation and what was answered, without marks. */
export interface Turn {
  readonly question: string;
  readonly answer: string;
}

/** A sentence as a model wrote it: data to be checked. */
export interface Draft {
  readonly text: string;
  readonly cites: readonly number[];
}

/** Who asked, for the budgets. */
export interface Payer {
  readonly member: MemberId;
  readonly room: RoomId;
}

export interface Commission {
  readonly question: string;
  readonly audience: Audience;
  readonly dossier: Dossier;
  readonly earlier: readonly Turn[];
}

/** Why nothing could be had from a model: it does not answer, or whose tokens of the day are used up. */
export type WhyUnwritten = "model_down" | "member_spent" | "room_spent" | "bot_spent";

export interface Manuscript {
  readonly sentences: readonly Draft[];
  /** Says by which prompt and model; null where that could not be stored. */
  readonly receipt: ReceiptId | null;
}

/** Has sentences written from evidence; what comes back is not trusted. */
export interface Writer {
  /** The prompt with its version, such as `ask 1`; a new version makes every question a new one. */
  readonly prompt: string;
  /**
   * Never rejects for the model's failure.
   * @param onDrafts told the sentences that are complete, each time there is one more; not every writer tells any
   */
  write(
    commission: Commission,
    payer: Payer,
    signal: AbortSignal,
    onDrafts: (drafts: readonly Draft[]) => void,
  ): Promise<Manuscript | WhyUnwritten>;
}

/** Translates; what comes back is not trusted. */
export interface Translator {
  /** The prompts with their versions: a new one makes every translation a new one. */
  readonly prompts: string;
  /** The question in English; null where it could not be had. Never rejects for the model's failure. */
  question(text: string, payer: Payer, signal: AbortSignal): Promise<string | null>;
  /**
   * Sentences with slots in another language, in their order; null where they could not be had. Never rejects for the model's failure.
   * @param onSentences told those that are complete, each time there is one more
   */
  sentences(
    task: { readonly sentences: readonly string[]; readonly terms: readonly string[]; readonly language: string },
    payer: Payer,
    signal: AbortSignal,
    onSentences: (sentences: readonly string[]) => void,
  ): Promise<readonly string[] | null>;
}

/** What is never answered, whatever the evidence. */
export type Refusal = "advice" | "instructions" | "members";

/** A sentence that was held against its evidence. */
export interface Sentence {
  /** In inline markup, figures with their receipts. */
  readonly text: string;
  /** As it was written, with its slots. */
  readonly written: string;
  /** Numbers of the evidence that support it; at least one. */
  readonly cites: readonly number[];
}

/** Why an answer consists of quoted passages. */
export type WhyQuoted = WhyUnwritten | "no_model" | "unsupported";

export type Outcome =
  | { readonly kind: "refused"; readonly why: Refusal; readonly about: readonly Entry[] }
  | { readonly kind: "unknown"; readonly near: readonly Entry[] }
  | {
      readonly kind: "written";
      readonly sentences: readonly Sentence[];
      /** Too many of the model's sentences had no support. */
      readonly partly: boolean;
      readonly prompt: string;
      readonly receipt: ReceiptId | null;
      /** The language into which the checked sentences were put, in English; null where they stand as they were written. */
      readonly language: string | null;
      /** Those that are cited. */
      readonly evidence: readonly Evidence[];
    }
  | {
      readonly kind: "quoted";
      readonly why: WhyQuoted;
      /** Literal texts of passages, with values and receipts filled in. */
      readonly quotes: readonly { readonly n: number; readonly text: string }[];
      readonly evidence: readonly Evidence[];
    };

export interface Question {
  readonly text: string;
  readonly member: MemberId;
  readonly room: RoomId;
  readonly community: CommunityId;
  readonly audience: Audience;
  /** The reader's, as the platform tells it (BCP 47). */
  readonly language: string | undefined;
  /** Goes on with this member's conversation in this room. */
  readonly follow: boolean;
  readonly now: Date;
}

/** What there is to see while one waits. */
export type News =
  | { readonly kind: "reading"; readonly evidence: readonly Evidence[] }
  | { readonly kind: "translating"; readonly language: string }
  /** The answer so far, as much of it as was held against its evidence. */
  | { readonly kind: "written"; readonly sentences: readonly Sentence[] };

/** Answering as commands see it. */
export interface Answers {
  /** Never rejects for the model's or the database's failure, only with the signal's reason. */
  ask(question: Question, tell: (news: News) => void, signal: AbortSignal): Promise<Outcome>;
  /** Drops the member's conversations. */
  forget(member: MemberId): void;
}
