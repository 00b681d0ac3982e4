/** Reads one cloud's list of the gpuhunt catalogue, which may have tens of thousands of rows: so this also runs in a thread. */
import { pipeline, type Readable } from "node:stream";
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import { matchSku } from "../match-sku.ts";
import { type Offer, type Quote, quotesOf } from "../quotes.ts";
import type { SellerId } from "../sellers.ts";

export const service = "gpuhunt catalogue";

/** By the catalogue's names. Azure and RunPod are in it, too, and speak for themselves elsewhere: nobody is counted twice. */
export const clouds: Readonly<Record<string, SellerId>> = {
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

const maxUnpackedBytes = 64_000_000;

/** @throws UpstreamError where the archive is broken, or is none of this cloud */
export async function readCatalogue(
  packed: Uint8Array,
  cloud: string,
): Promise<{ readonly quotes: readonly Quote[]; readonly offers: number }> {
  const offers: Offer[] = [];
  for await (const offer of offersIn(packed, cloud)) offers.push(offer);
  return { quotes: quotesOf(offers), offers: offers.length };
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
    throw new UpstreamError(service, "bad_shape", { detail: "a broken archive", cause: error });
  }
}

/** One file of the archive. An archive that unfolds into far more than it says ends the reading. */
async function unpack(packed: Uint8Array, name: string): Promise<Readable> {
  const { fromBufferPromise } = await import("yauzl");
  const archive = await fromBufferPromise(Buffer.from(packed), { validateEntrySizes: true });
  for await (const entry of archive.eachEntry()) {
    if (entry.fileName !== name) continue;
    if (entry.uncompressedSize > maxUnpackedBytes)
      throw new UpstreamError(service, "too_large", { detail: `more than ${maxUnpackedBytes} bytes` });
    return archive.openReadStreamPromise(entry);
  }
  throw new UpstreamError(service, "bad_shape", { detail: "the list is not in its archive" });
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
