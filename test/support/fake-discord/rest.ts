/** The HTTP side: the routes that a bot uses, with Discord's errors, rate-limit headers and scripted faults. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Exchange } from "./exchange.ts";
import { bucketHeaders, type Fault, type Faults, limitReply, type Reply } from "./faults.ts";
import { joinedAt, messagePayload, userPayload } from "./payloads.ts";
import { answerVoters, expirePoll, type PollRequest, pollOf } from "./polls.ts";
import { snowflake } from "./snowflake.ts";
import { applyMessage, emptyMessage, Invalid, validCommands } from "./validate.ts";
import type { FakeFile, World } from "./world.ts";

/** View Channel, Send Messages, Embed Links, Attach Files. */
const allowed = "52224";
/** Send Messages. */
const sending = "2048";

/** A limit with a sliding window. */
export interface Window {
  readonly limit: number;
  readonly perMs: number;
}

export interface RestOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly token: string;
  readonly exchanges: ReadonlyMap<string, Exchange>;
  readonly gatewayUrl: () => string;
  readonly shards: number;
  readonly maxConcurrency: number;
  readonly identifiesPerDay: number;
  /** All authorised requests; callbacks and webhooks are exempt. */
  readonly globalLimit: Window | null;
  /** Messages of one channel. */
  readonly channelLimit: Window | null;
  readonly latencyMs: number;
  readonly nonceLifeMs: number;
  readonly callbackLifeMs: number;
  /** Whether requests are kept in `world.requests`; off in benchmarks. */
  readonly record: boolean;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly authorised: boolean;
  readonly body: unknown;
  readonly files: readonly FakeFile[];
  readonly query: URLSearchParams;
}

type Route = readonly [method: string, path: RegExp, handle: (call: Call, ids: readonly string[]) => Reply, open?: "open"];

const missing = (code: number, message: string): Reply => ({ status: 404, body: { message, code } });
const ok = (body: unknown): Reply => ({ status: 200, body });
const gone: Reply = { status: 204 };

