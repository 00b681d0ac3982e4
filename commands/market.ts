/** `/market`: the DePIN sector and the watch list, or one asset, always with the source, its time and what was wrong with it. */
import {
  type Asset,
  type Block,
  buttons,
  defineCommand,
  type Figure,
  figures,
  formatAge,
  formatTime,
  heading,
  literal,
  note,
  reply,
  type Services,
  sources,
  text,
  z,
} from "../src/kit.ts";

type Market = Services["market"];
type View = Awaited<ReturnType<Market["view"]>>;

export default defineCommand({
  name: "market",
  summary: "DePIN sector market cap and movers, or one asset",
  args: z.object({
    asset: z.string().trim().max(40).optional().describe("Name or ticker, such as Akash or AKT; without it, the whole sector"),
  }),
  examples: ["/market", "/market akash"],
  access: "everyone",
  visibility: "public",
  suggest: { asset: ({ market }, { typed }) => market.nearest(typed).map((a) => ({ label: labelOf(a), value: a.id })) },
  async run({ services: { market }, signal, now, progress }, { asset: query = "" }) {
    const asset = query === "" ? null : market.asset(query);
    if (query !== "" && asset === null) return unknownAsset(market, query);
    progress("Asking the price sources …");
    const view = await market.view(signal);
    const body = asset === null ? await overview(market, view, now) : await single(market, view, asset, now);
    return reply(
      heading(asset === null ? "DePIN market" : literal(labelOf(asset))),
      ...notice(view, now),
      ...body,
      ...provenance(view, asset),
      asset === null ? assetButtons(market.assets) : buttons([{ label: "Whole market", command: "market", args: {} }]),
    );
  },
});

const labelOf = (asset: Asset): string => (asset.name === asset.ticker ? asset.name : `${asset.name} (${asset.ticker})`);

const assetButtons = (assets: readonly Asset[]): Block =>
  buttons(assets.map((asset) => ({ label: asset.name, command: "market", args: { asset: asset.id } })));

function unknownAsset(market: Market, query: string) {
  const near = market.nearest(query).slice(0, 3);
  const question = near.length === 0 ? "I follow these:" : "Did you mean one of these?";
  return reply(text(`I follow no asset called “${literal(query)}”. ${question}`), assetButtons(near.length === 0 ? market.assets : near));
}

/** What a reader must know before the first number. */
function notice({ origin, figures: shown, troubles }: View, now: Date): readonly Block[] {
  const why = troubles.length === 0 ? "" : ` ${literal(capitalised(troubles.join(", and ")))}.`;
  const source = shown[0]?.source.name ?? "";
  switch (origin) {
    case "live":
      return why === "" ? [] : [note(`${why.trim()} These figures are from ${literal(source)}.`)];
    case "stored": {
      const age = formatAge(now.getTime() - latestFetch(shown).getTime());
      return [text(`**These figures are not live.**${why} ${literal(source)} gave them ${age} ago.`)];
    }
    case "baseline": {
      const from = shown[0]?.observedAt;
      const month = from === null || from === undefined ? "an earlier time" : formatTime(from, "month");
      return [text(`**No live source was reached.**${why} This is the bundled snapshot of **${month}**, not today's market.`)];
    }
  }
}

async function overview(market: Market, view: View, now: Date): Promise<readonly Block[]> {
  const ids = market.assets.map((asset) => asset.id);
  const of = (metric: string) => view.figures.filter((f) => ids.some((id) => f.metric === `${id}.${metric}`));
  const capped = new Set(of("market_cap").map(subjectOf));
  // A coin without a known size is no mover: its percentages say nothing about the sector.
  const movers = of("change_24h").filter((f) => capped.has(subjectOf(f)));
  const sector = view.figures.filter((f) => subjectOf(f) === "sector");
  const [prices, caps] = [of("price"), of("market_cap")];
  const placed = new Set([...sector, ...prices, ...caps, ...of("change_24h")]);
  return [
    ...(sector.length > 0 ? [figures(sector, now)] : await elsewhere(market, view, ["sector.market_cap"], now)),
    ...titled("Prices", prices, now),
    ...titled("Market caps", caps, now),
    ...titled(view.origin === "live" ? "Movers over 24 h, most up first" : "Change over 24 h, as last seen", fromUpToDown(movers), now),
    ...titled(
      "Networks",
      view.figures.filter((f) => !placed.has(f)),
      now,
    ),
  ];
}

async function single(market: Market, view: View, asset: Asset, now: Date): Promise<readonly Block[]> {
  const shown = view.figures.filter((f) => subjectOf(f) === asset.id);
  const missing = ["price", "market_cap", "change_24h"].map((m) => `${asset.id}.${m}`).filter((m) => !shown.some((f) => f.metric === m));
  const older = await elsewhere(market, view, missing, now);
  if (shown.length === 0 && older.length === 0)
    return [text(`There is no data on ${literal(asset.name)}: no source gave any, and the snapshot holds none.`)];
  return [...(shown.length === 0 ? [] : [figures(shown, now)]), ...older];
}

/** What the view's source does not say, as it was last known; each source under its own line. */
async function elsewhere(market: Market, view: View, metrics: readonly string[], now: Date): Promise<readonly Block[]> {
  const known = (await Promise.all(metrics.map((metric) => market.known(metric)))).filter((f) => f !== null);
  const bySource = Map.groupBy(known, (f) => f.source.name);
  const source = literal(view.figures[0]?.source.name ?? "The source");
  return [...bySource].flatMap(([name, list]) => [
    text(`${source} gives no current figure here. Last known, from ${literal(name)}:`),
    figures(list, now),
  ]);
}

function provenance({ origin, figures: shown }: View, asset: Asset | null): readonly Block[] {
  const own = asset === null ? shown[0] : (shown.find((f) => subjectOf(f) === asset.id) ?? shown[0]);
  if (own === undefined) return [];
  const { name, url } = own.source;
  const whence =
    origin === "baseline"
      ? `Source: ${literal(name)}, bundled with the program.`
      : `Fetched from ${literal(name)}, ${formatTime(latestFetch(shown), "instant")}.`;
  return [
    ...(url === "" ? [] : [sources([{ title: name, url }])]),
    note(`${whence} \`/why\` with a figure's receipt shows where it came from. Not financial advice.`),
  ];
}

const subjectOf = (figure: Figure): string => figure.metric.slice(0, figure.metric.indexOf("."));

const titled = (title: string, list: readonly Figure[], now: Date): readonly Block[] =>
  list.length === 0 ? [] : [text(`**${title}**`), figures(list, now)];

const fromUpToDown = (list: readonly Figure[]): readonly Figure[] => list.toSorted((a, b) => Number(b.value ?? 0) - Number(a.value ?? 0));

const latestFetch = (list: readonly Figure[]): Date => new Date(Math.max(...list.map((f) => f.fetchedAt.getTime())));

const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
