/** `/training`: what interruptions do to a training run, in sentences; the numbers, the rules and a simulation behind a button. */
import {
  type Block,
  buttons,
  defineCommand,
  type Estimate,
  formatValue,
  heading,
  image,
  literal,
  note,
  type Plan,
  type Reliability,
  recoveries,
  reply,
  sources,
  type Texts,
  table,
  text,
  trainings,
  z,
} from "../src/kit.ts";

const time = (what: string) => z.string().trim().min(1).max(20).optional().describe(what);

export default defineCommand({
  name: "training",
  summary: "What interruptions do to a training run: time, cost, and the best checkpoint interval",
  args: z.object({
    run: z.enum(trainings).default("fine_tuning").describe("What the defaults fit; every one of them can be replaced"),
    gpus: z.int().min(1).max(100_000).optional().describe("How many GPUs"),
    hours: time("Work without any interruption, in hours, or such as 30d"),
    price: z.number().min(0.001).max(1000).optional().describe("Dollars per GPU-hour here"),
    elsewhere: z.number().min(0.001).max(1000).optional().describe("Dollars per GPU-hour of an uninterrupted run elsewhere"),
    interruptions: z.number().min(0).max(1000).optional().describe("Interruptions per node and day"),
    mtbf: time("Instead: mean time between failures of one node, in hours, or such as 20d"),
    interval: time("Work between two checkpoints, in minutes, or such as 2h"),
    write: time("Time to write a checkpoint, in minutes, or such as 30s"),
    restart: time("Time from an interruption to working again, in minutes, or such as 1h"),
    lost: time("Probability that a checkpoint is lost or corrupt, such as 0.01 or 1%"),
    recovery: z.enum(recoveries).optional().describe("Whether an interruption stops all nodes, or the others go on (elastic)"),
    node: z.int().min(1).max(1000).optional().describe("GPUs in one node, which are interrupted together"),
    network: z.string().trim().min(1).max(60).optional().describe("Take the rates that members report of this network, such as Akash"),
    numbers: z.boolean().default(false).describe("Show the numbers behind the answer, with a simulation"),
  }),
  examples: [
    "/training pre_training gpus=512 interval=30min",
    "/training gpus=16 hours=3d price=1.2 elsewhere=2.5 lost=5%",
    "/training network=akash",
  ],
  access: "everyone",
  visibility: "public",
  deadlineMs: 20_000,
  named: ["network", "numbers"],
  suggest: {
    network: async ({ ledger }, { typed, room }) =>
      (await ledger.suggest(room.community, typed)).map((name) => ({ label: name, value: name })),
  },
  async run({ services, signal, progress, room, texts }, { numbers, ...given }) {
    const { training: said } = texts;
    const { run, price, elsewhere, node, network, ...words } = given;
    const preset = services.trainings.preset(run);
    const typed = services.trainings.read(run, { ...words, gpusPerNode: node });
    const reported = network === undefined ? null : await services.ledger.network(room.community, network);
    const plans = reported === null ? null : plansOf(typed, reported, words);
    const plan = plans?.central ?? typed;
    progress(said.working);
    const prices = { here: price ?? null, elsewhere: elsewhere ?? null };
    const estimateOf = (one: Plan) => services.trainings.estimate(one, prices, signal);
    const estimate = await estimateOf(plan);
    const span = plans === null ? null : ordered(await estimateOf(plans.best), estimate, await estimateOf(plans.worst));
    const blocks: Block[] = [
      heading(said.title(run)),
      ...(network === undefined ? [] : [text(source(texts, network, reported, plans, words))]),
      ...services.trainings.verdict(estimate, said).map(text),
      ...(span === null ? [] : [text(spanned(texts, ...span)), note(texts.ledger.training.bothEnds)]),
    ];
    const explain = buttons([
      ...(numbers ? [] : [{ label: said.numbers, command: "training", args: { ...known(given), numbers: true } }]),
      ...(numbers ? terms : terms.slice(0, 2)).map(([what, term]) => ({ label: said.terms[what], command: "explain", args: { term } })),
    ]);
    if (!numbers) return reply(...blocks, note(said.assumptions), explain);
    const simulated = await services.trainings.simulate(plan, signal, (share) => progress(said.simulating(share)));
    const drawn = await services.trainings.picture(estimate, said);
    return reply(
      ...blocks,
      ...(drawn === null ? [] : [image("training.png", drawn.png, drawn.alt)]),
      table([said.head.what, said.head.value], services.trainings.details(estimate, simulated, said)),
      ...(span === null || plans === null ? [] : [spanTable(texts, plans, span)]),
      note(said.assumed(said.presets[run].join(" "))),
      note(said.independent),
      sources([...preset.sources, ...formulas]),
      explain,
    );
  },
});

/** What a reader may want explained, the result before the inputs. */
const terms = [
  ["goodput", "goodput"],
  ["checkpointing", "checkpointing"],
  ["mtbf", "mean-time-between-failures"],
  ["elastic", "elastic-training"],
  ["lost", "checkpoint-reliability"],
] as const;

const formulas = [
  { title: "Young (1974): the optimum checkpoint interval", url: "https://doi.org/10.1145/361147.361115" },
  { title: "Daly (2006): a higher order estimate of it", url: "https://doi.org/10.1016/j.future.2004.11.016" },
];

