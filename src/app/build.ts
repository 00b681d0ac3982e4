/** The composition root: the only file that knows every part and puts them together. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { commands } from "../../commands/index.ts";
import { createAnswers } from "../answers/answers.ts";
import { createPassages } from "../answers/passages.ts";
import { createCharts } from "../charts/charts.ts";
import { createCommunities } from "../communities/communities.ts";
import { createPrices } from "../compute/prices.ts";
import { createSimulation } from "../compute/simulation.ts";
import { createComputeSources } from "../compute/sources.ts";
import { createTrainings } from "../compute/training.ts";
import type { Config } from "../config/env.ts";
import { memberKeysFrom } from "../config/member-key.ts";
import { createDispatch, type Limiter } from "../core/dispatch.ts";
import type { OperatorError } from "../core/errors.ts";
import type { CommunityId, PlatformName } from "../core/ids.ts";
import type { Platform } from "../core/platform.ts";
import { pseudonymiser } from "../core/pseudonym.ts";
import { type Texts, textsIn } from "../core/texts.ts";
import type { Webhook } from "../core/webhook.ts";
import { createDigests } from "../digest/digests.ts";
import { createEncoder } from "../embedding/encoder.ts";
import { createForecasts } from "../forecasts/forecasts.ts";
import { createOutcomeDesk, createResolving } from "../forecasts/resolve.ts";
import { createGroups } from "../groups/groups.ts";
import { createGrouping } from "../groups/run-grouping.ts";
import { createGaps } from "../knowledge/gaps.ts";
import { loadEntries } from "../knowledge/load.ts";
import { createReaders } from "../knowledge/readers.ts";
import { createKnowledge } from "../knowledge/search.ts";
import { createLedger } from "../ledger/ledger.ts";
import { closest } from "../lib/closest.ts";
import { createHttp } from "../lib/http.ts";
import { createLimiter, defaultLimits, type LimiterOptions } from "../lib/limiter.ts";
import type { Logger } from "../lib/logger.ts";
import { watchList } from "../market/assets.ts";
import { createMarket } from "../market/market.ts";
import { createNetworkViews } from "../market/network-views.ts";
import { createNetworks } from "../market/networks.ts";
import { createPrivacy } from "../members/privacy.ts";
import { createOpinions } from "../opinions/opinions.ts";
import { eraseExports } from "../platforms/console/exports.ts";
import { consoleUser } from "../platforms/console/index.ts";
import { createClosing } from "../polls/closing.ts";
import { createLinks } from "../polls/links.ts";
import { createPollDesk, createPollResults, createPolls } from "../polls/polls.ts";
import { createVoteBox } from "../polls/vote-box.ts";
import { createReader } from "../reading/reader.ts";
import { dueRuns, planning } from "../schedule/planning.ts";
import type { Services, StatusRow } from "../services.ts";
import { openStorage, type Storage } from "../storage/open.ts";
import { createTopicDesk } from "../topics/topic-desk.ts";
import { topics } from "../topics/topics.ts";
import type { Metrics, Readings } from "../web/metrics.ts";
import { createContent, createPosted } from "./content.ts";
import { createDelivery, type DeliveryService } from "./delivery.ts";
import { digestFigures } from "./digest-figures.ts";
import { usualLeaseMs } from "./duties.ts";
import { createIllustrate } from "./illustrate.ts";
import { ledgerPlaces } from "./ledger-places.ts";
import { withNews } from "./news.ts";
import { checkAllPrompts, openModel } from "./open-model.ts";
import { openPlatforms, titles } from "./open-platforms.ts";
import { priceSources } from "./price-sources.ts";
import { lastAnswers, status } from "./status.ts";
import { unwatched, watchedBy } from "./watch.ts";

export interface BuildOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly now: () => Date;
  /** Milliseconds after which others take over what a dead process did. */
  readonly leaseMs?: number;
  /** For tests: between two identifies of Discord's gateway. */
  readonly identifyEveryMs?: number;
  /** Cool-down of members and rooms. */
  readonly limits?: LimiterOptions;
  /** A platform cannot go on; it says why. */
  readonly onFatal: (platform: PlatformName, error: OperatorError) => void;
}

export interface App {
  readonly dispatch: ReturnType<typeof createDispatch<Services>>;
  readonly services: Services;
  readonly storage: Storage;
  /** The chat platforms that are configured; the console is made by whoever owns the terminal. */
  readonly platforms: readonly Platform[];
  /** The pages that they are posted to. */
  readonly webhooks: readonly Webhook[];
  /** What is posted without being asked for. */
  readonly delivery: DeliveryService;
  /** Ends polls whose time is up; what the heartbeat calls. */
  readonly endPolls: (now: Date) => Promise<void>;
  /** Resolves forecasts whose moment has come; what the heartbeat calls. */
  readonly resolveForecasts: (now: Date) => Promise<void>;
  /** Those of them that cannot go on; `/status` says so. */
  readonly failed: Set<PlatformName>;
  readonly pseudonymise: ReturnType<typeof pseudonymiser>;
  /** What is counted, and what is read of the program when somebody asks; null where nothing listens. */
  readonly metrics: { readonly kept: Metrics; readonly readings: Readings } | null;
  /** Ends what the domains are still asking of the network. */
  readonly stopDomains: () => Promise<void>;
}

