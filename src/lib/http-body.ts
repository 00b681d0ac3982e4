/** Reads a response's body up to a limit, so that no service can fill the memory. */

/** The body is larger than `limit` bytes. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
  readonly limit: number;
  constructor(limit: number) {
    super(`body larger than ${limit} bytes`);
    this.limit = limit;
  }
}

/**
 * The body's bytes. What counts is the decompressed size: a small compressed answer can unfold into gigabytes.
 * @throws TooLarge as soon as the limit is passed; the rest is not downloaded
 */
export async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array> {
  const announced = Number(response.headers.get("content-length") ?? 0);
  if (announced > maxBytes) {
    await response.body?.cancel();
    throw new TooLarge(maxBytes);
  }
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the stream and closes the connection.
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
