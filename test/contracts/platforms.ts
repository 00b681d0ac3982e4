/** What every chat platform must do, whatever it is called: called by each platform's tests with its own fake service. */

import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { CommandInfo } from "../../src/core/command.ts";
import type { Invocation } from "../../src/core/context.ts";
import { SendError, type SendFailure } from "../../src/core/errors.ts";
import { figure } from "../../src/core/figure.ts";
import type { RoomId } from "../../src/core/ids.ts";
import { cleanText, literal, plainText } from "../../src/core/markup.ts";
import type { Dispatch, Platform } from "../../src/core/platform.ts";
import { type Answer, figures, file, heading, image, note, quote, type SealedBlock, sources, table, text } from "../../src/core/reply.ts";
import { textsIn } from "../../src/core/texts.ts";
import { png } from "../support/png.ts";

/** A platform that can post, on a fresh fake of its service. */
export interface PosterUnderTest {
  readonly platform: Platform;
  /** A public room where the bot may post. */
  readonly room: RoomId;
  /** What everyone in `room` reads: one text per message of the bot, oldest first, as it looks (no marks, no escapes). */
  shown(): readonly string[];
  /** Pictures that everyone in `room` sees, oldest first; `content` is null where a platform has only words for them. */
  pictures(): readonly { readonly content: Uint8Array | null; readonly words: string }[];
  /** Sentences about payloads that the real service would have refused. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** One platform, not started yet, on a fresh fake of its service. */
export interface PlatformUnderTest extends PosterUnderTest {
  /** Rooms where the service refuses the bot's messages: the room does not exist any more; the bot may not write there. */
  readonly refused: { readonly gone: RoomId; readonly forbidden: RoomId };
  /** Whom messages of the bot have pinged. */
  pinged(): readonly string[];
  /** The next message is stored, and its response lost. */
  loseNextResponse(): void;
  /** The next message is refused with "wait this many seconds". */
  limitNext(seconds: number): void;
  /** A member types this command line in `room`; resolves with the texts that this member sees as the answer. */
  ask(line: string): Promise<readonly string[]>;
}

/** The only command: gives its words back. */
export const echo: CommandInfo = {
  name: "echo",
  summary: "Say it again",
  params: [{ name: "words", summary: "What to say", type: "string", required: true, max: 1000, rest: true, named: false }],
  examples: ["/echo hello"],
  access: "everyone",
  visibility: "public",
  opensForm: null,
  messageMenu: undefined,
  inline: false,
  suggests: [],
};

const answerWith = (words: string): Answer => ({ blocks: [text(literal(words))], private: false });

function wordsOf({ input }: Invocation): string {
  if (input.kind === "text") return input.line;
  return input.kind === "values" ? String(input.values.words ?? "") : "";
}

const echoing: Dispatch = {
  answer: async (invocation) => answerWith(wordsOf(invocation)),
  suggest: async () => [],
  texts: async () => textsIn("en"),
};

let keys = 0;
const nextKey = () => `contract-${++keys}`;

/** Letters and digits only: what must survive any drawing. */
const letters = (s: string): string => s.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "");

/** Whether every letter of `part` stands in `whole`, in this order. */
export function holdsInOrder(whole: string, part: string): boolean {
  let at = 0;
  for (const letter of part) {
    const found = whole.indexOf(letter, at);
    if (found < 0) return false;
    at = found + letter.length;
  }
  return true;
}

/** Everything that a block says in words. */
export function wordsIn(block: SealedBlock): readonly string[] {
  switch (block.kind) {
    case "heading":
    case "text":
    case "note":
      return [plainText(block.text)];
    case "quote":
      return block.by === undefined ? [block.text] : [block.text, block.by];
    case "figures":
      return block.figures.map((f) => f.label);
    case "table":
      return [...block.head, ...block.rows.flat()];
    case "sources":
      return block.sources.map((s) => s.title);
    default:
      return [];
  }
}

const someText = (maxLength: number) =>
  fc
    .oneof(
      { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength, size: "max" }) },
      { weight: 3, arbitrary: fc.lorem({ mode: "sentences", maxCount: Math.ceil(maxLength / 60), size: "max" }) },
      {
        weight: 2,
        arbitrary: fc
          .array(fc.constantFrom("# ", "- ", "> ", "||", "**", "`", "```", "\\", "<@1>", "@everyone", "[a](b)", "word ", "\n", "_x_"), {
            maxLength: Math.ceil(maxLength / 8),
            size: "max",
          })
          .map((l) => l.join("")),
      },
    )
    .map((s) => `x${cleanText(s)}`);

/** Text of several messages, made of one piece again and again. */
const longText = (pieceLength: number, most: number) =>
  fc
    .tuple(someText(pieceLength), fc.integer({ min: 1, max: most }))
    .map(([piece, times]) => Array.from({ length: times }, () => piece).join(" "));

