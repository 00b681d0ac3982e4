/** What an opinion is about in its topic, and how firmly it is held: read from plain words, so that it can be checked by eye. */
import type { TopicId } from "../core/ids.ts";
import { type Aspect, aspects, type Strength } from "./types.ts";

/** Beginnings of words, or whole phrases. */
const words: Readonly<Record<Aspect, RegExp>> = {
  price: /\b(?:pric|cost|cheap|expensive|dear|bill|invoice|pay|paid|saving|saved?\b|discount|fee|egress|afford|bargain|money|dollar|\$|€)/u,
  latency: /\b(?:latenc|lag|slow|fast|quick|ping\b|jitter|response|respond|real[ -]?time|\d+ ?ms\b|p9\d|timeout|instant|consisten|delay)/u,
  uptime:
    /\b(?:uptime|downtime|outage|offline|online|dropout|drop(?:s|ped)? out|churn|preempt|interrupt|crash|unplug|node (?:left|leaves|died)|available|availability|sla\b)/u,
  bandwidth: /\b(?:bandwidth|throughput|interconnect|sync|fibre|fiber|upload|network speed|gbit|mbit|allreduce)/u,
  checkpointing: /\b(?:checkpoint|snapshot|saved state|training state|restor|resume)/u,
  privacy:
    /\b(?:privat|privacy|confidential|enclave|tee\b|tees\b|tdx|sgx|sev\b|attest|encrypt|leak|zk\b|zero.knowledge|federated|personal data|secret)/u,
  compliance: /\b(?:gdpr|hipaa|soc2|audit|legal|lawyer|complian|regulat|contract)/u,
  knowledge: /\b(?:understand|understood|clueless|no (?:idea|clue)|know|knew|due diligence|homework|research|explain)/u,
  competition: /\b(?:compet|pressure|threat|hyperscaler|big three|aws|amazon|azure|google|gcp|microsoft|oligopol|lock.in|undercut)/u,
  growth:
    /\b(?:early|grow|upside|potential|room|bubble|hype|overvalued|undervalued|valuation|market cap|mcap|revenue|trillion|billion|priced in|fdv)/u,
};

/** What a topic is about by itself. */
const ofTopic: Readonly<Record<string, Aspect>> = {
  "compute-pricing": "price",
  latency: "latency",
  "training-reliability": "uptime",
  "checkpoint-reliability": "checkpointing",
  "data-privacy": "privacy",
  "institutional-understanding": "knowledge",
  "cloud-competition": "competition",
  "market-size": "growth",
};

/** The topic's own aspect where its words are used; otherwise the first other one that is named; null where nothing is. */
export function readAspect(topic: TopicId, text: string): Aspect | null {
  const lower = text.toLowerCase();
  const own = ofTopic[topic];
  if (own !== undefined && words[own].test(lower)) return own;
  return aspects.find((aspect) => words[aspect].test(lower)) ?? own ?? null;
}

const firm =
  /\b(?:always|never|every|definitely|absolutely|clearly|obviously|no way|far too|way too|totally|completely|utterly|terrible|horrible|brutal|awful|unusable|useless|unbeatable|hopeless|insane|zero|by (?:a mile|far)|period|full stop|hands down|end of story|not once|nobody|nothing|no doubt|hard agree|joke)\b|!/u;
const hedged =
  /\b(?:maybe|perhaps|might|probably|i think|i guess|imo|imho|kind of|sort of|somewhat|a bit|not sure|it depends|depends|sometimes|seems?|could be|more or less|in some cases|partly)\b/u;

export function readStrength(text: string): Strength {
  const lower = text.toLowerCase();
  if (hedged.test(lower)) return "weak";
  return firm.test(lower) ? "strong" : "moderate";
}
