/** What is refused before anything is looked up and before any model is asked: advice, prophecies, commands to the bot, other people's data. */
import type { Refusal } from "./types.ts";

/** Cyrillic and Greek letters that look like Latin ones, so that a pattern is not dodged by one of them. */
const lookalikes: Readonly<Record<string, string>> = Object.fromEntries(
  [
    "аa",
    "еe",
    "оo",
    "рp",
    "сc",
    "уy",
    "хx",
    "іi",
    "ѕs",
    "ԁd",
    "һh",
    "јj",
    "мm",
    "тt",
    "кk",
    "вb",
    "нh",
    "οo",
    "αa",
    "εe",
    "ιi",
    "κk",
    "νv",
    "ρp",
    "τt",
    "υu",
  ].map((pair) => [pair.charAt(0), pair.charAt(1)]),
);

const plain = (question: string): string =>
  question
    .normalize("NFKD")
    .replace(/\p{M}|\p{Cf}/gu, "")
    .toLowerCase()
    .replace(/[^\p{ASCII}]/gu, (letter) => lookalikes[letter] ?? letter)
    .replace(/[’‘`]/g, "'")
    .replace(/[^\p{L}\p{N}':@<>$?.!/]+/gu, " ")
    .trim();

const trade = "(?:buy(?:ing)?|sell(?:ing)?|invest(?:ing)?(?: in)?|ape|accumulat(?:e|ing)|dca|stack)";

const advice: readonly RegExp[] = [
  /\b(?:price|market|cap|token|coin|sector)s?\b.{0,20}\b(?:prediction|forecast|outlook|target)s?\b/,
  /\b(?:predict|forecast)\w*\b.{0,40}\b(?:price|value|token|coin|cap|cost|worth)\b/,
  // Of machines it may be asked what they will do.
  /\bwill (?!nodes?|latency|workers?|miners?|providers?|data|jobs?|uptime|you\b)(?:the )?(?:price of )?\$?[\w.]+(?: (?:price|token|coin|market|sector))? (?:ever |soon |really |probably |likely )?(?:go (?:up|down|to)|rise|fall|drop|crash|moon|pump|dump|rally|recover|explode|hit|reach|cross|double|triple|outperform|be worth|cost)\b/,
  /\bgoing (?:up|down|to (?:rise|fall|drop|crash|moon|pump|dump|rally|hit|reach|be worth|double))\b/,
  /\b(?:what|how much|where) (?:will|would|could|might) .{1,40}\b(?:be worth|be at|cost|trade at|be priced|stand)\b/,
  /\bhow (?:high|low|far) (?:can|could|will|would) (?:the )?\$?(?:prices?|market|tokens?|coins?|sector|btc|eth|fil|tao|akt|hnt|ar|rndr|bitcoin|ethereum|filecoin|bittensor|akash|helium|arweave)\b/,
  new RegExp(
    `\\b(?:should|shall|must|would you|do you think) (?:i|we|my \\w+|people|someone|one)\\b.{0,30}\\b(?:${trade}|hold|long|short|bet|trade|get into|put (?:my )?money)\\b`,
  ),
  new RegExp(
    `\\b(?:worth|good|bad|great|safe|best|right|smart|wise|too late|time|moment)(?: time| moment| idea)? (?:to |for )?${trade}\\b`,
  ),
  /\b(?:worth holding|time to hold|(?:good|bad|great|safe|best|smart) investments?)\b/,
  /\b(?:best|top|next|hottest) (?:depin |ai |crypto )?(?:coins?|tokens?|altcoins?|projects?|assets?|gems?)\b.{0,30}\b(?:buy|sell|invest|hold|own|pump|moon|explode|now|\d+x)\b/,
  new RegExp(
    `\\b(?:which|what) (?:depin |ai |crypto )?(?:coins?|tokens?|altcoins?|projects?|assets?)\\b.{0,30}\\b(?:to (?:buy|sell|hold|own)|should|${trade}|pump|moon|explode|\\d+x)\\b`,
  ),
  /\b(?:buy|sell|hold)(?: or (?:buy|sell|hold))+\b/,
  /\b(?:when|wen) (?:moon|lambo)\b|\b\d+x (?:potential|gains?|coins?|tokens?)\b|\bnext \d+x\b/,
  /\b(?:get rich|easy money|entry point|stop loss|take profit|(?:financial|investment|trading) advice|(?:trading|buy|sell) signals?)\b/,
  new RegExp(`\\b(?:tell|advise|recommend|suggest)\\b.{0,30}\\b(?:${trade}|portfolio)\\b`),
  /\b(?:undervalued|overvalued|bottomed|bull run|altseason)\b/,
  /\bhow much (?:will|would|can|could) (?:i|we) (?:earn|make|profit)\b/,
];

const instructions: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|overrule|neglect)\b.{0,40}\b(?:instructions?|prompts?|rules|previous|prior|above|guidelines?|restrictions?|filters?|everything|you were told)\b/,
  /\b(?:bypass|break|drop|skip|discard|disable|turn off|remove)\b.{0,15}\byour (?:\w+ )?(?:rules?|filters?|instructions?|prompts?|restrictions?|guidelines?|limits?|guard\w*|safety|system)\b/,
  /\b(?:show|reveal|print|repeat|tell|give|leak|output|write|display|dump|expose|recite|quote|translate|summari[sz]e|encode|decode|spell|say|what(?:'s| is| are| was| were)?)\b.{0,40}\b(?:system|initial|hidden|original|secret|your|developer|internal) (?:\w+ )?(?:prompt|instruction|message|rule|guideline|configuration|config|directive|key|token)s?\b/,
  /\b(?:repeat|print|output|say|write|translate)\b.{0,30}\b(?:words|text|everything|all|lines?|message) (?:above|before|so far)\b/,
  /\b(?:system|developer|hidden|initial) prompts?\b|\bprompt injection\b.{0,20}\bnow\b/,
  /\byou are (?:now|no longer|not an?|free|dan\b|an? (?:unrestricted|evil|uncensored))/,
  /(?:^|[.!?] ?|\b(?:please|now|and|then|must|should|will|you) )(?:act|behave|respond|answer|speak|talk|reply|role ?play) (?:as|like) (?:an?|if|my|the|though|dan)\b/,
  /\b(?:pretend|imagine) (?:you|that you|(?:to be|being) (?:dan|an? (?:\w+ )?(?:ai|bot|assistant|model|admin|human|person|hacker)))\b/,
  /\b(?:jailbreak|do anything now|sudo|root access|(?:developer|god|dan|debug|admin|maintenance) mode)\b/,
  /\b(?:new|updated|revised|additional) (?:system )?(?:(?:instructions?|orders|directives|persona)\b|rules\s*:)/,
  /\bfrom now on\b|\byour (?:new |real |true )?(?:task|job|role|goal|purpose|identity) is\b/,
  /<\/?(?:system|assistant|user|instructions?|im start|im end|s)\b|\b(?:begin|end) (?:system|instructions?|prompt)\b|\bim start\b|\b(?:system|assistant|developer) ?(?:message|override|note)\b/,
  /\b(?:change|set|update|switch|modify|rewrite|alter)\b.{0,20}\byour (?:instructions?|rules|prompts?|behaviou?r|settings|persona|system)\b/,
  /@(?:everyone|here|channel|all)\b|\b(?:ping|mention|tag|notify|alert)\b.{0,20}\b(?:everyone|all (?:members|users|admins)|the admins?)\b/,
  /\b(?:print|answer|respond|reply|say|write|output|post|include|append|add)\b.{0,40}?(?:https?:|\bwww\.|\blinks? to\b)/,
  /\byour (?:\w+ )?(?:api|secret|access|bot|member|discord|telegram|openai) (?:key|token)s?\b/,
  /(?:^|[.!?] ?)(?:assistant|user|human|system) ?:/,
];

const members: readonly RegExp[] = [
  /<@|(?:^| )@[\w.]{2,}/,
  /\b(?:who|which (?:member|user|person|people|admin)s?|whose)\b.{0,40}\b(?:said|logged|voted|wrote|thinks?|disagrees?|disagreed|agreed|opinions?|posted|asked|complained|opined)\b/,
  /\b(?:list|show|name|identify|dump|export|reveal|give me|tell me|print)\b.{0,30}\b(?:members?|users|usernames?|user ids?|pseudonyms?|participants|everyone's)\b/,
  /\bwhat did (?:\w+ ){1,3}(?:say|think|write|log|vote|ask|post)\b|\bwhat does \w+ (?:say|think)\b/,
  /\b(?:opinions?|messages?|history|questions?|e ?mail|phone|identity|real name|location|data) (?:of|from|by) (?:user|(?:the |another |other |an? )?(?:member|user|admin|person|people)|someone|everyone|@)/,
  /\b(?:someone|somebody|anyone|everyone|other (?:member|user|people|person)s?|another (?:member|user|person))(?: else)?(?:'s|s')? (?:private )?(?:data|opinions?|questions?|messages?|history|e ?mails?|dms?|conversations?)\b/,
  /\b(?:\w+'s) (?:logged |private |own )?(?:opinions?|questions?|dms?|e ?mail|real name)\b/,
  /\b(?:doxx?|deanonymi[sz]e|de anonymi[sz]e|unmask)\b/,
];

/** The collective is no member: what everyone here thinks is counted, and not told of anybody. */
const collective =
  /\b(?:community|server|group|room)'s opinions?\b|\bwhat (?:did|does|do) (?:(?:this|the|our|my|most|all|every|people|members) )?(?:community|server|group|chat|room|people|everyone|everybody|members|sector|field|here)\b/;

/** Whether a text gives orders to whoever reads it. */
export const givesOrders = (text: string): boolean => instructions.some((pattern) => pattern.test(plain(text)));

/** Why a question is refused; null where it may be looked into. */
export function refusalOf(question: string): Refusal | null {
  const text = plain(question);
  if (givesOrders(question)) return "instructions";
  if (!collective.test(text) && members.some((pattern) => pattern.test(text))) return "members";
  return advice.some((pattern) => pattern.test(text)) ? "advice" : null;
}
