/** The log: one pino instance whose every line passes a redaction of known secrets before it leaves the process. */
import { type DestinationStream, type Logger, pino } from "pino";
import { prettyFactory } from "pino-pretty";

export type { Logger } from "pino";

export const logLevels = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Texts that must never appear anywhere: tokens, keys, passwords. */
  readonly secrets: readonly string[];
  readonly out: { write(line: string): unknown; readonly isTTY?: boolean | undefined };
}

/** Replaces every secret, also in its URL-encoded form. A secret of fewer than 6 characters is ignored: it would redact ordinary words. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [
    ...new Set(secrets.filter((s) => s.length >= 6).flatMap((s) => [s, encodeURIComponent(s), JSON.stringify(s).slice(1, -1)])),
  ].sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((t, secret) => t.replaceAll(secret, "[secret]"), text);
}

/** Readable lines on a terminal, JSON lines elsewhere. */
export function createLogger(options: LoggerOptions): Logger {
  const redact = redactor(options.secrets);
  const draw = options.out.isTTY ? prettyFactory({ colorize: true, translateTime: "HH:MM:ss" }) : (line: string) => line;
  // Before drawing, because an escaped secret is one no more when it has been unescaped; and after, because drawing unescapes.
  const destination: DestinationStream = { write: (line: string) => void options.out.write(redact(draw(redact(line)))) };
  return pino({ level: options.level, base: null }, destination);
}
