/** The port through which the program says how its work goes, for metrics: names from short lists and durations, never who, where or what. */
import type { UpstreamKind } from "./errors.ts";
import type { PlatformName } from "./ids.ts";

/** Of an answer to a member: `refused` is the member's to mend, `upstream` a service's, `internal` ours. */
export type AnswerOutcome = "answered" | "refused" | "upstream" | "internal";

/** Of a message that was posted unasked; see `SendFailure`. */
export type PostOutcome = "delivered" | "not_sent" | "refused" | "unknown";

/** What became of a delivery in the end, of which `refused` and `uncertain` may still change. */
export type DeliveryOutcome = "delivered" | "uncertain" | "refused" | "expired";

/** Every duration is in seconds. */
export interface Observer {
  /** @param command one of the catalogue, `button`, or `unknown` */
  answered(platform: PlatformName, command: string, outcome: AnswerOutcome, seconds: number): void;
  posted(platform: PlatformName, outcome: PostOutcome, seconds: number): void;
  settled(platform: PlatformName, outcome: DeliveryOutcome): void;
  /** Deliveries that nobody tried: `skipped` were due too long ago, `unserved` waited for a platform that was not served. */
  missed(reason: "skipped" | "unserved", deliveries: number): void;
  /** What a platform posted to its page, and what it was told: a status of `Receipt`. */
  received(platform: PlatformName, status: number, seconds: number): void;
  /** @param source one of the program's data sources, as it is called there */
  fetched(source: string, outcome: "ok" | UpstreamKind, seconds: number): void;
  /** @param prompt one of `prompts/` */
  asked(prompt: string, outcome: "ok" | UpstreamKind | "internal", seconds: number): void;
}
