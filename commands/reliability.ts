/** `/reliability`: what members of this community report of networks, as rates with exact intervals, and what counts less in them. */
import {
  buttons,
  defineCommand,
  formatTime,
  heading,
  literal,
  note,
  quote,
  type Reliability,
  type Reply,
  reply,
  type Texts,
  table,
  text,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "reliability",
  summary: "How reliable networks are, as members report from real runs",
  args: z.object({
    network: z.string().trim().min(1).max(60).optional().describe("One network, such as Akash; without it, all that were reported on"),
  }),
  examples: ["/reliability", "/reliability akash"],
  access: "everyone",
  visibility: "public",
  suggest: {
    network: async ({ ledger }, { typed, room }) =>
      (await ledger.suggest(room.community, typed)).map((name) => ({ label: name, value: name })),
  },
  async run({ services: { ledger, communities }, room, texts }, { network }) {
    if (network === undefined) return overview(texts, await ledger.networks(room.community));
    const found = await ledger.network(room.community, network);
    if (found !== null) return one(texts, found, (await communities.current(room.community)).quoting);
    const near = (await ledger.suggest(room.community, network)).slice(0, 3);
    const links = near.map((name) => ({ label: name, command: "reliability", args: { network: name } }));
    return reply(text(texts.ledger.nothingOn(literal(network))), buttons([...links, reportButton(texts), allButton(texts)]));
  },
});

const reportButton = ({ ledger }: Texts) => ({ label: ledger.buttons.report, command: "report", args: {} });
const allButton = ({ ledger }: Texts) => ({ label: ledger.buttons.all, command: "reliability", args: {} });

/** As many as a message has room for. */
const mostNetworks = 15;
const mostButtons = 8;

function overview(texts: Texts, all: readonly Reliability[]): Reply {
  const { ledger } = texts;
  if (all.length === 0) return reply(heading(ledger.allTitle), text(ledger.nothing), buttons([reportButton(texts)]));
  const networks = all.slice(0, mostNetworks);
  const rows = networks.map(({ network, reports, interruptions, survival }) => [
    network ?? "",
    String(reports),
    interruptions === null ? ledger.tooFewInTable : ledger.amounts(interruptions.estimate),
    survival === null ? ledger.tooFewInTable : ledger.shares(survival.estimate),
  ]);
  const links = networks.slice(0, mostButtons).map(({ network }) => ({
    label: network ?? "",
    command: "reliability",
    args: { network: network ?? "" },
  }));
  return reply(
    heading(ledger.allTitle),
    table(ledger.head, rows),
    note(`${ledger.method} ${ledger.fewestNote}`),
    buttons([...links, reportButton(texts)]),
  );
}

function one(texts: Texts, found: Reliability, quoting: boolean): Reply {
  const { ledger } = texts;
  const { reports, people, grades, interruptions, survival, recovery, oldest, newest } = found;
  const network = found.network ?? "";
  const links = [reportButton(texts), allButton(texts)];
  if (interruptions === null && survival === null && recovery === null)
    return reply(heading(ledger.title(literal(network))), text(ledger.tooFew(reports, people)), buttons(links));
  const lines = [
    interruptions === null ? ledger.tooFewOf("interruptions") : ledger.interruptions(interruptions),
    survival === null ? ledger.tooFewOf("checkpoints") : ledger.survival(survival),
    recovery === null ? ledger.tooFewOf("recovery") : ledger.recovery(recovery.hours, recovery.reports, recovery.people),
    ledger.graded(reports, people, grades, formatTime(oldest, "day"), formatTime(newest, "day")),
  ];
  const weighed = [
    interruptions === null ? null : ledger.weighed("interruptions", interruptions.weighing),
    survival === null ? null : ledger.weighed("checkpoints", survival.weighing),
  ].flatMap((line) => line ?? []);
  return reply(
    heading(ledger.title(literal(network))),
    text(lines.join("\n")),
    ...(weighed.length === 0 ? [] : [text(weighed.join("\n"))]),
    ...(quoting ? found.evidence : []).map((evidence) => quote(evidence, ledger.evidenceOf)),
    note(ledger.method),
    buttons([{ label: ledger.buttons.training, command: "training", args: { network } }, ...links]),
  );
}
