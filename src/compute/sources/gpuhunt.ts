/** The gpuhunt catalogue: list prices of AWS, Google Cloud and others, collected daily by dstack. A third party without a promise. */
import { pipeline, type Readable } from "node:stream";
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import type { Figure } from "../../core/figure.ts";
import { matchSku } from "../match-sku.ts";
import { type Offer, quoteFigures, quotesOf } from "../quotes.ts";
import type { SellerId } from "../sellers.ts";
import { type Asking, hourMs, type SourceDefinition, thoseThatCame } from "../source-definition.ts";

const source = "gpuhunt catalogue";

/** By the catalogue's names. Azure and RunPod are in it, too, and speak for themselves elsewhere: nobody is counted twice. */
const clouds: Readonly<Record<string, SellerId>> = {
  aws: "aws",
  gcp: "gcp",
  lambdalabs: "lambda",
  nebius: "nebius",
  oci: "oci",
  verda: "verda",
};

const row = z.object({
  instance_name: z.string().min(1),
  location: z.string(),
  price: z.string().regex(/^\d+(\.\d+)?(e-?\d+)?$/),
  gpu_count: z.coerce.number().int().min(1),
  gpu_name: z.string().min(1),
  gpu_memory: z.coerce.number().positive(),
  spot: z.enum(["True", "False"]),
  flags: z.string().default(""),
});

/** Packed, AWS is the largest with about a megabyte. */
const maxPackedBytes = 8_000_000;
const maxUnpackedBytes = 64_000_000;
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
  const offers: Offer[] = [];
  for await (const offer of offersIn(packed, cloud)) offers.push(offer);
  const url = `https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com/v3/${cloud}/${version}/catalog.zip`;
  return quoteFigures(quotesOf(offers), { source, url, observedAt, fetchedAt: now() });
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

/** Row by row, so that a long list never holds up everyone else. */
async function* offersIn(packed: Uint8Array, cloud: string): AsyncGenerator<Offer> {
  const seller = clouds[cloud];
  if (seller === undefined) return;
  try {
    // Only loaded where a list is read: they cost start time.
    const { parse } = await import("csv-parse");
    const rows = parse({ columns: true, relax_column_count: true, bom: true });
    // A failure ends the rows, and is thrown by whoever reads them.
    pipeline(await unpack(packed, `${cloud}.csv`), rows, () => undefined);
    for await (const record of rows) {
      const read = row.safeParse(record);
      const offer = read.success ? offerOf(read.data, seller) : null;
      if (offer !== null) yield offer;
    }
  } catch (error) {
    if (error instanceof UpstreamError) throw error;
    throw new UpstreamError(source, "bad_shape", { detail: "a broken archive", cause: error });
  }
}

/** One file of the archive. An archive that unfolds into far more than it says ends the reading. */
async function unpack(packed: Uint8Array, name: string): Promise<Readable> {
  const { fromBufferPromise } = await import("yauzl");
  const archive = await fromBufferPromise(Buffer.from(packed), { validateEntrySizes: true });
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName !== name) continue;
    if (entry.uncompressedSize > maxUnpackedBytes)
      throw new UpstreamError(source, "too_large", { detail: `more than ${maxUnpackedBytes} bytes` });
    return archive.openReadStreamPromise(entry);
  }
  throw new UpstreamError(source, "bad_shape", { detail: "the list is not in its archive" });
}

/** Flags that mark prices of another kind: capacity that is booked for days, and clusters. */
const otherPrice = /dws|calendar|capacity|reserv|cluster/i;

function offerOf({ instance_name: name, location, price, spot, flags, ...gpu }: z.output<typeof row>, seller: SellerId): Offer | null {
  const matched = matchSku({ seller, name, model: gpu.gpu_name, memoryGb: gpu.gpu_memory, gpus: gpu.gpu_count });
  if (matched === null || otherPrice.test(flags)) return null;
  return {
    gpu: matched.gpu,
    seller,
    spot: spot === "True",
    provider: `${name} ${location}`,
    price: Number(price) / matched.gpus,
    raw: `${price}${matched.gpus === 1 ? "" : ` / ${matched.gpus} GPUs`} (${name}, ${location})`,
    free: null,
  };
}
