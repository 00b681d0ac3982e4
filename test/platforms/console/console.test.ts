import { mkdtemp, readFile, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text as readAll } from "node:stream/consumers";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { Invocation, Progress } from "../../../src/core/context.ts";
import { figure } from "../../../src/core/figure.ts";
import { memberId, roomId } from "../../../src/core/ids.ts";
import type { Dispatch } from "../../../src/core/platform.ts";
import { type Answer, figures, image, note, quote, sources, table, text } from "../../../src/core/reply.ts";
import { textsIn } from "../../../src/core/texts.ts";
import { createConsole } from "../../../src/platforms/console/index.ts";
import { render } from "../../../src/platforms/console/render.ts";
import { pictureContract } from "../../contracts/platforms.ts";
import { png } from "../../support/png.ts";

pictureContract("The console", async () => {
  const output = new PassThrough({ encoding: "utf8" });
  let printed = "";
  output.on("data", (text: string) => {
    printed += text;
  });
  const pseudonymise = () => ({ member: memberId("me"), former: [] });
  const input = new PassThrough();
  return {
    platform: createConsole({ input, output, interactive: false, colour: false, pseudonymise, exportFolder: "/nowhere" }),
    room: roomId("console", "local"),
    shown: () => (printed === "" ? [] : [printed]),
    pictures: () => [...printed.matchAll(/\[picture: (.*)\]/g)].map((match) => ({ content: null, words: match[1] ?? "" })),
    violations: () => (printed.includes("PNG") ? ["bytes of a picture were printed"] : []),
    close: async () => void output.end(),
  };
});

it("takes a slash alone for the wish to see what can be typed, and one too many for a slip", async () => {
  expect(await converse("/\n", mirror)).toContain('"command":"help","line":""');
  expect(await converse("/ explain depin\n//explain depin\n", mirror)).toMatch(/("command":"explain","line":"depin"[\s\S]*){2}/);
});

type Answerer = (invocation: Invocation, progress: Progress) => Answer | Promise<Answer>;
const plain = (...blocks: Answer["blocks"]): Answer => ({ blocks, private: false });
/** Says back what reached the core. */
const mirror: Answerer = ({ input }) => plain(text(`\`${JSON.stringify(input)}\``));

/** Types lines into a console and returns everything it printed. */
async function converse(
  lines: string,
  answer: Answerer,
  options: { interactive?: boolean; colour?: boolean; folder?: string } = {},
): Promise<string> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const seat = createConsole({
    input,
    output,
    interactive: options.interactive ?? false,
    colour: options.colour ?? false,
    pseudonymise: () => ({ member: memberId("me"), former: [] }),
    exportFolder: options.folder ?? tmpdir(),
  });
  const dispatch: Dispatch = {
    answer: async (invocation, progress) => answer(invocation, progress),
    suggest: async () => [],
    texts: async () => textsIn("en"),
  };
  const printed = readAll(output);
  await seat.start(dispatch);
  input.end(lines);
  await seat.ended;
  await seat.stop();
  output.end();
  return printed;
}

