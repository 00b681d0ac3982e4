/** A source's failure, as people are told of it. */
import { type Trouble, UpstreamError } from "../core/errors.ts";

export const troubleOf = (source: string, error: unknown): Trouble => ({
  source,
  kind: error instanceof UpstreamError ? error.kind : "unexpected",
});