/** Any blocks that nobody presses; texts up to three times what a message holds. */
export const anyBlocks: fc.Arbitrary<readonly SealedBlock[]> = fc.array(
  fc.oneof(
    someText(100).map((s) => heading(literal(s))),
    longText(800, 15).map((s) => text(literal(s))),
    someText(300).map((s) => text(`**${literal(s)}** and then \`code\``)),
    someText(500).map((s) => note(literal(s))),
    someText(1500).map((s) => image("chart.png", png(), s)),
    longText(800, 6).map((s) => quote(s, "someone")),
    fc
      .array(someText(40), { minLength: 1, maxLength: 30 })
      .map((titles) => sources(titles.map((title) => ({ title, url: "https://example.org/a_(b)" })))),
    fc
      .array(fc.array(someText(20), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 40 })
      .map((rows) => table(["First", "Second"], rows)),
  ),
  { minLength: 1, maxLength: 6 },
);

/**
 * How a picture is shown, on every platform.
 * @param setup makes a fresh platform for each test
 */
export function pictureContract(name: string, setup: () => Promise<PosterUnderTest>): void {
  describe(`${name} shows pictures`, () => {
    let it: PosterUnderTest;
    const chart = (grey: number) => image(`chart ${grey}.png`, png(200, 100, grey), `A chart of shade ${grey}`);
    const seen = (block: SealedBlock) => (block.kind === "image" ? { content: block.png, words: block.alt } : null);
    /** Compares pictures where they are shown, and their words everywhere. */
    const expectPictures = (blocks: readonly SealedBlock[]) => {
      const pictures = it.pictures();
      expect(pictures).toEqual(blocks.map(seen).map((p, i) => (pictures[i]?.content === null ? { content: null, words: p?.words } : p)));
    };
    /** As whoever keeps a ledger does: each part under its own key, proven by its own id. */
    const sendAll = async (blocks: readonly SealedBlock[]) => {
      const parts = it.platform.split(blocks);
      for (const part of parts) expect((await it.platform.send(it.room, part, nextKey())).messageId).not.toBe("");
      return parts;
    };

    beforeEach(async () => {
      it = await setup();
    });
    afterEach(async () => {
      await it.platform.stop();
      await it.close();
      expect(it.violations()).toEqual([]);
    });

    test("a picture alone is shown whole, with words for whoever cannot see it", async () => {
      await sendAll([chart(1)]);
      expectPictures([chart(1)]);
    });

    test("a picture and a short text are one message", async () => {
      const blocks = [heading("Today"), chart(2), text("The sector rose."), note("Not financial advice.")];
      expect(await sendAll(blocks)).toHaveLength(1);
      expect(it.shown()).toHaveLength(1);
      expect(it.pictures()).toHaveLength(1);
      for (const words of ["Today", "The sector rose.", "Not financial advice."]) expect(it.shown()[0]).toContain(words);
    });

    test("a long text beside a picture is there to its last word", async () => {
      const long = Array.from({ length: 900 }, (_, i) => `word${i}`).join(" ");
      await sendAll([heading("Today"), text(long), chart(3), note("The end.")]);
      expect(it.pictures()).toHaveLength(1);
      const shown = it.shown().join(" ").replace(/\s+/g, " ");
      expect(shown).toContain("word0 ");
      expect(shown).toContain("word899");
      expect(shown).toContain("The end.");
      expect(holdsInOrder(letters(shown), letters(long))).toBe(true);
    });

    test("several pictures of one name are all shown, each as itself", async () => {
      const pictures = [1, 2, 3].map((grey) => image("chart.png", png(100, 100, grey), `Shade ${grey}`));
      await sendAll([...pictures, text("Three pictures.")]);
      expectPictures(pictures);
      expect(it.shown().join("\n")).toContain("Three pictures.");
    });

    test("a picture stands beside a file", async () => {
      await sendAll([chart(4), file("data.csv", "text/csv", new TextEncoder().encode("a,b"), "The numbers")]);
      expect(it.pictures()).toHaveLength(1);
      expect(it.shown().join("\n")).toContain("The numbers");
    });
  });
}

/**
 * Runs the suite.
 * @param setup makes a fresh platform for each test
 */
