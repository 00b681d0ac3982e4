/** What forecasts work with: questions on figures that the bot archives, members' probabilities, and the port that storage implements. */
import type { BarChart } from "../core/chart.ts";
import type { Figure, Unit } from "../core/figure.ts";
import type { CommunityId, MemberId, PlatformName, QuestionId, ReceiptId, RoomId } from "../core/ids.ts";
import type { Block } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";

export const comparisons = ["below", "at_most", "above", "at_least"] as const;
export type Comparison = (typeof comparisons)[number];

/** What is asked, and how it is resolved. */
export interface Terms {
  readonly metric: string;
  /** What a person calls the figure. */
  readonly label: string;
  readonly unit: Unit;
  readonly comparison: Comparison;
  /** In the unit. */
  readonly threshold: number;
  /** The moment whose figure decides: the last one archived up to it. */
  readonly resolvesAt: Date;
  /** Forecasts are taken until then. */
  readonly closesAt: Date;
  /** How long before the moment the figure may have been archived, in milliseconds. */
  readonly toleranceMs: number;
  /** The source that is asked first; another one decides only where this one has no figure. */
  readonly source: string;
}

/** A question as it was understood, and the figure as it is today. */
export interface Draft extends Terms {
  readonly present: Figure;
}

/** `yes` and `no` say whether the figure was as asked; `void`: no figure was archived in time. */
export const outcomes = ["yes", "no", "void"] as const;
export type Outcome = (typeof outcomes)[number];

export interface Question extends Terms {
  readonly id: QuestionId;
  readonly community: CommunityId;
  readonly room: RoomId;
  readonly askedAt: Date;
  /** Null once that member has erased themselves. */
  readonly by: MemberId | null;
  /** Null while it is open. */
  readonly outcome: Outcome | null;
  /** Receipt of the figure that decided; null while it is open, and where it is void. */
  readonly figure: ReceiptId | null;
  readonly resolvedAt: Date | null;
}

/** A figure that a question can be about. */
export interface Candidate {
  readonly metric: string;
  readonly label: string;
}

/** Why a text is no question that can be asked. */
export type Problem =
  | {
      readonly kind:
        | "no_comparison"
        | "no_threshold"
        | "dotted_threshold"
        | "no_date"
        | "slashed_date"
        | "past"
        | "too_soon"
        | "too_far"
        | "nothing_archived";
    }
  | {
      readonly kind: "unknown_metric" | "several_metrics";
      readonly typed: string;
      readonly near: readonly Candidate[];
      readonly rest: string;
    }
  | { readonly kind: "wrong_unit" | "below_zero"; readonly present: Figure }
  | { readonly kind: "far_threshold"; readonly present: Figure; readonly low: number; readonly high: number }
  /** The figure only ever grows, and is there already. */
  | { readonly kind: "decided"; readonly present: Figure; readonly comparison: Comparison; readonly threshold: number }
  /** It is archived no more. */
  | { readonly kind: "stale"; readonly present: Figure };

export type Read = { readonly kind: "draft"; readonly draft: Draft } | { readonly kind: "problem"; readonly problem: Problem };

/** One person's last forecast on a resolved question. */
export interface Scored {
  readonly question: QuestionId;
  /** The member, or the person whose account it is. */
  readonly person: string;
  /** From 0 to 1. */
  readonly probability: number;
  readonly happened: boolean;
}

/** Fewer people say too much of each single one: nothing of what they said together is shown. A score of fewer questions is luck. */
export const fewestForecasts = { people: 5, questions: 5 } as const;

/** A probability as people write it, "37" or "2.5 %"; undefined for anything else, and for what is not from 0 to 100. */
export function readPercent(typed: string): number | undefined {
  const [, digits] = /^(\d{1,3}(?:\.\d{1,2})?)\s*%?$/.exec(typed.trim()) ?? [];
  return digits === undefined || Number(digits) > 100 ? undefined : Number(digits);
}

/** A member's own forecast. */
export interface Own {
  readonly question: Question;
  /** From 0 to 100. */
  readonly percent: number;
  readonly at: Date;
}

