/** In English: `/market`, `/network`, `/why` and the watch list; the names of assets, networks, sources and figures are data. */
import type { Trouble } from "../errors.ts";
import type { Said } from "../said.ts";

const failed = {
  timeout: "did not answer in time",
  unreachable: "could not be reached",
  rate_limited: "asked me to come back later",
  unauthorised: "refused the request",
  not_found: "did not find what I asked for",
  server_error: "has trouble of its own",
  bad_shape: "sent nothing I could use",
  too_large: "sent far more than I asked for",
  unexpected: "failed in a way I did not expect",
} as const;

const inWords = (trouble: Trouble): string =>
  trouble.kind === "switched_off" ? "no price source is switched on" : `${trouble.source} ${failed[trouble.kind]}`;

/** Why sources gave nothing. */
export const troubles = {
  one: (trouble: Trouble): string => `${inWords(trouble)}.`,
  /** One sentence on all of them; there is at least one. */
  all(list: readonly Trouble[]): string {
    const said = list.map(inWords).join(", and ");
    return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
  },
} as const;

const provenance = "`/why` with a figure's receipt shows where it came from. Not financial advice.";

export const market = {
  title: "DePIN market",
  asking: "Asking the price sources …",
  outside: (id: string): string => `Not on the watch list: found by its CoinGecko id \`${id}\`.`,
  whole: "Whole market",
  unknown: (typed: string): string => `I follow no asset called “${typed}”, and found no coin with this id. I follow these:`,
  near: (typed: string): string => `I follow no asset called “${typed}”. Did you mean one of these?`,
  byId: (typed: string): string => `CoinGecko id “${typed}”`,
  /** @param why a sentence on what went wrong */
  otherSource: (why: string, source: string): string => `${why} These figures are from ${source}.`,
  notLive: (why: string, source: string, age: string): string => `**These figures are not live.**${why} ${source} gave them ${age} ago.`,
  bundled: (why: string, month: string | null): string =>
    `**No live source was reached.**${why} This is the bundled snapshot of **${month ?? "an earlier time"}**, not today's market.`,
  wholeCrypto: "Whole crypto market",
  backdrop: "**Backdrop**",
  backdropLine: (name: string, value: string, change: string | null): string =>
    `${name} ${value}${change === null ? "" : `, 24 h ${change}`}`,
  sections: { price: "**Prices**", market_cap: "**Market caps**", network: "**Networks**" },
  noMovers: (millions: number): string => `No coin of the sector with $${millions} million or more traded in 24 h moved.`,
  movers: (millions: number): string => `**Movers over 24 h** ($${millions} million or more traded)`,
  noData: "no data",
  older: (value: string, age: string): string => `${value}, ${age} older`,
  watchList: "**Watch list**",
  lastSeen: "**Watch list, as last seen**",
  head: { asset: "Asset", price: "Price", day: "24 h" },
  /** @param asset what it is called, with its ticker */
  chart: (asset: string, days: number): string => `${asset}, ${days} days`,
  chartSource: (source: string, until: string): string => `${source}, ${until}`,
  without: (source: string | null, names: string): string => `No data from ${source ?? "any source"}: ${names}.`,
  notAsked: (ids: string): string => `Not asked for yet: ${ids}. I ask for 250 coins at most, once an hour.`,
  nothing: (name: string): string => `There is no data on ${name}: no source gave any, and the snapshot holds none.`,
  price: "**Price**",
  cap: "**Market cap**",
  periods: { "24h": "24 h", "7d": "7 d", "30d": "30 d", baseline: "Since August 2024" },
  change: (period: string, value: string, whence: string): string => `${period}: ${value} ${whence}`,
  againstSnapshot: "against the snapshot",
  sourceSays: (source: string): string => `as ${source} says`,
  fromArchive: "from my archive",
  noChange: (periods: string): string => `${periods}: no data, my archive does not reach back that far`,
  elsewhere: (source: string | null, other: string): string =>
    `${source ?? "The source"} gives no current figure here. Last known, from ${other}:`,
  provenance,
  fromSnapshot: (source: string): string => `Source: ${source}, bundled with the program. ${provenance}`,
  fetched: (source: string, time: string): string => `Fetched from ${source}, ${time}. ${provenance}`,
} as const;

