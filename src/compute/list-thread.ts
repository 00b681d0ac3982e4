/** The thread that reads one long list of prices: it tells what came of it, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { UpstreamError } from "../core/errors.ts";
import { type ListWord, type PriceList, readHere } from "./list-reading.ts";

const say = (word: ListWord): void => parentPort?.postMessage(word);

// The list comes from the program's own `readList`, which has checked its type.
const list: PriceList = workerData;
try {
  say({ kind: "read", list: await readHere(list) });
} catch (error) {
  if (!(error instanceof UpstreamError)) throw error;
  const { kind, message } = error;
  // The message begins with service and kind, which the error that is made of it adds again.
  say({ kind: "failed", upstream: kind, detail: /\((.*)\)$/s.exec(message)?.[1] ?? "" });
}
