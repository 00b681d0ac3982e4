/** The clock of the program: once a minute in UTC, never twice at a time. What is due at which local time is decided elsewhere. */
import { schedule } from "node-cron";

export interface Heartbeat {
  stop(): Promise<void>;
}

/** The first beat waits until what people see at the start is there. */
const firstBeatMs = 2_000;

/**
 * Calls `beat` soon after the start and then every minute until stopped; a beat that is still running makes the next one wait for its turn.
 * @param onError a beat that threw; the heart goes on
 */
export function startHeartbeat(beat: (now: Date) => Promise<void>, onError: (error: unknown) => void): Heartbeat {
  let running: Promise<void> = Promise.resolve();
  const next = () => {
    running = running.then(() => beat(new Date())).catch(onError);
    return running;
  };
  const first = setTimeout(next, firstBeatMs);
  const task = schedule("* * * * *", next, { timezone: "UTC", noOverlap: true });
  return {
    async stop() {
      clearTimeout(first);
      await task.destroy();
      await running;
    },
  };
}
