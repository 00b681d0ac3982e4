/** The README's transcript is what the program says: `UPDATE_README=1 npx vitest run test/app/readme.test.ts` writes it anew. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { freshFolder, runProgram } from "../support/program.ts";

const readme = join(import.meta.dirname, "../../README.md");
const lines = ["/explain proof of covarage for=investor", "/market filecoin", "/why ryyds7zb", "/sentiment market-size"];
const section = /(<!-- transcript -->\n)[\s\S]*?(<!-- end of transcript -->)/;

it("the README shows what a newcomer will see", async () => {
  const answers = await Promise.all(lines.map(async (line) => runProgram(["--demo", "--once", line], { DATA_DIR: await freshFolder() })));
  const transcript = answers.map(({ out }, index) => `depinion> ${lines[index]}\n${out.trimEnd()}\n`).join("\n");
  const text = readFileSync(readme, "utf8");
  const renewed = text.replace(section, (_, open: string, close: string) => `${open}\`\`\`console\n${transcript}\`\`\`\n${close}`);
  if (process.env.UPDATE_README !== undefined) writeFileSync(readme, renewed);
  else expect(text).toBe(renewed);
});
