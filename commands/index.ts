/** Every command, in the order of `/help`. */
import ask from "./ask.ts";
import browse from "./browse.ts";
import claims from "./claims.ts";
import compute from "./compute.ts";
import digest from "./digest.ts";
import explain from "./explain.ts";
import exported from "./export.ts";
import forecast from "./forecast.ts";
import gaps from "./gaps.ts";
import groups from "./groups.ts";
import help from "./help.ts";
import link from "./link.ts";
import linkme from "./linkme.ts";
import market from "./market.ts";
import network from "./network.ts";
import opinion from "./opinion.ts";
import poll from "./poll.ts";
import predict from "./predict.ts";
import predictions from "./predictions.ts";
import privacy from "./privacy.ts";
import reliability from "./reliability.ts";
import report from "./report.ts";
import results from "./results.ts";
import sentiment from "./sentiment.ts";
import settings from "./settings.ts";
import setup from "./setup.ts";
import stance from "./stance.ts";
import start from "./start.ts";
import status from "./status.ts";
import subscribe from "./subscribe.ts";
import topic from "./topic.ts";
import topics from "./topics.ts";
import training from "./training.ts";
import unsubscribe from "./unsubscribe.ts";
import unwatch from "./unwatch.ts";
import vote from "./vote.ts";
import watch from "./watch.ts";
import why from "./why.ts";

export const commands = [
  explain,
  ask,
  browse,
  market,
  network,
  compute,
  training,
  report,
  reliability,
  forecast,
  predict,
  predictions,
  why,
  digest,
  topics,
  opinion,
  sentiment,
  groups,
  claims,
  stance,
  poll,
  results,
  vote,
  link,
  linkme,
  subscribe,
  unsubscribe,
  watch,
  unwatch,
  settings,
  setup,
  topic,
  exported,
  gaps,
  privacy,
  status,
  start,
  help,
];