export const network = {
  title: "Networks",
  titleOf: (name: string): string => `${name}, the network`,
  asking: (name: string | null): string => (name === null ? "Asking the networks …" : `Asking ${name} …`),
  marketOf: (name: string): string => `${name}'s market`,
  all: "All networks",
  unknown: (typed: string, near: boolean): string =>
    `I follow no network called “${typed}”. ${near ? "Did you mean one of these?" : "I follow these:"}`,
  heading: (name: string, source: string | null): string => `**${name}**${source === null ? "" : `, from ${source}`}`,
  otherSource: (why: string, source: string): string => `${why} These figures are from ${source}.`,
  missing: (metrics: string): string => `No data: ${metrics}.`,
  notLive: (source: string, age: string | null): string => `Not live. From ${source}${age === null ? "" : `, ${age} ago`}:`,
  notes: {
    render:
      "Render publishes no documented statistics that a program may read, so I have no figures of the network itself, only its market data.",
    off: "Its sources are turned off.",
  },
  provenance,
} as const;

export const why = {
  unknown: (typed: string): Said => ({
    message: `I have nothing with the receipt “${typed}”.`,
    hint: "A receipt is the code of eight letters and digits beside a figure or an answer; `/market` shows some.",
  }),
  byModel: "Written by a language model",
  prompt: (prompt: string): string => `**Prompt**: ${prompt}`,
  model: (name: string): string => `**Model**: ${name}`,
  writtenAt: (time: string): string => `**Written**: ${time}`,
  notKept:
    "What was asked and what was answered are not kept. What it was written from stands beside it; each figure there has its own receipt.",
  asking: "Asking the sources again …",
  askAgain: "Ask again now",
  source: (name: string, bundled: boolean): string =>
    `**Source**: ${name}${bundled ? " (bundled with the program, so there is no page to link to)" : ""}`,
  raw: (value: string, workedOut: boolean): string => `**${workedOut ? "Worked out from" : "As the source wrote it"}**: ${value}`,
  sourceTime: (time: string | null): string => `**The source's time**: ${time ?? "it gave none"}`,
  fetched: (time: string, bundled: boolean): string => `**${bundled ? "Taken into the program" : "Fetched"}**: ${time}`,
  state: (state: string): string => `**State**: ${state}`,
  states: {
    missing: "missing: the source had no value",
    live: (age: string): string => `live when it was fetched, ${age} ago`,
    snapshot: "stale: a snapshot of the past",
    stale: (age: string): string => `stale: it was fetched ${age} ago, and nothing newer was to be had`,
  },
  metric: (metric: string): string => `**Metric**: ${metric}`,
  nothingToAsk: "It is bundled with the program: there is nothing to ask again.",
  workedOut: "It is worked out from other figures: ask again about those, by their receipts above.",
  notAlone: "I cannot ask about this one alone.",
  /** @param described the value and how far it is from the first */
  again: (described: string): string => `**Asked again**: ${described}`,
  gaveNone: (source: string): string => `**Asked again**: ${source} gave no value`,
  other: (described: string | null): string => `**Another source**: ${described ?? "none gave a value"}`,
  described: (source: string, value: string, age: string, receipt: string): string =>
    `${source}: **${value}**, fetched ${age} ago, \`${receipt}\``,
  tooFarApart: "; too far apart in time to compare",
  same: "; the same",
  difference: (size: string, points: boolean, more: boolean): string =>
    `; ${size} ${points ? "percentage points" : "%"} ${more ? "more" : "less"}`,
} as const;

export const watch = {
  follows: (usual: string, besides: string | null): string =>
    `This community follows ${usual}${besides === null ? "" : `, and besides: ${besides}`}.`,
  takenOff: (names: string): string => `Taken off: ${names}.`,
  how: "`/watch <id>` adds one by CoinGecko's id, `/unwatch <id>` takes one off.",
  lookingUp: "Looking it up …",
  unknown: (typed: string): Said => ({
    message: `I found no asset with the CoinGecko id “${typed}”.`,
    hint: "The id is the last part of the coin's page on coingecko.com, such as `geodnet`. Tickers are not unique, so I do not take them.",
  }),
  tooMany: (most: number): Said => ({
    message: `A community can add ${most} assets.`,
    hint: "Take one off first, with `/unwatch`.",
  }),
  followed: (name: string): string => `This community follows **${name}** from now on.`,
  already: (name: string): string => `This community follows **${name}** already.`,
  about: (name: string): string => `About ${name}`,
  notWatched: (typed: string): Said => ({
    message: `This community follows nothing called “${typed}”.`,
    hint: "`/watch` shows what it follows.",
  }),
  unfollowed: (name: string): string => `This community does not follow **${name}** any more: its digest leaves it out.`,
  notFollowed: (name: string): string => `This community did not follow **${name}**; nothing has changed.`,
  undo: "Undo",
} as const;
