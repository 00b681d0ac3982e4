/**
 * The page that Discord posts interactions to. It says that one has come, and the answer goes the way that it goes from the gateway: through
 * the callback, which Discord takes once for each interaction, and which tells whether it was taken.
 */
import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import type { Webhook } from "../../core/webhook.ts";

export interface InteractionsPageOptions {
  /** 64 hex digits. */
  readonly publicKey: string;
  readonly now: () => Date;
  /** Takes one interaction; false where nobody is there to answer it. */
  readonly take: (data: unknown) => boolean;
}

/** Clocks differ, and a proxy may hold a request up; what was overheard is of no use afterwards. */
const validMs = 5 * 60_000;
/** A message's menu brings the whole message along: 6,000 characters of embeds, ten attachments, each character escaped. */
const bodyBytes = 256 * 1024;

const kindSchema = z.object({ type: z.number() });
/** Interaction and answer type 1 (interactions/overview, "Setting Up an Endpoint"). */
const ping = 1;
const pong = { type: 1 };

export function createInteractionsPage({ publicKey, now, take }: InteractionsPageOptions): Webhook {
  const x = Buffer.from(publicKey, "hex").toString("base64url");
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });

  return {
    path: "/discord/interactions",
    bodyBytes,
    async receive({ header, body }) {
      const signature = header("x-signature-ed25519") ?? "";
      const timestamp = header("x-signature-timestamp") ?? "";
      if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(timestamp)) return { status: 401 };
      if (Math.abs(now().getTime() - Number(timestamp) * 1000) > validMs) return { status: 401 };
      const content = await body();
      const signed = Buffer.concat([Buffer.from(timestamp), content]);
      if (!verify(null, signed, key, Buffer.from(signature, "hex"))) return { status: 401 };
      const data = parse(content);
      const kind = kindSchema.safeParse(data);
      if (!kind.success) return { status: 400 };
      if (kind.data.type === ping) return { status: 200, json: pong };
      // 202: "answered over the callback" (interactions/receiving-and-responding).
      return { status: take(data) ? 202 : 503 };
    },
  };
}

function parse(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return null;
  }
}
