/** `/market`: the DePIN sector, its movers and the watch list, or one asset, always with the source, its time and what was wrong with it. */
import {
  type Asset,
  type Block,
  buttons,
  type Change,
  type ChartSpec,
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
  type Texts,
  table,
  text,
  z,
} from "../src/kit.ts";

type Market = Services["market"];
type Series = NonNullable<Awaited<ReturnType<Market["history"]>>>;
type View = Awaited<ReturnType<Market["view"]>>;
type Words = Texts["market"];
/** What every part of an answer needs. */
interface Around {
  readonly now: Date;
  readonly words: Words;
}

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
  async run({ services: { market, communities, illustrate }, room, signal, now, progress, texts }, { asset: query = "" }) {
    const asset = query === "" ? null : await find(market, query, signal);
    const { market: words } = texts;
    if (query !== "" && asset === null) return unknownAsset(market, query, words);
    progress(words.asking);
    const outside = asset !== null && !market.assets.includes(asset);
    // Prices do not wait for a database that is down: then the watch list is shown as everyone has it.
    const follows = outside
      ? { watched: [asset.coingecko], unwatched: [] }
      : await communities.settings(room.community).catch(() => ({ watched: [], unwatched: [] }));
    const view = await market.view(signal, follows);
    const past = asset === null ? null : await market.history(asset, signal);
    const picture = asset === null || past === null ? null : await illustrate(priceChart(asset, past, { now, words }), "price.png");
    const body = asset === null ? await overview(market, view, { now, words }) : await single(market, view, asset, { now, words });
    return reply(
      heading(asset === null ? words.title : literal(labelOf(asset))),
      ...notice(view, now, texts),
      ...body,
      ...(picture === null ? [] : [picture]),
      ...(outside ? [note(words.outside(asset.coingecko))] : []),
      ...provenance(view, asset, words),
      asset === null ? assetButtons(market, view.assets) : buttons([{ label: words.whole, command: "market", args: {} }]),
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

function unknownAsset(market: Market, query: string, words: Words) {
  const near = prefixed.test(query) ? [] : market.nearest(query).slice(0, 3);
  if (near.length === 0) return reply(text(words.unknown(literal(query))), assetButtons(market, market.assets));
  const byId = /^[\w.-]+$/.test(query) ? [{ label: words.byId(query), command: "market", args: { asset: `coingecko:${query}` } }] : [];
  return reply(
    text(words.near(literal(query))),
    buttons([...near.map((asset) => ({ label: asset.name, command: "market", args: { asset: asset.id } })), ...byId]),
  );
}

/** What a reader must know before the first number. */
function notice({ origin, figures: shown, troubles }: View, now: Date, { market: words, troubles: said }: Texts): readonly Block[] {
  const why = troubles.length === 0 ? "" : ` ${literal(said.all(troubles))}`;
  const source = shown[0]?.source.name ?? "";
  switch (origin) {
    case "live":
      return why === "" ? [] : [note(words.otherSource(why.trim(), literal(source)))];
    case "stored": {
      const age = formatAge(now.getTime() - latestFetch(shown).getTime());
      return [text(words.notLive(why, literal(source), age))];
    }
    case "baseline": {
      const from = shown[0]?.observedAt;
      const month = from === null || from === undefined ? null : formatTime(from, "month");
      return [text(words.bundled(why, month))];
    }
  }
}

async function overview(market: Market, view: View, { now, words }: Around): Promise<readonly Block[]> {
  if (view.origin === "baseline") return snapshot(view, { now, words });
  const of = (metric: string) => view.figures.find((f) => f.metric === metric);
  const sector = ["sector.market_cap", "sector.volume_24h"].flatMap((metric) => of(metric) ?? []);
  const cap = of("sector.market_cap");
  const [changes, movers] = await Promise.all([
    cap === undefined ? [] : market.changes(cap),
    view.origin === "live" ? market.movers() : null,
  ]);
  const backdrop = [
    [words.wholeCrypto, of("global.market_cap"), of("global.change_24h")] as const,
    ...["bitcoin", "ethereum"].map((id) => [market.asset(id)?.name ?? id, of(`${id}.price`), of(`${id}.change_24h`)] as const),
  ].flatMap(([name, value, change]) =>
    value === undefined ? [] : [words.backdropLine(name, inline(value), change === undefined ? null : inline(change))],
  );
  return [
    ...(sector.length > 0 ? [figures(sector, now)] : await elsewhere(market, view, ["sector.market_cap"], { now, words })),
    ...(cap === undefined ? [] : [text(changeLines(changes, words).join("\n"))]),
    ...(backdrop.length === 0 ? [] : [text([words.backdrop, ...backdrop].join("\n"))]),
    ...(movers === null ? [] : moverBlocks(movers, words)),
    ...watchList(view, words),
  ];
}

/** The bundled figures, all of them: there is no more of them than fits. */
function snapshot({ figures: all }: View, { now, words: { sections } }: Around): readonly Block[] {
  const titleOf = ({ metric }: Figure) => {
    if (metric.startsWith("sector.")) return "";
    const kind = metric.slice(metric.lastIndexOf(".") + 1);
    return kind === "price" || kind === "market_cap" ? sections[kind] : sections.network;
  };
  return [...Map.groupBy(all, titleOf)].flatMap(([title, list]) => [...(title === "" ? [] : [text(title)]), figures(list, now)]);
}

function moverBlocks({ up, down, floor }: NonNullable<Awaited<ReturnType<Market["movers"]>>>, words: Words): readonly Block[] {
  const millions = floor / 1_000_000;
  if (up.length + down.length === 0) return [note(words.noMovers(millions))];
  const line = (mark: string) => (change: Figure) => `${mark} ${literal(change.label.replace(/ 24 h change$/, ""))} ${inline(change)}`;
  return [text([words.movers(millions), ...up.map(line("▲")), ...down.map(line("▼"))].join("\n"))];
}

/** Three short columns, which a phone can show; the receipts stand on each asset's own page. */
function watchList(view: View, words: Words): readonly Block[] {
  if (view.assets.length === 0) return [];
  const newest = latestFetch(view.figures).getTime();
  const cell = (metric: string) => {
    const figure = view.figures.find((f) => f.metric === metric);
    if (figure === undefined) return words.noData;
    const behind = newest - figure.fetchedAt.getTime();
    return behind <= maxBehindMs ? formatFigure(figure) : words.older(formatFigure(figure), formatAge(behind));
  };
  const has = ({ id }: Asset) => view.figures.some((f) => f.metric === `${id}.price` || f.metric === `${id}.change_24h`);
  const rows = view.assets
    .filter(has)
    .map(({ id, name, ticker }) => [name.length <= 12 ? name : ticker, cell(`${id}.price`), cell(`${id}.change_24h`)]);
  const left = new Set(view.leftOut);
  const [first] = view.figures;
  const source = first === undefined ? null : literal(first.source.name);
  const without = view.assets.filter((asset) => !has(asset) && !left.has(asset.coingecko)).map(({ name }) => literal(name));
  return [
    text(view.origin === "live" ? words.watchList : words.lastSeen),
    ...(rows.length === 0 ? [] : [table([words.head.asset, words.head.price, words.head.day], rows)]),
    ...(without.length === 0 ? [] : [note(words.without(source, without.join(", ")))]),
    ...(left.size === 0 ? [] : [note(words.notAsked([...left].map((id) => `\`${id}\``).join(", ")))]),
  ];
}

/** Figures of one answer are stored together; one that is much older is of an earlier answer. */
const maxBehindMs = 2 * 3_600_000;

async function single(market: Market, view: View, asset: Asset, { now, words }: Around): Promise<readonly Block[]> {
  const [price, cap] = [`${asset.id}.price`, `${asset.id}.market_cap`];
  const shown = view.figures.filter((f) => subjectOf(f) === asset.id && !f.metric.includes(".change_"));
  const told = (metric: string) => (view.origin === "baseline" ? undefined : shown.find((f) => f.metric === metric));
  const older = await elsewhere(
    market,
    view,
    [price, cap].filter((metric) => !shown.some((f) => f.metric === metric)),
    { now, words },
  );
  if (shown.length === 0 && older.length === 0) return [text(words.nothing(literal(asset.name)))];
  const [ofPrice, ofCap] = await Promise.all(
    [price, cap].map(told).map((figure) => (figure === undefined ? null : market.changes(figure))),
  );
  const sinceThen = (ofCap ?? []).filter(({ period }) => period === "baseline");
  return [
    ...(shown.length === 0 ? [] : [figures(shown, now)]),
    ...(ofPrice === null || ofPrice === undefined ? [] : [text([words.price, ...changeLines(ofPrice, words)].join("\n"))]),
    ...(sinceThen.length === 0 ? [] : [text([words.cap, ...sinceThen.map((change) => changeLine(change, words))].join("\n"))]),
    ...older,
  ];
}

const priceChart = (asset: Asset, { source, points }: Series, { now, words }: Around): ChartSpec => ({
  kind: "line",
  title: words.chart(labelOf(asset), points.length),
  subtitle: words.chartSource(source, formatTime(points.at(-1)?.at ?? now, "instant")),
  series: [{ label: asset.ticker, points }],
  unit: "usd",
});

function changeLine({ period, figure, from }: Change, words: Words): string {
  const said = from === "source" ? words.sourceSays(literal(figure.source.name)) : words.fromArchive;
  return words.change(words.periods[period], inline(figure), period === "baseline" ? words.againstSnapshot : said);
}

/** A line for each change, and one that names the periods of which nothing is known. */
function changeLines(changes: readonly Change[], words: Words): readonly string[] {
  const missing = periods.filter((period) => period !== "baseline" && !changes.some((change) => change.period === period));
  const gap = () => words.noChange(missing.map((period) => words.periods[period]).join(", "));
  return [...changes.map((change) => changeLine(change, words)), ...(missing.length === 0 ? [] : [gap()])];
}

/** What the view's source does not say, as it was last known; each source under its own line. */
async function elsewhere(market: Market, view: View, metrics: readonly string[], { now, words }: Around): Promise<readonly Block[]> {
  const known = (await Promise.all(metrics.map((metric) => market.known(metric)))).filter((f) => f !== null);
  const bySource = Map.groupBy(known, (f) => f.source.name);
  const [first] = view.figures;
  const source = first === undefined ? null : literal(first.source.name);
  return [...bySource].flatMap(([name, list]) => [text(words.elsewhere(source, literal(name))), figures(list, now)]);
}

function provenance({ origin, figures: all }: View, asset: Asset | null, words: Words): readonly Block[] {
  const shown = asset === null ? all : all.filter((f) => subjectOf(f) === asset.id);
  const [first] = shown;
  if (first === undefined) return [note(words.provenance)];
  const { name, url } = first.source;
  const whence =
    origin === "baseline" ? words.fromSnapshot(literal(name)) : words.fetched(literal(name), formatTime(latestFetch(shown), "instant"));
  return [...(url === "" ? [] : [sources([{ title: name, url }])]), note(whence)];
}

/** A figure inside a line: its value, and its receipt. */
const inline = (figure: Figure): string => `**${formatFigure(figure)}** \`${figure.id}\``;

const subjectOf = ({ metric }: Figure): string => metric.slice(0, metric.lastIndexOf("."));

const latestFetch = (list: readonly Figure[]): Date => new Date(Math.max(...list.map((f) => f.fetchedAt.getTime())));
