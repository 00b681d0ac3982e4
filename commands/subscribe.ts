/** `/subscribe`: a digest at a local time in this room; alone, the room's schedule, its next runs, and the proof of the last ones. */
import {
  type Block,
  type Button,
  buttons,
  defineCommand,
  deliveryId,
  heading,
  literal,
  note,
  reply,
  type Section,
  type Services,
  sections,
  type Texts,
  text,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "subscribe",
  summary: "Post the digest here at a local time, or show this room's schedule",
  args: z.object({
    time: z.string().trim().max(20).optional().describe("Local time, such as 9, 09:00 or 9am; without it, the schedule is shown"),
    timezone: z.string().trim().max(60).optional().describe("City or zone, such as Vienna or Europe/Vienna (default: the community's)"),
    days: z.string().trim().max(60).optional().describe("daily, weekdays, weekends, weekly, or days such as mon,thu (default: daily)"),
    sections: z.string().trim().max(200).optional().describe("Only these sections, such as headline,movers (default: the community's)"),
    resume: z.boolean().optional().describe("Go on with what was paused because I could not post"),
    again: z.string().trim().max(60).optional().describe("Send an uncertain delivery once more; its button fills this in"),
  }),
  examples: ["/subscribe 9 Vienna", "/subscribe 18:30 Europe/Vienna weekdays", "/subscribe 9 New York mon wed fri", "/subscribe"],
  access: "admin",
  visibility: "public",
  named: ["resume", "again"],
  suggest: { timezone: ({ planning }, { typed, texts }) => planning.suggestZones(typed, new Date(), texts.schedule) },
  async run({ services, room, actor, now, texts }, { time, timezone, days, sections: listed, resume, again }) {
    const { schedules, planning, communities } = services;
    const { subscribe: words } = texts;
    if (again !== undefined) return sendAgain(words, await schedules.sendAgain(deliveryId(again), room.community, now));
    if (resume === true) return resumed(words, await schedules.resume(room.community, now));
    if (time === undefined) return overview(services, room.id, now, texts);
    const { zone } = await communities.current(room.community);
    // Where one line is typed, "9 New York mon wed headline" has come apart at its spaces.
    const { line, chosen } = takeSections([time, timezone, days, listed].filter((words) => words !== undefined).join(" "));
    const schedule = await planning.plan(line, { zone, also: (said) => said.subscribe.alsoSections(sections.join(", ")) }, now);
    const { id } = await schedules.subscribe({
      room: room.id,
      community: room.community,
      schedule,
      sections: chosen,
      by: actor.member,
      now,
    });
    return reply(
      text(words.done(literal(planning.describe(schedule, texts.schedule)))),
      text(nextRuns(planning, schedule, now, texts)),
      ...(schedule.zone === "UTC" && !/utc/i.test(line) ? [note(words.utc)] : []),
      buttons([
        { label: words.showNow, command: "digest", args: {} },
        { label: words.undo, command: "unsubscribe", args: { which: id } },
      ]),
    );
  },
});

type Words = Texts["subscribe"];
type Subscription = Awaited<ReturnType<Services["schedules"]["list"]>>[number];
type Delivery = Awaited<ReturnType<Services["schedules"]["lastDeliveries"]>>[number];

/** Takes the names of sections out of a line; without any, the community's settings decide. */
function takeSections(line: string): { readonly line: string; readonly chosen: readonly Section[] | null } {
  const isSection = (word: string) => sections.some((section) => section === word.toLowerCase());
  const words = line.split(/\s+/).map((word) => ({ word, parts: word.split(/[,;]+/).filter((part) => part !== "") }));
  const named = words.filter(({ parts }) => parts.length > 0 && parts.every(isSection));
  if (named.length === 0) return { line, chosen: null };
  const wanted = named.flatMap(({ parts }) => parts.map((part) => part.toLowerCase()));
  const others = words.filter((word) => !named.includes(word) && !/^only$/i.test(word.word));
  return { line: others.map(({ word }) => word).join(" "), chosen: sections.filter((section) => wanted.includes(section)) };
}

const nextRuns = (planning: Services["planning"], schedule: Parameters<typeof planning.next>[0], after: Date, texts: Texts): string =>
  texts.subscribe.next(planning.next(schedule, { after, count: 3, words: texts.schedule }).map(literal).join(" · "));

const sendAgain = (words: Words, sent: boolean) => reply(text(sent ? words.again : words.settled));

const resumed = (words: Words, count: number) => reply(text(count === 0 ? words.nothingPaused : words.resumed(count)));

async function overview({ schedules, planning }: Services, room: Parameters<Services["schedules"]["list"]>[0], now: Date, texts: Texts) {
  const { subscribe: words } = texts;
  const here = await schedules.list(room);
  if (here.length === 0) return reply(text(words.none), buttons([{ label: words.showOne, command: "digest", args: {} }]));
  const deliveries = await schedules.lastDeliveries(
    here.map(({ id }) => id),
    3,
  );
  const blocks = here.flatMap((one) =>
    describe(
      planning,
      one,
      deliveries.filter((d) => d.subscription === one.id),
      { now, texts },
    ),
  );
  return reply(heading(words.title), ...blocks, manage(planning, here, deliveries, texts));
}

function describe(
  planning: Services["planning"],
  one: Subscription,
  deliveries: readonly Delivery[],
  { now, texts }: { readonly now: Date; readonly texts: Texts },
): readonly Block[] {
  const { subscribe: words } = texts;
  const only = one.sections === null ? "" : words.only(one.sections.join(", "));
  const state = one.paused === null ? nextRuns(planning, one, now, texts) : words.paused(words.reasons[one.paused.reason]);
  return [
    text(`**${literal(planning.describe(one, texts.schedule))}**${only}\n${state}`),
    deliveries.length === 0
      ? note(words.nothingDue)
      : text([words.last, ...deliveries.map((one) => `${one.localDate}: ${proof(one, words.proof)}`)].join("\n")),
  ];
}

/** What is known of one delivery, in words; a message id is the only proof. */
function proof({ state, parts, reason }: Delivery, words: Words["proof"]): string {
  const ids = parts.flatMap((part) => (part.messageId === null ? [] : [part.messageId]));
  switch (state) {
    case "delivered":
      return words.delivered(ids.join(", "));
    case "uncertain":
      return words.uncertain;
    case "waiting":
    case "sending":
      return words.onItsWay;
    case "refused":
      return words.refused(reason);
    case "expired":
      return words.expired;
    case "skipped":
      return words.skipped;
  }
}

function manage(planning: Services["planning"], here: readonly Subscription[], deliveries: readonly Delivery[], texts: Texts): Block {
  const { subscribe: words } = texts;
  const again = deliveries.filter(({ state }) => state === "uncertain");
  const list: Button[] = [
    ...again.map(({ id, localDate }) => ({ label: words.sendAgain(localDate), command: "subscribe", args: { again: id } })),
    ...(here.some(({ paused }) => paused !== null) ? [{ label: words.goOn, command: "subscribe", args: { resume: true } }] : []),
    ...here.map((one) => ({
      label: here.length === 1 ? words.unsubscribe : words.end(planning.describe(one, texts.schedule)),
      command: "unsubscribe",
      args: { which: one.id },
    })),
  ];
  return buttons(list);
}
