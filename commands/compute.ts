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
type Words = Texts["compute"];
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
  async run({ services, signal, now, progress, texts }, { egress, idle, ...wish }) {
    const { prices } = services;
    const { compute: words } = texts;
    const { gpu: typed, hours, gpus } = asked(prices, wish);
    if (typed === undefined) {
      if (gpus !== undefined || hours !== undefined) throw new UserError("no_gpu", words.noGpu);
      progress(words.asking);
      return overview(services, await prices.overview(signal), texts);
    }
    const [gpu, ...others] = prices.meant(typed);
    if (gpu === undefined) return unknown(prices, typed, words);
    progress(words.askingFor(gpu.name));
    const view = await prices.of(gpu, signal);
    const also = others.length === 0 ? [] : [note(words.took(gpu.name, others.map(({ name }) => name).join(", ")))];
    const jobless = hours === undefined && gpus === undefined;
    const body = jobless
      ? await hourly(services, view, now, words)
      : job(prices, view, { hours: hours ?? 1, gpus: gpus ?? 1, egress, idle }, words);
    const sisters = prices.nearest(gpu.model).filter((one) => one.model === gpu.model && one.id !== gpu.id);
    return reply(
      heading(jobless ? words.perHour(gpu.name) : words.ofJob(gpu.name)),
      ...body,
      ...also,
      ...provenance(view, texts),
      buttons([
        ...(jobless
          ? [{ label: words.buttons.job, command: "compute", args: { gpu: gpu.id, hours: 100, gpus: 8 } }]
          : [
              ...assumed(gpu, { hours: hours ?? 1, gpus: gpus ?? 1 }, { egress, idle }, words),
              { label: words.buttons.perHour, command: "compute", args: { gpu: gpu.id } },
            ]),
        ...sisters.slice(0, 3).map(({ id, name }) => ({ label: name, command: "compute", args: { gpu: id } })),
        { label: words.buttons.all, command: "compute", args: {} },
      ]),
    );
  },
});

interface Wish {
  readonly gpu?: string | undefined;
  readonly hours?: number | undefined;
  readonly gpus?: number | undefined;
}

/** In a typed line the number of "rtx 4090" looks like the hours: it belongs to the GPU where only that makes a GPU of it. */
function asked(prices: PriceDesk, { gpu, hours, gpus }: Wish): Wish {
  const alone = gpu === undefined || gpu === "" ? [] : prices.meant(gpu);
  const whole = hours === undefined ? "" : `${gpu ?? ""} ${hours}`.trim();
  if (alone.length === 0 && whole !== "" && prices.meant(whole).length > 0) return { gpu: whole, hours: gpus };
  return { gpu: gpu === "" ? undefined : gpu, hours, gpus };
}

function unknown(prices: PriceDesk, typed: string, words: Words): Reply {
  const near = prices.nearest(typed).slice(0, 4);
  const some = near.length > 0 ? near : prices.nearest("").slice(0, 8);
  return reply(
    text(words.unknown(literal(typed), near.length > 0)),
    buttons(some.map(({ id, name }) => ({ label: name, command: "compute", args: { gpu: id } }))),
  );
}

async function hourly(services: Services, view: GpuPrices, now: Date, words: Words): Promise<readonly Block[]> {
  const { prices } = services;
  const groups = [...Map.groupBy(view.prices, ({ seller }) => seller.side)];
  const block = (title: string, list: readonly Price[]): Block => text([`**${title}**`, ...prices.lines(list, now, words)].join("\n"));
  const medians = [view.networks, view.clouds, view.index].filter((figure) => figure !== null);
  const picture = view.index === null ? null : await services.illustrate(await prices.chart(view, words), "gpu-prices.png");
  return [
    text(prices.verdict(view, words)),
    ...(medians.length === 0 ? [] : [figures(medians, now)]),
    ...(await trend(prices, view.index, words)),
    ...(picture === null ? [] : [picture]),
    ...groups.map(([side, list]) => block(words.sides[side], list)),
    ...(view.spot.length === 0 ? [] : [block(words.spot, view.spot)]),
    ...(view.prices.length === 0 ? [] : [note(words.meaning)]),
  ];
}

