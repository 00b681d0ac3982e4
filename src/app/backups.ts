/** What the operator's `npm run backup` and `npm run restore` do, and say. */
import { resolve } from "node:path";
import type { Logger } from "../lib/logger.ts";

export interface Place {
  /** Unset: the embedded database in the data folder. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => Date;
}

const megabytes = (bytes: number): string => `${new Intl.NumberFormat("en", { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;

/** Resolves to what to tell. @throws OperatorError */
export async function backUp(file: string | undefined, { databaseUrl, dataDir, log, now }: Place): Promise<string> {
  const { backupFolder, backupPostgresql, newBackupFile } = await import("../storage/backup-now.ts");
  const target = file === undefined ? newBackupFile(dataDir, now()) : resolve(file);
  const written =
    databaseUrl === undefined
      ? await backupFolder({ dataDir, file: target, now: now() })
      : await backupPostgresql({ databaseUrl, file: target, log, now: now() });
  const key = databaseUrl === undefined ? `${dataDir}/member-key` : "MEMBER_KEY";
  return `Backup written: ${target} (${megabytes(written.bytes)}). Keep ${key} with it: without it members lose their hold on what they logged.`;
}

/** Resolves to what to tell. @throws OperatorError */
export async function putBack(file: string, replace: boolean, { databaseUrl, dataDir, log, now }: Place): Promise<string> {
  if (databaseUrl === undefined) {
    const { restoreBackup } = await import("../storage/restore.ts");
    const restored = await restoreBackup({ file, dataDir, log, now: now() });
    const { keptAs } = restored;
    const kept = keptAs === null ? "" : ` The database that was there is now ${keptAs}; it is deleted with the backups after seven days.`;
    return `${told(restored)}${kept} Start as usual.`;
  }
  const { restoreIntoPostgresql } = await import("../storage/restore-postgresql.ts");
  const restored = await restoreIntoPostgresql({ file, dataDir, databaseUrl, replace, log, now: now() });
  const { madeAt } = restored;
  // The notes lie beside the embedded database: a backup of PostgreSQL itself finds none.
  const since = madeAt === null ? "" : ` What members erased on PostgreSQL since ${madeAt.toISOString()} is not known here.`;
  return `${told(restored)}${since} MEMBER_KEY must be the one that the backup was made under. Start as usual.`;
}

function told({ opinions, erasures, beyondMemory }: { opinions: number; erasures: number; beyondMemory: boolean }): string {
  const again = erasures === 0 ? "" : ` What members erased since then was erased again (${erasures}).`;
  const beyond = beyondMemory ? " This backup is older than my notes of what was erased: something that a member erased may be back." : "";
  return `Restored, with ${opinions} opinions.${again}${beyond}`;
}
