/** The gpuhunt catalogue: list prices of AWS, Google Cloud and others, collected daily by dstack. A third party without a promise. */
import { UpstreamError } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import { readList } from "../list-reading.ts";
import { quoteFigures } from "../quotes.ts";
import { type Asking, hourMs, type SourceDefinition, thoseThatCame } from "../source-definition.ts";
import { clouds, service as source } from "./gpuhunt-rows.ts";

/** Packed, AWS is the largest with about a megabyte. */
const maxPackedBytes = 8_000_000;
/** The catalogue is made anew each day: an older one is no price of today. */
const maxAgeMs = 14 * 24 * hourMs;

export const gpuhunt: SourceDefinition<"GPUHUNT_URL"> = {
  name: source,
  setting: "GPUHUNT_URL",
  freshMs: 6 * hourMs,
  async fetch(asking) {
    const lists = Object.keys(clouds).map((cloud) => listOf(cloud, asking));
    return (await thoseThatCame(source, asking.log, lists)).flat();
  },
};

async function listOf(cloud: string, { baseUrl, http, now, signal }: Asking): Promise<readonly Figure[]> {
  const ask = (path: string, maxBytes: number) => http.getBytes({ service: source, url: `${baseUrl}/${cloud}/${path}`, signal, maxBytes });
  const version = new TextDecoder().decode(await ask("version", 100)).trim();
  const observedAt = dayOf(version, now());
  const packed = await ask(`${version}/catalog.zip`, maxPackedBytes);
  const { quotes } = await readList({ kind: "gpuhunt", bytes: packed, cloud }, signal);
  const url = `https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com/v3/${cloud}/${version}/catalog.zip`;
  return quoteFigures(quotes, { source, url, observedAt, fetchedAt: now() });
}

/** "20260818-42" is the 42nd of 18 August 2026. */
function dayOf(version: string, now: Date): Date {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})-\d{1,6}$/.exec(version) ?? [];
  const at = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) throw new UpstreamError(source, "bad_shape", { detail: "no version" });
  const age = now.getTime() - at.getTime();
  if (age > maxAgeMs || age < -24 * hourMs) throw new UpstreamError(source, "bad_shape", { detail: "not of these days" });
  return at;
}
