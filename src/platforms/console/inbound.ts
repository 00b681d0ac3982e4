/** From a typed line to an input: a command, the number of a button, or the answer to a form. */
import type { Input } from "../../core/context.ts";
import type { SealedButton } from "../../core/reply.ts";

/** What the last answer left open. */
export interface Pending {
  readonly buttons: readonly SealedButton[];
  /** Payload of the form that waits for a text. */
  readonly form: string | null;
}

export type Line =
  | { readonly kind: "input"; readonly input: Input }
  | { readonly kind: "quit" }
  | { readonly kind: "nothing" }
  | { readonly kind: "no_such_button"; readonly count: number };

/** The leading slash may be left out, as in any other prompt. */
export function readLine(line: string, pending: Pending): Line {
  const typed = line.trim();
  if (typed === "") return { kind: "nothing" };
  if (/^\/?(?:quit|exit)$/i.test(typed)) return { kind: "quit" };
  if (pending.form !== null && !typed.startsWith("/"))
    return { kind: "input", input: { kind: "button", payload: pending.form, text: typed } };
  if (/^\d{1,2}$/.test(typed)) {
    const button = pending.buttons[Number(typed) - 1];
    if (button === undefined) return { kind: "no_such_button", count: pending.buttons.length };
    return { kind: "input", input: { kind: "button", payload: button.payload } };
  }
  // A slash alone is the beginning of any command: what can be typed is what helps.
  const [, command = "help", rest = ""] = /^\/*\s*([^\s/]\S*)?\s*([\s\S]*)$/.exec(typed) ?? [];
  return { kind: "input", input: { kind: "text", command, line: rest } };
}
