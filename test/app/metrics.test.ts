/** A run of the whole program with its HTTP side on: what /metrics and /readyz say of it, and what they never say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parser as promql } from "@prometheus-io/lezer-promql";
import { load } from "js-yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../../commands/index.ts";
import { dutiesOf } from "../../src/app/duties.ts";
import { openWeb } from "../../src/app/web.ts";
import { createLogger } from "../../src/lib/logger.ts";
import type { Web } from "../../src/web/server.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { completionsPath, writes } from "../support/fake-openai.ts";
import { type FakeWeb, startFakeWeb } from "../support/fake-web.ts";
import { serveMarket } from "../support/market-web.ts";

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Samples of Prometheus' text format. */
function samplesOf(text: string): readonly Sample[] {
  return text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", labels = "", value = ""] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      return { name, labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map((m) => [m[1], m[2]])), value: Number(value) };
    });
}

const secrets = ["sk-planted-model-key", "planted-member-key-of-some-length"] as const;
const planted = { name: "Annegret Planted", group: "The planted group", text: "zzplantedwordszz", typo: "/plantedcommand" };

let time = Date.parse("2026-11-22T18:00:00Z");
let sources: FakeWeb;
let doors: Doors;
let web: Web;

const read = (path: string): string => readFileSync(join(import.meta.dirname, "../..", path), "utf8");
const scrape = async () => (await fetch(`${web.url}/metrics`)).text();
const ready = async () => {
  const response = await fetch(`${web.url}/readyz`);
  return { status: response.status, body: await response.text() };
};
/** Answers are shared for a second. */
const fresh = async () => {
  await web.close();
  web = await open();
};
function open(): Promise<Web> {
  const { metrics } = doors.app;
  if (metrics === null) throw new Error("HTTP_PORT is set, and nothing is kept");
  const log = createLogger({ level: "silent", secrets: [], out: process.stderr });
  const address = { port: 0, host: "127.0.0.1" };
  return openWeb({
    address,
    metrics: metrics.kept,
    readings: metrics.readings,
    webhooks: doors.app.webhooks,
    telegramBy: "polling",
    duties: dutiesOf.all,
    now: () => new Date(time),
    log,
  });
}
const value = (samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
  samples.find((s) => s.name === name && Object.entries(labels).every(([label, v]) => s.labels[label] === v))?.value;

beforeAll(async () => {
  sources = await startFakeWeb();
  await serveMarket(sources, new Date(time));
  sources.answer(completionsPath, writes(JSON.stringify({ text: "All is calm. Bitcoin trades at {{bitcoin.price}}." }), { total: 1234 }));
  doors = await openDoors(
    {
      HTTP_PORT: "9464",
      COINGECKO_URL: sources.url,
      OPENAI_API_KEY: secrets[0],
      OPENAI_BASE_URL: `${sources.url}/v1`,
      MEMBER_KEY: secrets[1],
    },
    () => new Date(time),
  );
  web = await open();
  const { discord, telegram, app } = doors;
  const ann = telegram.user(planted.name, { admin: true });
  const group = telegram.group(planted.group);
  const bob = discord.member("bob", { admin: true });
  await ann.says(group, "/explain depin");
  await ann.says(ann.private, planted.typo);
  await ann.says(group, "/subscribe 9am vienna");
  await ann.says(ann.private, `/opinion latency ${planted.text}`);
  await bob.says("/subscribe 9 Vienna").then((exchange) => exchange.settled());
  time = Date.parse("2026-11-23T08:00:00Z");
  await serveMarket(sources, new Date(time));
  const posted = discord.world.nextMessage(discord.channel.id);
  const shown = group.next();
  await app.delivery.beat(new Date(time));
  await Promise.all([posted, shown]);
  await app.storage.backup(new Date(time));
  for (;;) {
    const { deliveries } = await app.storage.backlog();
    if (deliveries.size === 0) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await fresh();
}, 60_000);
afterAll(async () => {
  await web.close();
  await doors.close();
  await sources.close();
});

describe("/metrics of a day with a digest", () => {
  let text = "";
  let samples: readonly Sample[] = [];
  beforeAll(async () => {
    text = await scrape();
    samples = samplesOf(text);
  });

  it("counts answers by command and outcome, and what is no command as unknown", () => {
    expect(value(samples, "depinion_answers_total", { platform: "telegram", command: "explain", outcome: "answered" })).toBe(1);
    expect(value(samples, "depinion_answers_total", { platform: "telegram", command: "subscribe", outcome: "answered" })).toBe(1);
    expect(value(samples, "depinion_answers_total", { platform: "discord", command: "subscribe", outcome: "answered" })).toBe(1);
    expect(value(samples, "depinion_answer_seconds_count", { platform: "telegram", command: "explain" })).toBe(1);
  });

  it("begins what is alerted on at zero, because Prometheus sees no increase in what was not there", () => {
    expect(value(samples, "depinion_answers_total", { platform: "discord", command: "explain", outcome: "internal" })).toBe(0);
    expect(value(samples, "depinion_deliveries_total", { platform: "discord", outcome: "uncertain" })).toBe(0);
    expect(value(samples, "depinion_deliveries_missed_total", { reason: "skipped" })).toBe(0);
  });

  it("counts deliveries and messages by what became of them", () => {
    for (const platform of ["discord", "telegram"]) {
      expect(value(samples, "depinion_deliveries_total", { platform, outcome: "delivered" })).toBe(1);
      expect(value(samples, "depinion_messages_total", { platform, outcome: "delivered" })).toBeGreaterThanOrEqual(1);
    }
  });

  it("tells how old each source's figures are, what was asked of it, and what the model has cost", () => {
    expect(value(samples, "depinion_source_age_seconds", { source: "CoinGecko" })).toBeLessThan(3_600);
    expect(value(samples, "depinion_source_requests_total", { source: "CoinGecko", outcome: "ok" })).toBeGreaterThan(0);
    expect(value(samples, "depinion_source_age_seconds", { source: "CoinPaprika" })).toBeUndefined(); // it is off
    expect(value(samples, "depinion_model_requests_total", { prompt: "digest-narrative", outcome: "ok" })).toBeGreaterThan(0);
    expect(value(samples, "depinion_model_tokens_today")).toBeGreaterThanOrEqual(1234);
    expect(value(samples, "depinion_model_tokens_limit")).toBe(200_000);
  });

  it("tells whether the parts work, what waits, and of when the newest backup is", () => {
    expect(value(samples, "depinion_database_up")).toBe(1);
    for (const platform of ["discord", "telegram"]) expect(value(samples, "depinion_platform_connected", { platform })).toBe(1);
    expect(value(samples, "depinion_queue_waiting", { queue: "inbox" })).toBe(0);
    expect(value(samples, "depinion_queue_age_seconds", { queue: "inbox" })).toBe(0);
    expect(value(samples, "depinion_backup_timestamp_seconds")).toBe(Date.parse("2026-11-23T00:00:00Z") / 1000);
  });

  it("names nobody, no place, no word of a member and no secret", () => {
    const { discord, telegram } = doors;
    const ids = [...telegram.world.users.keys(), ...telegram.world.chats.keys(), discord.channel.id].map(String);
    for (const secret of [...secrets, ...Object.values(planted), discord.token, telegram.token, ...ids]) expect(text).not.toContain(secret);
    expect(text).not.toContain("bob");
  });

  it("has labels from short lists alone", () => {
    const platforms = ["discord", "telegram", "console"];
    const allowed: Readonly<Record<string, readonly string[] | RegExp>> = {
      platform: platforms,
      command: [...commands.map(({ info }) => info.name), "button", "unknown"],
      queue: [...platforms, "inbox"],
      outcome: /^[a-z_]+$/,
      reason: ["skipped", "unserved"],
      source: ["CoinGecko"],
      prompt: ["digest-narrative", "opinion-reading"],
      status: ["200", "202", "400", "401", "503"],
      version: /^\d+\.\d+\.\d+/,
      le: /^[\d.]+$|^\+Inf$/,
    };
    const own = samples.filter(({ name }) => name.startsWith("depinion_"));
    expect(own.length).toBeGreaterThan(50);
    for (const { name, labels } of own)
      for (const [label, given] of Object.entries(labels)) {
        const list = allowed[label];
        expect(list instanceof RegExp ? list.test(given) : list?.includes(given), `${name}{${label}="${given}"}`).toBe(true);
      }
    expect(samples.length).toBeLessThan(1_500);
  });
});

describe("what ops/ has for Prometheus and Grafana", () => {
  const alerts = z
    .object({
      groups: z.array(
        z.object({
          rules: z.array(
            z.strictObject({
              alert: z.string().regex(/^Depinion[A-Z]\w+$/),
              expr: z.string(),
              for: z
                .string()
                .regex(/^\d+[smh]$/)
                .optional(),
              labels: z.object({ severity: z.enum(["page", "ticket"]) }),
              annotations: z.object({ summary: z.string() }),
            }),
          ),
        }),
      ),
    })
    .parse(load(read("ops/alerts.yaml")))
    .groups.flatMap(({ rules }) => rules);
  const dashboard = z
    .object({
      panels: z.array(
        z.object({
          id: z.int(),
          title: z.string(),
          gridPos: z.object({ x: z.int(), w: z.int() }),
          targets: z.array(z.object({ expr: z.string() })),
        }),
      ),
    })
    .parse(JSON.parse(read("ops/dashboard.json")));
  const expressions = [
    ...alerts.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`panel ${title}`, expr] as const)),
  ];
  let samples: readonly Sample[] = [];
  let labelsOf: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  beforeAll(async () => {
    samples = samplesOf(await scrape());
    labelsOf = new Map(
      [...Map.groupBy(samples, ({ name }) => name)].map(([name, list]) => [
        name,
        new Set(list.flatMap(({ labels }) => Object.keys(labels))),
      ]),
    );
  });

  it.each(expressions)("the expression of %s can be read, and asks for what /metrics serves", (_, expr) => {
    const asked = selectorsOf(expr);
    expect(asked.length).toBeGreaterThan(0);
    for (const { metric, labels } of asked) {
      // Prometheus itself adds `up`, and the label `job` to everything.
      if (metric === "up") continue;
      expect([...labelsOf.keys()]).toContain(metric);
      for (const label of labels) if (label !== "job") expect([...(labelsOf.get(metric) ?? [])], `${metric}{${label}}`).toContain(label);
    }
  });

  it("looks at every metric of the program's own", () => {
    const asked = new Set(expressions.flatMap(([, expr]) => selectorsOf(expr).map(({ metric }) => metric)));
    const own = new Set(
      samples.map(({ name }) => name.replace(/_(bucket|sum|count)$/, "_bucket")).filter((name) => name.startsWith("depinion_")),
    );
    expect([...own.difference(asked)]).toEqual([]);
  });

  it("has one alert of each name, and panels that fit the width of a dashboard", () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });

  it("would notice a metric that is not there, and an expression that cannot be read", () => {
    expect(selectorsOf('rate(depinion_nothing{a="b"}[5m])')).toEqual([{ metric: "depinion_nothing", labels: ["a"] }]);
    expect(() => selectorsOf("sum by (x (up)")).toThrow("cannot be read");
  });
});

