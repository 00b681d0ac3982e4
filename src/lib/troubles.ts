/** A source's failure in words that a person can read. */
import { UpstreamError, type UpstreamKind } from "../core/errors.ts";

const words: Readonly<Record<UpstreamKind, string>> = {
  timeout: "did not answer in time",
  unreachable: "could not be reached",
  rate_limited: "asked me to come back later",
  unauthorised: "refused the request",
  not_found: "did not find what I asked for",
  server_error: "has trouble of its own",
  bad_shape: "sent nothing I could use",
  too_large: "sent far more than I asked for",
};

/** "CoinGecko did not answer in time". */
export const describeTrouble = (source: string, error: unknown): string =>
  `${source} ${error instanceof UpstreamError ? words[error.kind] : "failed in a way I did not expect"}`;