/** What was given, as a button's arguments. */
const known = (given: Readonly<Record<string, string | number | undefined>>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** The run with the ledger's rates, and with the ends of their intervals. */
interface Plans {
  readonly best: Plan;
  readonly central: Plan;
  readonly worst: Plan;
  /** Which of the ledger's rates are used; what the member gave wins, and what too few reported stays assumed. */
  readonly used: readonly Rate[];
}

const rates = ["interruptions", "lost", "restart"] as const;
type Rate = (typeof rates)[number];

/** As far as `/training` reckons. */
const mostLost = 0.99;

type Words = { readonly [K in Rate | "mtbf"]?: unknown };

const isGiven = (rate: Rate, words: Words): boolean => words[rate] !== undefined || (rate === "interruptions" && words.mtbf !== undefined);

const lostOf = (survival: number): number => Math.min(mostLost, 1 - survival);

/** Null where nothing of the ledger can be used. */
function plansOf(plan: Plan, { interruptions, survival, recovery }: Reliability, words: Words): Plans | null {
  const known = { interruptions: interruptions !== null, lost: survival !== null, restart: recovery !== null };
  const used = rates.filter((rate) => known[rate] && !isGiven(rate, words));
  if (used.length === 0) return null;
  const often = used.includes("interruptions") ? interruptions?.estimate : undefined;
  const kept = used.includes("lost") ? survival?.estimate : undefined;
  // Working again at once is no restart that could be reckoned with.
  const restart = used.includes("restart") && recovery !== null ? Math.max(recovery.hours, 1 / 3600) : plan.restart;
  const at = (end: "low" | "value" | "high", other: "low" | "value" | "high"): Plan => ({
    ...plan,
    restart,
    perNodeDay: often?.[end] ?? plan.perNodeDay,
    lost: kept === undefined ? plan.lost : lostOf(kept[other]),
  });
  // Many survive where few are lost.
  return { best: at("low", "high"), central: at("value", "value"), worst: at("high", "low"), used };
}

/** Where the rates are from, and which of them are somebody's assumption. */
function source({ ledger }: Texts, typed: string, found: Reliability | null, plans: Plans | null, words: Words): string {
  const say = ledger.training;
  if (found === null) return say.noReports(literal(typed));
  const network = literal(found.network ?? typed);
  const given = rates.filter((rate) => isGiven(rate, words));
  const instead = given.length === 0 ? [] : [say.instead(given)];
  if (plans === null)
    return given.length === rates.length ? instead.join("") : [say.tooFew(network, found.reports, found.people), ...instead].join("\n");
  const { best, central, worst, used } = plans;
  const { perNodeDay, restart } = central;
  const parts = {
    interruptions: say.interruptions({ value: perNodeDay, low: best.perNodeDay, high: worst.perNodeDay }),
    lost: say.lost({ value: central.lost, low: best.lost, high: worst.lost }),
    restart: say.restart(restart),
  };
  const assumed = rates.filter((rate) => !used.includes(rate) && !given.includes(rate));
  const survival = used.includes("lost") ? found.survival : null;
  return [
    say.used(
      network,
      used.map((rate) => parts[rate]),
    ),
    ...instead,
    ...(assumed.length === 0 ? [] : [say.assumed(assumed.map((rate) => say.names[rate]))]),
    ...(survival !== null && 1 - survival.estimate.low > mostLost ? [say.longest] : []),
    ...[
      used.includes("interruptions") && found.interruptions !== null ? ledger.weighed("interruptions", found.interruptions.weighing) : null,
      survival === null ? null : ledger.weighed("checkpoints", survival.weighing),
    ].flatMap((line) => line ?? []),
  ].join("\n");
}

const hoursOf = (estimate: Estimate): number | null => (estimate.kind === "finishing" ? estimate.wall.hours : null);
const dollarsOf = (estimate: Estimate): string | null =>
  estimate.kind === "finishing" && estimate.cost !== null ? formatValue(estimate.cost, "usd") : null;

/** More interruptions and more lost checkpoints take longer; what a simulation says otherwise is chance. */
function ordered(best: Estimate, central: Estimate, worst: Estimate): readonly [Estimate, Estimate, Estimate] {
  const hours = (estimate: Estimate) => hoursOf(estimate) ?? Number.POSITIVE_INFINITY;
  return [hours(best) > hours(central) ? central : best, central, hours(worst) < hours(central) ? central : worst];
}

function spanned({ ledger }: Texts, best: Estimate, central: Estimate, worst: Estimate): string {
  const time = ledger.training.span(hoursOf(best), hoursOf(central), hoursOf(worst));
  const [low, middle, high] = [best, central, worst].map(dollarsOf);
  if (low === undefined || middle === undefined || high === undefined || low === null) return time;
  return `${time} ${ledger.training.cost(low, middle, high)}`;
}

function spanTable({ ledger }: Texts, { best, central, worst }: Plans, span: readonly Estimate[]): Block {
  const { head, rows, inTable } = ledger.training;
  const plans = [best, central, worst];
  return table(head, [
    [rows.interruptions, ...plans.map(({ perNodeDay }) => inTable.amount(perNodeDay))],
    [rows.lost, ...plans.map(({ lost }) => inTable.share(lost))],
    [rows.time, ...span.map((estimate) => inTable.time(hoursOf(estimate)))],
  ]);
}
