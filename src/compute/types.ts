/** What a training run is told and what is worked out of it, and what GPU-hours cost where. */
import type { ChartStack, LineChart } from "../core/chart.ts";
import type { Trouble } from "../core/errors.ts";
import type { Figure } from "../core/figure.ts";
import type { Source } from "../core/reply.ts";
import type { Texts } from "../core/texts.ts";

/** `all`: one interruption stops everyone. `elastic`: the others go on, and whoever returns copies the state from them. */
export const recoveries = ["all", "elastic"] as const;
export type Recovery = (typeof recoveries)[number];

export const trainings = ["rendering", "fine_tuning", "pre_training"] as const;
export type Training = (typeof trainings)[number];

/** A run under interruptions. Times are in hours. */
export interface Plan {
  readonly gpus: number;
  readonly gpusPerNode: number;
  /** What the run takes on all GPUs without an interruption and without a checkpoint. */
  readonly hours: number;
  /** Interruptions per node and day; between them time is exponential (a Poisson process). */
  readonly perNodeDay: number;
  /** Work between two checkpoints. They are spread evenly, so what is lived is the greatest even part that is not longer. */
  readonly interval: number;
  /** How long the run stands still to write one. */
  readonly write: number;
  /** From an interruption to working again; an interruption within it begins it anew. */
  readonly restart: number;
  /** Probability that a checkpoint turns out lost or corrupt when it is needed; then the one before it is tried. */
  readonly lost: number;
  readonly recovery: Recovery;
}

/** What a run costs; dollars per GPU-hour, null where nobody said. */
export interface Prices {
  readonly here: number | null;
  /** Of an uninterrupted run elsewhere. */
  readonly elsewhere: number | null;
}

export interface Preset {
  readonly plan: Plan;
  readonly sources: readonly { readonly title: string; readonly url: string }[];
}

/** An expected value; `error` is the standard error of a simulation, null where the value follows from a formula. */
export interface Expected {
  readonly hours: number;
  readonly error: number | null;
}

export interface Simulated {
  /** Mean wall-clock hours and its standard error. */
  readonly mean: number;
  readonly error: number;
  /** What 5, 50 and 95 of 100 runs stay below, in hours. */
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly runs: number;
}

/** A published rule for the interval, in hours. */
export interface Rule {
  readonly interval: number;
  /** Whether the rule's own conditions are met here. */
  readonly holds: boolean;
  /** Expected wall-clock time with this interval over that with the best one, less one; null where it cannot be told. */
  readonly excess: number | null;
}

export interface BestInterval {
  /** The interval of least expected time, in hours. */
  readonly interval: number;
  readonly hours: number;
  readonly young: Rule;
  readonly daly: Rule;
}

/** What an improvement would save, in expected wall-clock hours. */
export interface Savings {
  /** Half as many interruptions. */
  readonly uptime: number;
  /** A fifth of the lost checkpoints, as from 95 % to 99 % survival. */
  readonly checkpoints: number;
  /** Which is more; `neither` where they differ by less than the simulation can tell, or both save nothing. */
  readonly dominant: "uptime" | "checkpoints" | "neither";
}

/** Answer for a run that comes to an end. */
export interface Finishing {
  readonly kind: "finishing";
  readonly plan: Plan;
  readonly prices: Prices;
  readonly wall: Expected;
  /** Useful share of the time: work over wall-clock time. */
  readonly goodput: number;
  readonly lostGpuHours: number;
  /** Expected number of interruptions. */
  readonly interruptions: number;
  /** In dollars; null where the price is not known. */
  readonly cost: number | null;
  readonly costElsewhere: number | null;
  /** The price per GPU-hour here at which both cost the same; null where the other price is not known. */
  readonly breakEven: number | null;
  /** Null with elastic recovery, where checkpoints only guard against losing all nodes at once. */
  readonly best: BestInterval | null;
  /** With elastic recovery: how many hours lie between losses of all nodes on average, and the interval of Daly's rule for that. */
  readonly guard: { readonly every: number; readonly interval: number } | null;
  readonly savings: Savings;
}

/** Answer for a run whose expected time is beyond all use. */
export interface Endless {
  readonly kind: "endless";
  readonly plan: Plan;
  readonly best: BestInterval | null;
}

export type Estimate = Finishing | Endless;

/** What a member typed; what is missing comes from the preset. */
export interface PlanWords {
  readonly gpus?: number | undefined;
  readonly gpusPerNode?: number | undefined;
  readonly hours?: string | undefined;
  readonly interruptions?: number | undefined;
  readonly mtbf?: string | undefined;
  readonly interval?: string | undefined;
  readonly write?: string | undefined;
  readonly restart?: string | undefined;
  readonly lost?: string | undefined;
  readonly recovery?: Recovery | undefined;
}

