/** The environment as one checked `Config`; every mistake is listed at once, and no value is ever printed. */

import { z } from "zod";
import { OperatorError } from "../core/errors.ts";
import { lowerFirst } from "../core/params.ts";
import { type LogLevel, logLevels } from "../lib/logger.ts";

const secret = (description: string) => z.string().min(1).describe(description).optional();
const httpUrl = (description: string, fallback: string) =>
  z
    .url({ protocol: /^https?$/, error: "must be an http or https address" })
    .describe(description)
    .default(fallback);
const dailyTokens = (description: string) =>
  z
    .string()
    .regex(/^[1-9]\d{2,8}$/, "Must be a number of tokens, 100 or more")
    .describe(description);
/** A data source: an empty value turns it off. */
const sourceUrl = (description: string, fallback: string) =>
  z
    .string()
    .refine((value) => value === "" || /^https?:$/.test(URL.parse(value)?.protocol ?? ""), {
      error: "must be an http or https address, or empty to turn the source off",
    })
    .describe(`${description}; empty turns it off`)
    .default(fallback)
    .transform((value) => (value === "" ? null : value));

/** The data sources that need nothing but an address. */
const sourceUrls = z.object({
  COINPAPRIKA_URL: sourceUrl("CoinPaprika's base address, asked when CoinGecko fails", "https://api.coinpaprika.com/v1"),
  DEFILLAMA_URL: sourceUrl("DefiLlama's base address for prices, asked when the others fail", "https://coins.llama.fi"),
  AKASH_URL: sourceUrl("Base address of the Akash Console API, for the network and its GPU prices", "https://console-api.akash.network"),
  FILECOIN_RPC_URL: sourceUrl("Address of a Filecoin node's JSON-RPC", "https://api.node.glif.io/rpc/v1"),
  FILFOX_URL: sourceUrl("Filfox's base address, asked when the Filecoin node fails", "https://filfox.info/api/v1"),
  HELIUM_URL: sourceUrl("Base address of Helium's metadata service", "https://entities.nft.helium.io"),
  BITTENSOR_RPC_URL: sourceUrl("Address of a Bittensor node's JSON-RPC", "https://entrypoint-finney.opentensor.ai"),
  ARWEAVE_URL: sourceUrl("Base address of an Arweave gateway", "https://arweave.net"),
  NOSANA_URL: sourceUrl("Base address of Nosana's API, for its GPU markets", "https://api.nosana.com/api"),
  AZURE_PRICES_URL: sourceUrl("Address of Azure's retail prices", "https://prices.azure.com/api/retail/prices"),
  GPUHUNT_URL: sourceUrl(
    "Base address of the gpuhunt catalogue with the list prices of other clouds",
    "https://dstack-gpu-pricing.s3.eu-west-1.amazonaws.com/v3",
  ),
  VAST_URL: sourceUrl("Base address of Vast.ai's API, https://console.vast.ai/api/v0; unset = off", ""),
  RUNPOD_URL: sourceUrl("Address of RunPod's GraphQL API, https://api.runpod.io/graphql; unset = off", ""),
});

/** What a process does; all of them together do what one alone does. */
export const roles = ["all", "gateway", "worker", "web"] as const;
export type Role = (typeof roles)[number];

