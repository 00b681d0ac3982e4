/** In English: what `/explain`, `/browse` and `/gaps` say around the entries, which are content. */
import type { Said } from "../said.ts";

export const explain = {
  audiences: { newcomer: "For newcomers", investor: "For investors", builder: "For builders" },
  took: (typed: string, term: string): string => `I took “${typed}” as ${term}.`,
  others: "Not what you meant?",
  near: (typed: string): string => `I have no entry called “${typed}”. Did you mean one of these?`,
  unknown: (typed: string): Said => ({
    message: `I do not have anything on “${typed}”.`,
    hint: "Try another wording, or `/browse` to see everything I can explain.",
  }),
  /** A live value inside a text. */
  dated: (value: string, freshness: string, receipt: string): string => `${value} (${freshness}, receipt ${receipt})`,
  reviewed: (audience: string, date: string): string => `${audience}. Reviewed ${date}.`,
} as const;

export const browse = {
  title: "What I can explain",
  categories: {
    field: "The field",
    network: "Networks",
    cloud: "Clouds",
    asset: "Assets",
    mechanism: "Mechanisms",
    compute: "Compute",
    storage: "Storage",
    privacy: "Privacy",
    ai: "AI",
    market: "Market",
  },
  page: (shown: number, pages: number): string => `Page ${shown} of ${pages}`,
  back: "← Back",
  more: "More →",
  all: "Categories",
} as const;

export const gaps = {
  title: "Asked for in vain",
  inPrivate: "What you ask in private is not noted. Use `/gaps` in a server or group whose admin you are.",
  kept: (days: number): string => `Only admins of this community see this. Without a new question a line is forgotten after ${days} days.`,
  none: "Nobody has asked for anything that I do not have.",
  head: { question: "Question", times: "Times", last: "Last" },
} as const;