export function createRest(options: RestOptions) {
  const { world, faults, exchanges } = options;
  const windows = new Map<string, number[]>();

  const routes: readonly Route[] = [
    [
      "GET",
      /^\/gateway\/bot$/,
      () => ok({ url: options.gatewayUrl(), shards: options.shards, session_start_limit: sessionLimit(options) }),
    ],
    ["GET", /^\/gateway$/, () => ok({ url: options.gatewayUrl() })],
    ["GET", /^\/users\/@me$/, () => ok(userPayload(world.bot, true))],
    [
      "GET",
      /^\/(?:oauth2\/)?applications\/@me$/,
      () => ok({ id: world.applicationId, name: world.bot.name, description: "", bot_public: true, flags: 0 }),
    ],
    ["GET", /^\/applications\/(\d+)\/commands$/, () => ok(world.commands)],
    ["PUT", /^\/applications\/(\d+)\/commands$/, ({ body }) => ok(publish(body))],
    ["GET", /^\/channels\/(\d+)$/, (_, [id = ""]) => channel(id)],
    ["GET", /^\/guilds\/(\d+)\/roles$/, (_, [id = ""]) => ok([{ id, name: "@everyone", permissions: allowed }])],
    ["GET", /^\/guilds\/\d+\/members\/(\d+)$/, (_, [id = ""]) => ok({ user: { id }, roles: [], joined_at: joinedAt(world, id) })],
    ["POST", /^\/channels\/(\d+)\/messages$/, (call, [id = ""]) => postMessage(call, id)],
    ["GET", /^\/channels\/(\d+)\/polls\/(\d+)\/answers\/(\d+)$/, ({ query }, ids) => answerVoters(world, ids, query)],
    ["POST", /^\/channels\/(\d+)\/polls\/(\d+)\/expire$/, (_, ids) => expirePoll(world, ids, messagePayload)],
    ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, (call, [id = "", token = ""]) => callback(call, id, token), "open"],
    [
      "POST",
      /^\/webhooks\/(\d+)\/([^/]+)$/,
      (call, [, token = ""]) => webhook(token, (e) => ok(messagePayload(e.followUp(call.body, call.files)))),
      "open",
    ],
    ["GET", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/, (_, [, token = ""]) => webhook(token, original), "open"],
    [
      "PATCH",
      /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/,
      (call, [, token = ""]) => webhook(token, (e) => ok(messagePayload(e.edit(call.body, call.files)))),
      "open",
    ],
    ["DELETE", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/@original$/, (_, [, token = ""]) => webhook(token, removed), "open"],
  ];

  function publish(body: unknown): unknown {
    world.commands = validCommands(body).map((command) => ({
      id: snowflake(),
      application_id: world.applicationId,
      version: snowflake(),
      default_member_permissions: null,
      nsfw: false,
      dm_permission: true,
      name_localizations: null,
      description: "",
      description_localizations: null,
      ...command,
    }));
    return world.commands;
  }

  function channel(id: string): Reply {
    const found = world.channels.get(id);
    if (found === undefined || found.deleted === true) return missing(10003, "Unknown Channel");
    if (found.refuses === 50001) return { status: 403, body: { message: "Missing Access", code: 50001 } };
    const rules = found.refuses === undefined ? [] : [{ id: world.bot.id, type: 1, allow: "0", deny: sending }];
    return ok({ id, type: found.type, guild_id: found.guildId, permission_overwrites: rules });
  }

  function postMessage({ body, files }: Call, id: string): Reply {
    const target = world.channels.get(id);
    if (target === undefined || target.deleted === true) return missing(10003, "Unknown Channel");
    if (target.refuses !== undefined)
      return { status: 403, body: { message: target.refuses === 50001 ? "Missing Access" : "Missing Permissions", code: target.refuses } };
    const message = applyMessage(emptyMessage, body, files);
    const {
      nonce,
      enforce_nonce: enforced,
      poll,
    } = body as { readonly nonce?: string | number; readonly enforce_nonce?: boolean; readonly poll?: PollRequest };
    if (poll !== undefined && target.forbidsPolls === true) return { status: 403, body: { message: "Missing Permissions", code: 50013 } };
    const key = nonce === undefined || enforced !== true ? null : `${id}:${nonce}`;
    const known = key === null ? undefined : world.nonces.get(key);
    const before = known === undefined || Date.now() - known.at > options.nonceLifeMs ? undefined : known.message;
    if (before?.deleted === true) return missing(10008, "Unknown Message");
    const asked = poll === undefined ? null : pollOf(poll, Date.now());
    const posted = before ?? world.post({ channelId: id, author: world.bot, body: message, files, viewer: null, pending: false }, asked);
    if (key !== null && before === undefined) world.nonces.set(key, { message: posted, at: Date.now() });
    return { status: 200, body: { ...messagePayload(posted), nonce } };
  }

  function callback({ body, files, query }: Call, id: string, token: string): Reply {
    const exchange = exchanges.get(token);
    if (exchange === undefined || exchange.id !== id || (exchange.steps.length === 0 && Date.now() - exchange.at > options.callbackLifeMs))
      return missing(10062, "Unknown interaction");
    exchange.callback(body, files);
    if (query.get("with_response") !== "true") return gone;
    const message = exchange.original === null ? undefined : messagePayload(exchange.original);
    return ok({ interaction: { id, type: exchange.type }, resource: { type: 4, message } });
  }

  function webhook(token: string, act: (exchange: Exchange) => Reply): Reply {
    const exchange = exchanges.get(token);
    return exchange === undefined || exchange.steps.length === 0 ? missing(10015, "Unknown Webhook") : act(exchange);
  }

  function removed(exchange: Exchange): Reply {
    exchange.remove();
    return gone;
  }

  const original = ({ original: message }: Exchange): Reply =>
    message === null || message.deleted ? missing(10008, "Unknown Message") : ok(messagePayload(message));

  /** Carries a request out; what breaks a rule is remembered. */
  function perform(call: Call): Reply {
    for (const [method, pattern, handle, open] of routes) {
      const ids = method === call.method ? pattern.exec(call.path) : null;
      if (ids === null) continue;
      if (open === undefined && !call.authorised) return { status: 401, body: { message: "401: Unauthorized", code: 0 } };
      try {
        return handle(call, ids.slice(1));
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        const known = [40060, 10008].includes(error.code);
        if (!known) world.violations.push(`${call.method} ${pattern.source}: ${error.message}`);
        return { status: error.code === 10008 ? 404 : 400, body: { message: error.message, code: error.code } };
      }
    }
    return { status: 404, body: { message: "404: Not Found", code: 0 } };
  }

  /** The answer of a limit that this request breaks, or null. */
  function limited(call: Call): Reply | null {
    if (options.globalLimit !== null && call.authorised && !admit("global", options.globalLimit))
      return limitReply("global", wait("global", options.globalLimit));
    const [, id] = /^\/channels\/(\d+)\/messages$/.exec(call.path) ?? [];
    if (options.channelLimit !== null && id !== undefined && !admit(id, options.channelLimit))
      return limitReply("route", wait(id, options.channelLimit));
    return null;
  }

  function admit(key: string, { limit, perMs }: Window): boolean {
    const now = performance.now();
    const recent = (windows.get(key) ?? []).filter((at) => now - at < perMs);
    windows.set(key, recent);
    if (recent.length >= limit) {
      world.refusals++;
      return false;
    }
    recent.push(now);
    return true;
  }

  const wait = (key: string, { perMs }: Window): number =>
    Math.max(0.001, ((windows.get(key)?.[0] ?? 0) + perMs - performance.now()) / 1000);

  return async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request, options.token);
    if (options.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const fault = faults.take(call.method, call.path);
    const reply = faultReply(fault) ?? limited(call) ?? (fault === "cut" || fault === "hang" ? null : perform(call));
    if (options.record) {
      const { method, path, authorised, body, files } = call;
      world.requests.push({ method, path, authorised, body, files, status: reply?.status ?? 0 });
    }
    if (fault === "lost" || fault === "cut") request.socket.destroy();
    else if (reply !== null) write(response, fault, reply, bucketOf(call));
  };
}

