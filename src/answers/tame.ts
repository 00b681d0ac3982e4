/** Keeps out of the evidence what no entry should say: links, mentions, orders and bait, whoever put them there. */
import { givesOrders } from "./refuse.ts";

const bait =
  /https?:|www\.|\b[a-z0-9-]+\.(?:com|net|org|io|xyz|example)\/|[@<>]|\]\s*\(|javascript:|\b(?:buy|sell|invest|stake|click) (?:it )?now\b|\bfree (?:tokens?|money)\b|\bclick here\b/i;

/** The text without the sentences that are no information: one that gives orders is not quoted, and no model reads it. */
export const tame = (text: string): string =>
  text
    .split(/(?<=[.!?])(\s+)/)
    .filter((part) => /^\s*$/.test(part) || !(bait.test(part) || givesOrders(part)))
    .join("")
    .trim();