export interface Trainings {
  readonly preset: (training: Training) => Preset;
  /** @throws UserError with the allowed range */
  readonly read: (training: Training, words: PlanWords) => Plan;
  /** @throws the signal's reason */
  readonly estimate: (plan: Plan, prices: Prices, signal: AbortSignal) => Promise<Estimate>;
  /**
   * Simulates the run many times beside the program.
   * @returns null where one run alone is too long to be simulated
   * @throws the signal's reason
   */
  readonly simulate: (plan: Plan, signal: AbortSignal, progress: (share: number) => void) => Promise<Simulated | null>;
  /** The answer in a few sentences, in inline markup. */
  readonly verdict: (estimate: Estimate, words: Texts["training"]) => readonly string[];
  /** The numbers behind it: what, and how much. */
  readonly details: (estimate: Estimate, simulated: Simulated | null, words: Texts["training"]) => readonly (readonly [string, string])[];
  /** What it costs over the interval; null where no formula tells it, or it could not be drawn. */
  readonly picture: (estimate: Estimate, words: Texts["training"]) => Promise<{ readonly png: Uint8Array; readonly alt: string } | null>;
}

export const formFactors = ["sxm", "pcie", "nvl", "oam"] as const;
export type FormFactor = (typeof formFactors)[number];

/** One class of GPU: prices are compared within it and never beyond. */
export interface Gpu {
  /** Part of its metrics: `h100_sxm_80` in `compute.h100_sxm_80.index`. */
  readonly id: string;
  readonly name: string;
  readonly model: string;
  /** Null where the model comes in one form only. */
  readonly form: FormFactor | null;
  readonly memoryGb: number;
}

/** Networks of strangers; companies that rent out their own and others' hardware; clouds with list prices. */
type Side = "decentralised" | "marketplace" | "centralised";

/** Whoever asks a price for a GPU-hour. */
export interface Seller {
  readonly id: string;
  readonly name: string;
  readonly side: Side;
  /** What its price is. */
  readonly what: keyof Texts["compute"]["what"];
  /** What its median is of. */
  readonly counts: Parameters<Texts["compute"]["counted"]>[0];
  /** What a GB that leaves it costs in US dollars, null where that is not known, and why. */
  readonly egress: { readonly usdPerGb: number | null; readonly why: keyof Texts["compute"]["traffic"] };
}

/** What one seller asks for one class. */
export interface Price {
  readonly seller: Seller;
  /** Can be taken away at any time: shown, and never compared. */
  readonly spot: boolean;
  /** Median, in US dollars per GPU-hour. */
  readonly price: Figure;
  readonly low: Figure | null;
  readonly high: Figure | null;
  readonly offers: Figure | null;
  /** GPUs that can be had now; null where the seller does not say it. */
  readonly free: Figure | null;
}

/** Everything that is known of one class. */
export interface GpuPrices {
  readonly gpu: Gpu;
  /** On demand: networks, then marketplaces, then clouds, each by price. */
  readonly prices: readonly Price[];
  readonly spot: readonly Price[];
  /** Median of the networks' medians, each counted once; null where no network has it, or only prices of days ago are known. */
  readonly networks: Figure | null;
  readonly clouds: Figure | null;
  /** The networks' median as a share of the clouds', 100 for the same. */
  readonly index: Figure | null;
  /** What went wrong at each source that was asked in vain. */
  readonly troubles: readonly Trouble[];
}

/** All classes that networks and clouds both have. */
export interface PriceOverview {
  /** Median of the classes' indices. */
  readonly index: Figure | null;
  readonly gpus: readonly GpuPrices[];
  readonly troubles: readonly Trouble[];
}

/** What is to be paid for. */
export interface Job {
  /** From 0.1 to 100,000. */
  readonly hours: number;
  /** From 1 to 100,000. */
  readonly gpus: number;
  /** GB that leave where it ran. */
  readonly egressGb: number;
  /** Hours that are paid and not worked, as a part of the hours. */
  readonly idle: number;
}

/** A job's price in sentences, in inline markup. */
export interface JobWords {
  readonly verdict: string;
  readonly lines: readonly string[];
  readonly assumptions: string;
  /** Where the prices of traffic are from. */
  readonly sources: readonly Source[];
}

/** The prices of GPU-hours as commands see them. */
export interface PriceDesk {
  /** The classes that a text may mean, likeliest first; none where it is no GPU's name. */
  readonly meant: (text: string) => readonly Gpu[];
  /** The classes that were probably meant, best first; all of them for an empty text. */
  readonly nearest: (text: string) => readonly Gpu[];
  /** Never rejects for a source's or the store's failure, only with the signal's reason. */
  readonly of: (gpu: Gpu, signal: AbortSignal) => Promise<GpuPrices>;
  /** As `of`, for all classes at once. */
  readonly overview: (signal: AbortSignal) => Promise<PriceOverview>;
  /** The figure of the same metric, worked out from the same sellers, so many days ago; null where there is none. */
  readonly before: (figure: Figure, days: number) => Promise<Figure | null>;
  /** The last 90 days of both medians and of the index, from the same sellers as now. */
  readonly chart: (prices: GpuPrices, words: Texts["compute"]) => Promise<ChartStack>;
  /** The last 90 days of the index over all classes. */
  readonly indexChart: (index: Figure, words: Texts["compute"]) => Promise<LineChart>;
  /** Stores today's prices, once a day. */
  readonly record: (signal: AbortSignal) => Promise<void>;
  /** Who is cheaper and by how much, in one or two sentences. */
  readonly verdict: (prices: GpuPrices, words: Texts["compute"]) => string;
  /** A line for each price, with its receipt. */
  readonly lines: (prices: readonly Price[], now: Date, words: Texts["compute"]) => readonly string[];
  readonly job: (prices: GpuPrices, job: Job, words: Texts["compute"]) => JobWords;
}
