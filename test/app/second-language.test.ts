/** A second language is one more catalogue: with a made-up one in English's place, nothing that is answered is English any more. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type App, buildApp } from "../../src/app/build.ts";
import { sections } from "../../src/communities/types.ts";
import { readConfig } from "../../src/config/env.ts";
import { communityId, memberId, roomId } from "../../src/core/ids.ts";
import { lowerFirst } from "../../src/core/params.ts";
import type { Answer, SealedBlock } from "../../src/core/reply.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { sourcesOff } from "../support/sources-off.ts";

// Nothing is faked by this: the catalogue is data, and this is another one, as whoever translates would write it.
vi.mock("../../src/core/english.ts", async (original) => {
  const { english } = await original<typeof import("../../src/core/english.ts")>();
  const { pseudoLanguage } = await import("../support/pseudo-language.ts");
  return { english: pseudoLanguage(english) };
});

/** Further lines, where a command's own examples do not get far. */
const lines = [
  "/explian depin",
  "/explain pizza",
  "/explain",
  "/help opinion",
  "/why ryyds7zb",
  "/market pizza",
  "/network pizza",
  "/compute pizza",
  "/subscribe 25:00",
  "/subscribe 9 Nowhereville",
  "/settings retention soon",
  "/topic history latency",
  '/topic add sun-power proposition="It shines."',
  "/poll Which? options=Yes",
  "/training numbers=yes gpus=2",
  "/opinion latency It is too slow.",
  "/sentiment latency",
  "/linkme nonsense",
  "/link nonsense",
  "/privacy export",
];

let app: App;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depinion-second-"));
  const config = readConfig({ ...sourcesOff, DATA_DIR: folder });
  const log = createLogger({ level: "error", secrets: [], out: { write: () => true } });
  const limits = { perMember: 1000, perRoom: 1000, seconds: 1 };
  app = await buildApp({ config, log, now: () => new Date("2026-11-22T12:00:00Z"), limits, onFatal: () => undefined });
});
afterAll(async () => {
  await app.delivery.stop();
  await app.stopDomains();
  await app.storage.close();
  await rm(folder, { recursive: true, force: true });
});

const room = { id: roomId("discord", "1"), community: communityId("discord", "1"), kind: "public", privateAnswers: true } as const;

function answer(line: string): Promise<Answer> {
  const [command = "", ...words] = line.slice(1).split(" ");
  const actor = { member: memberId("ann"), former: [], person: true, isAdmin: async () => true };
  const input = { kind: "text", command, line: words.join(" ") } as const;
  return app.dispatch.answer({ platform: "discord", input, actor, room }, (note) => void told.push(note));
}
/** What was said while somebody waited. */
const told: string[] = [];

/** Every sentence of an answer that its command made; what is quoted, listed as a source or measured is data. */
function textsOf(block: SealedBlock): readonly string[] {
  switch (block.kind) {
    case "heading":
    case "text":
    case "note":
      return [block.text];
    case "table":
      return [...block.head, ...block.rows.flat()];
    case "quote":
      return block.by === undefined ? [] : [block.by];
    case "form":
      return [block.title, block.prompt, block.submit.label, ...Object.values(block.words ?? {})];
    case "buttons":
      return block.buttons.map(({ label }) => label);
    case "file":
      return [block.alt];
    default:
      return [];
  }
}

/** What is content: entries, topics, names, and a command's own definition. */
async function contentOf(): Promise<readonly string[]> {
  const { topics } = await app.services.opinions.book(room.community);
  const own = topics.flatMap(({ title, proposition, question, sides }) => [title, proposition, question, sides.agree, sides.disagree]);
  const entries = app.services.knowledge.entries.flatMap(({ term, expansion, aliases, texts }) => [
    ...Object.values(texts),
    term,
    expansion ?? "",
    ...aliases,
  ]);
  const commands = app.dispatch.catalogue.flatMap(({ summary, params, examples }) => [
    summary,
    ...params.flatMap((param) => [
      param.summary,
      lowerFirst(param.summary),
      ...(param.choices === undefined ? [] : [param.choices.join(", ")]),
    ]),
    ...examples,
  ]);
  const names = app.services.market.assets.map(({ name }) => name);
  const quoted = commands.flatMap((text) => [...text.matchAll(/"([^"|]+)"/g)].map(([, words = ""]) => words));
  const added = ["Gpu supply", "Sun power", "It shines"];
  const figures = ["raw capacity", "hotspots onboarded"];
  const lists = [sections, sections.filter((one) => one !== "movers")].map((list) => list.join(", "));
  return [...entries, ...commands, ...names, ...own, ...quoted, ...lists, ...added, ...figures]
    .filter((text) => text.length > 2)
    .toSorted((a, b) => b.length - a.length);
}

/** How numbers and times are written, and names that are stored with them. */
const data =
  /\b(?:no data|about|at least|million|billion|less than a minute|days|min|h|UTC|\d+ \w{3} \d{4}|(?:August|November) \d{4}|Depinion baseline|bundled with the program)\b/g;

/** What was typed and is shown back, and the history of settings. */
const typed = /“[^”]*”|followed → not followed|for ever →/g;

function englishIn(texts: readonly string[], content: readonly string[]): readonly string[] {
  return texts.filter((text) => {
    let rest = text
      .replaceAll(/`[^`]*`|https?:\/\/\S+/g, " · ")
      .replaceAll("\\", "")
      .replaceAll(typed, " · ");
    for (const piece of content) rest = rest.replaceAll(piece, " · ");
    return /[A-Za-z]{2,}[,.:;!?]? [A-Za-z]{2,}/.test(rest.replaceAll(data, " · "));
  });
}

describe("in another language", () => {
  it("every command answers without a word of English that is not data", async () => {
    const asked = [...app.dispatch.catalogue.flatMap(({ examples }) => examples), ...lines];
    const [content, english] = [await contentOf(), [] as string[]];
    for (const line of asked) {
      const { blocks } = await answer(line);
      english.push(...englishIn(blocks.flatMap(textsOf), content).map((text) => `${line}: ${text}`));
    }
    expect(english).toEqual([]);
    expect(englishIn(told, content)).toEqual([]);
  }, 120_000);

  it("and its answers are seen to be in it", async () => {
    const { blocks } = await answer("/start");
    expect(blocks.flatMap(textsOf).join("\n")).toContain("Ⓗⓔⓛⓛⓞ");
  });

  it("suggestions, too", async () => {
    const query = { command: "settings", param: "value", typed: "", others: { setting: "retention" }, room };
    expect(
      englishIn(
        (await app.dispatch.suggest(query)).map(({ label }) => label),
        [],
      ),
    ).toEqual([]);
  });
});