/** The version in package.json. */
export async function programVersion(): Promise<string> {
  const content: unknown = JSON.parse(await readFile(join(import.meta.dirname, "../../package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(content).version;
}

/** Where the console saves files of answers. */
export const exportFolder = ({ dataDir }: Pick<Config, "dataDir">): string => join(dataDir, "exports");

/** One person at a prompt, or a script that pipes a file into it, is not a flood. */
const sparingConsole = (limiter: Limiter): Limiter => ({
  admit: (member, room) => (room.startsWith("console:") ? Promise.resolve() : limiter.admit(member, room)),
});

/**
 * Opens the database, loads the knowledge base and puts everything together; nothing is served yet.
 * @throws OperatorError where the operator must act, DefinitionError where an entry or a command is broken
 */
export async function buildApp({
  config,
  log,
  now,
  limits = defaultLimits,
  leaseMs = usualLeaseMs,
  identifyEveryMs,
  onFatal,
}: BuildOptions): Promise<App> {
  const startedAt = now();
  const [keys, entries, version] = await Promise.all([
    config.memberKeys ?? memberKeysFrom(config.dataDir),
    loadEntries(),
    programVersion(),
    checkAllPrompts(),
  ]);
  const storage = await openStorage({ databaseUrl: config.databaseUrl, dataDir: config.dataDir, log, now });
  const pseudonymise = pseudonymiser(keys);
  const stopping = new AbortController();
  // Loaded only where somebody reads it.
  const served = [...(config.discord === null ? [] : ["discord" as const]), ...(config.telegram === null ? [] : ["telegram" as const])];
  const names = [...commands.map(({ info }) => info.name), "button"];
  const kept = config.http === null ? null : (await import("../web/metrics.ts")).createMetrics({ platforms: served, commands: names });
  const watch = kept === null ? unwatched : watchedBy(kept.observer);
  const http = watch.http(createHttp());
  const sources = priceSources(config, http, log, now).flatMap(({ source }) => (source === null ? [] : [source]));
  const networks = createNetworks({ urls: config.sourceUrls, http, log, now });
  const priceSellers = createComputeSources({ urls: config.sourceUrls, http, log, now }).flatMap(({ source }) => source ?? []);
  const { subscriptions } = storage;
  const recognise = storage.members.rekey;
  const votes = createVoteBox({ store: storage.polls, recognise, now });
  const platforms = await openPlatforms({ config, storage, votes, pseudonymise, leaseMs, identifyEveryMs, log, now, onFatal });
  const failed = new Set<PlatformName>();
  const platformRows = (words: Texts["status"]): readonly StatusRow[] =>
    platforms.map(({ name }) => ({ name: titles[name], state: failed.has(name) ? words.off : words.on }));
  const market = createMarket({
    sources,
    store: storage.figures,
    watched: () => storage.settings.watched(),
    now,
    log,
    stop: stopping.signal,
  });
  const prices = createPrices({ sources: priceSellers, store: storage.figures, now, log, stop: stopping.signal });
  const views = createNetworkViews({ networks, assets: watchList, store: storage.figures, now, log, stop: stopping.signal });
  const communities = createCommunities(
    storage.settings,
    watchList.map(({ coingecko }) => coingecko),
  );
  const language = async (community: CommunityId) => (await communities.settings(community)).language;
  const texts = async (community: CommunityId) => textsIn(await language(community));
  const readers = createReaders(storage.readers, async (community) => (await communities.settings(community)).audience);
  const model = config.model === null ? null : await openModel(config.model, storage, watch, log, now);
  const encoder = createEncoder();
  const read = createReader({ model: model?.reader ?? null, shipped: topics });
  const opinions = createOpinions(storage, createTopicDesk(storage.topics), read);
  const knowledge = createKnowledge(entries, { encoder, log });
  const answers = createAnswers({
    passages: createPassages(knowledge),
    knowledge,
    writer: model?.writer ?? null,
    translator: model?.translator ?? null,
    market,
    opinions,
    log,
  });
  const charts = createCharts();
  const digests = createDigests({
    market,
    networks: views,
    prices,
    store: storage.digests,
    figures: digestFigures(storage.figures),
    communities,
    opinions,
    polls: createPollResults(storage.polls),
    drawChart: charts.drawChart,
    narrator: model?.narrator.narrate ?? null,
    now,
    log,
  });
  const catalogue = commands.map(({ info }) => info);
  const desk = createPollDesk(storage.polls, texts, now);
  const outcomes = createOutcomeDesk(storage.forecasts, storage.figures, texts);
  const delivery = createDelivery({
    storage,
    platforms: platforms.map((platform) => watch.platform(platform)),
    watched: watch.deliveries,
    due: dueRuns,
    posted: createPosted({ polls: desk, subscriptions }),
    content: createContent({ digests, polls: desk, outcomes, subscriptions, storage, catalogue, texts, now }),
    now,
    log,
    timing: { ttlMs: leaseMs },
  });
  const links = createLinks(storage.links);
  const sourceNames = sources.map((s) => s.name);
  const networkSourceNames = [
    ...networks.flatMap((n) => n.sources.flatMap(({ name, source }) => (source === null ? [] : [name]))),
    ...priceSellers.map(({ name }) => name),
  ];
  const services: Services = {
    knowledge,
    polls: createPolls({ store: storage.polls, links, postPoll: delivery.postPoll }),
    links,
    answers,
    readers,
    gaps: createGaps(storage.gaps),
    market,
    modelAnswers: storage.modelAnswers,
    networks: views,
    communities,
    digests,
    schedules: delivery.schedules,
    planning,
    opinions,
    groups: createGroups({ store: storage.groups, members: storage.members, group: createGrouping(), namer: model?.namer ?? null, now }),
    illustrate: createIllustrate(charts.drawChart, log),
    privacy: createPrivacy({
      store: storage.members,
      readings: storage.readings,
      now,
      async eraseCopies(member) {
        answers.forget(member);
        readers.forget(member);
        return member === pseudonymise("console", consoleUser).member ? eraseExports(exportFolder(config)) : [];
      },
      backups: async () => storage.backups(),
    }),
    prices,
    ledger: createLedger({ store: storage.reports, members: storage.members, places: ledgerPlaces }),
    forecasts: createForecasts({
      store: storage.forecasts,
      figures: storage.figures,
      networkMetrics: new Set(networks.flatMap((network) => network.sources.flatMap(({ metrics }) => metrics))),
      renew: async (signal) => {
        await Promise.all([market.view(signal), views.views(signal), prices.record(signal)]);
      },
      names: () => ({ assets: market.assets, gpus: prices.nearest("") }),
      log,
    }),
    trainings: createTrainings({ simulate: createSimulation(), drawChart: charts.drawChart, log }),
    status: (room, member, words) =>
      status({
        figures: storage.figures,
        sourceNames,
        networkSourceNames,
        database: storage.version,
        ping: () => storage.ping(),
        platforms: platformRows(words),
        narratives: model?.narrator.counts ?? null,
        tokens: model === null ? null : () => model.budget.today(room, member),
        version,
        startedAt,
        now,
        words,
      }),
  };
  const inner = createDispatch<Services>({
    commands,
    services,
    buttons: storage.buttons,
    limiter: sparingConsole(createLimiter(limits)),
    log,
    now,
    closest,
    language,
    recognise,
  });
  const dispatch = watch.dispatch(withNews(inner, { subscriptions, texts, now, log }));
  const stopDomains = async () => {
    stopping.abort();
    await Promise.all([charts.close(), encoder.close()]);
  };
  const native = (name: PlatformName) => platforms.find((platform) => platform.name === name)?.polls ?? null;
  const endPolls = createClosing({ store: storage.polls, native, opinions, log });
  const resolveForecasts = createResolving({
    store: storage.forecasts,
    figures: storage.figures,
    postOnce: delivery.postOnce,
    served: platforms.map((platform) => platform.name),
    log,
  });
  const readings: Readings = {
    version,
    database: () => storage.ping(),
    backlog: () => storage.backlog(),
    connected: () =>
      new Map(
        platforms.flatMap((platform) => {
          const is = failed.has(platform.name) ? false : platform.connected();
          return is === null ? [] : [[platform.name, is] as const];
        }),
      ),
    sources: () => lastAnswers(storage.figures, [...sourceNames, ...networkSourceNames]),
    tokens: model === null ? null : () => model.budget.spent(),
    backups: () => storage.backups(),
  };
  const metrics = kept === null ? null : { kept, readings };
  const webhooks = platforms.flatMap(({ name, webhook }) => (webhook === null ? [] : [watch.webhook(name, webhook)]));
  return {
    dispatch,
    services,
    storage,
    platforms,
    webhooks,
    delivery,
    endPolls,
    resolveForecasts,
    failed,
    pseudonymise,
    metrics,
    stopDomains,
  };
}
