/** Where Telegram shall post, and the secret by which a post is known to be Telegram's; nothing of either is stored. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Pseudonymise } from "../../core/platform.ts";

export const webhookPath = "/telegram/webhook";

export interface WebhookAddress {
  /** As Telegram is told it. Its `by` says which installation and token it was set by, and nothing else. */
  readonly href: string;
  /** 1–256 of A-Z, a-z, 0-9, _ and - (Bot API, setWebhook). */
  readonly secret: string;
}

export interface WebhookIdentity {
  /** @param base public https address of the HTTP side */
  at(base: string): WebhookAddress;
  /** Whether a post that carries this came from Telegram. In the same time, wherever the difference is. */
  knows(secret: string): boolean;
  /** Whether this installation set this webhook, under whichever of its member keys. */
  made(href: string): boolean;
}

/**
 * The secret follows from the bot's token and the member key, which all processes of one installation have and no other has: so another
 * program with the same token neither knows it nor takes the webhook for its own.
 */
export function webhookIdentity(token: string, pseudonymise: Pseudonymise): WebhookIdentity {
  const { member, former } = pseudonymise("telegram", "webhook");
  const secrets = [member, ...former].map((name) => createHmac("sha256", token).update(`webhook:${name}`).digest("base64url"));
  const [current = ""] = secrets;
  const mark = (secret: string) => hash(secret).toString("base64url").slice(0, 16);
  const hashes = secrets.map(hash);
  return {
    at(base) {
      const url = new URL(`${base.replace(/\/+$/, "")}${webhookPath}`);
      url.searchParams.set("by", mark(current));
      return { href: url.href, secret: current };
    },
    knows(secret) {
      const given = hash(secret);
      return hashes.map((one) => timingSafeEqual(one, given)).includes(true);
    },
    made(href) {
      const by = URL.parse(href)?.searchParams.get("by");
      return secrets.some((secret) => mark(secret) === by);
    },
  };
}

const hash = (text: string): Buffer => createHash("sha256").update(text).digest();
