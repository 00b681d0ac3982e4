/**
 * A Bot API on loopback that real grammY connects to, with people who use it:
 * `const ann = fake.user("Ann"); const shown = await ann.says(fake.group("DePIN"), "/explain depin");`
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Events, type FakeChat, type FakeMessage, messageJson } from "./chat.ts";
import { type Fault, type FaultOptions, Faults, misbehave } from "./faults.ts";
import { ApiError, methods } from "./methods.ts";
import { type Payload, readBody } from "./payload.ts";
import { Person } from "./person.ts";
import { closePoll } from "./polls.ts";
import { Rate, type RateOptions } from "./rate.ts";
import type { Poster } from "./webhook.ts";
import { World } from "./world.ts";

export { type FakeChat, type FakeMessage, mentionsIn } from "./chat.ts";
export type { Article, Person, Pressed } from "./person.ts";

export interface Call {
  readonly method: string;
  readonly payload: Payload;
}

export interface FakeOptions extends RateOptions {
  readonly token?: string;
  readonly username?: string;
  /** Delay of every answer but getUpdates'. */
  readonly latencyMs?: number;
  /** How long the people wait for the bot before a test fails. */
  readonly patienceSeconds?: number;
  /** Keep every call in `calls`; a benchmark of many thousand updates turns it off. */
  readonly record?: boolean;
}

export class FakeTelegram {
  readonly token: string;
  readonly world: World;
  readonly calls: Call[] = [];
  /** What a correct bot never sends: broken limits, bad entities, presses answered twice. */
  readonly violations: string[] = [];
  /** Every call, as it arrives. */
  readonly arrivals: Events<Call>;
  readonly #faults = new Faults();
  readonly #rate: Rate;
  readonly #options: FakeOptions;
  // As long as Telegram's own front keeps an idle connection; Node's 5 seconds break off what a busy machine sends late.
  readonly #server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => void this.#serve(request, response));

  constructor(options: FakeOptions) {
    this.#options = options;
    this.#rate = new Rate(options);
    this.token = options.token ?? "7000000001:AAplantedtokenplantedtokenplantedtoken1";
    const history = () =>
      this.calls
        .filter(({ method }) => method !== "getUpdates")
        .slice(-12)
        .map(({ method }) => method)
        .join(", ") || "nothing";
    const waiting = { seconds: options.patienceSeconds ?? 5, history };
    this.world = new World(options.username ?? "depinion_bot", waiting);
    this.arrivals = new Events(waiting);
  }

