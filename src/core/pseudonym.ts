/** Members as keyed hashes: the same person, the same pseudonym, and no way back without the key. */
import { createHmac } from "node:crypto";
import { memberId } from "./ids.ts";
import type { Pseudonymise } from "./platform.ts";

/**
 * HMAC-SHA-256 over platform and user id, 132 bits as 22 characters of base64url.
 * @param keys newest first; the others only recognise returning members after a rotation
 */
export function pseudonymiser(keys: readonly string[]): Pseudonymise {
  const [current, ...earlier] = keys;
  if (current === undefined) throw new TypeError("no member key");
  const hash = (key: string, text: string) => memberId(createHmac("sha256", key).update(text).digest("base64url").slice(0, 22));
  return (platform, userId) => {
    const text = `${platform}:${userId}`;
    return { member: hash(current, text), former: earlier.map((key) => hash(key, text)) };
  };
}
