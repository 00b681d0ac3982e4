/** Composes what rooms with the same wishes share of a digest: facts in, blocks out, and every number noted with its receipt. */
import { createHash } from "node:crypto";
import type { Section } from "../communities/types.ts";
import type { Trouble } from "../core/errors.ts";
import { type Figure, formatAge, formatFigure, formatFreshness, formatTime } from "../core/figure.ts";
import type { ReceiptId } from "../core/ids.ts";
import { literal } from "../core/markup.ts";
import type { Texts } from "../core/texts.ts";
import { isWorkedOut, type NetworkView, type Period } from "../market/types.ts";
import type { DigestBlock, DigestBody, Narrative } from "./types.ts";

/** A change with its period, and whether it is of our own archive or the source's word. */
export interface ChangeFact {
  readonly period: Period;
  readonly figure: Figure;
  readonly from: "archive" | "source";
}

export interface AssetFact {
  readonly name: string;
  readonly price: Figure;
  readonly change: Figure | null;
}

export interface NetworkFact {
  readonly name: string;
  readonly rows: readonly { readonly figure: Figure; readonly change: ChangeFact | null }[];
  /** Why it has no figures. */
  readonly note?: NonNullable<NetworkView["note"]>;
}

/** What GPU-hours cost on networks and at clouds, and a week ago; null where no figure of the same sellers is that old. */
export interface ComputeFact {
  readonly index: Figure;
  readonly before: Figure | null;
  /** The classes that are asked for most. */
  readonly classes: readonly {
    readonly name: string;
    readonly networks: Figure;
    readonly clouds: Figure;
    readonly index: Figure;
    readonly before: Figure | null;
  }[];
  /** The prices that the medians are of. */
  readonly from: readonly Figure[];
}

export interface BodyFacts {
  readonly now: Date;
  readonly words: Texts["digest"];
  /** How the day is called where it is posted, such as "Sunday, 22 November 2026". */
  readonly day: string;
  readonly sections: readonly Section[];
  readonly origin: "live" | "stored" | "baseline";
  /** What was asked in vain, in words. */
  readonly troubles: readonly Trouble[];
  readonly sector: Figure | null;
  readonly sectorChanges: readonly ChangeFact[];
  readonly backdrop: readonly AssetFact[];
  readonly movers: { readonly up: readonly MoverFact[]; readonly down: readonly MoverFact[]; readonly floor: string } | null;
  /** What this community follows besides the watch list. */
  readonly followed: readonly AssetFact[];
  readonly networks: readonly NetworkFact[];
  /** Null where there is nothing to compare. */
  readonly compute: ComputeFact | null;
  readonly picture: Extract<DigestBlock, { kind: "picture" }> | null;
  /** What passed the rules of `narrative.ts`. */
  readonly narrative: Narrative | null;
}

export interface MoverFact {
  readonly name: string;
  readonly change: Figure;
}

export interface Composed {
  readonly body: DigestBody;
  readonly figures: readonly Figure[];
}

export function composeBody(facts: BodyFacts): Composed {
  const cited = new Map<ReceiptId, Figure>();
  /** The only way in which a value gets into the text. */
  const cite = (figure: Figure): string => {
    cited.set(figure.id, figure);
    return formatFigure(figure);
  };
  const wants = (section: Section): boolean => facts.sections.includes(section);
  const blocks: DigestBlock[] = [
    { kind: "heading", text: facts.words.title(facts.day) },
    ...(facts.picture === null ? [] : [facts.picture]),
    ...said(notLive(facts)),
    ...said(facts.narrative?.text ?? ""),
    ...(wants("headline") ? headline(facts, cite) : []),
    ...(wants("movers") ? movers(facts, cite) : []),
    ...(wants("networks") ? networks(facts, cite) : []),
    ...(wants("compute") && facts.compute !== null ? compute(facts.compute, facts, cite) : []),
  ];
  for (const figure of facts.narrative?.figures ?? []) cited.set(figure.id, figure);
  const figures = [...cited.values()];
  // Without the small print every figure still leads to its source by `/why`; what the marks at the changes mean stays.
  const below = wants("smallprint")
    ? smallPrint([...figures, ...(facts.compute?.from ?? [])], facts)
    : lines(howChanges(figures, facts), byModel(facts));
  const print: DigestBlock[] = below === "" ? [] : [{ kind: "note", text: below }];
  const hash = createHash("sha256").update(JSON.stringify([blocks, print, figures.map((f) => f.id)]));
  const id = hash.digest("hex").slice(0, 32);
  return { body: { id, composedAt: facts.now, blocks, print, figures: figures.map((f) => f.id) }, figures };
}

type Cite = (figure: Figure) => string;

const said = (text: string): readonly DigestBlock[] => (text === "" ? [] : [{ kind: "text", text }]);

/** What a reader must know before the first number. */
function notLive({ origin, troubles, sector, backdrop, now, words }: BodyFacts): string {
  const shown = sector ?? backdrop[0]?.price;
  const why = troubles.length === 0 ? "" : ` ${literal(words.troubles(troubles))}`;
  if (origin === "live" || shown === undefined) return shown === undefined ? `${words.noMarketData}${why}` : "";
  if (origin === "baseline") return words.bundled(why);
  return words.notLive(why, formatAge(now.getTime() - (shown.observedAt ?? shown.fetchedAt).getTime()));
}

