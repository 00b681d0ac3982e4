/** In English: when something comes, `/subscribe` and `/unsubscribe`; what a person types was made literal and stands in “…” already. */
import type { Said } from "../said.ts";

const dates = "en-GB";
const timeHint = "Write it as `09:00`, `21:30`, `9am`, `9:30 pm` or `noon`.";
const zoneHint = "Name a large city nearby in English, such as `Vienna`, or a zone such as `Europe/Vienna`.";
const dayHint = "Write `daily`, `weekdays`, `weekends`, `weekly`, one day such as `monday`, or several such as `mon,wed,fri`.";
const daysHint = (meant: string | undefined): string => (meant === undefined ? dayHint : `Did you mean \`${meant}\`? ${dayHint}`);
const anyOf = (names: readonly string[]): string => new Intl.ListFormat(dates, { type: "disjunction" }).format(names);
const time = (message: string): Said => ({ message, hint: timeHint });

export const schedule = {
  /** How dates are written (BCP 47). */
  dates,
  weekdays: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
  daily: "daily",
  workdays: "weekdays",
  weekend: "weekends",
  onDays: (names: readonly string[]): string => (names.length === 1 ? `every ${names.join("")}` : new Intl.ListFormat(dates).format(names)),
  at: (days: string, time: string, zone: string): string => `${days} at ${time} (${zone})`,
  noTime: (typed: string): Said => time(`${typed} is not a time of day that I can read.`),
  badMinutes: (typed: string): Said => time(`${typed} is no time of day: an hour has minutes 00 to 59.`),
  badHalf: (typed: string): Said => time(`${typed} is no time of day: with am or pm the hours are 1 to 12.`),
  badHour: (typed: string): Said => time(`${typed} is no time of day: the hours are 0 to 23.`),
  midnight: (typed: string): Said => ({
    message: `${typed} could be the midnight before a day or after it.`,
    hint: "`00:00` is the midnight before.",
  }),
  whichDays: { message: "Which days?", hint: dayHint },
  noDays: (typed: string, meant: string | undefined): Said => ({ message: `I cannot read days from ${typed}.`, hint: daysHint(meant) }),
  /** @param also what else can be said where this was typed */
  unread: (typed: string, meant: string | undefined, also: string): Said => ({
    message: `I do not know what to do with ${typed}.`,
    hint: `${daysHint(meant)} ${also}`,
  }),
  whichZone: { message: "Which time zone?", hint: zoneHint },
  severalClocks: (typed: string, cities: readonly string[]): Said => ({
    message: `The clocks in ${typed} do not all show the same time.`,
    hint: `Name a city, such as ${anyOf(cities)}.`,
  }),
  /** @param fixed the zone without summer time that may be meant */
  offset: (typed: string, fixed: string | undefined): Said => ({
    message: `${typed} does not follow daylight saving time.`,
    hint: `${zoneHint}${fixed === undefined ? "" : ` If no clock ever changes there, \`${fixed}\` is meant (its sign is the other way round).`}`,
  }),
  abbreviation: (typed: string, zones: readonly string[]): Said => ({
    message: `${typed} is an abbreviation, and I go by places.`,
    hint: `Name the place: ${anyOf(zones)}.`,
  }),
  unknownZone: (typed: string, meant: string | undefined): Said => ({
    message: `I know no time zone or city called ${typed}.`,
    hint: meant === undefined ? zoneHint : `Did you mean \`${meant}\`? ${zoneHint}`,
  }),
  /** Beside a zone that is offered. */
  clock: (name: string, time: string): string => `${name} (now ${time})`,
  notAtTheConsole: { message: "Nothing is posted to the console by itself.", hint: "Subscribe in a Discord or Telegram room." },
  subscribedAlready: "This room has a digest at that time on those days already.",
  tooManyDigests: (most: number): string => `A room can have ${most} digests. Remove one first.`,
  tooManyPolls: (most: number): string => `A room can have ${most} repeating polls. End one first.`,
} as const;

export const subscribe = {
  alsoSections: (sections: string): string => `As sections there are ${sections}.`,
  done: (when: string): string => `Subscribed: the digest comes here **${when}**.`,
  next: (runs: string): string => `Next: ${runs}`,
  utc: "This is UTC. Add your city to make it local: `/subscribe 9 Vienna`.",
  showNow: "Show it now",
  undo: "Undo",
  again: "It is on its way once more.",
  settled: "There is nothing uncertain to send again: it was settled meanwhile.",
  nothingPaused: "Nothing is paused here.",
  resumed: (count: number): string => `${count === 1 ? "The digest goes" : `${count} digests go`} on with the next run.`,
  none: "No digest comes here yet. Try `/subscribe 9 Vienna` for every morning at nine, or `/digest` to see one now.",
  showOne: "Show one now",
  title: "Digests in this room",
  only: (sections: string): string => `, only ${sections}`,
  paused: (why: string): string => `**Paused**, because ${why}. When that is mended, press “Go on”.`,
  reasons: {
    gone: "this place was gone, or I was not in it any more",
    forbidden: "I may not post here",
    invalid: "the platform does not accept what I send here",
  },
  nothingDue: "Nothing was due yet.",
  last: "Last deliveries:",
  proof: {
    delivered: (messages: string): string => `delivered (message ${messages})`,
    uncertain: "uncertain; the connection broke while it was sent, so look whether it stands here",
    onItsWay: "on its way",
    refused: (reason: string | null): string => `refused by the platform (${reason ?? "no reason given"})`,
    expired: "not sent; its time had passed before it could be",
    skipped: "skipped; I was not running at its time",
  },
  sendAgain: (date: string): string => `Send ${date} again`,
  goOn: "Go on",
  unsubscribe: "Unsubscribe",
  end: (when: string): string => `End ${when}`,
} as const;

export const unsubscribe = {
  none: "No digest comes here, so there is nothing to end.",
  which: "Several digests come here. Which one shall end?",
  ended: (when: string | null): string =>
    `${when === null ? "The digest" : `The digest ${when}`} has ended. \`/subscribe\` starts a new one.`,
  already: "That digest has ended already.",
} as const;
