import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const preload = join(import.meta.dirname, "../../src/preload.mjs");

it("the program reads zod's messages in English, and none of the other languages", async () => {
  const script = `import { z } from "zod"; process.stdout.write(JSON.stringify([Object.keys(z.locales), z.string().safeParse(1).error.issues[0].message]))`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", preload, "--input-type=module", "--eval", script]);
  expect(JSON.parse(stdout)).toEqual([["en"], "Invalid input: expected string, received number"]);
});
