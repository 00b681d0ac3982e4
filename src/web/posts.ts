/** Hands what a platform posts to the platform, which checks who sent it before it asks for more than the headers. */
import type { Context } from "hono";
import type { Webhook } from "../core/webhook.ts";

class TooLarge extends Error {
  override readonly name = "TooLarge";
}

class BrokenOff extends Error {
  override readonly name = "BrokenOff";
}

export async function answerPost(c: Context, webhook: Webhook): Promise<Response> {
  try {
    const { status, json } = await webhook.receive({
      header: (name) => c.req.header(name),
      body: () => bodyOf(c.req.raw, webhook.bodyBytes),
    });
    return json === undefined ? c.body(null, status) : c.json(json, status);
  } catch (error) {
    if (error instanceof TooLarge) return c.text("too large\n", 413, { Connection: "close" });
    // Nobody hears it; and a stranger must not fill the log by it.
    if (error instanceof BrokenOff) return c.text("broken off\n", 400, { Connection: "close" });
    throw error;
  }
}

/** Proxies may send no length, so what comes is counted. */
async function bodyOf(request: Request, most: number): Promise<Uint8Array> {
  if (Number(request.headers.get("content-length") ?? 0) > most) throw new TooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > most) throw new TooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof TooLarge ? error : new BrokenOff();
  }
  return Buffer.concat(chunks);
}
