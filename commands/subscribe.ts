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
  UserError,
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
  examples: ["/subscribe 9 Vienna", "/subscribe 18:30 Europe/Vienna weekdays", "/subscribe"],
  access: "admin",
  visibility: "public",
  suggest: { timezone: ({ planning }, { typed }) => planning.suggestZones(typed, new Date()) },
  async run({ services, room, actor, now }, { time, timezone, days, sections: listed, resume, again }) {
    const { schedules, planning, communities } = services;
    if (again !== undefined) return sendAgain(await schedules.sendAgain(deliveryId(again), room.community, now));
    if (resume === true) return resumed(await schedules.resume(room.community, now));
    if (time === undefined) return overview(services, room.id, now);
    const zone = timezone ?? (await communities.current(room.community)).zone;
    const { schedule, wanted } = await read(planning, { time, zone, days, wanted: listed }, now);
    const chosen = wanted === undefined ? null : readSections(wanted);
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
      ...(timezone === undefined && zone === "UTC" ? [note("This is UTC. Add your city to make it local: `/subscribe 9 Vienna`.")] : []),
      buttons([
        { label: "Show it now", command: "digest", args: {} },
        { label: "Undo", command: "unsubscribe", args: { which: id } },
      ]),
    );
  },
});

type Subscription = Awaited<ReturnType<Services["schedules"]["list"]>>[number];
type Delivery = Awaited<ReturnType<Services["schedules"]["lastDeliveries"]>>[number];

interface Wish {
  readonly time: string;
  readonly zone: string;
  readonly days: string | undefined;
  /** Sections. */
  readonly wanted: string | undefined;
}

/**
 * Where one line is typed, "9 New York weekdays" comes apart at its spaces: what cannot be read is tried with more words in the city.
 * @throws UserError what is wrong with the words as they were given
 */
async function read(planning: Services["planning"], { time, zone, days, wanted }: Wish, now: Date) {
  const plan = async (city: string, on: string | undefined, which: string | undefined) => ({
    schedule: await planning.plan({ time, zone: city, days: on ?? "daily" }, now),
    wanted: which,
  });
  try {
    return await plan(zone, days, wanted);
  } catch (error) {
    const words = [zone, days, wanted].filter((word) => word !== undefined);
    for (let used = 2; used <= words.length; used++) {
      const found = await plan(words.slice(0, used).join(" "), words[used], undefined).catch(() => null);
      if (found !== null) return found;
    }
    throw error;
  }
}

const sendAgain = (sent: boolean) =>
  reply(text(sent ? "It is on its way once more." : "There is nothing uncertain to send again: it was settled meanwhile."));

const resumed = (count: number) =>
  reply(text(count === 0 ? "Nothing is paused here." : `${count === 1 ? "The digest goes" : `${count} digests go`} on with the next run.`));

/** @throws UserError */
function readSections(typed: string): readonly Section[] {
  const words = typed
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const unknown = words.filter((word) => !sections.some((section) => section === word));
  if (unknown.length > 0)
    throw new UserError(
      "unknown_section",
      `I know no section called ${unknown.map((word) => `“${literal(word)}”`).join(", ")}.`,
      `There are ${sections.join(", ")}.`,
    );
  return sections.filter((section) => words.includes(section));
}

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
