/** `/training`: what interruptions do to a training run, in sentences; the numbers, the rules and a simulation behind a button. */
import {
  type Block,
  buttons,
  defineCommand,
  heading,
  image,
  note,
  recoveries,
  reply,
  sources,
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
    numbers: z.boolean().default(false).describe("Show the numbers behind the answer, with a simulation"),
  }),
  examples: ["/training pre_training gpus=512 interval=30min", "/training gpus=16 hours=3d price=1.2 elsewhere=2.5 lost=5%"],
  access: "everyone",
  visibility: "public",
  deadlineMs: 20_000,
  async run({ services, signal, progress, texts: { training: said } }, { numbers, ...given }) {
    const { run, price, elsewhere, node, ...words } = given;
    const preset = services.trainings.preset(run);
    const plan = services.trainings.read(run, { ...words, gpusPerNode: node });
    progress(said.working);
    const estimate = await services.trainings.estimate(plan, { here: price ?? null, elsewhere: elsewhere ?? null }, signal);
    const blocks: Block[] = [heading(said.title(run)), ...services.trainings.verdict(estimate, said).map(text)];
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
