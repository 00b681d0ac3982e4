/** `/market`: the DePIN sector, its movers and the watch list, or one asset, always with the source, its time and what was wrong with it. */
import {
  type Asset,
  type Block,
  buttons,
  type Change,
  defineCommand,
  type Figure,
  figures,
  formatAge,
  formatFigure,
  formatTime,
  heading,
  literal,
  note,
  periods,
  reply,
  type Services,
  sources,
  table,
  text,
  z,
} from "../src/kit.ts";

type Market = Services["market"];
type View = Awaited<ReturnType<Market["view"]>>;

export default defineCommand({
  name: "market",
  summary: "DePIN sector, its movers and the watch list, or one asset",
  args: z.object({
    asset: z
      .string()
      .trim()
      .max(100)
      .optional()
      .describe("Name, ticker or CoinGecko id, such as Akash or AKT; without it, the whole sector"),
  }),
  examples: ["/market", "/market akash", "/market coingecko:geodnet"],
  access: "everyone",
  visibility: "public",
  suggest: { asset: ({ market }, { typed }) => market.nearest(typed).map((a) => ({ label: labelOf(a), value: a.id })) },
  async run({ services: { market, communities }, room, signal, now, progress }, { asset: query = "" }) {
    const asset = query === "" ? null : await find(market, query, signal);
    if (query !== "" && asset === null) return unknownAsset(market, query);
    progress("Asking the price sources …");
    const outside = asset !== null && !market.assets.includes(asset);
    // Prices do not wait for a database that is down: then the watch list is shown as everyone has it.
    const follows = outside
      ? { watched: [asset.coingecko], unwatched: [] }
      : await communities.settings(room.community).catch(() => ({ watched: [], unwatched: [] }));
    const view = await market.view(signal, follows);
    const body = asset === null ? await overview(market, view, now) : await single(market, view, asset, now);
    return reply(
      heading(asset === null ? "DePIN market" : literal(labelOf(asset))),
      ...notice(view, now),
      ...body,
      ...(outside ? [note(`Not on the watch list: found by its CoinGecko id \`${asset.coingecko}\`.`)] : []),
      ...provenance(view, asset),
      asset === null ? assetButtons(market, view.assets) : buttons([{ label: "Whole market", command: "market", args: {} }]),
    );
  },
});

const labelOf = (asset: Asset): string => (asset.name === asset.ticker ? asset.name : `${asset.name} (${asset.ticker})`);

/** As many as Discord shows under one message. */
const maxButtons = 25;

const assetButtons = ({ assets: ours }: Market, assets: readonly Asset[]): Block =>
  buttons(
    assets.slice(0, maxButtons).map((asset) => ({
      label: asset.name,
      command: "market",
      args: { asset: ours.includes(asset) ? asset.id : `coingecko:${asset.coingecko}` },
    })),
  );

/** An id of CoinGecko's, said to be one. */
const prefixed = /^coingecko:\s*/i;

/** A typing error must not find whatever coin has it for an id: where names are near, an id is only looked up if it is said to be one. */
async function find(market: Market, query: string, signal: AbortSignal): Promise<Asset | null> {
  const asset = market.asset(query.replace(prefixed, ""));
  if (asset !== null) return asset;
  return prefixed.test(query) || market.nearest(query).length === 0 ? market.lookUp(query.replace(prefixed, ""), signal) : null;
}

