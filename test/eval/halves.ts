/** The two halves of every evaluation. What is fitted sees the first alone; the second is what counts. */
import { createHash } from "node:crypto";

export const halves = ["development", "held-out"] as const;
export type Half = (typeof halves)[number];

/** By the text's own hash, so that a new one moves no other. */
export const halfOf = (text: string): Half => ((createHash("sha256").update(text).digest()[0] ?? 0) % 2 === 0 ? "development" : "held-out");
