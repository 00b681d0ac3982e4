/** What the bot says of itself, in English: the catalogue that every further language answers line by line. Inline markup throughout. */
import { ask } from "./english/ask.ts";
import { digest, digestCommand } from "./english/digest.ts";
import { browse, explain, gaps } from "./english/explain.ts";
import { buttons, help, start } from "./english/help.ts";
import { market, network, troubles, watch, why } from "./english/market.ts";
import { link, linkme, poll, results, vote } from "./english/polls.ts";
import { params, refusals } from "./english/refusals.ts";
import { schedule, subscribe, unsubscribe } from "./english/schedule.ts";

export const english = {
  ask,
  digest,
  digestCommand,
  explain,
  browse,
  gaps,
  help,
  start,
  buttons,
  troubles,
  market,
  network,
  why,
  watch,
  poll,
  vote,
  results,
  link,
  linkme,
  refusals,
  params,
  schedule,
  subscribe,
  unsubscribe,
} as const;