  get apiRoot(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }
  get botUsername(): string {
    return this.world.bot.username ?? "";
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve));
  }

  /** Messages that were refused for a limit of this fake; scripted refusals do not count. */
  get refusals(): number {
    return this.#rate.refusals;
  }

  /** A supergroup; `basic` makes one of the old kind, which can migrate. The bot and everyone are in it. */
  group(title: string, options: { forum?: boolean; basic?: boolean } = {}): FakeChat {
    return this.world.addChat(options.basic ? "group" : "supergroup", title, { forum: options.forum ?? false });
  }
  channel(title: string): FakeChat {
    const channel = this.world.addChat("channel", title);
    channel.bot = "administrator";
    return channel;
  }
  /** Opens a forum topic; returns its thread id. */
  topic(chat: FakeChat, name: string): number {
    const first = chat.add({ from: this.user("Topic opener").user, text: "", extra: { forum_topic_created: { name, icon_color: 0 } } });
    chat.topics.set(first.id, first);
    return first.id;
  }
  /** `admin`: of every group and channel. `outside`: of none. */
  user(name: string, options: { admin?: boolean; username?: string; language?: string; outside?: boolean } = {}): Person {
    const user = this.world.addUser(name, options.username, options.language);
    if (options.outside) this.world.outsiders.add(user.id);
    if (options.admin) this.world.admins.add(user.id);
    return new Person(this.world, user);
  }
  privateChat(person: Person): FakeChat {
    return person.private;
  }

  /** A poll's time is up: Telegram ends it by itself. */
  closePoll(message: FakeMessage): void {
    closePoll(this.world, message);
  }

  /** Turns a basic group into a supergroup; both service messages are told. `silently`: only failing calls will tell it. */
  migrate(from: FakeChat, options: { silently?: boolean } = {}): FakeChat {
    const to = this.group(from.title);
    from.migratedTo = to.id;
    if (options.silently !== true) {
      const author = { from: this.world.bot, text: "" };
      this.world.updates.push("message", { ...messageJson(from.add(author)), migrate_to_chat_id: to.id });
      this.world.updates.push("message", { ...messageJson(to.add(author)), migrate_from_chat_id: from.id });
    }
    return to;
  }

  /** Makes the next calls of a method go wrong. */
  fault(method: string, fault: Fault, options: FaultOptions = {}): void {
    this.#faults.add(method, fault, options);
  }
  repair(): void {
    this.#faults.clear();
  }
  /** Another program's, which takes every update. */
  setWebhook(url: string): void {
    this.world.updates.foreignWebhook = url;
    this.world.updates.poster.settings = null;
  }
  /** What posts updates, once a webhook is set. */
  get poster(): Poster {
    return this.world.updates.poster;
  }
  /** An update exactly as given, however malformed. */
  pushRaw(update: Payload): void {
    this.world.updates.pushRaw(update);
  }

  callsOf(method: string): readonly Payload[] {
    return this.calls.filter((call) => call.method === method).map(({ payload }) => payload);
  }
  /** Resolves with the next call of a method. */
  async nextCall(method: string, wanted: (payload: Payload) => boolean = () => true): Promise<Payload> {
    return (await this.arrivals.next(`a call of ${method}`, (call) => call.method === method && wanted(call.payload))).payload;
  }

  async stop(): Promise<void> {
    this.poster.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, body: Payload) => {
      if (!response.writableEnded) response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    const { payload, files } = await readBody(request);
    // A token of the wrong shape is no route at all.
    if (token === undefined || !/^\d+:[\w-]{30,}$/.test(token)) return reply(404, { ok: false, error_code: 404, description: "Not Found" });
    if (token !== this.token) return reply(401, { ok: false, error_code: 401, description: "Unauthorized" });
    const call = { method, payload };
    if (this.#options.record !== false) this.calls.push(call);
    const wait = this.#rate.take(method, payload);
    const fault: Fault | null = wait === null ? this.#faults.take(method, payload) : { kind: "rate_limit", retryAfter: wait };
    this.arrivals.emit(call);
    const run = () => this.#run(method, payload, files);
    if (fault !== null) return misbehave(fault, response, () => run().body);
    if (method === "getUpdates") return this.world.updates.poll(payload, response, reply);
    const finish = () => {
      const { status, body } = run();
      reply(status, body);
    };
    if (this.#options.latencyMs) setTimeout(finish, this.#options.latencyMs);
    else finish();
  }

  #run(name: string, payload: Payload, files: Parameters<(typeof methods)[string]>[2]): { status: number; body: Payload } {
    const method = methods[name];
    try {
      if (method === undefined) throw new ApiError(404, "Not Found: method not found", { broken: true });
      return { status: 200, body: { ok: true, result: method(this.world, payload, files) } };
    } catch (error) {
      const known =
        error instanceof ApiError ? error : new ApiError(500, `Internal Server Error: the fake failed: ${error}`, { broken: true });
      if (known.broken) this.violations.push(`${name}: ${known.message}`);
      const parameters = known.parameters === undefined ? {} : { parameters: known.parameters };
      return { status: known.code, body: { ok: false, error_code: known.code, description: known.message, ...parameters } };
    }
  }
}

export async function startFakeTelegram(options: FakeOptions = {}): Promise<FakeTelegram> {
  const fake = new FakeTelegram(options);
  await fake.listen();
  return fake;
}
