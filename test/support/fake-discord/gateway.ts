/** The gateway side: sessions with sequence numbers and replay, and every way to lose one. */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import { WebSocket, WebSocketServer } from "ws";
import { z } from "zod";

export interface GatewayOptions {
  readonly token: string;
  readonly heartbeatMs: number;
  /** The READY event of a shard, without what belongs to the session, and what follows it. */
  readonly ready: (
    shard: number,
    shards: number,
  ) => { readonly data: object; readonly after: Iterable<{ readonly name: string; readonly data: unknown }> };
  readonly url: () => string;
  readonly onIdentify: (shard: number) => void;
}

interface Session {
  readonly id: string;
  readonly shard: number;
  readonly shards: number;
  readonly intents: number;
  sequence: number;
  /** What may have to be told again. */
  buffer: { readonly sequence: number; readonly payload: string }[];
  socket: WebSocket | null;
}

const identifyShape = z.object({ token: z.string(), intents: z.int(), shard: z.tuple([z.int(), z.int()]).default([0, 1]) });
const resumeShape = z.object({ token: z.string(), session_id: z.string(), seq: z.int() });
const frameShape = z.object({ op: z.int(), d: z.unknown().optional() });

const longestReplay = 2000;

/** Members, presences and message content need Discord's permission. */
const privilegedIntents = (1 << 1) | (1 << 8) | (1 << 15);

export class FakeGateway {
  /** How often each happened. */
  readonly counts = { identify: 0, resume: 0, heartbeat: 0, connections: 0 };
  /** The intents of the last identify. */
  intents = 0;
  /** Whether heartbeats are acknowledged: false makes a zombie of every connection. */
  acknowledging = true;
  /** Whether new connections are told hello. */
  welcoming = true;
  /** What READY gives as the address to resume at; null for the true one. */
  resumeUrl: unknown = null;
  /** Whether members, presences and message content are granted to the bot. */
  grantsPrivileged = false;
  /** Answers the next identifies with this close code. */
  closeIdentifyWith: number | null = null;
  readonly #options: GatewayOptions;
  readonly #server: WebSocketServer;
  readonly #sessions = new Map<string, Session>();
  readonly #live = new Map<number, Session>();
  #held: { readonly session: Session; readonly payload: string }[] | null = null;
  #waiting: { readonly kind: "ready" | "resumed" | "heartbeat"; readonly tell: () => void }[] = [];

  constructor(server: Server, options: GatewayOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({ server });
    this.#server.on("connection", (socket) => this.#welcome(socket));
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#server.clients.size;
  }

