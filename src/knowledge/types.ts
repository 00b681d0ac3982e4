/** What the knowledge base holds and how it is asked. */
import type { Figure } from "../core/figure.ts";

export const audiences = ["newcomer", "investor", "builder"] as const;
export type Audience = (typeof audiences)[number];

export const categories = ["field", "network", "cloud", "asset", "mechanism", "compute", "storage", "privacy", "ai", "market"] as const;
export type Category = (typeof categories)[number];

/** One entry; its texts are marked-up and may hold `{{metric}}` slots. */
export interface Entry {
  readonly id: string;
  readonly term: string;
  /** What the letters of an acronym stand for. */
  readonly expansion?: string | undefined;
  readonly aliases: readonly string[];
  readonly misspellings: readonly string[];
  readonly category: Category;
  readonly texts: Readonly<Record<Audience, string>>;
  readonly related: readonly string[];
  /** How people ask for it, in their own words. */
  readonly asks: readonly string[];
  readonly sources: readonly { readonly title: string; readonly url: string; readonly supports: string }[];
  /** Day of the last review, `YYYY-MM-DD`. */
  readonly reviewed: string;
}

export type Lookup =
  /** The entry that was named, exactly or with a slip that leaves no doubt. `corrected` is set in the second case. */
  | { readonly kind: "found"; readonly entry: Entry; readonly corrected: boolean }
  /** Nothing certain: the nearest, best first, at most three. */
  | { readonly kind: "near"; readonly entries: readonly Entry[] }
  | { readonly kind: "none" };

export interface Knowledge {
  entry(id: string): Entry | null;
  find(query: string): Lookup;
  /** Entries whose names begin with or resemble what was typed, best first. */
  suggest(typed: string, limit: number): readonly Entry[];
  /** A text with its `{{metric}}` slots filled by `show`, or by "no data" where a metric has no figure. */
  fill(text: string, figureOf: (metric: string) => Promise<Figure | null>, show: (figure: Figure) => string): Promise<string>;
}
