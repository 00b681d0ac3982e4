import { mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfig } from "../../src/config/env.ts";
import { memberKeysFrom } from "../../src/config/member-key.ts";
import { OperatorError } from "../../src/core/errors.ts";
import { pseudonymiser } from "../../src/core/pseudonym.ts";

const failure = (env: Record<string, string>): string => {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
  }
  throw new Error("the configuration was accepted");
};

describe("the environment", () => {
  it("has nothing listen unless a port is given, and then on this machine alone", () => {
    expect(readConfig({}).http).toBeNull();
    expect(readConfig({ HTTP_PORT: "9464" }).http).toEqual({ port: 9464, host: "127.0.0.1" });
    expect(readConfig({ HTTP_PORT: "9464", HTTP_HOST: "0.0.0.0" }).http).toEqual({ port: 9464, host: "0.0.0.0" });
    for (const port of ["0", "65536", "80.5", "web"]) expect(failure({ HTTP_PORT: port })).toMatch(/HTTP_PORT /);
  });

  it("takes interactions over HTTP with the application's public key, a bot and a port", () => {
    const env = { DISCORD_TOKEN: "t", HTTP_PORT: "9464", DISCORD_PUBLIC_KEY: "0aB1".repeat(16) };
    expect(readConfig(env).discord?.publicKey).toBe("0aB1".repeat(16));
    expect(failure({ ...env, DISCORD_PUBLIC_KEY: "0aB1" })).toMatch(/DISCORD_PUBLIC_KEY must be the 64 hex digits/);
    const alone = failure({ DISCORD_PUBLIC_KEY: env.DISCORD_PUBLIC_KEY });
    expect(alone).toMatch(/DISCORD_PUBLIC_KEY is of no use without DISCORD_TOKEN/);
    expect(alone).toMatch(/DISCORD_PUBLIC_KEY needs HTTP_PORT/);
  });

  it("takes what Telegram posts with a public https address on a port that Telegram posts to, a bot and a port", () => {
    const env = { TELEGRAM_TOKEN: "123:abc", HTTP_PORT: "9464", TELEGRAM_WEBHOOK_URL: "https://bot.example.org" };
    expect(readConfig(env).telegram?.webhookUrl).toBe("https://bot.example.org");
    expect(readConfig({ ...env, TELEGRAM_WEBHOOK_URL: "https://bot.example.org:8443/x" }).telegram?.webhookUrl).toMatch(/8443/);
    expect(failure({ ...env, TELEGRAM_WEBHOOK_URL: "http://bot.example.org" })).toMatch(/TELEGRAM_WEBHOOK_URL must be an https address/);
    expect(failure({ ...env, TELEGRAM_WEBHOOK_URL: "https://bot.example.org:9464" })).toMatch(/with port 443, 80, 88 or 8443/);
    const alone = failure({ TELEGRAM_WEBHOOK_URL: env.TELEGRAM_WEBHOOK_URL });
    expect(alone).toMatch(/TELEGRAM_WEBHOOK_URL is of no use without TELEGRAM_TOKEN/);
    expect(alone).toMatch(/TELEGRAM_WEBHOOK_URL needs HTTP_PORT/);
  });

  it("needs nothing", () => {
    expect(readConfig({})).toMatchObject({
      discord: null,
      telegram: null,
      model: null,
      databaseUrl: undefined,
      dataDir: "./data",
      coingecko: { url: "https://api.coingecko.com/api/v3" },
    });
    const { VAST_URL, RUNPOD_URL, ...asked } = readConfig({}).sourceUrls;
    expect(Object.values(asked).every((url) => url?.startsWith("https://"))).toBe(true);
    // Marketplaces are asked only by whoever wants it.
    expect([VAST_URL, RUNPOD_URL]).toEqual([null, null]);
  });

  it("turns off one source and no other by its empty address", () => {
    const { sourceUrls } = readConfig({ AKASH_URL: "", FILECOIN_RPC_URL: "https://node.example/rpc/v1" });
    expect(sourceUrls).toMatchObject({
      AKASH_URL: null,
      FILECOIN_RPC_URL: "https://node.example/rpc/v1",
      FILFOX_URL: "https://filfox.info/api/v1",
    });
  });

  it("an empty variable counts as unset, and turns a source off", () => {
    const config = readConfig({ DISCORD_TOKEN: " ", DATABASE_URL: "", LOG_LEVEL: "", DATA_DIR: "", COINGECKO_URL: "" });
    expect(config).toMatchObject({ discord: null, databaseUrl: undefined, logLevel: undefined, coingecko: null, dataDir: "./data" });
  });

  it("lists every mistake together and prints no value", () => {
    const message = failure({
      TELEGRAM_TOKEN: "sesame open",
      DATABASE_URL: "mysql://root:sesame@host/db",
      LOG_LEVEL: "sesame",
      COINGECKO_URL: "sesame",
      ARWEAVE_URL: "sesame",
      DISCORD_API_URL: "sesame",
      MEMBER_KEY: "sesame",
    });
    for (const name of ["TELEGRAM_TOKEN", "DATABASE_URL", "LOG_LEVEL", "COINGECKO_URL", "ARWEAVE_URL", "DISCORD_API_URL", "MEMBER_KEY"])
      expect(message).toMatch(new RegExp(`^  ${name} must`, "m"));
    expect(message).toMatch(/^The configuration has 7 mistakes:/);
    expect(message).not.toContain("sesame");
  });

  it("asks for a member key where the database is shared", () => {
    expect(failure({ DATABASE_URL: "postgresql://a:b@localhost/c" })).toMatch(/MEMBER_KEY is required with DATABASE_URL/);
  });

  it.each(["gateway", "worker"])("ROLE=%s asks for what it cannot do without, in one sentence each", (ROLE) => {
    const message = failure({ ROLE });
    expect(message).toContain(`  ROLE=${ROLE} needs DATABASE_URL: the processes share a PostgreSQL`);
    expect(message).toContain(`  ROLE=${ROLE} needs DISCORD_TOKEN or TELEGRAM_TOKEN`);
    expect(message).toMatch(/^The configuration has 2 mistakes:/);
  });

  it("ROLE=web asks for a database and a port, and any other word is refused once", () => {
    expect(failure({ ROLE: "web" })).toMatch(/has 2 mistakes:\n {2}ROLE=web needs DATABASE_URL.*\n {2}ROLE=web needs HTTP_PORT/);
    expect(failure({ ROLE: "boss" })).toBe("The configuration has a mistake:\n  ROLE must be one of all, gateway, worker, web");
  });

  it("a process does everything unless ROLE says otherwise", () => {
    expect(readConfig({}).role).toBe("all");
    const shared = { DATABASE_URL: "postgresql://a:b@localhost/c", MEMBER_KEY: "k".repeat(32), TELEGRAM_TOKEN: "12:token" };
    expect(readConfig({ ...shared, ROLE: "worker" }).role).toBe("worker");
  });

  it("names every secret, so that the log can hide it", () => {
    const key = "k".repeat(32);
    const config = readConfig({
      DISCORD_TOKEN: "discord-token",
      TELEGRAM_TOKEN: "12:telegram-token",
      DATABASE_URL: "postgresql://a:pass-word@localhost/c",
      MEMBER_KEY: key,
    });
    expect(config.secrets).toEqual(["discord-token", "12:telegram-token", "postgresql://a:pass-word@localhost/c", "pass-word", key]);
  });
});

