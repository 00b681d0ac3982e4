/** The command line of the program. */
import { parseArgs } from "node:util";
import { OperatorError } from "../core/errors.ts";

export type Task =
  | { readonly kind: "serve"; readonly demo: boolean }
  | { readonly kind: "once"; readonly line: string; readonly demo: boolean }
  | { readonly kind: "check" }
  | { readonly kind: "backup"; readonly file: string | undefined }
  | { readonly kind: "restore"; readonly file: string; readonly replace: boolean }
  | { readonly kind: "recount" }
  | { readonly kind: "version" }
  | { readonly kind: "help" };

export const usage = `Usage: npm start [-- OPTION]

Without a platform token the console opens; with DISCORD_TOKEN or TELEGRAM_TOKEN set, those platforms are served.

  --once "/explain depin"   answer one line and leave with 0, or with 1 where the answer is an error
  --check                   contact every configured service once, print a table, and leave with 0 or 1;
                            changes nothing, also beside a running bot
  --backup [FILE]           write a backup now, of the embedded database while nobody uses it, or of PostgreSQL
  --restore FILE            put a backup back, into whichever database is configured
  --replace                 with --restore: also where PostgreSQL holds something already
  --recount                 count all opinions anew, after rows were changed by hand
  --demo                    the console on a throw-away database that holds the founding comments
  --version                 print the version
  --help                    print this

Settings come from the environment: see .env.example.`;

/** @throws OperatorError where the words are off */
export function readArguments(words: readonly string[]): Task {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        backup: { type: "boolean" },
        replace: { type: "boolean" },
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
    const [first, ...rest] = positionals;
    const surplus = values.backup ? rest[0] : first;
    if (surplus !== undefined) throw new TypeError(`Unexpected argument '${surplus}'`);
    if (values.help) return { kind: "help" };
    if (values.version) return { kind: "version" };
    if (values.check) return { kind: "check" };
    if (values.backup) return { kind: "backup", file: first };
    if (values.restore !== undefined) return { kind: "restore", file: values.restore, replace: values.replace ?? false };
    if (values.recount) return { kind: "recount" };
    return values.once === undefined ? { kind: "serve", demo } : { kind: "once", line: values.once, demo };
  } catch (error) {
    throw new OperatorError(`${error instanceof Error ? error.message : "These options are not understood"}\n\n${usage}`);
  }
}