describe("the console", () => {
  it("answers each line of a pipe, in order, and ends with it", async () => {
    const printed = await converse("/explain proof of coverage\n\nmarket akash\n", mirror);
    expect(printed).toBe(
      '{"kind":"text","command":"explain","line":"proof of coverage"}\n\n{"kind":"text","command":"market","line":"akash"}\n',
    );
  });

  it("answers a last line that has no line break", async () => {
    expect(await converse("/help", mirror)).toBe('{"kind":"text","command":"help","line":""}\n');
  });

  it("a number presses a button of the last answer", async () => {
    const menu = plain({
      kind: "buttons",
      buttons: [
        { label: "One", command: "a", args: {}, payload: "o:a" },
        { label: "Two", command: "b", args: {}, payload: "o:b" },
      ],
    });
    const printed = await converse("/menu\n2\n", (invocation, progress) =>
      invocation.input.kind === "text" ? menu : mirror(invocation, progress),
    );
    expect(printed).toBe('[1] One  [2] Two\n\n{"kind":"button","payload":"o:b"}\n');
    expect(await converse("/menu\n9\n", () => menu)).toMatch(/The last answer has buttons 1 to 2\.\n$/);
    expect(await converse("1\n", mirror)).toBe("The last answer has no buttons.\n");
  });

  it("a form takes the next line, unless that is a command", async () => {
    const form = plain({
      kind: "form",
      title: "Latency",
      prompt: "What do you think?",
      maxLength: 50,
      submit: { label: "Send", command: "x", args: {}, payload: "f#1" },
    });
    const ask: Answerer = (invocation, progress) =>
      invocation.input.kind === "text" && invocation.input.command === "opinion" ? form : mirror(invocation, progress);
    expect(await converse("/opinion\ntoo slow\n", ask)).toContain('{"kind":"button","payload":"f#1","text":"too slow"}');
    expect(await converse("/opinion\n/help\n", ask)).toContain('{"kind":"text","command":"help","line":""}');
  });

  it("puts a file where the operator finds it, for the owner's eyes only", async () => {
    const folder = join(await mkdtemp(join(tmpdir(), "depinion-console-")), "exports");
    const printed = await converse(
      "/export\n",
      () => plain({ kind: "file", name: "mine.json", mime: "application/json", content: new TextEncoder().encode("{}"), alt: "Your data" }),
      { folder },
    );
    expect(printed).toBe(`Your data: mine.json\nSaved as ${join(folder, "mine.json")}\n`);
    expect(await readFile(join(folder, "mine.json"), "utf8")).toBe("{}");
    expect((await stat(join(folder, "mine.json"))).mode & 0o777).toBe(0o600);
  });

  it("says what a picture shows, and puts the picture where the operator finds it", async () => {
    const folder = join(await mkdtemp(join(tmpdir(), "depinion-console-")), "exports");
    const printed = await converse("/chart\n", () => plain(text("Up."), image("sector.png", png(), "From $9 to $10"), note("End.")), {
      folder,
    });
    expect(printed).toBe(`Up.\n\n[picture: From $9 to $10]\n\nEnd.\nSaved as ${join(folder, "sector.png")}\n`);
    expect(new Uint8Array(await readFile(join(folder, "sector.png")))).toEqual(png());
  });

  it("leaves at /quit", async () => {
    expect(await converse("/quit\n/help\n", mirror)).not.toContain("help");
  });

  it("greets, prompts and shows what is being done to a person at a terminal", async () => {
    const printed = await converse(
      "/market\n/quit\n",
      (_, progress) => {
        progress("Asking CoinGecko …");
        return plain(text("**$19 billion**"));
      },
      { interactive: true, colour: true },
    );
    expect(stripVTControlCharacters(printed)).toMatch(/Depinion console\.[\s\S]*depinion> [\s\S]*Asking CoinGecko …[\s\S]*\$19 billion/);
    expect(printed).toContain("\u001b[1m$19 billion");
  });
});

describe("drawing for a terminal", () => {
  const at = new Date("2026-11-22T12:00:00Z");
  const price = figure({
    metric: "akash.price",
    label: "Akash price",
    value: 1.25,
    unit: "usd",
    source: { name: "CoinGecko", url: "https://www.coingecko.com" },
    observedAt: new Date("2026-11-22T11:00:00Z"),
    precision: "instant",
    fetchedAt: at,
    raw: "1.25",
    state: "stale",
  });

  it("shows a figure with its time, its age and its receipt", () => {
    expect(render([figures([price], at)], { colour: false })).toBe(`Akash price  $1.25  22 Nov 2026, 11:00 UTC, 1 h old  ${price.id}`);
  });
  it("breaks lines between words, and never inside a button", () => {
    const labels = ["Compute pricing", "Data privacy"].map((label) => ({ label, command: "x", args: {}, payload: "o:x" }));
    const drawn = render([text("one two three four five"), { kind: "buttons", buttons: labels }], { colour: false, width: 20 });
    expect(drawn.split("\n").map((line) => line.trimEnd())).toEqual([
      "one two three four",
      "five",
      "",
      "[1] Compute pricing",
      "[2] Data privacy",
    ]);
  });
  it("shows missing data as missing", () => {
    expect(render([figures([{ ...price, value: null, state: "missing" }], at)], { colour: false })).toBe(
      `Akash price  no data  ${price.id}`,
    );
  });
  it("aligns tables, marks quotes and small print", () => {
    const drawn = render(
      [
        table(["Stance", "n"], [["Agree", "12"]]),
        quote("slow\nvery", "disagree"),
        note("small"),
        sources([{ title: "Docs", url: "https://x.example" }]),
      ],
      { colour: false },
    );
    expect(drawn).toBe("Stance  n\nAgree   12\n\n│ slow\n│ very\n└ disagree\n\nsmall\n\nSource: Docs https://x.example");
  });
});
