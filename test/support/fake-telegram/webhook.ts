/** The fake's way of posting updates: a chat's one after the other, each again and again until it is taken (telegram-bot-api, WebhookActor). */
import { setTimeout as sleep } from "node:timers/promises";
import { number, type Payload, record, string } from "./payload.ts";

export interface WebhookSettings {
  readonly url: string;
  readonly secret: string;
  readonly allowed: readonly string[];
  readonly connections: number;
}

/** Between two tries; the real ones are a second and more. */
const againMs = 15;

const secretHeader = "x-telegram-bot-api-secret-token";

export class Poster {
  /** Null: updates wait to be fetched. */
  settings: WebhookSettings | null = null;
  /** Where the proxy of the public address leads, in turn; none: nobody answers there. */
  targets: readonly string[] = [];
  /** Every update is posted again although it was taken, as after a response that was lost. */
  twice = false;
  /** What each try was answered, 0 where nothing came. */
  readonly statuses: number[] = [];
  lastError: { readonly date: number; readonly message: string } | null = null;
  readonly #queues = new Map<string, Payload[]>();
  readonly #idle: (() => void)[] = [];
  #turn = 0;
  #stopped = false;

  get pending(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0);
  }

  post(body: Payload): void {
    const key = chatOf(body);
    const queue = this.#queues.get(key);
    if (queue !== undefined) {
      queue.push(body);
      return;
    }
    this.#queues.set(key, [body]);
    void this.#drain(key);
  }

  /** Posts no more; returns what was not taken. */
  takeBack(): readonly Payload[] {
    this.settings = null;
    return [...this.#queues.values()].flatMap((queue) => queue.splice(0));
  }

  /** Resolves when everything is taken. */
  idle(): Promise<void> {
    return this.#queues.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  stop(): void {
    this.#stopped = true;
  }

  /** One try, whoever makes it. */
  async send(body: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
    const target = this.targets[this.#turn++ % Math.max(1, this.targets.length)];
    if (this.settings === null || target === undefined) return 0;
    const { pathname, search } = new URL(this.settings.url);
    try {
      const usual = { "content-type": "application/json", [secretHeader]: this.settings.secret };
      const response = await fetch(`${target}${pathname}${search}`, { method: "POST", body, headers: { ...usual, ...headers } });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  async #drain(key: string): Promise<void> {
    const queue = this.#queues.get(key) ?? [];
    while (!this.#stopped && queue[0] !== undefined) {
      const body = JSON.stringify(queue[0]);
      const status = await this.send(body);
      this.statuses.push(status);
      if (status === 200) {
        if (this.twice) this.statuses.push(await this.send(body));
        queue.shift();
      } else {
        this.lastError = {
          date: Math.floor(Date.now() / 1000),
          message: status === 0 ? "Connection refused" : `Wrong response from the webhook: ${status}`,
        };
        await sleep(againMs);
      }
    }
    this.#queues.delete(key);
    if (this.#queues.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }
}

/** What is posted in order: a chat's updates, and a poll's. */
function chatOf(body: Payload): string {
  const about = record(Object.entries(body).find(([kind]) => kind !== "update_id")?.[1]);
  const chat = number(record(record(about.message).chat).id ?? record(about.chat).id);
  return String(chat ?? string(about.poll_id) ?? string(about.id) ?? "");
}
