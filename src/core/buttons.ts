/** Buttons as short payloads: in the payload itself where that fits and nobody is bound, otherwise stored under an unguessable id. */

import { randomBytes } from "node:crypto";
import type { CommandInfo } from "./command.ts";
import { type ButtonId, buttonId, type CommunityId, type MemberId } from "./ids.ts";
import type { Block, Button, FormBlock, SealedBlock, SealedButton } from "./reply.ts";
import type { Texts } from "./texts.ts";

/** Telegram's `callback_data` holds 64 bytes, the least of all platforms (Bot API, InlineKeyboardButton). */
export const maxPayloadBytes = 64;
/** Stored buttons are forgotten after 30 days. */
export const buttonLifeMs = 30 * 24 * 3_600_000;

/** Among a stored form's arguments: which of them what is typed becomes. No argument can be called so. */
export const askedArgument = "?";

export interface StoredButton {
  readonly id: ButtonId;
  readonly command: string;
  readonly args: Readonly<Record<string, string | number | boolean>>;
  /** Only this member may press it. */
  readonly member: MemberId | null;
  /** Author of the message that the answer with this button was about. */
  readonly quoted: MemberId | null;
  /** The community whose data the press concerns, also when it is pressed in a private chat. */
  readonly community: CommunityId;
  readonly expiresAt: Date;
}

/** Where stored buttons live. `save` is durable when it resolves; `find` returns null for unknown and expired ids. */
export interface ButtonStore {
  save(buttons: readonly StoredButton[]): Promise<void>;
  find(id: ButtonId, now: Date): Promise<StoredButton | null>;
  /** Forgets expired buttons; returns how many. */
  sweep(now: Date): Promise<number>;
}

/**
 * What a platform must know before it asks dispatch: how the press is acknowledged.
 * First letter: `o` open answer, `p` private answer, `f` opens a form. `u` behind it: replaces the message.
 */
export interface PayloadKind {
  readonly manner: "open" | "private" | "form";
  readonly update: boolean;
}

const shape = /^([opf])(u?)([:#])([\s\S]+)$/;
/** The letters of an id; anything else was never ours, and some of it no database takes. */
const storedId = /^[\w-]{1,40}$/;

/** The manner of a payload; null for what this program never made. */
export function payloadKind(payload: string): PayloadKind | null {
  const match = shape.exec(payload);
  if (match === null) return null;
  const manner = match[1] === "p" ? "private" : match[1] === "f" ? "form" : "open";
  return { manner, update: match[2] === "u" };
}

export type OpenedPayload =
  | { readonly kind: "inline"; readonly command: string; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: "stored"; readonly id: ButtonId };

/** Takes a payload apart; null for what this program never made. Inline arguments are validated by the command's schema like typed ones. */
export function openPayload(payload: string): OpenedPayload | null {
  const match = shape.exec(payload);
  if (match === null) return null;
  const body = match[4] ?? "";
  if (match[3] === "#") return storedId.test(body) ? { kind: "stored", id: buttonId(body) } : null;
  const [command = "", query = ""] = body.split("?", 2);
  return { kind: "inline", command, args: Object.fromEntries(new URLSearchParams(query)) };
}

interface SealContext {
  readonly catalogue: ReadonlyMap<string, CommandInfo>;
  /** Undefined where nobody asked. */
  readonly asker: MemberId | undefined;
  readonly quoted: MemberId | undefined;
  readonly community: CommunityId;
  readonly now: Date;
  /** Of the place; English without. */
  readonly texts?: Texts;
}

/** Collects the buttons of one answer and makes them pressable. `stored` must be saved before the answer is shown. */
export class Sealer {
  readonly stored: StoredButton[] = [];
  readonly #context: SealContext;
  constructor(context: SealContext) {
    this.#context = context;
  }

  /** @throws TypeError where the button names a command that does not exist, or an author where there is none */
  seal(button: Button, form = false): SealedButton {
    const info = this.#context.catalogue.get(button.command);
    if (info === undefined) throw new TypeError(`button "${button.label}" names the unknown command "${button.command}"`);
    const manner =
      form || (info.opensForm !== null && button.args[info.opensForm] === undefined) ? "f" : info.visibility === "private" ? "p" : "o";
    const prefix = `${manner}${button.update ? "u" : ""}`;
    const query = Object.entries(button.args)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
    const inline = `${prefix}:${button.command}${query === "" ? "" : `?${query}`}`;
    const bound = button.for ?? "anyone";
    if (bound === "anyone" && !form && Buffer.byteLength(inline) <= maxPayloadBytes) return { ...button, payload: inline };
    const id = buttonId(randomBytes(15).toString("base64url"));
    this.stored.push({
      id,
      command: button.command,
      args: button.args,
      member: this.#memberOf(bound, button.label),
      quoted: this.#context.quoted ?? null,
      community: this.#context.community,
      expiresAt: new Date(this.#context.now.getTime() + buttonLifeMs),
    });
    return { ...button, payload: `${prefix}#${id}` };
  }

  #memberOf(bound: NonNullable<Button["for"]>, label: string): MemberId | null {
    if (bound === "anyone") return null;
    if (bound === "author") {
      if (this.#context.asker === undefined) throw new TypeError(`button "${label}" belongs to whoever asked, but nobody did`);
      return this.#context.asker;
    }
    if (this.#context.quoted === undefined) throw new TypeError(`button "${label}" belongs to a quoted author, but nothing is quoted`);
    return this.#context.quoted;
  }

  /** What is typed where one text is asked for becomes the first field's argument: stored with the button, as the message does not say it. */
  #sealForm({ submit, fields }: FormBlock): SealedButton {
    const [first] = fields ?? [];
    const args = first === undefined ? submit.args : { ...submit.args, [askedArgument]: first.argument };
    return { ...submit, payload: this.seal({ ...submit, args }, true).payload };
  }

  block(block: Block): SealedBlock {
    const forms = this.#context.texts?.forms;
    if (block.kind === "buttons") return { ...block, buttons: block.buttons.map((b) => this.seal(b)) };
    if (block.kind === "poll") return { ...block, buttons: block.buttons.map((b) => this.seal(b)) };
    if (block.kind === "form") return { ...block, submit: this.#sealForm(block), ...(forms === undefined ? {} : { words: forms }) };
    return block;
  }
}

/** Makes a post that nobody asked for pressable; its buttons are for anyone. */
export async function sealPost(
  blocks: readonly Block[],
  context: Omit<SealContext, "asker" | "quoted"> & { readonly store: ButtonStore },
): Promise<readonly SealedBlock[]> {
  const sealer = new Sealer({ ...context, asker: undefined, quoted: undefined });
  const sealed = blocks.map((block) => sealer.block(block));
  if (sealer.stored.length > 0) await context.store.save(sealer.stored);
  return sealed;
}