/** Questions and forecasts. Every write is durable when it resolves. */
export interface ForecastStore {
  /** Adds a question; one of this id that is there already stays as it is. */
  add(question: Question): Promise<void>;
  find(id: QuestionId): Promise<Question | null>;
  /** Those that are not resolved, the next to be resolved first. */
  open(community: CommunityId): Promise<readonly Question[]>;
  /** Those that are, the last resolved first. */
  resolved(community: CommunityId, limit: number): Promise<readonly Question[]>;
  /** How many people have answered each, joined accounts once. What nobody has answered is not in it. */
  people(questions: readonly QuestionId[]): Promise<ReadonlyMap<QuestionId, number>>;
  /** Keeps a member's forecast in place of their earlier one; null takes it back. Nothing is kept of who wants nothing kept. */
  answer(question: QuestionId, member: MemberId, percent: number | null, at: Date): Promise<"kept" | "closed" | "opted_out">;
  /** The member's own, those of resolved questions behind the others, the newest question first. */
  own(community: CommunityId, member: MemberId): Promise<readonly Own[]>;
  /** Of questions that were decided, and not void: each person's last forecast, joined accounts as one person. */
  scored(community: CommunityId): Promise<readonly Scored[]>;
  /** Forgets a question of this community that is open and that nobody has ever answered; false where there is none. */
  cancel(id: QuestionId, community: CommunityId): Promise<boolean>;
  /** Questions whose moment has come and that are not resolved. */
  due(before: Date): Promise<readonly Question[]>;
  /** False where it was resolved before: whoever comes second changes nothing. */
  resolve(id: QuestionId, outcome: Outcome, figure: ReceiptId | null, at: Date): Promise<boolean>;
  /** Resolved, and not handed to the couriers of these platforms yet. */
  unannounced(platforms: readonly PlatformName[]): Promise<readonly Question[]>;
  announced(id: QuestionId): Promise<void>;
  /** Forgets when outcomes of before were posted, as it is forgotten of digests. Returns how many. */
  sweep(before: Date): Promise<number>;
}

/** How the people of a community did on one question, together. */
export interface Crowd {
  readonly people: number;
  /** Their mean, from 0 to 1; null where there are too few. */
  readonly mean: number | null;
  /** Brier score of the mean, from 0 (best) to 1; null too where the question is void. */
  readonly brier: number | null;
}

/** One bin of a reliability diagram: what was said, and how often it came true. */
export interface Bin {
  /** From and to, from 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly forecasts: number;
  readonly people: number;
  /** Mean of what was said. */
  readonly said: number;
  /** Part of the forecasts that came true. */
  readonly happened: number;
}

/** How well forecasts were over many questions. */
export interface Score {
  /** Decided questions that count. */
  readonly questions: number;
  /** Forecasts in them. */
  readonly forecasts: number;
  /** Mean Brier score; null where there are too few questions. */
  readonly brier: number | null;
  /** Bins with enough in them; none where there are too few questions. */
  readonly bins: readonly Bin[];
}

/** Forecasts as commands see them. */
export interface Forecasts {
  /** Renews what is archived first, as far as the sources answer before the signal fires. */
  read(text: string, zone: string, now: Date, signal: AbortSignal): Promise<Read>;
  /** The question in a form that reads back as exactly the same, for a button. */
  line(terms: Terms): string;
  /** Asks it, once for each origin. `same`: it is asked already; `full`: this community has as many open questions as it can have. */
  ask(
    draft: Draft,
    place: {
      readonly room: RoomId;
      readonly community: CommunityId;
      readonly by: MemberId;
      readonly origin: string | undefined;
      readonly now: Date;
    },
  ): Promise<{ readonly kind: "asked" | "same"; readonly question: Question } | { readonly kind: "full"; readonly most: number }>;
  find(community: CommunityId, id: string): Promise<Question | null>;
  list(community: CommunityId): Promise<{
    readonly open: readonly Question[];
    readonly resolved: readonly Question[];
    readonly people: ReadonlyMap<QuestionId, number>;
  }>;
  /** How many people have answered. */
  people(id: QuestionId): Promise<number>;
  answer: ForecastStore["answer"];
  own: ForecastStore["own"];
  cancel: ForecastStore["cancel"];
  /** The question as a sentence, in inline markup. */
  sentence(terms: Terms, texts: Texts): string;
  /** How it ended, by which figure, and how well people knew it; nothing of an open question. */
  outcome(question: Question, texts: Texts): Promise<readonly Block[]>;
  /** Of the community, as far as enough people took part. */
  score(community: CommunityId): Promise<Score>;
  /** Brier score of a single forecast; null where its question is open or void. */
  brier(own: Own): number | null;
  /** Of one member's own forecasts. */
  ownScore(own: readonly Own[]): Score;
  /** A reliability diagram in bars; null where too few bins are known. */
  chart(score: Score, texts: Texts): BarChart | null;
}

/** The couriers' side of forecasts. */
export interface OutcomeDesk {
  /** What a series of the couriers posts; null where it is no outcome's. */
  block(series: string): Promise<readonly Block[] | null>;
}
