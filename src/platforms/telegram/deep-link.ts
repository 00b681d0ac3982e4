/** Links into the private chat with the bot: `https://t.me/<bot>?start=<parameter>`, and what such a parameter may do. */
import { payloadKind } from "../../core/buttons.ts";

/**
 * The link that presses a stored button in the private chat; null for a button that is not stored. A parameter has at
 * most 64 of A-Z a-z 0-9 _ - (Bot API, deep linking); `p#<id>` becomes `-p-<id>`, and no command starts with a dash.
 * Inline payloads get no link on purpose: anybody could write one, and whoever taps it would run a command unasked.
 */
export function startLink(username: string, payload: string): string | null {
  const stored = /^([opf]u?)#([\w-]{1,60})$/.exec(payload);
  return stored === null ? null : `https://t.me/${username}?start=-${stored[1]}-${stored[2]}`;
}

/** The payload behind a start parameter; null where it is no button. */
export function startedPayload(parameter: string): string | null {
  const match = /^-([opf]u?)-([\w-]{1,60})$/.exec(parameter);
  if (match === null) return null;
  const payload = `${match[1]}#${match[2]}`;
  return payloadKind(payload) === null ? null : payload;
}

/** The payload inside a link that `startLink` made for this bot. */
export function linkedPayload(username: string, link: string): string | null {
  if (!URL.canParse(link)) return null;
  const url = new URL(link);
  if (url.hostname !== "t.me" || url.pathname.toLowerCase() !== `/${username.toLowerCase()}`) return null;
  return startedPayload(url.searchParams.get("start") ?? "");
}

/**
 * `explain_proof_of-coverage` as a command line. Only for the given commands: a link must not log, erase or subscribe
 * anything in the name of whoever taps it.
 */
export function startedCommand(parameter: string, commands: readonly string[]): { readonly command: string; readonly line: string } | null {
  const [command] = commands.filter((name) => parameter.startsWith(`${name}_`)).sort((a, b) => b.length - a.length);
  return command === undefined
    ? null
    : {
        command,
        line: parameter
          .slice(command.length + 1)
          .replaceAll("_", " ")
          .trim(),
      };
}
