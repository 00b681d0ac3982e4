/** `npm start -- --check`: contacts each configured service once and says whether it was reached, in shape, fresh, and how fast; changes nothing. */
import { performance } from "node:perf_hooks";
import { z } from "zod";
import type { Config } from "../config/env.ts";
import { OperatorError, UpstreamError } from "../core/errors.ts";
import { type Figure, formatAge } from "../core/figure.ts";
import type { Http } from "../lib/http.ts";
import type { Askable } from "../lib/live-answer.ts";
import type { Asset, Network, PriceSource } from "../market/types.ts";

export interface CheckRow {
  readonly name: string;
  /** "not yet": there is nothing to reach before the first start, and nothing is wrong with that. */
  readonly reached: "yes" | "no" | "off" | "not yet";
  readonly shape: "right" | "wrong" | "–";
  /** Age of the newest data, where the service dates them. */
  readonly freshness: string;
  readonly latencyMs: number | null;
  readonly remark: string;
}

/** What one contact found: when the newest data are from, and anything worth saying. */
interface Contact {
  readonly observedAt?: Date | null;
  readonly remark?: string;
  /** Nothing is there before the first start. */
  readonly notYet?: boolean;
}

export interface CheckDeps {
  readonly config: Config;
  readonly http: Http;
  readonly sources: readonly { readonly name: string; readonly source: PriceSource | null }[];
  readonly networks: readonly Network[];
  readonly prices: readonly { readonly name: string; readonly source: Askable | null }[];
  readonly assets: readonly Asset[];
  /** Looks at the database and changes nothing. */
  readonly database: () => Promise<{ readonly made: boolean; readonly remark: string }>;
  readonly now: () => Date;
}

const discordUser = z.object({ id: z.string(), username: z.string() });
const telegramMe = z.object({
  ok: z.literal(true),
  result: z.object({ username: z.string(), supports_inline_queries: z.boolean().optional() }),
});
const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Contacts everything at once, each for itself: one that fails hides no other. */
export async function check(deps: CheckDeps): Promise<readonly CheckRow[]> {
  const { config, http } = deps;
  const signal = AbortSignal.timeout(15_000);
  const off = async (name: string, why: string): Promise<CheckRow> => ({
    name,
    reached: "off",
    shape: "–",
    freshness: "–",
    latencyMs: null,
    remark: why,
  });
  const { discord, telegram, model } = config;
  return Promise.all([
    contact(deps, "Database", async () => {
      const { made, remark } = await deps.database();
      return { remark, notYet: !made };
    }),
    discord === null
      ? off("Discord", "DISCORD_TOKEN is not set")
      : contact(deps, "Discord", async () => {
          const me = await http.getJson({
            service: "Discord",
            url: `${discord.apiUrl}/v10/users/@me`,
            headers: { authorization: `Bot ${discord.token}` },
            schema: discordUser,
            signal,
          });
          return { remark: `signed in as ${me.username}` };
        }),
    telegram === null
      ? off("Telegram", "TELEGRAM_TOKEN is not set")
      : contact(deps, "Telegram", async () => {
          const me = await http.getJson({
            service: "Telegram",
            url: `${telegram.apiRoot}/bot${telegram.token}/getMe`,
            schema: telegramMe,
            signal,
          });
          const inline = me.result.supports_inline_queries === true ? "" : ", inline mode is off at BotFather";
          return { remark: `signed in as @${me.result.username}${inline}` };
        }),
    model === null
      ? off("Language model", "OPENAI_API_KEY is not set")
      : contact(deps, "Language model", async () => {
          const list = await http.getJson({
            service: "Language model",
            url: `${model.baseUrl}/models`,
            headers: { authorization: `Bearer ${model.key}` },
            schema: modelList,
            signal,
          });
          const known = list.data.some(({ id }) => id === model.name);
          return { remark: known ? `${model.name} is there` : `the service does not list ${model.name}` };
        }),
    ...deps.sources.map(({ name, source }) =>
      source === null
        ? off(name, "turned off by its empty address")
        : contact(deps, name, async () => {
            const { figures } = await source.fetch(deps.assets, signal);
            return { observedAt: newestTime(figures), remark: `${figures.length} figures` };
          }),
    ),
    ...deps.networks
      .flatMap(({ sources }) => sources)
      .map(({ name, metrics, source }) =>
        source === null
          ? off(name, "turned off by its empty address")
          : contact(deps, name, async () => {
              const figures = await source.fetch(signal);
              return { observedAt: newestTime(figures), remark: `${figures.length} of ${metrics.length} figures` };
            }),
      ),
    ...deps.prices.map(({ name, source }) =>
      source === null
        ? off(name, "turned off by its empty address")
        : contact(deps, name, async () => {
            const figures = await source.fetch(signal);
            const prices = figures.filter(({ metric }) => metric.endsWith(".price"));
            return { observedAt: newestTime(figures), remark: `${prices.length} prices of GPU classes` };
          }),
    ),
  ]);
}

function newestTime(figures: readonly Figure[]): Date | null {
  const times = figures.flatMap(({ observedAt }) => (observedAt === null ? [] : [observedAt.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}

async function contact(deps: CheckDeps, name: string, work: () => Promise<Contact>): Promise<CheckRow> {
  const started = performance.now();
  const latency = () => Math.round(performance.now() - started);
  try {
    const { observedAt, remark = "", notYet = false } = await work();
    if (notYet) return { name, reached: "not yet", shape: "–", freshness: "–", latencyMs: null, remark };
    const freshness =
      observedAt === undefined || observedAt === null ? "–" : `${formatAge(deps.now().getTime() - observedAt.getTime())} old`;
    return { name, reached: "yes", shape: "right", freshness, latencyMs: latency(), remark };
  } catch (error) {
    const answered = error instanceof UpstreamError && error.kind !== "timeout" && error.kind !== "unreachable";
    const remark =
      error instanceof UpstreamError
        ? error.kind.replaceAll("_", " ")
        : error instanceof OperatorError
          ? (error.message.split("\n")[0] ?? "")
          : "failed";
    const shape = error instanceof UpstreamError && error.kind === "bad_shape" ? "wrong" : "–";
    return { name, reached: answered ? "yes" : "no", shape, freshness: "–", latencyMs: latency(), remark };
  }
}

/** Everything that is on was reached and answered as it should, or will be there after the first start. */
export const allWell = (rows: readonly CheckRow[]): boolean =>
  rows.every(({ reached, shape }) => reached === "off" || reached === "not yet" || (reached === "yes" && shape === "right"));

/** The rows as an aligned table. */
export function drawCheck(rows: readonly CheckRow[]): string {
  const head = ["What", "Reached", "Shape", "Freshness", "Latency", "Remark"];
  const cells = rows.map((row) => [
    row.name,
    row.reached,
    row.shape,
    row.freshness,
    row.latencyMs === null ? "–" : `${row.latencyMs} ms`,
    row.remark,
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => (row[column] ?? "").length)));
  return [head, ...cells]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
