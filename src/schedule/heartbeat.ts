/** The clock of the program: once a minute in UTC, never twice at a time. What is due at which local time is decided elsewhere. */
import { schedule } from "node-cron";

export interface Heartbeat {
  stop(): Promise<void>;
}

/**
 * Calls `beat` every minute until stopped; a beat that is still running makes the next one wait for its turn.
 * @param onError a beat that threw; the heart goes on
 */
export function startHeartbeat(beat: (now: Date) => Promise<void>, onError: (error: unknown) => void): Heartbeat {
  let running: Promise<void> = Promise.resolve();
  const task = schedule(
    "* * * * *",
    () => {
      running = beat(new Date()).catch(onError);
      return running;
    },
    { timezone: "UTC", noOverlap: true },
  );
  return {
    async stop() {
      await task.destroy();
      await running;
    },
  };
}
