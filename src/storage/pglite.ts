/** PGlite with the settings it needs here, made safe against spinning for ever after PostgreSQL has given up inside it. */
import { PGlite } from "@electric-sql/pglite";
import { EngineStopped } from "./failures.ts";

const settings = [
  // 128 MB, the default, would double the memory of the process.
  "shared_buffers=8MB",
  // PGlite has no background checkpointer, so these only bound how many files of the log are kept for reuse after a `CHECKPOINT`.
  "max_wal_size=64MB",
  "min_wal_size=32MB",
  // ANALYZE holds up everyone else for as long as it reads its sample: 3,000 rows are enough for these tables, 30,000 are the default.
  "default_statistics_target=10",
];
const startParams = [...PGlite.defaultStartParams, ...settings.flatMap((setting) => ["-c", setting])];
// PostgreSQL cannot start without room for one more segment: 1 MB of it is easier to find than 16, and a new database is 15 MB smaller.
export const initDbStartParams = ["--wal-segsize=1"];

/**
 * PGlite swallows the exception by which its WebAssembly aborts (a PANIC, such as a disk that is full when the log is written) and reads
 * the next message in an endless loop: the whole process would hang at 100 % CPU (seen with 0.5.16). This one remembers the abort and
 * refuses everything after it.
 */
export class GuardedPGlite extends PGlite {
  readonly #complaints: string[];
  #stopped = false;

  constructor(dataDir: string) {
    const complaints: string[] = [];
    const onStderr = (line: string): boolean => {
      // The log of PostgreSQL quotes statements elsewhere; these two levels name what is wrong with the machine.
      const found = /(?:FATAL|PANIC):\s*(.*)/.exec(line);
      if (found?.[1] !== undefined) complaints.push(found[1]);
      return false;
    };
    super({ dataDir, startParams, initDbStartParams, onStderr });
    this.#complaints = complaints;
  }

  /** Whether PostgreSQL has given up. */
  get stopped(): boolean {
    return this.#stopped;
  }

  /** The last thing PostgreSQL said before it gave up. */
  get complaint(): string | undefined {
    return this.#complaints.at(-1);
  }

  /** Waits until the database answers. */
  async open(): Promise<this> {
    await this.waitReady;
    const { Module: module } = this;
    const { _PostgresMainLoopOnce: loopOnce, stackRestore } = module;
    module._PostgresMainLoopOnce = () => {
      if (this.#stopped) throw new EngineStopped();
      try {
        loopOnce();
      } catch (error) {
        this.#stopped = !isReportedError(error);
        throw error;
      }
    };
    // The first thing PGlite does with whatever it caught, and so the one place to get out of its loop.
    let aborts = 0;
    module.stackRestore = (pointer) => {
      if (this.#stopped && ++aborts > 1) throw new EngineStopped();
      return stackRestore(pointer);
    };
    return this;
  }

  override execProtocolRawSync(message: Uint8Array): Uint8Array {
    if (this.#stopped) throw new EngineStopped();
    return super.execProtocolRawSync(message);
  }
}

/** PostgreSQL's own way out of a failed statement is a long jump, which Emscripten makes an exception with this status. */
const longJump = 100;

const isReportedError = (error: unknown): boolean =>
  typeof error === "object" && error !== null && "status" in error && error.status === longJump;
