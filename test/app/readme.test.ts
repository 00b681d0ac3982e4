/** What the README shows is what the program says and does: `UPDATE_README=1 npx vitest run test/app/readme.test.ts` writes its transcripts anew. */
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, runProgram } from "../support/program.ts";
import { sourcesOff } from "../support/sources-off.ts";

const root = join(import.meta.dirname, "../..");
const readme = join(root, "README.md");
const lines = [
  "/explain proof of covarage",
  "/explain proof of coverage for=investor",
  "/explain proof of coverage for=builder",
  "/market filecoin",
  "/why ryyds7zb",
  "/sentiment market-size",
];
const section = /(<!-- transcript -->\n)[\s\S]*?(<!-- end of transcript -->)/;

it("the README shows what a newcomer will see, and what each audience is told", async () => {
  const answers = await Promise.all(lines.map(async (line) => runProgram(["--demo", "--once", line], { DATA_DIR: await freshFolder() })));
  const transcript = answers.map(({ out }, index) => `depinion> ${lines[index]}\n${out.trimEnd()}\n`).join("\n");
  const text = readFileSync(readme, "utf8");
  const renewed = text.replace(section, (_, open: string, close: string) => `${open}\`\`\`console\n${transcript}\`\`\`\n${close}`);
  if (process.env.UPDATE_README !== undefined) writeFileSync(readme, renewed);
  else expect(text).toBe(renewed);
}, 60_000);

/** Runs a line of the README as a shell does, from the project's folder. */
async function run(line: string, input: string): Promise<{ readonly code: number | null; readonly out: string }> {
  const env = { PATH: process.env.PATH ?? "", HOME: await freshFolder(), NO_COLOR: "1", ...sourcesOff, DATA_DIR: await freshFolder() };
  const child = spawn("sh", ["-c", line], { cwd: root, env });
  let out = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      out += chunk;
    });
  // A line that brings its own input does not read this one.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve) => void child.on("close", resolve));
  return { code, out };
}

it("the README's start is what starts it: every line does what it says beside it", async () => {
  const [, start = ""] = /\n## Start\n([\s\S]*?)\n## /.exec(readFileSync(readme, "utf8")) ?? [];
  const typed = [...start.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));
  const commands = typed.map((line) => line.replace(/\s+#.*$/, ""));
  const wanted: Readonly<Record<string, RegExp>> = {
    "npm ci && npm start": /For newcomers\. Reviewed/,
    'echo "/explain proof of coverage" | npm start --silent': /^Proof of coverage\n[\s\S]*For newcomers\. Reviewed/,
    'npm start --silent -- --once "/explain depin for=investor"': /^DePIN\n[\s\S]*For investors\. Reviewed/,
    "npm start -- --demo": /For newcomers\. Reviewed/,
    "npm start -- --check": /^Database\s+not yet/m,
  };
  // Installing and testing are what `.ci/run` does, from a clean checkout.
  expect(commands.filter((line) => !/^npm ci(?: --omit=dev| && npm test)$/.test(line))).toEqual(Object.keys(wanted));
  const ran = await Promise.all(
    Object.entries(wanted).map(async ([line, shown]) => {
      const { code, out } = await run(line.replace("npm ci && ", ""), "/explain depin\n/quit\n");
      return [line, code, shown.test(out) || out];
    }),
  );
  expect(ran).toEqual(Object.keys(wanted).map((line) => [line, 0, true]));
}, 60_000);
