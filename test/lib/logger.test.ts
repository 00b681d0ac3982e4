import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { createLogger } from "../../src/lib/logger.ts";

const token = 'MTE1.Gf"Ak/planted secret';

function logged(isTTY: boolean): string {
  let lines = "";
  const log = createLogger({ level: "info", secrets: [token], out: { isTTY, write: (line: string) => (lines += line) } });
  log.info({ url: `https://api.example/bot${token}/getMe`, encoded: `?key=${encodeURIComponent(token)}` }, `signed in with ${token}`);
  log.error({ err: new Error(`refused ${token}`, { cause: new Error(token) }) }, "failed");
  return stripVTControlCharacters(lines);
}

describe("the log", () => {
  it.each([
    ["on a terminal", true],
    ["in a file", false],
  ])("never holds a secret, in whatever form it comes (%s)", (_, isTTY) => {
    const lines = logged(isTTY);
    expect(lines).toContain("signed in with [secret]");
    expect(lines).toMatch(/getMe/);
    for (const form of [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1), "planted"]) expect(lines).not.toContain(form);
  });

  it("is one JSON object a line in a file", () => {
    for (const line of logged(false).trim().split("\n"))
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number), msg: expect.any(String) });
  });
});
