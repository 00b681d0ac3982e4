/** What members report of real runs, what is made of it, and the port that storage implements for it. */
import type { CommunityId, MemberId, ReportId } from "../core/ids.ts";
import type { Estimate } from "../opinions/types.ts";
import type { EvidenceGrade } from "../reading/types.ts";

/** One run as somebody saw it. */
export interface Run {
  /** As it is called: "Akash". */
  readonly network: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly nodes: number;
  /** How long it ran. */
  readonly hours: number;
  readonly interruptions: number;
  /** Checkpoints that were written; null here and below where nothing is said of it. */
  readonly written: number | null;
  /** Checkpoints that turned out lost or corrupt when they were needed. */
  readonly lost: number | null;
  /** How often the run went on from a checkpoint. */
  readonly resumed: number | null;
  /** From an interruption to working again, as a rule. */
  readonly recoveryHours: number | null;
  /** A link or a part of a log; empty where there is none. */
  readonly evidence: string;
  readonly grade: EvidenceGrade;
}

export interface Report extends Run {
  readonly id: ReportId;
  readonly community: CommunityId;
  readonly member: MemberId;
  readonly at: Date;
}

/** A report as it is counted: accounts that one person has joined are one. */
export interface Entry extends Report {
  readonly person: string;
  /** Whether its author may be quoted. */
  readonly quotable: boolean;
}

export interface LedgerStore {
  /** Adds a report, or puts it in the place of the one that this member has under its id; false where somebody else has it. */
  put(report: Report): Promise<boolean>;
  find(id: ReportId): Promise<Report | null>;
  /**
   * Deletes it, with its buttons and whatever its author had typed into forms of `/report` in its community; false where this member has no
   * such report.
   */
  remove(id: ReportId, member: MemberId): Promise<boolean>;
  /** The newest reports of one community, the oldest of them first. */
  of(community: CommunityId, limit: number): Promise<readonly Entry[]>;
}

/** What a form of `/report` asks for, in its order. */
export const runFields = [
  "network",
  "gpu",
  "gpus",
  "hours",
  "interruptions",
  "written",
  "lost",
  "resumed",
  "recovery",
  "evidence",
] as const;
export type RunField = (typeof runFields)[number];

/** Those that cannot be left out. */
export const neededFields: readonly RunField[] = ["network", "gpu", "gpus", "hours", "interruptions"];

/** As typed; an empty text or a dash leaves it out, and what is absent was not asked for yet. */
export type RunWords = Partial<Readonly<Record<RunField, string>>>;

/** What cannot be, and the range that is allowed. */
export type Problem =
  | { readonly field: RunField; readonly kind: "missing" | "no_name" | "no_number" | "no_time" | "no_gpus" }
  | { readonly field: RunField; readonly kind: "too_long"; readonly max: number }
  /** `max` depends on what was said before. */
  | { readonly field: "lost" | "resumed"; readonly kind: "more_than_written"; readonly max: number }
  | { readonly field: "interruptions"; readonly kind: "too_often"; readonly max: number };

export interface RunReading {
  /** Null where something is wrong or missing. */
  readonly run: Run | null;
  /** The first that is wrong. */
  readonly problem: Problem | null;
}

/** What was left out or counts less, so that a reader can judge it. */
export interface Weighing {
  /** Reports of hearsay, which do not count. */
  readonly heard: number;
  /** Reports so far from everyone else's that chance does not explain it: each counts a quarter. */
  readonly outliers: number;
  /** So many reports are far from the others that none is weighted down for it. */
  readonly disagree: boolean;
  /** Members whose reports would be more than two fifths of everything: how many reports, and the share of all before. */
  readonly capped: readonly { readonly reports: number; readonly share: number }[];
}

/** A rate or a share that was counted over reports. */
export interface Measurement {
  readonly estimate: Estimate;
  /** What was counted, before anything was weighted. */
  readonly events: number;
  readonly exposure: number;
  readonly reports: number;
  readonly people: number;
  readonly weighing: Weighing;
}

/** Either is null where there are too few reports to show it. */
export interface Reliability {
  /** Null where it is of several networks. */
  readonly network: string | null;
  readonly reports: number;
  readonly people: number;
  readonly grades: Readonly<Record<EvidenceGrade, number>>;
  /** Per node-day. */
  readonly interruptions: Measurement | null;
  /** Of checkpoints that were needed, those that could be gone on from. */
  readonly survival: Measurement | null;
  /** The middle one of people's middle ones, and of how many reports and people. */
  readonly recovery: { readonly hours: number; readonly reports: number; readonly people: number } | null;
  /** The newest evidence of members who may be quoted; a handful at most. */
  readonly evidence: readonly string[];
  readonly oldest: Date;
  readonly newest: Date;
}

/** Below this nothing is shown: it would say more of one member than of a network. */
export const fewestReports = 5;
export const fewestReporters = 3;

/** What topics can be measured by, over the decentralised networks that a community has reported on. */
export const ledgerMetrics = ["ledger.interruptions", "ledger.checkpoint_survival"] as const;
export type LedgerMetric = (typeof ledgerMetrics)[number];
export const isLedgerMetric = (metric: string): metric is LedgerMetric => ledgerMetrics.some((known) => known === metric);

/** The ledger as commands see it. */
export interface Ledger {
  /** What a member typed of a run, read as far as it goes. */
  read(words: RunWords): RunReading;
  /** The words of a report, as its form shows them. */
  words(run: Run): Required<RunWords>;
  /**
   * Logs durably; `origin` names the press or the request that asked for it: the same one with other words corrects what it logged.
   * @returns null of a member who wants nothing logged
   */
  report(entry: {
    readonly community: CommunityId;
    readonly member: MemberId;
    readonly run: Run;
    readonly at: Date;
    readonly origin?: string | undefined;
  }): Promise<Report | null>;
  /** Null where this member has no such report here. */
  find(id: string, community: CommunityId, member: MemberId): Promise<Report | null>;
  /** Puts other words in the place of a report's; false where it was erased meanwhile. */
  correct(report: Report, run: Run): Promise<boolean>;
  /** False where this member has no such report. */
  erase(id: ReportId, member: MemberId): Promise<boolean>;
  /** One for each network that somebody here has reported on, most reports first. */
  networks(community: CommunityId): Promise<readonly Reliability[]>;
  /** A network that was reported on here, however it is spelled; null where nobody has. */
  network(community: CommunityId, typed: string): Promise<Reliability | null>;
  /** Over all networks here that are known as decentralised; null without a report on one. */
  decentralised(community: CommunityId): Promise<Reliability | null>;
  /** Names of networks that can be meant, those with reports first. */
  suggest(community: CommunityId, typed: string): Promise<readonly string[]>;
  /**
   * Reports as CSV, without members, of networks with enough of them; `leftOut` counts the reports on others.
   * @param quoting whether the community lets its members be quoted: then the evidence of those who allow it stands in it
   */
  exported(
    community: CommunityId,
    quoting: boolean,
  ): Promise<{ readonly content: Uint8Array; readonly rows: number; readonly leftOut: number }>;
}
