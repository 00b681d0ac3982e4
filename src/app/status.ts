/** What `/status` shows: the sources with their freshness, the database, the platforms, version and uptime. */
import { formatAge } from "../core/figure.ts";
import type { Texts } from "../core/texts.ts";
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
  readonly platforms: readonly StatusRow[];
  /** Null without a language model. */
  readonly narratives: (() => NarratorCounts) | null;
  /** Null without a language model. */
  readonly tokens: (() => ReturnType<Budget["today"]>) | null;
  readonly version: string;
  readonly startedAt: Date;
  readonly words: Texts["status"];
  readonly now: () => Date;
}

export async function status(deps: StatusDeps): Promise<readonly StatusRow[]> {
  const now = deps.now();
  const { words } = deps;
  const database: StatusRow = await deps.ping().then(
    () => ({ name: words.database, state: words.well(deps.database) }),
    () => ({ name: words.database, state: words.notAnswering(deps.database) }),
  );
  const names = [...deps.sourceNames, ...deps.networkSourceNames];
  const answered = await lastAnswers(deps.figures, names).catch(() => new Map<string, Date>());
  const sources = names.map((name): StatusRow => {
    const at = answered.get(name);
    return { name, state: at === undefined ? words.noAnswer : words.lastAnswer(formatAge(now.getTime() - at.getTime())) };
  });
  const off: readonly StatusRow[] = deps.sourceNames.length === 0 ? [{ name: words.priceSources, state: words.allOff }] : [];
  return [
    ...sources,
    ...off,
    database,
    ...deps.platforms,
    { name: words.narratives, state: deps.narratives === null ? words.noModel : narratives(deps.narratives(), words) },
    ...(deps.tokens === null
      ? []
      : [
          {
            name: words.tokens,
            state: await deps.tokens().then(
              (used) => tokens(used, words),
              () => words.unreadable,
            ),
          },
        ]),
    { name: words.version, state: deps.version },
    { name: words.upFor, state: formatAge(now.getTime() - deps.startedAt.getTime()) },
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

const narratives = ({ passed, rejected, failed }: NarratorCounts, words: Texts["status"]): string =>
  passed + rejected + failed === 0 ? words.noneWritten : words.written(passed, rejected, failed);

const plain = new Intl.NumberFormat("en");

const tokens = ({ bot, room, member, limits }: Awaited<ReturnType<Budget["today"]>>, words: Texts["status"]): string => {
  const of = (used: number, limit: number) => words.of(plain.format(used), plain.format(limit));
  return words.used(of(bot, limits.bot), of(room, limits.room), of(member, limits.member));
};