async function trend(prices: PriceDesk, index: Figure | null, words: Words): Promise<readonly Block[]> {
  if (index === null) return [];
  const earlier = await Promise.all([7, 30].map(async (days) => ({ days, figure: await prices.before(index, days) })));
  const known = earlier.flatMap(({ days, figure }) =>
    figure === null ? [] : [words.daysAgo(formatFigure(figure), days, `\`${figure.id}\``)],
  );
  return [text(known.length === 0 ? words.noTrend : words.trend(formatFigure(index), known.join(", ")))];
}

function job(prices: PriceDesk, view: GpuPrices, wish: { hours: number; gpus: number } & Assumptions, words: Words) {
  const { hours, gpus, egress, idle } = wish;
  const {
    verdict,
    lines,
    assumptions,
    sources: pages,
  } = prices.job(view, { hours, gpus, egressGb: sizes[egress], idle: parts[idle] }, words);
  return [
    text(view.prices.length === 0 ? prices.verdict(view, words) : verdict),
    ...(lines.length === 0
      ? []
      : [text(lines.join("\n")), note(words.assumed(assumptions)), ...(pages.length === 0 ? [] : [sources(pages)])]),
  ];
}

/** A button for each assumption that is not made. */
function assumed(gpu: Gpu, size: { hours: number; gpus: number }, now: Assumptions, { buttons: labels }: Words): readonly Button[] {
  const button = (label: string, change: Partial<Assumptions>): Button => ({
    ...{ label, command: "compute", update: true },
    args: { gpu: gpu.id, ...size, ...now, ...change },
  });
  return [
    ...egresses.filter((egress) => egress !== now.egress).map((egress) => button(labels.egress(egress), { egress })),
    ...idles.filter((idle) => idle !== now.idle).map((idle) => button(labels.idle(idle), { idle })),
  ];
}

async function overview(
  { prices, illustrate }: Services,
  { index, gpus, troubles }: PriceOverview,
  { compute: words, troubles: said }: Texts,
): Promise<Reply> {
  const wrong = troubles.map((trouble) => note(literal(said.one(trouble))));
  if (index === null) return reply(heading(words.title), text(words.nothing), ...wrong);
  const picture = await illustrate(await prices.indexChart(index, words), "gpu-index.png");
  return reply(
    heading(words.title),
    text(words.overview(formatFigure(index), gpus.length, `\`${index.id}\``)),
    ...(picture === null ? [] : [picture]),
    text(gpus.map((one) => classLine(one, words)).join("\n")),
    ...(await trend(prices, index, words)),
    note(words.order),
    ...wrong,
    buttons(gpus.slice(0, 8).map(({ gpu }) => ({ label: gpu.name, command: "compute", args: { gpu: gpu.id } }))),
  );
}

const classLine = ({ gpu, networks, clouds, index }: GpuPrices, words: Words): string =>
  networks === null || clouds === null || index === null
    ? ""
    : words.classLine(gpu.name, formatFigure(networks), formatFigure(clouds), formatFigure(index), `\`${index.id}\``);

/** Where the prices can be checked, and who could not be asked. */
function provenance({ prices, spot, troubles }: GpuPrices, { compute: words, troubles: said }: Texts): readonly Block[] {
  const pages = Map.groupBy([...prices, ...spot], ({ price }) => price.source.name);
  const list = [...pages].flatMap(([title, [first]]) => (first === undefined ? [] : [{ title, url: first.price.source.url }]));
  return [
    ...troubles.map((trouble) => note(literal(said.one(trouble)))),
    ...(list.length === 0 ? [] : [sources(list)]),
    note(words.provenance),
  ];
}
