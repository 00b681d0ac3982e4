/** Collects from the market what a digest says. A source that fails leaves a gap; it never ends the digest. */
import type { Section, Settings } from "../communities/types.ts";
import type { PriceDesk } from "../compute/types.ts";
import type { Figure } from "../core/figure.ts";
import type { Asset, Market, MarketView, Networks, NetworkView } from "../market/types.ts";
import type { AssetFact, BodyFacts, ComputeFact, MoverFact, NetworkFact } from "./body.ts";

export interface Sources {
  readonly market: Market;
  readonly networks: Networks;
  readonly prices: Pick<PriceDesk, "overview" | "before">;
}

export type Facts = Omit<BodyFacts, "picture" | "narrative" | "words">;

/** @throws the signal's reason */
export async function gather(
  { market, networks, prices }: Sources,
  sections: readonly Section[],
  settings: Pick<Settings, "watched" | "unwatched">,
  day: string,
  now: Date,
  signal: AbortSignal,
): Promise<Facts> {
  const [view, networkViews, compute] = await Promise.all([
    market.view(signal, settings),
    sections.includes("networks") ? networks.views(signal) : Promise.resolve([]),
    sections.includes("compute") ? computeFact(prices, signal) : Promise.resolve(null),
  ]);
  const of = (metric: string): Figure | null => view.figures.find((f) => f.metric === metric) ?? null;
  const movers = sections.includes("movers") ? await market.movers() : null;
  const sector = of("sector.market_cap");
  return {
    now,
    day,
    sections,
    origin: view.origin,
    troubles: view.troubles,
    sector,
    sectorChanges: sector === null ? [] : await market.changes(sector),
    backdrop: backdropOf(view, settings),
    movers:
      movers === null
        ? null
        : {
            up: movers.up.map(moverOf),
            down: movers.down.map(moverOf),
            floor: dollars(movers.floor),
          },
    followed: view.assets.filter((asset) => settings.watched.includes(asset.coingecko)).flatMap((asset) => factOf(view, asset)),
    networks: await Promise.all(networkViews.map((one) => networkFact(market, one))),
    compute,
  };
}

const moverOf = (change: Figure): MoverFact => ({ name: change.label.replace(/ 24 h change$/, ""), change });

const dollars = (amount: number): string => `$${amount / 1e6} million`;

function factOf(view: MarketView, { id, name }: Asset): readonly AssetFact[] {
  const [price, change] = ["price", "change_24h"].map((metric) => view.figures.find((f) => f.metric === `${id}.${metric}`));
  return price === undefined ? [] : [{ name, price, change: change ?? null }];
}

/** Bitcoin and Ether: what the whole market does stands behind what the sector does. */
function backdropOf(view: MarketView, { unwatched }: Pick<Settings, "unwatched">): readonly AssetFact[] {
  return view.assets
    .filter((asset) => ["bitcoin", "ethereum"].includes(asset.coingecko) && !unwatched.includes(asset.coingecko))
    .flatMap((asset) => factOf(view, asset));
}

/** A network's figures with their change over 30 days, or over as long as the archive reaches. */
async function networkFact(market: Market, { name, figures, note }: NetworkView): Promise<NetworkFact> {
  const rows = await Promise.all(
    figures.map(async (figure) => {
      const changes = await market.changes(figure);
      const wanted = (["30d", "7d", "24h"] as const).map((period) => changes.find((c) => c.period === period)).find((c) => c !== undefined);
      return { figure, change: wanted === undefined ? null : wanted };
    }),
  );
  return note === undefined ? { name, rows } : { name, rows, note };
}

/** A digest is read in a minute: the first of the classes, which are those that are asked for most. */
const maxClasses = 3;

async function computeFact(prices: Sources["prices"], signal: AbortSignal): Promise<ComputeFact | null> {
  const { index, gpus } = await prices.overview(signal);
  if (index === null) return null;
  const classes = await Promise.all(
    gpus
      .slice(0, maxClasses)
      .map(async ({ gpu, networks, clouds, index: own }) =>
        networks === null || clouds === null || own === null
          ? null
          : { name: gpu.name, networks, clouds, index: own, before: await prices.before(own, 7) },
      ),
  );
  const from = gpus.flatMap((one) => one.prices.filter(({ seller }) => seller.side !== "marketplace").map(({ price }) => price));
  return { index, before: await prices.before(index, 7), classes: classes.filter((one) => one !== null), from };
}