describe("the member key", () => {
  it("is made once, for the owner's eyes only", async () => {
    const folder = join(await mkdtemp(join(tmpdir(), "depinion-key-")), "data");
    const [first, second] = [await memberKeysFrom(folder), await memberKeysFrom(folder)];
    expect(first).toEqual(second);
    expect((await stat(join(folder, "member-key"))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(folder, "member-key"), "utf8")).trim()).toHaveLength(64);
  });

  it("is the same for two starts at the same moment", async () => {
    const folder = await mkdtemp(join(tmpdir(), "depinion-key-"));
    const keys = await Promise.all(Array.from({ length: 8 }, () => memberKeysFrom(folder)));
    expect(new Set(keys.map((k) => k[0])).size).toBe(1);
  });

  it("that is damaged is not replaced", async () => {
    const folder = await mkdtemp(join(tmpdir(), "depinion-key-"));
    await writeFile(join(folder, "member-key"), "short\n");
    await expect(memberKeysFrom(folder)).rejects.toThrow(/holds no usable key/);
  });

  it("an unusable folder is named in one sentence", async () => {
    const folder = await mkdtemp(join(tmpdir(), "depinion-key-"));
    await writeFile(join(folder, "file"), "");
    await expect(memberKeysFrom(join(folder, "file"))).rejects.toThrow(/DATA_DIR cannot be used: it is not a folder/);
  });
});

describe("pseudonyms", () => {
  const [old, current] = ["o".repeat(32), "n".repeat(32)];
  it("are stable, differ by platform and person, and hold no trace of the id", () => {
    const of = pseudonymiser([current]);
    expect(of("discord", "123456789")).toEqual(of("discord", "123456789"));
    expect(new Set([of("discord", "1").member, of("telegram", "1").member, of("discord", "2").member]).size).toBe(3);
    expect(of("discord", "123456789").member).toMatch(/^[\w-]{22}$/);
  });
  it("recognise a member after the key was changed", () => {
    const before = pseudonymiser([old])("discord", "1");
    expect(pseudonymiser([current, old])("discord", "1").former).toEqual([before.member]);
  });
});
