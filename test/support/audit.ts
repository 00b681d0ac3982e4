/** Asks the registry for known holes in what the program runs with: `npm run audit`. Not every registry can be asked. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";

const hole = z.object({ name: z.string(), title: z.string(), severity: z.string(), url: z.string() });
/** What `npm audit --json` prints. A package that only needs one with a hole has that one's name in `via`. */
const answer = z.union([
  z.object({
    vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([hole, z.string()])) })),
    metadata: z.object({ dependencies: z.object({ prod: z.int() }) }),
  }),
  z.object({ message: z.string() }),
]);

const grave = new Set(["high", "critical"]);

/**
 * @param npmOptions for npm, such as another registry
 * @returns lines for people, and whether nothing grave is known
 */
export async function audit(...npmOptions: readonly string[]): Promise<{ readonly lines: readonly string[]; readonly passed: boolean }> {
  const printed = await new Promise<string>((resolve) => {
    const options = { cwd: join(import.meta.dirname, "../.."), maxBuffer: 2 ** 26 };
    // It ends with 1 where it found something, and where it could not ask; both are told in what it prints.
    execFile("npm", ["audit", "--omit=dev", "--json", ...npmOptions], options, (_, out) => resolve(out));
  });
  const told = answer.parse(JSON.parse(printed));
  if ("message" in told) return { lines: [`The registry cannot be asked, so nothing was checked: ${told.message}`], passed: true };
  const holes = Object.values(told.vulnerabilities).flatMap(({ via }) => via.filter((one) => typeof one !== "string"));
  const found = holes.filter(({ severity }) => grave.has(severity));
  const counted = `Known holes in ${told.metadata.dependencies.prod} packages: ${holes.length}, high or critical: ${found.length}.`;
  return {
    lines: [...found.map(({ name, title, severity, url }) => `${name}: ${title} (${severity}), ${url}`), counted],
    passed: found.length === 0,
  };
}

if (import.meta.main) {
  const { lines, passed } = await audit();
  process.stdout.write(`${lines.join("\n")}\n`);
  process.exitCode = passed ? 0 : 1;
}
