/** A digest to many rooms as the program sends it: a slot, a message, and another attempt where it was not sent. */
import { setTimeout as pause } from "node:timers/promises";
import { SendError } from "../../src/core/errors.ts";
import { roomId } from "../../src/core/ids.ts";
import type { Platform } from "../../src/core/platform.ts";
import { text } from "../../src/core/reply.ts";
import { digest, inWorkers } from "./fanout.ts";

const part = { blocks: [text(digest)] };
const workers = 10;

/** @returns the number of rooms that were given up */
export async function sendDigests(platform: Platform, rooms: readonly string[]): Promise<number> {
  let gaveUp = 0;
  await inWorkers([...rooms.entries()], workers, async ([n, address]) => {
    const room = roomId(platform.name, address);
    for (;;) {
      await platform.pace.slot("digest", room);
      try {
        await platform.send(room, part, `bench-${n}`);
        return;
      } catch (error) {
        if (error instanceof SendError && error.failure.outcome === "not_sent") await pause(error.failure.retryAfterMs);
        else {
          gaveUp++;
          return;
        }
      }
    }
  });
  return gaveUp;
}
