/** Secrets planted in every setting, and a run full of faults: nothing that leaves the program or stays behind holds one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { PrismaPg } from "@prisma/adapter-pg";
import { describe, expect, it } from "vitest";
import { postgresUrl } from "../support/database.ts";
import { startFakeDiscord } from "../support/fake-discord/index.ts";
import { completionsPath } from "../support/fake-openai.ts";
import { startFakeTelegram } from "../support/fake-telegram/index.ts";
import { startFakeWeb } from "../support/fake-web.ts";
import { freePort } from "../support/free-port.ts";
import { serveMarket } from "../support/market-web.ts";
import { freshFolder, runProgram, startProgram } from "../support/program.ts";

/** A secret as it may stand somewhere: itself, in an address, in Base64 at each of three places, in hex. */
function formsOf(secret: string): readonly string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .slice(shift === 0 ? 0 : 4)
      .replace(/.{0,4}$/, ""),
  );
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString("hex"), ...shifted];
}

/** Every file below a folder, unpacked where it is packed, byte for byte as text. */
const filesBelow = (folder: string): readonly (readonly [string, string])[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const bytes = readFileSync(path);
      return [path, (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1")] as const;
    });

/** A new database on the run's PostgreSQL, for a user whose password is planted; and what an operator's own tools would do there. */
async function plantedPostgres(password: string) {
  const url = new URL(await postgresUrl());
  const adapter = await new PrismaPg({ connectionString: url.href }).connect();
  await adapter.executeScript(`DROP ROLE IF EXISTS planted; CREATE ROLE planted LOGIN SUPERUSER PASSWORD '${password}'`);
  Object.assign(url, { username: "planted", password });
  const column = async (sql: string) => (await adapter.queryRaw({ sql, args: [], argTypes: [] })).rows.map(([first]) => String(first));
  return {
    url: url.href,
    /** Cuts every connection of the bot. */
    cut: () => column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'planted'"),
    /** Every row of every table, as text. */
    async dump(): Promise<string> {
      const tables = await column(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
      );
      const rows: string[] = [];
      for (const table of tables) rows.push(...(await column(`SELECT one::text FROM ${table} AS one`)));
      await adapter.dispose();
      return rows.join("\n");
    },
  };
}

describe.each(["PGlite", "PostgreSQL"] as const)("on %s", (kind) => {
  it("no secret is in the log, on the output, in the process's title, in a page, in the database or in a backup", async () => {
    const [discord, telegram, web, { port, release }, DATA_DIR] = await Promise.all([
      startFakeDiscord(),
      startFakeTelegram(),
      startFakeWeb(),
      freePort(),
      freshFolder(),
    ]);
    await release();
    await serveMarket(web, new Date());
    const secrets = {
      DISCORD_TOKEN: discord.token,
      TELEGRAM_TOKEN: telegram.token,
      OPENAI_API_KEY: "sk-planted-Zm9vYmFyYmF6cXV4",
      COINGECKO_API_KEY: "CG-plantedQ3vT8rWx2YkL",
      MEMBER_KEY: "planted-member-key-9f1c7e5b3a2d4860",
    };
    const password = "planted-pg-Wq8sXv2LmN5k";
    const postgres = kind === "PostgreSQL" ? await plantedPostgres(password) : null;
    const database = postgres === null ? {} : { DATABASE_URL: postgres.url };
    // Services that throw back what they were told: the worst that an error's text can hold.
    web.answer(completionsPath, { status: 401, body: { error: { message: `Incorrect API key provided: ${secrets.OPENAI_API_KEY}` } } });
    telegram.fault("getUpdates", { kind: "error", code: 500, description: `bot${telegram.token} failed` }, { times: 2 });
    telegram.fault("sendMessage", { kind: "error", code: 400, description: `Bad Request: bot${telegram.token}` }, { times: 1 });
    const services = {
      DISCORD_API_URL: discord.url,
      TELEGRAM_API_ROOT: telegram.apiRoot,
      OPENAI_BASE_URL: `${web.url}/v1`,
      COINGECKO_URL: web.url,
    };
    const program = startProgram([], {
      ...secrets,
      ...database,
      DATA_DIR,
      ...services,
      HTTP_PORT: String(port),
      LOG_LEVEL: "trace",
    });
    await program.logged(/gateway ready/);
    await program.logged(/no updates from Telegram/);
    const ann = telegram.user("Ann", { admin: true });
    ann.posts(ann.private, "/help"); // its answer fails
    const bob = discord.member("bob", { admin: true });
    for (const line of [
      "/explain depin",
      "/market",
      "/ask what is proof of coverage?",
      "/opinion latency too slow for me",
      "/digest",
      "/status",
    ])
      await (await bob.says(line)).settled();
    await ann.says(ann.private, "/market filecoin");
    // A member who pastes a token somewhere is not kept from it; what the bot itself says is.
    web.answer("/simple/price", { status: 500, body: { error: secrets.COINGECKO_API_KEY } });
    await (await bob.says("/market akash")).settled();
    if (postgres === null) await program.logged(/backup written/);
    else {
      await postgres.cut();
      await program.logged(/a connection to the database was lost/);
      await (await bob.says("/sentiment")).settled();
    }
    const pages = await Promise.all(
      ["/healthz", "/readyz", "/metrics", "/nothing"].map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text()),
    );
    const { pid } = program.child;
    const titles = ["cmdline", "comm"].map((name) => readFileSync(`/proc/${pid}/${name}`, "latin1"));
    program.child.kill("SIGTERM");
    const { code, out, err } = await program.ended;
    expect(code).toBe(0);
    const byHand = join(DATA_DIR, "by-hand.tar.gz");
    const backup = await runProgram(["--backup", byHand], { ...secrets, ...database, DATA_DIR });
    const check = await runProgram(["--check"], {
      ...secrets,
      ...database,
      DATA_DIR,
      ...services,
    });

    const files = filesBelow(DATA_DIR);
    expect(files.some(([path]) => path.includes(postgres === null ? "/backups/" : "by-hand"))).toBe(true);
    const dump = postgres === null ? "" : await postgres.dump();
    const outputs: readonly (readonly [string, string])[] = [
      ["the log", err],
      ["the output", out],
      ["backup", backup.out + backup.err],
      ["check", check.out + check.err],
      ...titles.map((text) => ["the process's title", text] as const),
      ...pages.map((text) => ["a page", text] as const),
      ...[...discord.world.messages.values()].map((message) => ["a message on Discord", JSON.stringify(message)] as const),
      ["the database", dump],
      ...files,
    ];
    // The run was not an empty one: the words of an opinion do stand in the database.
    expect([...files.map(([, text]) => text), dump].some((text) => text.includes("too slow for me"))).toBe(true);
    const leaks = outputs.flatMap(([where, text]) =>
      Object.entries({ ...secrets, ...(postgres === null ? {} : { password }) }).flatMap(([name, secret]) =>
        formsOf(secret).some((form) => text.includes(form)) ? [`${name} in ${where}`] : [],
      ),
    );
    expect(leaks).toEqual([]);
    expect(err).toContain("[secret]"); // something was there to be hidden
    await Promise.all([discord.close(), telegram.stop(), web.close()]);
  }, 60_000);
});
