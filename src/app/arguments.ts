/** The command line of the program. */
import { parseArgs } from "node:util";
import { OperatorError } from "../core/errors.ts";

export type Task =
  | { readonly kind: "serve"; readonly demo: boolean }
  | { readonly kind: "once"; readonly line: string; readonly demo: boolean }
  | { readonly kind: "check" }
  | { readonly kind: "restore"; readonly file: string }
  | { readonly kind: "recount" }
  | { readonly kind: "version" }
  | { readonly kind: "help" };

export const usage = `Usage: npm start [-- OPTION]

Without a platform token the console opens; with DISCORD_TOKEN or TELEGRAM_TOKEN set, those platforms are served.

  --once "/explain depin"   answer one line and leave with 0, or with 1 where the answer is an error
  --check                   contact every configured service once, print a table, and leave with 0 or 1;
                            changes nothing, also beside a running bot
  --restore FILE            put a backup of the embedded database back
  --recount                 count all opinions anew, after rows were changed by hand
  --demo                    the console on a throw-away database that holds the founding comments
  --version                 print the version
  --help                    print this

Settings come from the environment: see .env.example.`;

/** @throws OperatorError where the words are off */
export function readArguments(words: readonly string[]): Task {
  try {
    const { values } = parseArgs({
      args: [...words],
      options: {
        once: { type: "string" },
        check: { type: "boolean" },
        restore: { type: "string" },
        recount: { type: "boolean" },
        demo: { type: "boolean" },
        version: { type: "boolean" },
        help: { type: "boolean" },
      },
    });
    const demo = values.demo ?? false;
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    if (values.check) return { kind: "check" };
    if (values.restore !== undefined) return { kind: "restore", file: values.restore };
    if (values.recount) return { kind: "recount" };
    return values.once === undefined ? { kind: "serve", demo } : { kind: "once", line: values.once, demo };
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : "These options are not understood"}\n\n${usage}`);
  }
}
