/** The environment in which every data source is turned off, so that no test leaves loopback. */
import { describeVariables } from "../../src/config/env.ts";

export const sourcesOff: Readonly<Record<string, string>> = Object.fromEntries(
  describeVariables()
    .filter(({ description }) => description.endsWith("; empty turns it off"))
    .map(({ name }) => [name, ""]),
);
