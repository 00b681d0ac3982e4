/** What `npm start` loads before everything else: a process without it strips the types of every file anew, which doubles its start. */
import { join } from "node:path";

/** Goes before the file that Node runs. */
export const preloaded = ["--import", join(import.meta.dirname, "../../src/preload.mjs")] as const;
