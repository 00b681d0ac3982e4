/**
 * What was erased lately, in a file beside the embedded database: a backup that is put back forgets it again.
 *
 * A line holds a pseudonym or the id of an opinion or a report, and the time; lines live as long as backups do. It is written after the rows are gone: a
 * backup that is copied in between then still finds it newer than itself. Only a kill between the two would let the note be missing.
 */
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type MemberId, memberId, type OpinionId, opinionId, type ReportId, reportId } from "../core/ids.ts";

/** A whole member under one of their pseudonyms, one opinion or report, or a member's wish to be quoted or logged no more. */
export type Erasure =
  | { readonly member: MemberId }
  | { readonly opinion: OpinionId }
  | { readonly report: ReportId }
  | { readonly member: MemberId; readonly said: (typeof wishes)[number] };
const wishes = ["no_quotes", "opted_out"] as const;

type Noted = Erasure & { readonly at: Date };

const at = z.iso.datetime().transform((text) => new Date(text));
const notedLine = z.union([
  z.object({ member: z.string().transform(memberId), said: z.enum(wishes), at }),
  z.object({ member: z.string().transform(memberId), at }),
  z.object({ opinion: z.string().transform(opinionId), at }),
  z.object({ report: z.string().transform(reportId), at }),
]);

const fileOf = (dataDir: string): string => join(dataDir, "erased.jsonl");

/** On the disk when this returns. */
export function noteErasures(dataDir: string, erasures: readonly Erasure[], now: Date): void {
  // A line begins with its line break: behind one that a power cut left unfinished it is still whole.
  const lines = erasures.map((erasure) => `\n${JSON.stringify({ ...erasure, at: now })}`);
  appendFileSync(fileOf(dataDir), lines.join(""), { mode: 0o600, flush: true });
}

/** What was erased at this moment or later, in order. */
export function erasedSince(dataDir: string, since: Date): readonly Erasure[] {
  return readNotes(dataDir).filter((noted) => noted.at >= since);
}

/** Forgets what was erased before this moment: no backup is left that could hold it. */
export function forgetErasures(dataDir: string, before: Date): void {
  const all = readNotes(dataDir);
  const kept = all.filter((noted) => noted.at >= before);
  if (kept.length === all.length) return;
  const fresh = `${fileOf(dataDir)}.new`;
  writeFileSync(fresh, kept.map((noted) => `\n${JSON.stringify(noted)}`).join(""), { mode: 0o600, flush: true });
  renameSync(fresh, fileOf(dataDir));
}

function readNotes(dataDir: string): readonly Noted[] {
  if (!existsSync(fileOf(dataDir))) return [];
  return readFileSync(fileOf(dataDir), "utf8").split("\n").flatMap(readNote);
}

function readNote(line: string): readonly Noted[] {
  try {
    return [notedLine.parse(JSON.parse(line))];
  } catch {
    return []; // Empty, or cut off by a power cut.
  }
}
