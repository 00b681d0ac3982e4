/** The fake's queue of updates and its long polling: offsets confirm, one poller at a time, aborted polls are noticed. */
import type { ServerResponse } from "node:http";
import { list, number, type Payload, string } from "./payload.ts";
import { Poster, type WebhookSettings } from "./webhook.ts";

type Reply = (status: number, body: Payload) => void;

const conflict = (description: string): Payload => ({ ok: false, error_code: 409, description: `Conflict: ${description}` });

export class UpdateQueue {
  readonly #queue: { readonly id: number; readonly kind: string; readonly body: Payload }[] = [];
  #head = 0;
  #nextId = 700_000_001;
  #allowed: ReadonlySet<string> | null = null;
  #poll: { readonly reply: Reply; readonly limit: number; readonly timer: NodeJS.Timeout } | null = null;
  #flushing = false;
  readonly poster = new Poster();
  /** Of another program, which takes everything. */
  foreignWebhook = "";
  /** Called with the offset of every poll. */
  onPoll: (offset: number) => void = () => undefined;

  /** Adds an update; kinds that the bot did not ask for are dropped, as by Telegram. Returns its id. */
  push(kind: string, content: unknown): number {
    const id = this.#nextId++;
    const { settings } = this.poster;
    if (settings !== null) {
      if (settings.allowed.includes(kind)) this.poster.post({ update_id: id, [kind]: content });
      return id;
    }
    if (this.#allowed === null || this.#allowed.has(kind)) this.#queue.push({ id, kind, body: { update_id: id, [kind]: content } });
    this.#flushSoon();
    return id;
  }

  /** Adds an update exactly as it is, however wrong. */
  pushRaw(body: Payload): void {
    if (this.poster.settings !== null) {
      this.poster.post(body);
      return;
    }
    const id = number(body.update_id) ?? this.#nextId++;
    this.#queue.push({ id, kind: "", body });
    this.#flushSoon();
  }

  /** Brings what is not fetched yet into another order, some of it perhaps more than once: only where one fetch takes all of it. */
  arrange(change: (waiting: readonly Payload[]) => readonly Payload[]): void {
    if (this.unconfirmed === 0 || this.unconfirmed > 50) return;
    const waiting = this.#queue.splice(this.#head);
    for (const body of change(waiting.map((one) => one.body))) {
      const found = waiting.find((one) => one.body === body);
      if (found !== undefined) this.#queue.push(found);
    }
  }

  get webhookUrl(): string {
    return this.poster.settings?.url ?? this.foreignWebhook;
  }

  /** From now on updates are posted, those that wait first. */
  setWebhook(settings: WebhookSettings): void {
    this.foreignWebhook = "";
    this.poster.settings = settings;
    for (const { body } of this.#queue.splice(this.#head)) this.poster.post(body);
  }

  deleteWebhook(): void {
    this.foreignWebhook = "";
    const waiting = this.poster.takeBack().map((body) => ({ id: number(body.update_id) ?? 0, kind: "", body }));
    this.#queue.push(...waiting.toSorted((a, b) => a.id - b.id));
    this.#flushSoon();
  }

  /** A day has passed: what nobody fetched is gone. */
  forget(): void {
    this.#head = this.#queue.length;
  }

  get unconfirmed(): number {
    return this.#queue.length - this.#head;
  }

  /** What a poll would bring now, without confirming anything: for answers that break off on the way. */
  peek(limit: number): readonly Payload[] {
    return this.#queue.slice(this.#head, this.#head + limit).map(({ body }) => body);
  }

  /** Answers or holds one getUpdates call (telegram-bot-api, Client.cpp: process_get_updates_query). */
  poll(payload: Payload, response: ServerResponse, reply: Reply): void {
    if (this.webhookUrl !== "") {
      reply(409, conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"));
      return;
    }
    this.#end(409, conflict("terminated by other getUpdates request; make sure that only one bot instance is running"));
    const offset = number(payload.offset) ?? 0;
    this.onPoll(offset);
    while (this.#head < this.#queue.length && (this.#queue[this.#head]?.id ?? 0) < offset) this.#head++;
    if (this.#head > 10_000) {
      this.#queue.splice(0, this.#head);
      this.#head = 0;
    }
    if (payload.allowed_updates !== undefined) {
      const kinds = list(payload.allowed_updates).map((kind) => string(kind) ?? "");
      // An empty list means the usual kinds, which are all that this fake has.
      this.#allowed = kinds.length === 0 ? null : new Set(kinds);
    }
    const limit = Math.max(1, Math.min(number(payload.limit) ?? 100, 100));
    const seconds = Math.min(number(payload.timeout) ?? 0, 50);
    const timer = setTimeout(() => this.#end(200, { ok: true, result: [] }), seconds * 1000);
    this.#poll = { reply, limit, timer };
    const held = this.#poll;
    response.on("close", () => {
      if (this.#poll === held) this.#poll = null;
      clearTimeout(timer);
    });
    if (this.unconfirmed > 0 || seconds === 0) this.#flush();
  }

  /** Updates that come in one go are answered in one go. */
  #flushSoon(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    setImmediate(() => {
      this.#flushing = false;
      if (this.unconfirmed > 0) this.#flush();
    });
  }

  #flush(): void {
    const limit = this.#poll?.limit ?? 0;
    this.#end(200, { ok: true, result: this.peek(limit) });
  }

  #end(status: number, body: Payload): void {
    const poll = this.#poll;
    this.#poll = null;
    if (poll === null) return;
    clearTimeout(poll.timer);
    poll.reply(status, body);
  }
}
