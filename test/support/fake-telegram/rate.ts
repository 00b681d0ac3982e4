/** The Bot API's limits on how many messages a bot sends: sliding windows with hard edges, counted as calls arrive. */
import { number, type Payload } from "./payload.ts";

export interface Window {
  readonly limit: number;
  readonly perMs: number;
}

export interface RateOptions {
  /** Messages over all chats. */
  readonly globalLimit?: Window;
  /** Messages to one chat. */
  readonly chatLimit?: Window;
}

export class Rate {
  /** Messages that were refused. */
  refusals = 0;
  readonly #options: RateOptions;
  readonly #windows = new Map<number | "all", number[]>();

  constructor(options: RateOptions) {
    this.#options = options;
  }

  /** Counts a call. @returns the seconds to wait where it is over a limit, else null; refused calls do not count */
  take(method: string, payload: Payload): number | null {
    if (!/^(?:send(?!ChatAction)|edit)/.test(method)) return null;
    const { globalLimit, chatLimit } = this.#options;
    const now = performance.now();
    const limits: (readonly [number | "all", Window | undefined])[] = [
      ["all", globalLimit],
      [number(payload.chat_id) ?? 0, chatLimit],
    ];
    const open: number[][] = [];
    for (const [key, window] of limits) {
      if (window === undefined) continue;
      const recent = this.#windows.get(key) ?? [];
      this.#windows.set(key, recent);
      while (now - (recent[0] ?? now) >= window.perMs) recent.shift();
      if (recent.length >= window.limit) {
        this.refusals++;
        return Math.max(1, Math.ceil(((recent[0] ?? now) + window.perMs - now) / 1000));
      }
      open.push(recent);
    }
    for (const recent of open) recent.push(now);
    return null;
  }
}
