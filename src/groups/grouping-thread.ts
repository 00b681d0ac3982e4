/** The thread that groups voters: it tells what came of it, and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { groupVoters } from "./grouping.ts";
import type { GroupingTask } from "./run-grouping.ts";

// The task comes from the program's own `createGrouping`, which has checked its type.
const { votes, statements }: GroupingTask = workerData;
parentPort?.postMessage(groupVoters(votes, statements));
