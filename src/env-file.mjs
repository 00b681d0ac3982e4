/** Loaded by `npm start`: reads `.env` beside package.json, if there is one. The environment itself wins over the file. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { loadEnvFile } from "node:process";

const file = join(import.meta.dirname, "../.env");
if (existsSync(file)) loadEnvFile(file);