function unknownAsset(market: Market, query: string) {
  const near = prefixed.test(query) ? [] : market.nearest(query).slice(0, 3);
  if (near.length === 0)
    return reply(
      text(`I follow no asset called “${literal(query)}”, and found no coin with this id. I follow these:`),
      assetButtons(market, market.assets),
    );
  const byId = /^[\w.-]+$/.test(query)
    ? [{ label: `CoinGecko id “${query}”`, command: "market", args: { asset: `coingecko:${query}` } }]
    : [];
  return reply(
    text(`I follow no asset called “${literal(query)}”. Did you mean one of these?`),
    buttons([...near.map((asset) => ({ label: asset.name, command: "market", args: { asset: asset.id } })), ...byId]),
  );
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
  if (view.origin === "baseline") return snapshot(view, now);
  const of = (metric: string) => view.figures.find((f) => f.metric === metric);
  const sector = ["sector.market_cap", "sector.volume_24h"].flatMap((metric) => of(metric) ?? []);
  const cap = of("sector.market_cap");
  const [changes, movers] = await Promise.all([
    cap === undefined ? [] : market.changes(cap),
    view.origin === "live" ? market.movers() : null,
  ]);
  const backdrop = [
    ["Whole crypto market", of("global.market_cap"), of("global.change_24h")] as const,
    ...["bitcoin", "ethereum"].map((id) => [market.asset(id)?.name ?? id, of(`${id}.price`), of(`${id}.change_24h`)] as const),
  ].flatMap(([name, value, change]) =>
    value === undefined ? [] : [`${name} ${inline(value)}${change === undefined ? "" : `, 24 h ${inline(change)}`}`],
  );
  return [
    ...(sector.length > 0 ? [figures(sector, now)] : await elsewhere(market, view, ["sector.market_cap"], now)),
    ...(cap === undefined ? [] : [text(changeLines(changes).join("\n"))]),
    ...(backdrop.length === 0 ? [] : [text(`**Backdrop**\n${backdrop.join("\n")}`)]),
    ...(movers === null ? [] : moverBlocks(movers)),
    ...watchList(view),
  ];
}

/** The bundled figures, all of them: there is no more of them than fits. */
function snapshot({ figures: all }: View, now: Date): readonly Block[] {
  const titles = new Map([
    ["price", "Prices"],
    ["market_cap", "Market caps"],
  ]);
  const titleOf = ({ metric }: Figure) =>
    metric.startsWith("sector.") ? "" : (titles.get(metric.slice(metric.lastIndexOf(".") + 1)) ?? "Networks");
  return [...Map.groupBy(all, titleOf)].flatMap(([title, list]) => [...(title === "" ? [] : [text(`**${title}**`)]), figures(list, now)]);
}

function moverBlocks({ up, down, floor }: NonNullable<Awaited<ReturnType<Market["movers"]>>>): readonly Block[] {
  const traded = `$${floor / 1_000_000} million or more traded`;
  if (up.length + down.length === 0) return [note(`No coin of the sector with ${traded} in 24 h moved.`)];
  const line = (mark: string) => (change: Figure) => `${mark} ${literal(change.label.replace(/ 24 h change$/, ""))} ${inline(change)}`;
  return [text([`**Movers over 24 h** (${traded})`, ...up.map(line("▲")), ...down.map(line("▼"))].join("\n"))];
}

