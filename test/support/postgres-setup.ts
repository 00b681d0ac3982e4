/** Offers every test run a PostgreSQL, which starts when the first test asks for it: most runs never do. */
import type { TestProject } from "vitest/node";
import { startPostgresDesk } from "./postgres-desk.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the desk of `test/support/postgres-server.ts`. */
    readonly postgres: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const desk = await startPostgresDesk();
  project.provide("postgres", desk.address);
  return desk.close;
}
