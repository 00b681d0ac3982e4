/** What the bot says of itself, in English: the catalogue that every further language answers line by line. Inline markup throughout. */
import { ask } from "./english/ask.ts";
import { claims, groups } from "./english/claims.ts";
import { compute } from "./english/compute.ts";
import { digest, digestCommand } from "./english/digest.ts";
import { doors, forms, terminal } from "./english/doors.ts";
import { browse, explain, gaps } from "./english/explain.ts";
import { forecasts } from "./english/forecasts.ts";
import { buttons, help, start } from "./english/help.ts";
import { ledger } from "./english/ledger.ts";
import { market, network, troubles, watch, why } from "./english/market.ts";
import { opinion, stance, topic, topics } from "./english/opinions.ts";
import { link, linkme, poll, results, vote } from "./english/polls.ts";
import { exporting, privacy, settings, status } from "./english/privacy.ts";
import { params, refusals } from "./english/refusals.ts";
import { schedule, subscribe, unsubscribe } from "./english/schedule.ts";
import { sentiment } from "./english/sentiment.ts";
import { setup } from "./english/setup.ts";
import { training } from "./english/training.ts";

export const english = {
  ask,
  claims,
  groups,
  compute,
  digest,
  digestCommand,
  forms,
  doors,
  terminal,
  forecasts,
  explain,
  browse,
  gaps,
  help,
  ledger,
  start,
  buttons,
  troubles,
  market,
  network,
  why,
  watch,
  opinion,
  stance,
  topics,
  topic,
  poll,
  vote,
  results,
  link,
  linkme,
  privacy,
  exporting,
  settings,
  status,
  refusals,
  params,
  schedule,
  subscribe,
  unsubscribe,
  sentiment,
  setup,
  training,
} as const;