const changeText = ({ period, figure, from }: ChangeFact, cite: Cite, words: Texts["digest"]): string =>
  `${cite(figure)}${from === "source" ? "\\*" : ""} ${words.periods[period]}`;

function headline({ sector, sectorChanges, backdrop, words }: BodyFacts, cite: Cite): readonly DigestBlock[] {
  const changes = sectorChanges.map((change) => changeText(change, cite, words)).join(" · ");
  const cap = sector === null ? words.noSector : `${words.sector(cite(sector))}${changes === "" ? "" : `\n${changes}`}`;
  return [...said(cap), ...said(backdrop.map((asset) => assetText(asset, cite)).join("\n"))];
}

const assetText = ({ name, price, change }: AssetFact, cite: Cite): string =>
  `${literal(name)} ${cite(price)}${change === null ? "" : ` (${cite(change)} 24 h)`}`;

function movers({ movers: list, followed, words }: BodyFacts, cite: Cite): readonly DigestBlock[] {
  const line = (arrow: string, some: readonly MoverFact[]): string =>
    some.length === 0 ? "" : `${arrow} ${some.map(({ name, change }) => `${literal(name)} ${cite(change)}`).join(" · ")}`;
  const up = line("▲", list?.up ?? []);
  const down = line("▼", list?.down ?? []);
  const own = followed.map((asset) => assetText(asset, cite)).join("\n");
  return [
    ...said(list === null || (up === "" && down === "") ? "" : [words.movers(list.floor), up, down].filter(Boolean).join("\n")),
    ...said(own === "" ? "" : `${words.followed}\n${own}`),
  ];
}

function networks({ networks: list, now, words }: BodyFacts, cite: Cite): readonly DigestBlock[] {
  const lines = list
    .filter(({ rows, note }) => rows.length > 0 || note !== undefined)
    .map(({ name, rows, note }) => {
      const parts = rows.map(({ figure, change }) => {
        const label = figure.label.startsWith(`${name} `) ? figure.label.slice(name.length + 1) : figure.label;
        const behind = [
          ...(figure.state === "stale" ? [formatFreshness(figure, now)] : []),
          ...(change === null ? [] : [changeText(change, cite, words)]),
        ];
        return `${literal(label)} ${cite(figure)}${behind.length === 0 ? "" : ` (${behind.join("; ")})`}`;
      });
      const said = parts.length === 0 && note !== undefined ? literal(`– ${words.networkNotes[note]}`) : parts.join(" · ");
      return `**${literal(name)}** ${said}`;
    });
  return said(lines.length === 0 ? "" : `${words.networks}\n${lines.join("\n")}`);
}

function compute({ index, before, classes }: ComputeFact, { now, words }: BodyFacts, cite: Cite): readonly DigestBlock[] {
  const share = (figure: Figure, earlier: Figure | null): string =>
    `**${cite(figure)}**${earlier === null ? "" : words.aWeekAgo(cite(earlier))}${figure.state === "stale" ? `, ${formatFreshness(figure, now)}` : ""}`;
  const lines = classes.map(({ name, networks, clouds, ...one }) =>
    words.computeClass(literal(name), cite(networks), cite(clouds), share(one.index, one.before)),
  );
  return said([words.compute, words.computeMiddle(share(index, before)), ...lines].join("\n"));
}

/** Which source gave what, and when; one line per source, the oldest time it is shown with. */
function smallPrint(figures: readonly Figure[], facts: BodyFacts): string {
  const { now, words } = facts;
  // What was worked out of two figures has no source of its own: its receipt names both.
  const sources = [
    ...Map.groupBy(
      figures.filter((f) => !isWorkedOut(f)),
      (f) => f.source.name,
    ),
  ].map(([source, list]) => {
    const oldest = list.reduce((a, b) => (timeOf(a) <= timeOf(b) ? a : b));
    const age = now.getTime() - timeOf(oldest);
    const when = formatTime(new Date(timeOf(oldest)), oldest.precision);
    // The bundled figures' source has the month in its name.
    if (source.endsWith(when)) return literal(source);
    return `${literal(source)}: ${when}${oldest.precision === "instant" && age > 2 * 3_600_000 ? `, ${words.old(formatAge(age))}` : ""}`;
  });
  return lines(...sources, howChanges(figures, facts), byModel(facts), words.noAdvice);
}

const lines = (...all: readonly string[]): string => all.filter((line) => line !== "").join("\n");

const byModel = ({ narrative, words }: BodyFacts): string => (narrative === null ? "" : words.byModel(narrative.receipt));

const howChanges = (figures: readonly Figure[], { words }: Pick<BodyFacts, "words">): string =>
  figures.some(({ unit }) => unit === "percent") ? words.changes : "";

const timeOf = (figure: Figure): number => (figure.observedAt ?? figure.fetchedAt).getTime();
