/** What operators install from: each file is read by a parser of its kind, and held to what the program, CI and the guide say. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { validate } from "dockerfile-utils";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readArguments } from "../../src/app/arguments.ts";
import { describeVariables } from "../../src/config/env.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const manifest = z
  .object({ scripts: z.record(z.string(), z.string()), dependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));
const variables = new Set(describeVariables().map(({ name }) => name));

describe("the Dockerfile", () => {
  const source = read("Dockerfile");
  /** Instructions by stage, in order. */
  const stages = new Map<string, { readonly keyword: string; readonly words: string }[]>();
  let stage = "";
  for (const instruction of DockerfileParser.parse(source).getInstructions()) {
    const words = instruction.getArgumentsContent() ?? "";
    if (instruction.getKeyword() === "FROM") stage = / AS (\w+)$/.exec(words)?.[1] ?? "";
    stages.set(stage, [...(stages.get(stage) ?? []), { keyword: instruction.getKeyword(), words }]);
  }
  const of = (name: string, keyword: string): readonly string[] =>
    (stages.get(name) ?? []).filter((one) => one.keyword === keyword).map(({ words }) => words);

  it("has nothing that a linter would complain of", () => {
    expect(validate(source)).toEqual([]);
    expect(validate("FROM node\nCOPPY a b\n")).not.toEqual([]); // the linter is awake
  });

  it("checks with the commands of CI, and builds with the one that the README gives for servers", () => {
    const ci = read(".ci/run")
      .split("\n")
      .filter((line) => line.startsWith("npm "));
    expect(ci).toEqual(["npm ci", "npm test"]);
    expect(of("checked", "RUN")).toEqual(ci);
    expect(of("production", "RUN")[0]).toBe("npm ci --omit=dev");
    expect(read("README.md")).toContain("npm ci --omit=dev");
  });

  it("stands on the version of Node that the program is tested with, and never on a moving one", () => {
    expect(of("", "ARG")).toEqual([`NODE_IMAGE=node:${manifest.dependencies.node}-bookworm-slim`]);
  });

  it("runs as nobody in particular, says whether it is well, and hears when it should stop", () => {
    expect(of("bot", "USER")).toEqual(["node"]);
    expect(stages.get("bot")?.findIndex(({ keyword }) => keyword === "USER")).toBeGreaterThan(
      stages.get("bot")?.findIndex(({ keyword }) => keyword === "RUN") ?? Number.POSITIVE_INFINITY,
    );
    expect(of("bot", "HEALTHCHECK")).toHaveLength(1);
    // Without a shell in between, which would keep SIGTERM to itself.
    expect(
      `node ${JSON.parse(of("bot", "ENTRYPOINT")[0] ?? "[]")
        .slice(1)
        .join(" ")}`,
    ).toBe(manifest.scripts.start);
  });

  it("brings along everything that the program loads, and nothing that it was told in secret", () => {
    const copied = of("bot", "COPY").flatMap((words) =>
      words
        .split(" ")
        .slice(0, -1)
        .filter((word) => !word.startsWith("--")),
    );
    const places = copied.map((path) => path.replace(/^\.?\/?(app\/)?/, ""));
    for (const place of places) expect(place === "node_modules" || existsSync(join(root, place)), place).toBe(true);
    // Every path outside src that the program reaches for, as a file of it writes it.
    const reached = globSync("src/**/*.ts", { cwd: root })
      .filter((file) => !file.includes("/generated/"))
      .flatMap((file) =>
        [...read(file).matchAll(/["'`](?:\.\.\/)+(commands|prompts|prisma|package\.json|test|bench|docs|ops)\b/g)].map((m) => m[1] ?? ""),
      );
    expect(reached.length).toBeGreaterThan(3);
    for (const place of new Set(reached)) expect(places).toContain(place);
    const given = of("bot", "ENV").flatMap((words) => [...words.matchAll(/(\w+)=/g)].map((m) => m[1] ?? ""));
    for (const name of given) expect(name === "NODE_ENV" || variables.has(name), name).toBe(true);
    expect(given.join()).not.toMatch(/TOKEN|KEY|URL|PASSWORD/);
    const ignored = read(".dockerignore").split("\n");
    for (const path of [".env", "data", ".git", "node_modules"]) expect(ignored).toContain(path);
  });

  it("takes away only packages that no file of the program imports", () => {
    const [, removing = ""] = of("production", "RUN");
    const removed = [...removing.matchAll(/node_modules\/(\S+)/g)].map((m) => m[1] ?? "");
    expect(removed).toContain("prisma");
    const files = [...globSync("src/**/*.{ts,mjs}", { cwd: root }), ...globSync("commands/*.ts", { cwd: root })];
    const sources = files.map(read).join("\n");
    const imported = new Set([...sources.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((m) => m[1] ?? ""));
    for (const name of removed)
      for (const one of imported) expect(one === name || one.startsWith(`${name}/`), `${name}: ${one}`).toBe(false);
  });
});

describe("compose.yaml", () => {
  const service = z.looseObject({ environment: z.record(z.string(), z.string()), stop_grace_period: z.string() });
  const { bot, database } = z
    .object({
      services: z.object({
        bot: service.extend({ ports: z.array(z.string()), read_only: z.literal(true), cap_drop: z.array(z.string()) }),
        database: service,
      }),
      volumes: z.record(z.string(), z.null()),
    })
    .parse(load(read("compose.yaml"))).services;

  it("gives the bot settings that it knows, and no secret of its own", () => {
    for (const name of Object.keys(bot.environment)) expect(variables.has(name), name).toBe(true);
    for (const value of Object.values({ ...bot.environment, ...database.environment }).filter((v) => /PASSWORD|KEY/.test(v)))
      expect(value).toMatch(/\$\{(POSTGRES_PASSWORD|MEMBER_KEY):\?/);
  });

  it("waits longer for the bot's end than the bot does, shows its pages to this machine alone, and lets it do little", () => {
    expect(Number.parseInt(bot.stop_grace_period, 10)).toBeGreaterThan(10);
    expect(bot.ports.every((port) => port.startsWith("127.0.0.1:"))).toBe(true);
    expect(bot.cap_drop).toEqual(["ALL"]);
  });
});

describe("the systemd unit", () => {
  const lines = read("ops/depinion.service")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const setting = (name: string): string | undefined => lines.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1);

  it("starts what npm start starts, with settings from its own file", () => {
    expect(setting("ExecStart")).toBe(
      `/opt/depinion/node_modules/.bin/${manifest.scripts.start?.replace(" --import ./src/env-file.mjs", "")}`,
    );
    for (const [, name = ""] of (setting("Environment") ?? "").matchAll(/(\w+)=/g))
      expect(name === "NODE_ENV" || variables.has(name)).toBe(true);
  });

  it("does not start again what only the operator can mend, and waits for a proper end", () => {
    expect(setting("RestartPreventExitStatus")).toBe("78");
    expect(Number(setting("TimeoutStopSec"))).toBeGreaterThan(10);
    expect(setting("User")).toBe("depinion");
    expect(lines.filter((line) => !/^\[(Unit|Service|Install)\]$|^[A-Z]\w+=/.test(line))).toEqual([]);
  });
});

describe("docs/operating.md", () => {
  const guide = read("docs/operating.md");

  it("names commands, options, variables and files that there are", () => {
    const scripts = [...guide.matchAll(/npm run ([\w-]+)/g)].map((m) => m[1] ?? "");
    expect(scripts.length).toBeGreaterThan(5);
    for (const name of scripts) expect(Object.keys(manifest.scripts)).toContain(name);
    for (const [, option = ""] of guide.matchAll(/(?:npm start --|run --rm bot) (--[a-z]+)/g))
      expect(() => readArguments(option === "--once" ? [option, "/help"] : [option]), option).not.toThrow();
    for (const [, name = ""] of guide.matchAll(/`([A-Z]+_[A-Z_]+)(?:=\S+)?`/g))
      expect(variables.has(name) || name === "POSTGRES_PASSWORD", name).toBe(true);
    for (const [, path = ""] of guide.matchAll(/\]\(([\w./-]+)\)/g)) expect(existsSync(join(root, "docs", path)), path).toBe(true);
    for (const [, path = ""] of guide.matchAll(/`((?:ops|src|docs|prisma)\/[\w./-]+|compose\.yaml|\.env\.example)`/g))
      expect(existsSync(join(root, path)), path).toBe(true);
  });

  it("says what to do about every alert", () => {
    const alerts = [...read("ops/alerts.yaml").matchAll(/alert: (\w+)/g)].map((m) => m[1] ?? "");
    expect(alerts.length).toBeGreaterThan(10);
    for (const alert of alerts) expect(guide).toContain(`| ${alert} |`);
    for (const [, alert = ""] of guide.matchAll(/\| (Depinion\w+) \|/g)) expect(alerts).toContain(alert);
  });
});