  /**
   * Tells one shard; what is told while it is away is told when it resumes. Where it has identified twice, both sessions are told as long
   * as they are connected. Returns false where no session is there to hear of it.
   */
  tell(shard: number, name: string, data: unknown): boolean {
    const session = this.#live.get(shard);
    if (session === undefined) return false;
    for (const one of this.#sessions.values())
      if (one === session || (one.shard === shard && one.socket?.readyState === WebSocket.OPEN)) this.#dispatch(one, name, data, true);
    return true;
  }

  /** Whether somebody listens to this shard now. */
  hears(shard: number): boolean {
    return this.#live.get(shard)?.socket?.readyState === WebSocket.OPEN;
  }

  get shards(): number {
    return [...this.#live.values()][0]?.shards ?? 1;
  }

  /** Resolves at the next READY, RESUMED or heartbeat. */
  next(kind: "ready" | "resumed" | "heartbeat"): Promise<void> {
    return new Promise((tell) => this.#waiting.push({ kind, tell }));
  }

  /** Holds back what is told from now on; `release` lets it go. */
  hold(): void {
    this.#held ??= [];
  }

  /** Lets go of what was held back, in this order, some of it perhaps more than once: each event keeps the number that it had. */
  release(arrange: (payloads: readonly string[]) => readonly string[] = (payloads) => payloads): void {
    const held = this.#held ?? [];
    this.#held = null;
    const order = arrange(held.map(({ payload }) => payload));
    for (const payload of order) {
      const socket = held.find((one) => one.payload === payload)?.session.socket;
      if (socket?.readyState === WebSocket.OPEN) socket.send(payload);
    }
  }

  /** Closes every connection with this code. */
  close(code: number): void {
    for (const session of this.#live.values()) session.socket?.close(code);
  }

  /** Cuts every connection without a word. */
  cut(): void {
    for (const session of this.#live.values()) session.socket?.terminate();
  }

  /** Every line goes dead: nothing is read or answered any more, not even a close. */
  freeze(): void {
    for (const session of this.#live.values()) session.socket?.pause();
  }

  /** Op 7: please reconnect. */
  askToReconnect(): void {
    this.#raw({ op: 7, d: null, s: null, t: null });
  }

  /** Op 9: the session is invalid, or may be resumed. */
  invalidate(resumable: boolean): void {
    if (!resumable) this.#sessions.clear();
    this.#raw({ op: 9, d: resumable, s: null, t: null });
  }

  /** Any text to every connection. */
  sendText(text: string): void {
    for (const session of this.#live.values()) session.socket?.send(text);
  }

  #raw(frame: object): void {
    this.sendText(JSON.stringify(frame));
  }

  #welcome(socket: WebSocket): void {
    this.counts.connections++;
    let session: Session | null = null;
    if (this.welcoming)
      socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.#options.heartbeatMs, _trace: [] }, s: null, t: null }));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (session?.socket === socket) session.socket = null;
    });
    socket.on("message", (raw) => {
      const { op, d } = frameShape.parse(JSON.parse(String(raw)));
      if (op === 1) this.#beat(socket, session, d);
      else if (op === 2) session = this.#identify(socket, d);
      else if (op === 6) session = this.#resume(socket, d);
    });
  }

  #beat(socket: WebSocket, session: Session | null, sequence: unknown): void {
    this.counts.heartbeat++;
    if (session !== null && typeof sequence === "number") session.buffer = session.buffer.filter((e) => e.sequence > sequence);
    if (this.acknowledging) socket.send(JSON.stringify({ op: 11, d: null, s: null, t: null }));
    this.#happened("heartbeat");
  }

  #identify(socket: WebSocket, data: unknown): Session | null {
    this.counts.identify++;
    const { token, intents, shard } = identifyShape.parse(data);
    this.intents = intents;
    this.#options.onIdentify(shard[0]);
    const tooMuch = !this.grantsPrivileged && (intents & privilegedIntents) !== 0;
    const code = this.closeIdentifyWith ?? (token !== this.#options.token ? 4004 : tooMuch ? 4014 : null);
    if (code !== null) {
      socket.close(code);
      return null;
    }
    const session: Session = {
      id: randomBytes(16).toString("hex"),
      shard: shard[0],
      shards: shard[1],
      intents,
      sequence: 0,
      buffer: [],
      socket,
    };
    this.#sessions.set(session.id, session);
    this.#live.set(session.shard, session);
    const { data: ready, after } = this.#options.ready(session.shard, session.shards);
    this.#dispatch(
      session,
      "READY",
      { ...ready, session_id: session.id, resume_gateway_url: this.resumeUrl ?? this.#options.url(), shard },
      false,
    );
    for (const { name, data: d } of after) this.#dispatch(session, name, d, false);
    this.#happened("ready");
    return session;
  }

  #resume(socket: WebSocket, data: unknown): Session | null {
    this.counts.resume++;
    const { token, session_id, seq } = resumeShape.parse(data);
    const session = this.#sessions.get(session_id);
    if (token !== this.#options.token) {
      socket.close(4004);
      return null;
    }
    if (session === undefined || seq > session.sequence) {
      socket.send(JSON.stringify({ op: 9, d: false, s: null, t: null }));
      return null;
    }
    session.socket = socket;
    for (const event of session.buffer) if (event.sequence > seq) socket.send(event.payload);
    this.#dispatch(session, "RESUMED", { _trace: [] }, false);
    this.#happened("resumed");
    return session;
  }

  #dispatch(session: Session, name: string, data: unknown, again: boolean): void {
    session.sequence++;
    const payload = JSON.stringify({ op: 0, t: name, s: session.sequence, d: data });
    if (again) session.buffer.push({ sequence: session.sequence, payload });
    if (session.buffer.length > longestReplay) session.buffer = session.buffer.slice(longestReplay / 2);
    if (again && this.#held !== null) this.#held.push({ session, payload });
    else if (session.socket?.readyState === WebSocket.OPEN) session.socket.send(payload);
  }

  #happened(kind: "ready" | "resumed" | "heartbeat"): void {
    const told = this.#waiting.filter((w) => w.kind === kind);
    this.#waiting = this.#waiting.filter((w) => !told.includes(w));
    for (const { tell } of told) tell();
  }

  async stop(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
