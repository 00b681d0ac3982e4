/** What the bot says of itself, in English: the catalogue that every further language answers line by line. Inline markup throughout. */
import { ask } from "./english/ask.ts";
import { digest } from "./english/digest.ts";
import { browse, explain, gaps } from "./english/explain.ts";
import { buttons, help, start } from "./english/help.ts";
import { market, network, troubles, watch, why } from "./english/market.ts";
import { params, refusals } from "./english/refusals.ts";

export const english = {
  refusals,
  params,
  help,
  start,
  buttons,
  explain,
  browse,
  gaps,
  ask,
  troubles,
  market,
  network,
  why,
  watch,
  digest,
} as const;