/** A fault that is an answer; null where the request is carried out, or nothing is answered. */
function faultReply(fault: Fault | null): Reply | null {
  if (fault === null || typeof fault === "string") return null;
  return "limit" in fault ? limitReply(fault.limit, fault.retryAfter) : fault;
}

/** One bucket per route, as Discord names them: the hash itself means nothing. */
const bucketOf = ({ method, path }: Call): string =>
  Buffer.from(
    `${method} ${path.replaceAll(/\d{17,20}/g, "id").replace(/^(\/webhooks\/id|\/interactions\/id)\/[^/]+/, "$1/token")}`,
  ).toString("hex");

function write(response: ServerResponse, fault: Fault | null, { status, body, headers }: Reply, bucket: string): void {
  if (fault === "html") {
    response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Bad gateway</body></html>");
    return;
  }
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const length = fault === "half" ? Math.floor(text.length / 2) : text.length;
  const standard = status < 400 ? bucketHeaders(1000, 999, 1, bucket) : {};
  const type = status === 204 ? {} : { "content-type": "application/json" };
  response.writeHead(status, { ...type, ...standard, ...headers }).end(text.slice(0, length));
}

const sessionLimit = ({ maxConcurrency, identifiesPerDay }: RestOptions) => ({
  total: identifiesPerDay,
  remaining: identifiesPerDay - 10,
  reset_after: 14_400_000,
  max_concurrency: maxConcurrency,
});

async function readCall(request: IncomingMessage, token: string): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const url = new URL(request.url ?? "/", "http://discord");
  const type = request.headers["content-type"] ?? "";
  const { body, files } = await readBody(Buffer.concat(chunks), type);
  return {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname.replace(/^\/api\/v\d+/, "")),
    authorised: request.headers.authorization === `Bot ${token}`,
    body,
    files,
    query: url.searchParams,
  };
}

async function readBody(content: Buffer, type: string): Promise<{ body: unknown; files: readonly FakeFile[] }> {
  if (content.length === 0) return { body: undefined, files: [] };
  if (!type.startsWith("multipart/form-data")) return { body: JSON.parse(content.toString("utf8")), files: [] };
  const form = await new Response(new Uint8Array(content), { headers: { "content-type": type } }).formData();
  const files: FakeFile[] = [];
  for (const [key, value] of form) {
    const id = /^files\[(\d+)\]$/.exec(key)?.[1];
    if (typeof value !== "string" && id !== undefined)
      files.push({ id: Number(id), name: value.name, mime: value.type, content: await value.bytes() });
  }
  const json = form.get("payload_json");
  return { body: typeof json === "string" ? JSON.parse(json) : {}, files };
}
