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
  suggest: { timezone: ({ planning }, { typed }) => planning.suggestZones(typed, new Date()) },
  async run({ services, room, actor, now }, { time, timezone, days, sections: listed, resume, again }) {
    const { schedules, planning, communities } = services;
    if (again !== undefined) return sendAgain(await schedules.sendAgain(deliveryId(again), room.community, now));
    if (resume === true) return resumed(await schedules.resume(room.community, now));
    if (time === undefined) return overview(services, room.id, now);
    const { zone } = await communities.current(room.community);
    // Where one line is typed, "9 New York mon wed headline" has come apart at its spaces.
    const { line, chosen } = takeSections([time, timezone, days, listed].filter((words) => words !== undefined).join(" "));
    const schedule = await planning.plan(line, { zone, also: `As sections there are ${sections.join(", ")}.` }, now);
    const { id } = await schedules.subscribe({
      room: room.id,
      community: room.community,
      schedule,
      sections: chosen,
      by: actor.member,
      now,
    });
    return reply(
      text(`Subscribed: the digest comes here **${literal(planning.describe(schedule))}**.`),
      text(`Next: ${planning.next(schedule, now, 3).map(literal).join(" · ")}`),
      ...(schedule.zone === "UTC" && !/utc/i.test(line)
        ? [note("This is UTC. Add your city to make it local: `/subscribe 9 Vienna`.")]
        : []),
      buttons([
        { label: "Show it now", command: "digest", args: {} },
        { label: "Undo", command: "unsubscribe", args: { which: id } },
      ]),
    );
  },
});

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

const sendAgain = (sent: boolean) =>
  reply(text(sent ? "It is on its way once more." : "There is nothing uncertain to send again: it was settled meanwhile."));

const resumed = (count: number) =>
  reply(text(count === 0 ? "Nothing is paused here." : `${count === 1 ? "The digest goes" : `${count} digests go`} on with the next run.`));

async function overview({ schedules, planning }: Services, room: Parameters<Services["schedules"]["list"]>[0], now: Date) {
  const here = await schedules.list(room);
  if (here.length === 0)
    return reply(
      text("No digest comes here yet. Try `/subscribe 9 Vienna` for every morning at nine, or `/digest` to see one now."),
      buttons([{ label: "Show one now", command: "digest", args: {} }]),
    );
  const deliveries = await schedules.lastDeliveries(
    here.map(({ id }) => id),
    3,
  );
  const blocks = here.flatMap((one) =>
    describe(
      planning,
      one,
      deliveries.filter((d) => d.subscription === one.id),
      now,
    ),
  );
  return reply(heading("Digests in this room"), ...blocks, manage(planning, here, deliveries));
}

function describe(planning: Services["planning"], one: Subscription, deliveries: readonly Delivery[], now: Date): readonly Block[] {
  const only = one.sections === null ? "" : `, only ${one.sections.join(", ")}`;
  const state =
    one.paused === null
      ? `Next: ${planning.next(one, now, 3).map(literal).join(" · ")}`
      : `**Paused**, because ${reasons[one.paused.reason]}. When that is mended, press “Go on”.`;
  return [
    text(`**${literal(planning.describe(one))}**${only}\n${state}`),
    deliveries.length === 0 ? note("Nothing was due yet.") : text(["Last deliveries:", ...deliveries.map(proof)].join("\n")),
  ];
}

const reasons: Readonly<Record<NonNullable<Subscription["paused"]>["reason"], string>> = {
  gone: "this place was gone, or I was not in it any more",
  forbidden: "I may not post here",
  invalid: "the platform does not accept what I send here",
};

/** What is known of one delivery, in words; a message id is the only proof. */
function proof({ localDate, state, parts, reason }: Delivery): string {
  const ids = parts.flatMap((part) => (part.messageId === null ? [] : [part.messageId]));
  switch (state) {
    case "delivered":
      return `${localDate}: delivered (message ${ids.join(", ")})`;
    case "uncertain":
      return `${localDate}: uncertain; the connection broke while it was sent, so look whether it stands here`;
    case "waiting":
    case "sending":
      return `${localDate}: on its way`;
    case "refused":
      return `${localDate}: refused by the platform (${reason ?? "no reason given"})`;
    case "expired":
      return `${localDate}: not sent; its time had passed before it could be`;
    case "skipped":
      return `${localDate}: skipped; I was not running at its time`;
  }
}

function manage(planning: Services["planning"], here: readonly Subscription[], deliveries: readonly Delivery[]): Block {
  const again = deliveries.filter(({ state }) => state === "uncertain");
  const list: Button[] = [
    ...again.map(({ id, localDate }) => ({ label: `Send ${localDate} again`, command: "subscribe", args: { again: id } })),
    ...(here.some(({ paused }) => paused !== null) ? [{ label: "Go on", command: "subscribe", args: { resume: true } }] : []),
    ...here.map((one) => ({
      label: here.length === 1 ? "Unsubscribe" : `End ${planning.describe(one)}`,
      command: "unsubscribe",
      args: { which: one.id },
    })),
  ];
  return buttons(list);
}