/** Three short columns, which a phone can show; the receipts stand on each asset's own page. */
function watchList(view: View): readonly Block[] {
  if (view.assets.length === 0) return [];
  const newest = latestFetch(view.figures).getTime();
  const cell = (metric: string) => {
    const figure = view.figures.find((f) => f.metric === metric);
    if (figure === undefined) return "no data";
    const behind = newest - figure.fetchedAt.getTime();
    return behind <= maxBehindMs ? formatFigure(figure) : `${formatFigure(figure)}, ${formatAge(behind)} older`;
  };
  const has = ({ id }: Asset) => view.figures.some((f) => f.metric === `${id}.price` || f.metric === `${id}.change_24h`);
  const rows = view.assets
    .filter(has)
    .map(({ id, name, ticker }) => [name.length <= 12 ? name : ticker, cell(`${id}.price`), cell(`${id}.change_24h`)]);
  const left = new Set(view.leftOut);
  const without = view.assets.filter((asset) => !has(asset) && !left.has(asset.coingecko)).map(({ name }) => literal(name));
  return [
    text(view.origin === "live" ? "**Watch list**" : "**Watch list, as last seen**"),
    ...(rows.length === 0 ? [] : [table(["Asset", "Price", "24 h"], rows)]),
    ...(without.length === 0
      ? []
      : [note(`No data from ${literal(view.figures[0]?.source.name ?? "any source")}: ${without.join(", ")}.`)]),
    ...(left.size === 0
      ? []
      : [note(`Not asked for yet: ${[...left].map((id) => `\`${id}\``).join(", ")}. I ask for 250 coins at most, once an hour.`)]),
  ];
}

/** Figures of one answer are stored together; one that is much older is of an earlier answer. */
const maxBehindMs = 2 * 3_600_000;

async function single(market: Market, view: View, asset: Asset, now: Date): Promise<readonly Block[]> {
  const [price, cap] = [`${asset.id}.price`, `${asset.id}.market_cap`];
  const shown = view.figures.filter((f) => subjectOf(f) === asset.id && !f.metric.includes(".change_"));
  const told = (metric: string) => (view.origin === "baseline" ? undefined : shown.find((f) => f.metric === metric));
  const older = await elsewhere(
    market,
    view,
    [price, cap].filter((metric) => !shown.some((f) => f.metric === metric)),
    now,
  );
  if (shown.length === 0 && older.length === 0)
    return [text(`There is no data on ${literal(asset.name)}: no source gave any, and the snapshot holds none.`)];
  const [ofPrice, ofCap] = await Promise.all(
    [price, cap].map(told).map((figure) => (figure === undefined ? null : market.changes(figure))),
  );
  const sinceThen = (ofCap ?? []).filter(({ period }) => period === "baseline");
  return [
    ...(shown.length === 0 ? [] : [figures(shown, now)]),
    ...(ofPrice === null || ofPrice === undefined ? [] : [text(`**Price**\n${changeLines(ofPrice).join("\n")}`)]),
    ...(sinceThen.length === 0 ? [] : [text(`**Market cap**\n${sinceThen.map(changeLine).join("\n")}`)]),
    ...older,
  ];
}

const names: Readonly<Record<Change["period"], string>> = { "24h": "24 h", "7d": "7 d", "30d": "30 d", baseline: "Since August 2024" };

function changeLine({ period, figure, from }: Change): string {
  const whence =
    period === "baseline" ? "against the snapshot" : from === "source" ? `as ${literal(figure.source.name)} says` : "from my archive";
  return `${names[period]}: ${inline(figure)} ${whence}`;
}

/** A line for each change, and one that names the periods of which nothing is known. */
function changeLines(changes: readonly Change[]): readonly string[] {
  const missing = periods.filter((period) => period !== "baseline" && !changes.some((change) => change.period === period));
  const gap = `${missing.map((period) => names[period]).join(", ")}: no data, my archive does not reach back that far`;
  return [...changes.map(changeLine), ...(missing.length === 0 ? [] : [gap])];
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

function provenance({ origin, figures: all }: View, asset: Asset | null): readonly Block[] {
  const shown = asset === null ? all : all.filter((f) => subjectOf(f) === asset.id);
  const hint = "`/why` with a figure's receipt shows where it came from. Not financial advice.";
  const [first] = shown;
  if (first === undefined) return [note(hint)];
  const { name, url } = first.source;
  const whence =
    origin === "baseline"
      ? `Source: ${literal(name)}, bundled with the program.`
      : `Fetched from ${literal(name)}, ${formatTime(latestFetch(shown), "instant")}.`;
  return [...(url === "" ? [] : [sources([{ title: name, url }])]), note(`${whence} ${hint}`)];
}

/** A figure inside a line: its value, and its receipt. */
const inline = (figure: Figure): string => `**${formatFigure(figure)}** \`${figure.id}\``;

const subjectOf = ({ metric }: Figure): string => metric.slice(0, metric.lastIndexOf("."));

const latestFetch = (list: readonly Figure[]): Date => new Date(Math.max(...list.map((f) => f.fetchedAt.getTime())));

const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
