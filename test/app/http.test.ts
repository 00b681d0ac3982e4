/** The HTTP side of the real program: off unless it is asked for, and no burden while it is off. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { freePort } from "../support/free-port.ts";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

it("serves health, readiness and metrics where HTTP_PORT is set, and ends with the program", async () => {
  const [telegram, { port, release }] = await Promise.all([startFakeTelegram(), freePort()]);
  await release();
  const program = startProgram([], {
    DATA_DIR: await freshFolder(),
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    HTTP_PORT: String(port),
  });
  await program.logged(/http: on \(http:\/\/127\.0\.0\.1:\d+\)/);
  const url = `http://127.0.0.1:${port}`;
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ann = telegram.user("Ann");
  await ann.says(ann.private, "/help");
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, parts: { database: "ready", polling: "ready", queue: "ready" } },
  ]);
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'depinion_answers_total{platform="telegram",command="help",outcome="answered"} 1',
  );
  program.child.kill("SIGTERM");
  expect((await program.ended).code).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  await telegram.stop();
});

it("says in one sentence that the port is taken, and ends with 78", async () => {
  const { port, release } = await freePort();
  const { code, err } = await runProgram([], { DATA_DIR: await freshFolder(), HTTP_PORT: String(port) }, "/help\n");
  expect(code).toBe(78);
  expect(err.trim()).toBe(`HTTP_PORT ${port} on HTTP_HOST 127.0.0.1 cannot be used (another program listens there).`);
  await release();
});

it("loads nothing of it where HTTP_PORT is not set", () => {
  const root = join(import.meta.dirname, "../..");
  const loaded = globSync("src/**/*.ts", { cwd: root })
    .filter((file) => !file.startsWith("src/web/") && file !== "src/app/web.ts")
    .filter((file) =>
      /^import (?!type )[^;]*"(?:\.{1,2}\/web(?:\/[\w-]+)?\.ts|\.\.\/web\/[\w-]+\.ts)"/m.test(readFileSync(join(root, file), "utf8")),
    );
  expect(loaded).toEqual([]);
});
