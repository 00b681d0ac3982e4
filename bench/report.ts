/** Puts what a bench has printed into its place in `REPORT.md`, with the machine and the time it was measured on. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";

const file = join(import.meta.dirname, "REPORT.md");

/**
 * What stands between the two comments with the bench's name is replaced; everything around it is written by hand.
 * @throws where the report has no place of this name
 */
export function report(name: string, tables: readonly string[]): void {
  const text = readFileSync(file, "utf8");
  const place = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- end of ${name} -->)`);
  if (!place.test(text)) throw new Error(`REPORT.md has no place for "${name}"`);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: import.meta.dirname, encoding: "utf8" }).trim();
  const where = [
    new Date().toISOString().slice(0, 16).replace("T", " "),
    `${availableParallelism()} cores of ${cpus()[0]?.model.trim() ?? "an unknown kind"}`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    `commit ${commit}`,
  ].join(", ");
  const block = `\n${where}\n\n\`\`\`text\n${tables.map((table) => table.trim()).join("\n\n")}\n\`\`\`\n\n`;
  writeFileSync(
    file,
    text.replace(place, (_, begin: string, end: string) => `${begin}${block}${end}`),
  );
}
