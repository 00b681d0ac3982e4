/** Reads `Retry-After` (RFC 9110, section 10.2.3), which services also fill with what is no time at all. */

/** A service that asks for hours is answered by its fallback; nobody waits longer than this. */
const maxRetryAfterMs = 60_000;

const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * The wait in milliseconds, from 0 to a minute, of a header in seconds or as a date; undefined for anything else.
 * @param now milliseconds since 1970
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  // Fractions are no HTTP, but several APIs send them.
  if (/^\d{1,15}(\.\d{1,9})?$/.test(text)) return Math.min(Number(text) * 1000, maxRetryAfterMs);
  if (!httpDate.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : Math.min(Math.max(at - now, 0), maxRetryAfterMs);
}