/** Every variable the program reads. Descriptions and defaults also make `.env.example` and the README's table. */
const variables = z.object({
  DISCORD_TOKEN: secret("Bot token from the Discord developer portal; unset = Discord is off"),
  DISCORD_PUBLIC_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, { error: "must be the 64 hex digits that the developer portal shows as the application's public key" })
    .describe(
      "Public key of the Discord application, for interactions that Discord posts to /discord/interactions; unset = the gateway alone",
    )
    .optional(),
  DISCORD_API_URL: httpUrl("Base address of Discord's API, for proxies and tests", "https://discord.com/api"),
  TELEGRAM_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/, { error: "must look like 123456:ABC-…, as BotFather shows it" })
    .describe("Bot token from BotFather; unset = Telegram is off")
    .optional(),
  TELEGRAM_WEBHOOK_URL: z
    .url({ protocol: /^https$/, error: "must be an https address" })
    // Bot API, setWebhook.
    .refine((value) => ["", "80", "88", "443", "8443"].includes(URL.parse(value)?.port ?? ""), {
      error: "must be an address with port 443, 80, 88 or 8443: Telegram posts to no other",
    })
    .describe("Public https address of the HTTP side, where Telegram posts to /telegram/webhook; unset = the bot polls")
    .optional(),
  TELEGRAM_API_ROOT: httpUrl("Base address of the Bot API, for an own Bot API server and tests", "https://api.telegram.org"),
  TELEGRAM_MESSAGES_PER_SECOND: z.coerce
    .number()
    .int()
    .min(5)
    .max(100_000)
    .describe("Messages a second that the Bot API takes of this bot over all chats; Telegram allows more to some bots")
    .default(30),
  OPENAI_API_KEY: secret("Key of an OpenAI-compatible service; unset = everything works without a language model"),
  OPENAI_BASE_URL: httpUrl("Base address of that service", "https://api.openai.com/v1"),
  OPENAI_MODEL: z.string().max(100).describe("Model to use there").default("gpt-5-mini"),
  OPENAI_DAILY_TOKENS: dailyTokens(
    "Tokens that may be used there in one UTC day; digests are plain and answers quoted once they are used up",
  ).default("200000"),
  OPENAI_DAILY_TOKENS_PER_ROOM: dailyTokens("Of these, tokens that the questions of one room may use").default("80000"),
  OPENAI_DAILY_TOKENS_PER_MEMBER: dailyTokens("Of these, tokens that the questions of one member may use").default("30000"),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must look like postgresql://user:password@host:5432/database" })
    .describe("PostgreSQL to use; unset = the embedded database under DATA_DIR")
    .optional(),
  DATA_DIR: z.string().min(1).describe("Folder for the embedded database, its backups and the member key").default("./data"),
  COINGECKO_API_KEY: secret("CoinGecko key (a free demo key lifts the shared limit)"),
  COINGECKO_URL: sourceUrl("CoinGecko's base address", "https://api.coingecko.com/api/v3"),
  ...sourceUrls.shape,
  ROLE: z
    .enum(roles, { error: `must be one of ${roles.join(", ")}` })
    .describe(
      "What this process does: gateway (listens to Discord and Telegram, and answers), worker (sends digests, keeps house, and answers what Telegram has posted), web (HTTP alone, with what Discord and Telegram post) or all; anything but all needs DATABASE_URL",
    )
    .default("all"),
  HTTP_PORT: z.coerce
    .number({ error: "must be a number from 1 to 65535" })
    .int()
    .min(1)
    .max(65_535)
    .describe("Port for /healthz, /readyz, /metrics, and what Discord and Telegram post; unset = nothing listens")
    .optional(),
  HTTP_HOST: z
    .string()
    .regex(/^[\w.:-]+$/, { error: "must be an address of this machine, such as 127.0.0.1 or 0.0.0.0" })
    .describe("Address of this machine to listen on there; 0.0.0.0 = all of them")
    .default("127.0.0.1"),
  LOG_LEVEL: z
    .enum(logLevels, { error: `must be one of ${logLevels.join(", ")}` })
    .describe("Least severity that is logged; unset = info when a platform is served, error in the console")
    .optional(),
  MEMBER_KEY: z
    .string()
    .refine((keys) => keys.split(",").every((key) => key.trim().length >= 32), {
      error: "must be at least 32 characters; earlier keys follow behind commas",
    })
    .describe(
      "Secret behind members' pseudonyms, 32 characters or more; earlier keys follow behind commas. Unset = made once in DATA_DIR; required with DATABASE_URL",
    )
    .optional(),
});

export interface Config {
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string;
    /** Undefined: interactions come through the gateway alone. */
    readonly publicKey: string | undefined;
  } | null;
  readonly telegram: {
    readonly token: string;
    readonly apiRoot: string;
    readonly messagesPerSecond: number;
    /** Undefined: the bot polls. */
    readonly webhookUrl: string | undefined;
  } | null;
  readonly model: {
    readonly key: string;
    readonly baseUrl: string;
    readonly name: string;
    readonly dailyTokens: Readonly<Record<"bot" | "room" | "member", number>>;
  } | null;
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly coingecko: { readonly url: string; readonly key: string | undefined } | null;
  /** By variable; null where a source is turned off. */
  readonly sourceUrls: Readonly<z.output<typeof sourceUrls>>;
  /** Null: nothing listens. */
  readonly http: { readonly port: number; readonly host: string } | null;
  readonly role: Role;
  readonly logLevel: LogLevel | undefined;
  /** Newest first; null = the file in `dataDir`. */
  readonly memberKeys: readonly string[] | null;
  /** Every value that must never be written anywhere. */
  readonly secrets: readonly string[];
}

