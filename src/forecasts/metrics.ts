/** Which archived figures a question can be about, how near to its moment one must lie, and which of them a text means. */
import MiniSearch from "minisearch";
import type { Figure } from "../core/figure.ts";
import type { Asset } from "../market/types.ts";
import type { Candidate } from "./types.ts";

const hourMs = 3_600_000;

/** What is worked out once a day from a day's prices may be a day old, and half a day late. */
const dailyMs = 36 * hourMs;
/** Asked every hour: this bridges an outage of a source, and a market moves little in it. */
const hourlyMs = 6 * hourMs;
/** Asked every half hour to hour, of nodes that often answer nothing; capacity changes slowly. */
const networkMs = 12 * hourMs;

/** What is stored every day, and not only where somebody asks: medians, their index, and each seller's price. */
const dailyMetric = /^compute\.(?:index|\w+\.(?:networks|clouds|index)|\w+\.[a-z]+\.price)$/;
const hourlyMetric = /^[^.]+\.(?:price|market_cap|volume_24h|change_24h|change_7d|change_30d)$/;

/** How long before its moment the figure of a metric may have been archived; null where nothing is archived regularly under this name. */
export function toleranceOf(metric: string, networkMetrics: ReadonlySet<string>): number | null {
  if (networkMetrics.has(metric)) return networkMs;
  if (dailyMetric.test(metric)) return dailyMs;
  return hourlyMetric.test(metric) && !metric.startsWith("compute.") ? hourlyMs : null;
}

/** These only ever grow: what they have reached once stays reached. */
const growing: ReadonlySet<string> = new Set(["arweave.height", "arweave.weave_size", "helium.hotspots_iot", "helium.hotspots_mobile"]);
export const onlyGrows = (metric: string): boolean => growing.has(metric);

/** Words around a figure's name that tell it from no other. */
const fillers = new Set(
  "a an and at be cost costs does figure for from go going gpu-hour has have in is it its of on per s the their then to value what will with would".split(
    " ",
  ),
);

/** "H100 80GB" and "rtx4090" fall into the words that the names are made of. */
const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replace(/(\d)\s*(?:gb|gib)\b/g, "$1")
    .replace(/\b(rtx|gtx)(?=\d)/g, "$1 ")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "" && !fillers.has(word));

/** What else people say of a metric than its label does. */
function alsoCalled(metric: string, assets: readonly Asset[]): readonly string[] {
  const [first = "", ...rest] = metric.split(".");
  if (first !== "compute") {
    const asset = assets.find(({ id }) => id === first);
    return [
      ...(asset === undefined ? [] : [asset.name, asset.ticker, ...asset.aliases, "coin token network"]),
      ...(first === "sector" ? ["depin"] : []),
    ];
  }
  const kind = rest.at(-1) ?? "";
  const own =
    { networks: "decentralised decentralized", clouds: "centralised centralized cloud", index: "ratio share index", price: "price" }[
      kind
    ] ?? "";
  return ["compute gpu hour hours price median rent rental", own];
}

/** The words that tell this metric from the others of its kind: what is not said of them is guessed. A coin alone means its price. */
function tellingWords(metric: string, label: string): readonly string[] {
  const parts = metric.split(".");
  if (parts[0] !== "compute") return [...new Set(wordsOf(metric.replace(/\.price$/, "")))];
  if (parts.length === 2) return wordsOf(metric);
  const part = parts.at(-1) === "price" ? (parts.at(-2) ?? "") : (parts.at(-1) ?? "");
  return [...new Set([...wordsOf(label.split(/[,:]/)[0] ?? ""), ...wordsOf(part)])];
}

/** Classes of one model differ in memory and form alone. */
const modelOf = (metric: string, models: ReadonlyMap<string, string>): string => {
  const [first, gpu = "", ...rest] = metric.split(".");
  return first === "compute" && rest.length > 0 ? ["compute", models.get(gpu) ?? gpu, ...rest].join(".") : metric;
};

const isWord = (term: string): boolean => !/\d/.test(term) && term.length > 3;
const asWritten = { fuzzy: false, prefix: isWord } as const;
/** Two letters that changed places, or one wrong in three; a number with a slip is another number. */
const roughly = { fuzzy: (term: string) => (isWord(term) ? 0.3 : false), prefix: isWord } as const;

export interface Meant {
  /** What the text means: one, or several that it fits equally well. */
  readonly meant: readonly Candidate[];
  /** What it may have meant where nothing fits, likeliest first. */
  readonly near: readonly Candidate[];
}

export interface Names {
  readonly assets: readonly Asset[];
  /** GPU classes, those first that a bare model name is taken for. */
  readonly gpus: readonly { readonly id: string; readonly model: string }[];
}

/** @param figures what is archived, the newest figure of each metric */
export function metricsMeant(text: string, figures: readonly Figure[], { assets, gpus }: Names): Meant {
  const exact = figures.find(({ metric }) => metric === text.trim().toLowerCase());
  if (exact !== undefined) return { meant: [exact], near: [] };
  const index = new MiniSearch<{ id: string; words: string }>({
    fields: ["words"],
    tokenize: (words) => [...wordsOf(words)],
  });
  const byMetric = new Map(figures.map((one) => [one.metric, one]));
  index.addAll(figures.map(({ metric, label }) => ({ id: metric, words: [label, metric, ...alsoCalled(metric, assets)].join(" ") })));
  const found = (combineWith: "AND" | "OR", how: typeof asWritten | typeof roughly) =>
    index.search(wordsOf(text).join(" "), { combineWith, ...how }).flatMap(({ id, terms, score }) => {
      const one = byMetric.get(String(id));
      return one === undefined
        ? []
        : [{ one, score, unsaid: tellingWords(one.metric, one.label).filter((word) => !terms.includes(word)).length }];
    });
  const order = new Map(gpus.map(({ id }, place) => [id, place]));
  const placeOf = (metric: string) => order.get(metric.split(".")[1] ?? "") ?? gpus.length;
  const models = new Map(gpus.map(({ id, model }) => [id, model]));
  // "decentralised" is not a slip in "centralised": only where nothing fits as it is written, slips are thought of.
  const written = found("AND", asWritten);
  const fitting = written.length > 0 ? written : found("AND", roughly);
  const least = Math.min(...fitting.map(({ unsaid }) => unsaid));
  const best = fitting.filter(({ unsaid }) => unsaid === least).map(({ one }) => one);
  const oneOfEach = Map.groupBy(
    best.toSorted((a, b) => placeOf(a.metric) - placeOf(b.metric)),
    ({ metric }) => modelOf(metric, models),
  );
  const meant = [...oneOfEach.values()].flatMap(([first]) => first ?? []);
  if (meant.length > 0) return { meant, near: [] };
  const near = found("OR", roughly).toSorted((a, b) => b.score - a.score || a.unsaid - b.unsaid);
  return { meant: [], near: near.map(({ one }) => one) };
}
