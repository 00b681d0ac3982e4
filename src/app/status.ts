/** What `/status` shows: the sources with their freshness, the database, the platforms, version and uptime. */
import { formatAge } from "../core/figure.ts";
import type { Budget } from "../llm/budget.ts";
import type { FigureStore } from "../market/types.ts";
import type { StatusRow } from "../services.ts";
import type { NarratorCounts } from "./narrator.ts";

export interface StatusDeps {
  readonly figures: FigureStore;
  readonly sourceNames: readonly string[];
  readonly networkSourceNames: readonly string[];
  readonly database: string;
  readonly ping: () => Promise<void>;
  readonly platforms: () => readonly StatusRow[];
  /** Null without a language model. */
  readonly narratives: (() => NarratorCounts) | null;
  /** Null without a language model. */
  readonly tokens: (() => ReturnType<Budget["today"]>) | null;
  readonly version: string;
  readonly startedAt: Date;
  readonly now: () => Date;
}

export async function status(deps: StatusDeps): Promise<readonly StatusRow[]> {
  const now = deps.now();
  const database: StatusRow = await deps.ping().then(
    () => ({ name: "Database", state: `${deps.database}, well` }),
    () => ({ name: "Database", state: `${deps.database}, not answering` }),
  );
  const names = [...deps.sourceNames, ...deps.networkSourceNames];
  const answered = await lastAnswers(deps.figures, names).catch(() => new Map<string, Date>());
  const sources = names.map((name): StatusRow => {
    const at = answered.get(name);
    return { name, state: at === undefined ? "no answer stored yet" : `last answer ${formatAge(now.getTime() - at.getTime())} ago` };
  });
  const off: readonly StatusRow[] =
    deps.sourceNames.length === 0 ? [{ name: "Price sources", state: "all off; the August 2024 baseline is shown" }] : [];
  return [
    ...sources,
    ...off,
    database,
    ...deps.platforms(),
    { name: "Narratives", state: deps.narratives === null ? "off: no language model" : narratives(deps.narratives()) },
    ...(deps.tokens === null ? [] : [{ name: "Model tokens today", state: await deps.tokens().then(tokens, () => "cannot be read now") }]),
    { name: "Version", state: deps.version },
    { name: "Up for", state: formatAge(now.getTime() - deps.startedAt.getTime()) },
  ];
}

/** When each source's newest figure was fetched; a source without one is left out. @throws UpstreamError */
export async function lastAnswers(
  figures: Pick<FigureStore, "latest">,
  sourceNames: readonly string[],
): Promise<ReadonlyMap<string, Date>> {
  const stored = await figures.latest();
  return new Map(
    sourceNames.flatMap((name) => {
      const times = stored.filter(({ source }) => source.name === name).map(({ fetchedAt }) => fetchedAt.getTime());
      return times.length === 0 ? [] : [[name, new Date(Math.max(...times))] as const];
    }),
  );
}

const narratives = ({ passed, rejected, failed }: NarratorCounts): string =>
  passed + rejected + failed === 0
    ? "none written since the start"
    : `${passed} posted, ${rejected} thrown away, ${failed} not to be had since the start`;

const plain = new Intl.NumberFormat("en");

const tokens = ({ bot, room, member, limits }: Awaited<ReturnType<Budget["today"]>>): string =>
  `${plain.format(bot)} of ${plain.format(limits.bot)}; questions in this room ${plain.format(room)} of ${plain.format(limits.room)}, yours ${plain.format(member)} of ${plain.format(limits.member)}`;