/** The metrics that an expression selects, each with the labels it is matched by. @throws where Prometheus' own grammar cannot read it */
function selectorsOf(expr: string): readonly { readonly metric: string; readonly labels: readonly string[] }[] {
  // What Grafana fills in is a duration.
  const text = expr.replaceAll("$__rate_interval", "5m");
  const found: { metric: string; labels: string[] }[] = [];
  promql.parse(text).iterate({
    enter({ name, type, from, to, node }) {
      if (type.isError) throw new Error(`${expr} cannot be read at ${from}`);
      if (name === "Identifier" && node.parent?.name === "VectorSelector") found.push({ metric: text.slice(from, to), labels: [] });
      if (name === "LabelName" && node.parent?.name === "UnquotedLabelMatcher") found.at(-1)?.labels.push(text.slice(from, to));
    },
  });
  return found;
}

describe("/readyz", () => {
  it("is 200 while everything works", async () => {
    await fresh();
    const { status, body } = await ready();
    expect(JSON.parse(body)).toEqual({ ready: true, parts: { database: "ready", gateway: "ready", polling: "ready", queue: "ready" } });
    expect(status).toBe(200);
  });

  it("names polling while Telegram does not answer, and is 200 again when it does", async () => {
    const { telegram } = doors;
    telegram.fault("getUpdates", { kind: "html", status: 502 }, { times: 1_000 });
    const cleo = telegram.user("cleo");
    cleo.posts(cleo.private, "/help"); // ends the long poll that is under way
    await until(async () => {
      await fresh();
      return (await ready()).status === 503;
    });
    expect(JSON.parse((await ready()).body)).toMatchObject({
      ready: false,
      parts: { polling: "telegram is not connected", gateway: "ready" },
    });
    expect(value(samplesOf(await scrape()), "depinion_platform_connected", { platform: "telegram" })).toBe(0);
    telegram.repair();
    cleo.posts(cleo.private, "/help");
    await until(async () => {
      await fresh();
      return (await ready()).status === 200;
    });
  });

  it("knows at once when Discord's gateway is gone, and when it is back", async () => {
    const connected = () => doors.app.metrics?.readings.connected().get("discord");
    expect(connected()).toBe(true);
    doors.discord.gateway.cut();
    await until(async () => connected() === false);
    await until(async () => connected() === true);
  });

  it("names a queue that stands still, and metrics tell for how long", async () => {
    const { app, telegram } = doors;
    const dora = telegram.user("dora", { admin: true });
    const group = telegram.group("Another group");
    time = Date.parse("2026-11-23T18:00:00Z");
    await dora.says(group, "/subscribe 9am vienna");
    await until(async () => (await app.storage.backlog()).inbox.count === 0); // what was answered is noted as such
    await app.delivery.stop(); // nobody delivers any more
    time = Date.parse("2026-11-24T08:00:00Z");
    await app.delivery.beat(new Date(time)).catch(() => {});
    await fresh();
    expect((await ready()).body).toContain('"queue":"ready"');
    time = Date.parse("2026-11-24T08:45:00Z");
    await fresh();
    expect((await ready()).body).toMatch(/"queue":"[^"]*telegram deliveries have waited for 45 minutes/);
    expect(value(samplesOf(await scrape()), "depinion_queue_age_seconds", { queue: "telegram" })).toBe(45 * 60);
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setImmediate(resolve));
}