export function platformContract(name: string, setup: () => Promise<PlatformUnderTest>): void {
  pictureContract(name, async () => {
    const under = await setup();
    await under.platform.publish([echo]);
    await under.platform.start(echoing);
    return under;
  });
  describe(`${name} keeps the contract of platforms`, () => {
    let it: PlatformUnderTest;
    const start = async (dispatch: Dispatch = echoing) => {
      it = await setup();
      await it.platform.publish([echo]);
      await it.platform.start(dispatch);
    };
    const post = (blocks: readonly SealedBlock[], key = nextKey()) => it.platform.send(it.room, { blocks }, key);
    const failure = async (sending: Promise<unknown>): Promise<SendFailure> => {
      const error = await sending.then(
        () => null,
        (e: unknown) => e,
      );
      if (!(error instanceof SendError)) throw new Error(`expected a SendError, got ${String(error)}`);
      return error.failure;
    };

    afterEach(async () => {
      await it.platform.stop();
      await it.close();
      expect(it.violations()).toEqual([]);
      expect(it.pinged()).toEqual([]);
    });

    test("a member's command is answered in the room", async () => {
      await start();
      expect(await it.ask("/echo hello there")).toEqual(["hello there"]);
    });

    test("every kind of block is posted with all it says", async () => {
      await start();
      const at = new Date("2026-11-20T12:49:00Z");
      const capacity = figure({
        metric: "filecoin.capacity_raw",
        label: "Filecoin raw capacity",
        value: 22.754,
        unit: "eib",
        source: { name: "Filfox", url: "https://filfox.info" },
        observedAt: at,
        precision: "instant",
        fetchedAt: at,
        raw: "22.754",
        state: "live",
      });
      const { messageId } = await post([
        heading("A heading"),
        text("Some **bold** words, `code`, and [a link](https://example.org)."),
        figures([capacity], at),
        table(["Stance", "People"], [["Agree", "3"]]),
        quote("Someone's very words", "a member"),
        sources([{ title: "A source", url: "https://example.org/source" }]),
        file("data.json", "application/json", new TextEncoder().encode("{}"), "The data"),
        note("Not financial advice."),
      ]);
      expect(messageId).not.toBe("");
      const shown = it.shown().join("\n");
      for (const words of [
        "A heading",
        "Some bold words, code, and a link",
        "Filecoin raw capacity",
        "22.754 EiB",
        capacity.id,
        "Agree",
        "3",
      ])
        expect(shown).toContain(words);
      for (const words of ["Someone's very words", "a member", "A source", "Not financial advice."]) expect(shown).toContain(words);
    });

    test("any blocks are split into messages that the service takes, and nothing is lost", async () => {
      await start();
      await fc.assert(
        fc.asyncProperty(anyBlocks, async (blocks) => {
          const before = it.shown().length;
          const picturesBefore = it.pictures().length;
          for (const part of it.platform.split(blocks)) await it.platform.send(it.room, part, nextKey());
          const shown = letters(it.shown().slice(before).join("\n"));
          expect(it.pictures().length - picturesBefore).toBe(blocks.filter((block) => block.kind === "image").length);
          for (const block of blocks) for (const words of wordsIn(block)) expect(holdsInOrder(shown, letters(words))).toBe(true);
        }),
        { numRuns: 25 },
      );
    });

    test("hostile text is shown as it was typed and pings nobody", async () => {
      await start();
      const hostile =
        "@everyone @here <@123456789012345678> <@&123456789012345678> <b>bold</b> </a> [x](https://evil.example) ||spoiler|| `code` ``` **x** _y_ ~z~ \\ &amp; tg://user?id=1";
      await post([text(literal(hostile)), quote(`# heading\n- list\n> quote\n-# small ${hostile}`, "@everyone")]);
      const shown = it.shown().join("\n");
      expect(shown).toContain(hostile);
      for (const line of ["# heading", "- list", "> quote", "-# small @everyone"]) expect(shown).toContain(line);
    });

    test("a message whose response was lost is reported as unknown", async () => {
      await start();
      it.loseNextResponse();
      const key = nextKey();
      expect(await failure(post([text("Only once")], key))).toEqual({ outcome: "unknown" });
      if (it.platform.idempotentSend) await post([text("Only once")], key);
      expect(it.shown()).toEqual(["Only once"]);
    });

    test("a room that is gone, and one that refuses the bot, are told apart", async () => {
      await start();
      const send = (room: RoomId) => failure(it.platform.send(room, { blocks: [text("Hello")] }, nextKey()));
      expect(await send(it.refused.gone)).toEqual({ outcome: "refused", reason: "gone" });
      expect(await send(it.refused.forbidden)).toEqual({ outcome: "refused", reason: "forbidden" });
      expect(it.shown()).toEqual([]);
    });

    test("being told to wait means not sent, and for how long", async () => {
      await start();
      it.limitNext(35);
      const told = await failure(post([text("Later")]));
      expect(told.outcome).toBe("not_sent");
      if (told.outcome === "not_sent") expect(told.retryAfterMs).toBeGreaterThanOrEqual(35_000);
      expect(it.shown()).toEqual([]);
    });

    test("stopping lets an answer under way reach its member, and may be asked twice", async () => {
      const gate = Promise.withResolvers<void>();
      const reached = Promise.withResolvers<void>();
      await start({
        answer: async (invocation) => {
          reached.resolve();
          await gate.promise;
          return answerWith(wordsOf(invocation));
        },
        suggest: async () => [],
        texts: async () => textsIn("en"),
      });
      const asked = it.ask("/echo still here");
      await reached.promise;
      const stopped = Promise.all([it.platform.stop(), it.platform.stop()]);
      gate.resolve();
      await stopped;
      expect(await asked).toEqual(["still here"]);
      expect((await failure(post([text("Too late")]))).outcome).toBe("not_sent");
    });
  });
}
