/** One interaction as the fake sees it: what the bot did with it, and what the member sees of that. */
import { z } from "zod";
import { applyMessage, choicesShape, emptyMessage, Invalid, modalShape, parse } from "./validate.ts";
import type { FakeFile, FakeMessage, FakeUser, World } from "./world.ts";

export type Modal = z.infer<typeof modalShape>;
export type Choices = z.infer<typeof choicesShape>["choices"];

/** What the bot did, in order. */
export type Step = "reply" | "defer" | "defer_update" | "update" | "choices" | "modal" | "edit" | "delete" | "follow_up";

const callbackShape = z.object({ type: z.int(), data: z.unknown().optional() });
const flagsShape = z.object({ flags: z.int().nullish() }).nullish();
const ephemeral = 64;

const isProgress = ({ content, embeds, components }: FakeMessage["body"]): boolean =>
  embeds.length === 0 && components.length === 0 && content.endsWith("…");

export interface ExchangeOptions {
  readonly id: string;
  readonly token: string;
  readonly user: FakeUser;
  readonly channelId: string;
  /** 2 command, 3 component, 4 autocomplete, 5 modal. */
  readonly type: number;
  /** The message with the pressed button. */
  readonly source: FakeMessage | null;
}

export class Exchange {
  readonly id: string;
  readonly token: string;
  readonly user: FakeUser;
  readonly channelId: string;
  readonly type: number;
  readonly source: FakeMessage | null;
  readonly steps: Step[] = [];
  /** Messages that this interaction made, also deleted ones. */
  readonly made: FakeMessage[] = [];
  readonly at = Date.now();
  modal: Modal | null = null;
  choices: Choices | null = null;
  /** The placeholder, the first answer, or the updated message. */
  original: FakeMessage | null = null;
  readonly #world: World;
  #watchers: { readonly when: () => boolean; readonly tell: () => void }[] = [];

  constructor(world: World, options: ExchangeOptions) {
    this.#world = world;
    this.id = options.id;
    this.token = options.token;
    this.user = options.user;
    this.channelId = options.channelId;
    this.type = options.type;
    this.source = options.source;
  }

  /** What the member sees now: the updated message, and what was made and not deleted. */
  get visible(): readonly FakeMessage[] {
    const updated = this.steps.includes("update") || (this.steps[0] === "defer_update" && this.steps.includes("edit"));
    const source = updated && this.source !== null ? [this.source] : [];
    return [...source, ...this.made].filter((m) => !m.deleted && !m.pending);
  }

  /** There is something to see beyond "thinking" and the words that say what the bot is at, which end in an ellipsis. */
  get isAnswered(): boolean {
    return this.modal !== null || this.choices !== null || this.visible.some(({ body }) => !isProgress(body));
  }

  /** Resolves when the bot has answered. */
  async answered(): Promise<this> {
    await this.until(() => this.isAnswered);
    return this;
  }

  /** Resolves as soon as this holds; looked at after each step of the bot. */
  until(when: () => boolean): Promise<void> {
    if (when()) return Promise.resolve();
    return new Promise((tell) => this.#watchers.push({ when, tell }));
  }

  /** Resolves when the bot has answered and then done nothing with this interaction for `quietMs`: its last follow-up has come. */
  async settled(quietMs = 25): Promise<this> {
    await this.answered();
    for (let seen = -1; seen !== this.steps.length; ) {
      seen = this.steps.length;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
      // On a busy machine time passes without anything being done: the bot gets its turns of the event loop too.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    return this;
  }

  /** POST …/callback. @throws Invalid */
  callback(payload: unknown, files: readonly FakeFile[]): void {
    if (this.steps.length > 0) throw new Invalid(40060, "Interaction has already been acknowledged.");
    const { type, data } = parse(callbackShape, payload);
    const allowed: Readonly<Record<number, readonly number[]>> = {
      2: [4, 5, 9],
      3: [4, 5, 6, 7, 9],
      4: [8],
      5: this.source === null ? [4, 5] : [4, 5, 6, 7],
    };
    if (!allowed[this.type]?.includes(type)) throw new Invalid(50035, `type: ${type} is no answer to an interaction of type ${this.type}`);
    this.#step(this.#acknowledge(type, data, files));
  }

  #acknowledge(type: number, data: unknown, files: readonly FakeFile[]): Step {
    switch (type) {
      case 4:
        this.original = this.#make(data, files);
        return "reply";
      case 5:
        this.original = this.#world.post({ ...this.#frame(data), body: emptyMessage, files: [], pending: true });
        this.made.push(this.original);
        return "defer";
      case 6:
        this.original = this.source;
        return "defer_update";
      case 7:
        this.original = this.source;
        this.#rewrite(data, files);
        return "update";
      case 8:
        this.choices = parse(choicesShape, data).choices;
        return "choices";
      default:
        this.modal = parse(modalShape, data);
        return "modal";
    }
  }

  /** PATCH @original. @throws Invalid */
  edit(payload: unknown, files: readonly FakeFile[]): FakeMessage {
    const message = this.#rewrite(payload, files);
    this.#step("edit");
    return message;
  }

  /** DELETE @original. @throws Invalid */
  remove(): void {
    if (this.original === null || this.original.deleted) throw new Invalid(10008, "Unknown Message");
    this.original.deleted = true;
    this.#step("delete");
  }

  /**
   * POST of a follow-up. Straight after a deferral it fills the placeholder instead, whose visibility stays
   * (interactions/receiving-and-responding, "Create Followup Message"). @throws Invalid
   */
  followUp(payload: unknown, files: readonly FakeFile[]): FakeMessage {
    if (this.original?.pending === true && !this.original.deleted) return this.edit(payload, files);
    const message = this.#make(payload, files);
    this.#step("follow_up");
    return message;
  }

  #frame(data: unknown): Pick<FakeMessage, "channelId" | "author" | "viewer"> {
    const flags = flagsShape.safeParse(data).data?.flags ?? 0;
    return { channelId: this.channelId, author: this.#world.bot, viewer: (flags & ephemeral) === 0 ? null : this.user.id };
  }

  #make(data: unknown, files: readonly FakeFile[]): FakeMessage {
    const message = this.#world.post({ ...this.#frame(data), body: applyMessage(emptyMessage, data, files), files, pending: false });
    this.made.push(message);
    return message;
  }

  #rewrite(data: unknown, files: readonly FakeFile[]): FakeMessage {
    const message = this.original;
    if (message === null || message.deleted) throw new Invalid(10008, "Unknown Message");
    const available = files.length > 0 ? files : message.files;
    message.body = applyMessage(message.body, data, available);
    // An edit keeps the files that it lists.
    message.files = available.filter((f) => message.body.attachments.some((a) => String(a.id) === String(f.id)));
    if (message.pending) {
      message.pending = false;
      this.#world.shown(message);
    } else message.edits++;
    return message;
  }

  #step(step: Step): void {
    this.steps.push(step);
    if (this.#watchers.length === 0) return;
    const told = this.#watchers.filter((w) => w.when());
    this.#watchers = this.#watchers.filter((w) => !told.includes(w));
    for (const { tell } of told) tell();
  }
}
