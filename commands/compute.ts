/** `/compute`: what a GPU-hour costs where, of exactly the same GPU, and what a whole job would cost. */
import {
  type Block,
  type Button,
  buttons,
  defineCommand,
  type Figure,
  figures,
  formatFigure,
  type Gpu,
  type GpuPrices,
  heading,
  literal,
  note,
  type Price,
  type PriceDesk,
  type PriceOverview,
  type Reply,
  reply,
  type Services,
  sources,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const egresses = ["none", "100GB", "1TB", "10TB"] as const;
const idles = ["none", "10%", "25%", "50%"] as const;
type Assumptions = { readonly egress: (typeof egresses)[number]; readonly idle: (typeof idles)[number] };
/** In GB. */
const sizes = { none: 0, "100GB": 100, "1TB": 1000, "10TB": 10_000 } as const;
/** As parts of the hours of work. */
const parts = { none: 0, "10%": 0.1, "25%": 0.25, "50%": 0.5 } as const;

export default defineCommand({
  name: "compute",
  summary: "What a GPU-hour costs on networks and clouds, same GPU only, and what your job would cost",
  args: z.object({
    gpu: z.string().trim().max(40).optional().describe("A GPU, such as H100 or RTX 4090; without it, all that can be compared"),
    hours: z.number().min(0.1).max(100_000).optional().describe("Hours of work of your job"),
    gpus: z.int().min(1).max(100_000).optional().describe("How many GPUs it runs on"),
    egress: z.enum(egresses).default("100GB").describe("How much data leaves where the job ran"),
    idle: z.enum(idles).default("10%").describe("How many more hours are paid than worked"),
  }),
  examples: ["/compute", "/compute h100", "/compute h100 100 8", "/compute rtx 4090 24 2 egress=1TB idle=25%"],
  access: "everyone",
  visibility: "public",
  deadlineMs: 15_000,
  suggest: { gpu: ({ prices }, { typed }) => prices.nearest(typed).map(({ id, name }) => ({ label: name, value: id })) },
  async run({ services, signal, now, progress, texts }, { egress, idle, ...words }) {
    const { prices } = services;
    const { gpu: typed, hours, gpus } = asked(prices, words);
    if (typed === undefined) {
      if (gpus !== undefined || hours !== undefined)
        throw new UserError("no_gpu", "Which GPU is the job for?", "Name it first, such as `/compute h100 100 8`.");
      progress("Asking for prices …");
      return overview(services, await prices.overview(signal), texts);
    }
    const [gpu, ...others] = prices.meant(typed);
    if (gpu === undefined) return unknown(prices, typed);
    progress(`Asking for the price of the ${gpu.name} …`);
    const view = await prices.of(gpu, signal);
    const also =
      others.length === 0
        ? []
        : [note(`I took this to be the ${gpu.name}; it also comes as ${others.map(({ name }) => name).join(", ")}.`)];
    const jobless = hours === undefined && gpus === undefined;
    const body = jobless ? await hourly(services, view, now) : job(prices, view, { hours: hours ?? 1, gpus: gpus ?? 1 }, { egress, idle });
    const sisters = prices.nearest(gpu.model).filter((one) => one.model === gpu.model && one.id !== gpu.id);
    return reply(
      heading(jobless ? `${gpu.name}: dollars per GPU-hour` : `${gpu.name}: the price of a job`),
      ...body,
      ...also,
      ...provenance(view, texts),
      buttons([
        ...(jobless
          ? [{ label: "100 h on 8 GPUs", command: "compute", args: { gpu: gpu.id, hours: 100, gpus: 8 } }]
          : [
              ...assumed(gpu, { hours: hours ?? 1, gpus: gpus ?? 1 }, { egress, idle }),
              { label: "Per GPU-hour", command: "compute", args: { gpu: gpu.id } },
            ]),
        ...sisters.slice(0, 3).map(({ id, name }) => ({ label: name, command: "compute", args: { gpu: id } })),
        { label: "All GPUs", command: "compute", args: {} },
      ]),
    );
  },
});

interface Words {
  readonly gpu?: string | undefined;
  readonly hours?: number | undefined;
  readonly gpus?: number | undefined;
}

/** In a typed line the number of "rtx 4090" looks like the hours: it belongs to the GPU where only that makes a GPU of it. */
function asked(prices: PriceDesk, { gpu, hours, gpus }: Words): Words {
  const alone = gpu === undefined || gpu === "" ? [] : prices.meant(gpu);
  const whole = hours === undefined ? "" : `${gpu ?? ""} ${hours}`.trim();
  if (alone.length === 0 && whole !== "" && prices.meant(whole).length > 0) return { gpu: whole, hours: gpus };
  return { gpu: gpu === "" ? undefined : gpu, hours, gpus };
}

function unknown(prices: PriceDesk, typed: string): Reply {
  const near = prices.nearest(typed).slice(0, 4);
  const some = near.length > 0 ? near : prices.nearest("").slice(0, 8);
  const question = near.length > 0 ? "Did you mean one of these?" : "I compare these and others:";
  return reply(
    text(`I know no GPU called “${literal(typed)}”. ${question}`),
    buttons(some.map(({ id, name }) => ({ label: name, command: "compute", args: { gpu: id } }))),
  );
}

const sideNames = { decentralised: "Networks", marketplace: "Marketplaces (not in the comparison)", centralised: "Clouds" } as const;

async function hourly(services: Services, view: GpuPrices, now: Date): Promise<readonly Block[]> {
  const { prices } = services;
  const groups = [...Map.groupBy(view.prices, ({ seller }) => seller.side)];
  const block = (title: string, list: readonly Price[]): Block => text([`**${title}**`, ...prices.lines(list, now)].join("\n"));
  const medians = [view.networks, view.clouds, view.index].filter((figure) => figure !== null);
  const picture = view.index === null ? null : await services.illustrate(await prices.chart(view), "gpu-prices.png");
  return [
    text(prices.verdict(view)),
    ...(medians.length === 0 ? [] : [figures(medians, now)]),
    ...(await trend(prices, view.index)),
    ...(picture === null ? [] : [picture]),
    ...groups.map(([side, list]) => block(sideNames[side], list)),
    ...(view.spot.length === 0 ? [] : [block("Spot: taken away at any time, and never compared", view.spot)]),
    ...(view.prices.length === 0 ? [] : [note(meaning)]),
  ];
}

const meaning =
  "On demand, and only this model, memory and form. Each price is a median, with the lowest and the highest behind it; whoever offers the same thing many times counts once. A bid or a reward is for the GPU as it is offered; a list price has processor, memory and network in it.";

async function trend(prices: PriceDesk, index: Figure | null): Promise<readonly Block[]> {
  if (index === null) return [];
  const earlier = await Promise.all([7, 30].map(async (days) => ({ days, figure: await prices.before(index, days) })));
  const known = earlier.flatMap(({ days, figure }) =>
    figure === null ? [] : [`${formatFigure(figure)} ${days} days ago (\`${figure.id}\`)`],
  );
  const words =
    known.length === 0 ? "none yet: I have no earlier day of the same sellers" : `${formatFigure(index)} now, ${known.join(", ")}`;
  return [text(`**Trend** of the networks' price over the clouds': ${words}.`)];
}

function job(prices: PriceDesk, view: GpuPrices, { hours, gpus }: { hours: number; gpus: number }, { egress, idle }: Assumptions) {
  const { verdict, lines, assumptions, sources: pages } = prices.job(view, { hours, gpus, egressGb: sizes[egress], idle: parts[idle] });
  return [
    text(view.prices.length === 0 ? prices.verdict(view) : verdict),
    ...(lines.length === 0
      ? []
      : [text(lines.join("\n")), note(`Assumed: ${assumptions}`), ...(pages.length === 0 ? [] : [sources(pages)])]),
  ];
}

/** A button for each assumption that is not made. */
function assumed(gpu: Gpu, size: { hours: number; gpus: number }, now: Assumptions): readonly Button[] {
  const button = (label: string, change: Partial<Assumptions>): Button => ({
    ...{ label, command: "compute", update: true },
    args: { gpu: gpu.id, ...size, ...now, ...change },
  });
  return [
    ...egresses.filter((egress) => egress !== now.egress).map((egress) => button(`Egress: ${egress}`, { egress })),
    ...idles.filter((idle) => idle !== now.idle).map((idle) => button(`Idle: ${idle}`, { idle })),
  ];
}

async function overview(
  { prices, illustrate }: Services,
  { index, gpus, troubles }: PriceOverview,
  { troubles: said }: Texts,
): Promise<Reply> {
  const wrong = troubles.map((trouble) => note(literal(said.one(trouble))));
  if (index === null)
    return reply(
      heading("GPU-hours on networks and clouds"),
      text("No GPU has a price on a network and on a cloud's list now, so there is nothing to compare."),
      ...wrong,
    );
  const picture = await illustrate(await prices.indexChart(index), "gpu-index.png");
  return reply(
    heading("GPU-hours on networks and clouds"),
    text(
      `On the networks a GPU-hour costs **${formatFigure(index)}** of what clouds' lists ask for the same GPU (the middle one of ${gpus.length === 1 ? "one class" : `${gpus.length} classes`}) · \`${index.id}\``,
    ),
    ...(picture === null ? [] : [picture]),
    text(gpus.map(classLine).join("\n")),
    ...(await trend(prices, index)),
    note("Networks' median first, then the clouds' median list price, on demand. 100 % is the same price; below it the networks ask less."),
    ...wrong,
    buttons(gpus.slice(0, 8).map(({ gpu }) => ({ label: gpu.name, command: "compute", args: { gpu: gpu.id } }))),
  );
}

const classLine = ({ gpu, networks, clouds, index }: GpuPrices): string =>
  networks === null || clouds === null || index === null
    ? ""
    : `**${gpu.name}**: ${formatFigure(networks)} against ${formatFigure(clouds)}, **${formatFigure(index)}** · \`${index.id}\``;

/** Where the prices can be checked, and who could not be asked. */
function provenance({ prices, spot, troubles }: GpuPrices, { troubles: said }: Texts): readonly Block[] {
  const pages = Map.groupBy([...prices, ...spot], ({ price }) => price.source.name);
  const list = [...pages].flatMap(([title, [first]]) => (first === undefined ? [] : [{ title, url: first.price.source.url }]));
  return [
    ...troubles.map((trouble) => note(literal(said.one(trouble)))),
    ...(list.length === 0 ? [] : [sources(list)]),
    note("`/why` with a price's code shows where it came from. Not financial advice."),
  ];
}