/**
 * Reads the environment.
 * @param env usually `process.env`; a variable set to nothing counts as unset, except for data sources, where it means "off"
 * @throws OperatorError listing every mistake by variable name, without any value
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given: Record<string, string> = {};
  for (const [name, schema] of Object.entries(variables.shape)) {
    const value = env[name]?.trim();
    if (value === undefined) continue;
    // Set to nothing is unset, except where nothing has a meaning of its own.
    if (value === "" && !schema.safeParse("").success) continue;
    given[name] = value;
  }
  const parsed = variables.safeParse(given);
  const problems = parsed.success ? [] : parsed.error.issues.map((issue) => `${String(issue.path[0])} ${lowerFirst(issue.message)}`);
  if (given.DATABASE_URL !== undefined && given.MEMBER_KEY === undefined)
    problems.push("MEMBER_KEY is required with DATABASE_URL: make one with `openssl rand -hex 32` and keep it");
  if (given.DISCORD_PUBLIC_KEY !== undefined && given.DISCORD_TOKEN === undefined)
    problems.push("DISCORD_PUBLIC_KEY is of no use without DISCORD_TOKEN");
  // Of the other roles, those that serve HTTP must have a port anyway.
  const needsPort = (given.ROLE ?? "all") === "all" && given.HTTP_PORT === undefined;
  if (given.DISCORD_PUBLIC_KEY !== undefined && needsPort)
    problems.push("DISCORD_PUBLIC_KEY needs HTTP_PORT: Discord posts interactions there");
  if (given.TELEGRAM_WEBHOOK_URL !== undefined && given.TELEGRAM_TOKEN === undefined)
    problems.push("TELEGRAM_WEBHOOK_URL is of no use without TELEGRAM_TOKEN");
  if (given.TELEGRAM_WEBHOOK_URL !== undefined && needsPort)
    problems.push("TELEGRAM_WEBHOOK_URL needs HTTP_PORT: what Telegram posts arrives there");
  problems.push(...mistakesOfRole(given));
  if (!parsed.success || problems.length > 0)
    throw new OperatorError(
      `The configuration has ${problems.length === 1 ? "a mistake" : `${problems.length} mistakes`}:\n${problems.map((p) => `  ${p}`).join("\n")}`,
    );
  const v = parsed.data;
  const memberKeys = v.MEMBER_KEY?.split(",").map((key) => key.trim()) ?? null;
  return {
    discord: v.DISCORD_TOKEN === undefined ? null : { token: v.DISCORD_TOKEN, apiUrl: v.DISCORD_API_URL, publicKey: v.DISCORD_PUBLIC_KEY },
    telegram:
      v.TELEGRAM_TOKEN === undefined
        ? null
        : {
            token: v.TELEGRAM_TOKEN,
            apiRoot: v.TELEGRAM_API_ROOT,
            messagesPerSecond: v.TELEGRAM_MESSAGES_PER_SECOND,
            webhookUrl: v.TELEGRAM_WEBHOOK_URL,
          },
    model:
      v.OPENAI_API_KEY === undefined
        ? null
        : {
            key: v.OPENAI_API_KEY,
            baseUrl: v.OPENAI_BASE_URL,
            name: v.OPENAI_MODEL,
            dailyTokens: {
              bot: Number(v.OPENAI_DAILY_TOKENS),
              room: Number(v.OPENAI_DAILY_TOKENS_PER_ROOM),
              member: Number(v.OPENAI_DAILY_TOKENS_PER_MEMBER),
            },
          },
    databaseUrl: v.DATABASE_URL,
    dataDir: v.DATA_DIR,
    coingecko: v.COINGECKO_URL === null ? null : { url: v.COINGECKO_URL, key: v.COINGECKO_API_KEY },
    sourceUrls: sourceUrls.parse(given),
    http: v.HTTP_PORT === undefined ? null : { port: v.HTTP_PORT, host: v.HTTP_HOST },
    role: v.ROLE,
    logLevel: v.LOG_LEVEL,
    memberKeys,
    secrets: [
      v.DISCORD_TOKEN,
      v.TELEGRAM_TOKEN,
      v.OPENAI_API_KEY,
      v.COINGECKO_API_KEY,
      v.DATABASE_URL,
      passwordOf(v.DATABASE_URL),
      ...(memberKeys ?? []),
    ].filter((s) => s !== undefined),
  };
}

/** What the role of this process needs and lacks; nothing where there is no such role. */
function mistakesOfRole(given: Readonly<Record<string, string>>): readonly string[] {
  const { ROLE: role = "all" } = given;
  if (role === "all" || !z.enum(roles).safeParse(role).success) return [];
  const serves = given.DISCORD_TOKEN !== undefined || given.TELEGRAM_TOKEN !== undefined;
  return [
    ...(given.DATABASE_URL === undefined ? [`ROLE=${role} needs DATABASE_URL: the processes share a PostgreSQL`] : []),
    ...(role === "web" && given.HTTP_PORT === undefined ? ["ROLE=web needs HTTP_PORT: it does nothing but serve HTTP"] : []),
    ...(role !== "web" && !serves ? [`ROLE=${role} needs DISCORD_TOKEN or TELEGRAM_TOKEN`] : []),
  ];
}

const passwordOf = (url: string | undefined): string | undefined => (url === undefined ? undefined : new URL(url).password || undefined);

export interface VariableInfo {
  readonly name: string;
  readonly description: string;
  /** Null where the variable is unset by default. */
  readonly fallback: string | null;
}

/** What `.env.example` and the README's table say of each variable. */
export function describeVariables(): readonly VariableInfo[] {
  const schema = z.toJSONSchema(variables, { io: "input", unrepresentable: "any" });
  return Object.entries(schema.properties ?? {}).map(([name, raw]) => {
    const property = z.object({ description: z.string(), default: z.coerce.string().optional() }).parse(raw);
    return { name, description: property.description, fallback: property.default || null };
  });
}
