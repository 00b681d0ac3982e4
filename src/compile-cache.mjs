/**
 * Loaded before everything else (`node --import`): keeps compiled code between starts.
 *
 * Node strips the types of every file at every start unless the result is cached; with the cache a start takes half the time and 26 MB
 * less (`npm run bench start`). This file is JavaScript because a single TypeScript file before the cache is on would load the stripper.
 */
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";

// A folder that cannot be written only means that nothing is kept.
enableCompileCache(join(import.meta.dirname, "../node_modules/.cache/depinion"));
// Node writes the cache when it ends; a program that is killed never does.
setTimeout(flushCompileCache, 3_000).unref();
