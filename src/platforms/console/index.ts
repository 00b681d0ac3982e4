/** The local console: the same commands at a prompt, from a pipe, or once. */
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Invocation, Progress } from "../../core/context.ts";
import { communityId, roomId } from "../../core/ids.ts";
import type { Dispatch, Pace, Platform, Pseudonymise } from "../../core/platform.ts";
import type { Answer, SealedBlock } from "../../core/reply.ts";
import { type Texts, textsIn } from "../../core/texts.ts";
import { pathOf, saveExport } from "./exports.ts";
import { type Pending, readLine } from "./inbound.ts";
import { buttonsOf, render } from "./render.ts";

export interface ConsoleOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** A person sits at a terminal: show a prompt and a progress line. */
  readonly interactive: boolean;
  readonly colour: boolean;
  /** Columns of the terminal at this moment; undefined where there is none. */
  readonly width?: () => number | undefined;
  readonly pseudonymise: Pseudonymise;
  /** Where files and pictures of an answer are put. */
  readonly exportFolder: string;
}

export interface Console extends Platform {
  /** Answers one line and prints the answer; resolves with whether it was one, and no error. */
  once(dispatch: Dispatch, line: string): Promise<boolean>;
  /** Resolves when the input has ended or the person has left. */
  readonly ended: Promise<void>;
}

/** The one person at the console. */
export const consoleUser = "local";

const room = { id: roomId("console", "local"), community: communityId("console", "local"), kind: "private", privateAnswers: true } as const;
const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/** Nobody limits what is printed. */
const unhurried: Pace = {
  slot: async (_lane, _room, signal) => signal?.throwIfAborted(),
  refused() {},
};

/** `start` serves the input until it ends; use `once` without `start` for a single line. */
export function createConsole(options: ConsoleOptions): Console {
  const { output, interactive, colour, width = () => undefined, pseudonymise } = options;
  const end = Promise.withResolvers<void>();
  const stopping = new AbortController();
  let pending: Pending = { buttons: [], form: null };
  let core: Dispatch | null = null;
  let busy: Promise<void> = Promise.resolve();

  let first = true;
  /** Answers stand apart from each other: by an empty line, which a single one does not need. */
  const print = (text: string) => {
    output.write(`${first || interactive ? "" : "\n"}${text}\n${interactive ? "\n" : ""}`);
    first = false;
  };

  /** Before the first answer nobody can be asked for another language. */
  const words = async () => (core === null ? textsIn("en") : await core.texts(room.community)).terminal;

  async function show(answer: Pick<Answer, "blocks">): Promise<void> {
    const said = await words();
    const saved: string[] = [];
    for (const block of answer.blocks) {
      if (block.kind !== "file" && block.kind !== "image") continue;
      try {
        saved.push(said.saved(await saveExport(options.exportFolder, block.name, block.kind === "file" ? block.content : block.png)));
      } catch (error) {
        const code = error instanceof Error && "code" in error ? String(error.code) : null;
        saved.push(said.notSaved(pathOf(options.exportFolder, block.name), code));
      }
    }
    const form = answer.blocks.find((block) => block.kind === "form");
    pending = { buttons: buttonsOf(answer.blocks), form: form?.submit.payload ?? null };
    print([render(answer.blocks, { colour, width: width() }), ...saved].join("\n"));
  }

  async function answer(line: string): Promise<"answered" | "refused" | "quit"> {
    const read = readLine(line, pending);
    switch (read.kind) {
      case "quit":
        return "quit";
      case "nothing":
        return "answered";
      case "no_such_button":
        print((await words()).noSuchButton(read.count));
        return "refused";
      case "input": {
        if (core === null) throw new TypeError("the console answers only after start");
        const invocation: Invocation = {
          platform: "console",
          input: read.input,
          actor: { ...pseudonymise("console", consoleUser), person: true, isAdmin: async () => true },
          room,
          signal: stopping.signal,
        };
        const progress = showProgress(await words());
        const result = await core.answer(invocation, progress.say).finally(progress.clear);
        await show(result);
        return result.error === undefined ? "answered" : "refused";
      }
    }
  }

  /** A line that tells what is being done, drawn only on a terminal and only when there is something to wait for. */
  function showProgress(said: Texts["terminal"]): { say: Progress; clear: () => void } {
    if (!interactive) return { say: () => {}, clear: () => {} };
    let note: string = said.working;
    let frame = 0;
    let drawn = false;
    const draw = () => {
      drawn = true;
      output.write(`\r\u001b[2K${spinner[frame++ % spinner.length]} ${note}`);
    };
    const timer = setInterval(draw, 120);
    return {
      say: (text, what) => {
        // There is one line for it, which the beginning of an answer would not fit into.
        note = what === "partial" ? said.writing : text;
        draw();
      },
      clear: () => {
        clearInterval(timer);
        if (drawn) output.write("\r\u001b[2K");
      },
    };
  }

  async function serve(greeting: string): Promise<void> {
    let open = true;
    const lines = createInterface({
      input: options.input,
      ...(interactive ? { output } : {}),
      prompt: "depinion> ",
      terminal: interactive,
    });
    stopping.signal.addEventListener("abort", () => lines.close(), { once: true });
    // Nobody reads any more, as behind "| head -1": that is an end, not a crash.
    output.on("error", () => lines.close());
    lines.on("SIGINT", () => lines.close());
    lines.on("close", () => {
      open = false;
    });
    if (interactive) {
      print(greeting);
      lines.prompt();
    }
    for await (const line of lines) {
      const answered = answer(line);
      busy = answered.then(
        () => {},
        () => {},
      );
      if ((await answered) === "quit" || stopping.signal.aborted) break;
      if (interactive && open) lines.prompt();
    }
  }

  return {
    name: "console",
    pace: unhurried,
    polls: null,
    webhook: null,
    idempotentSend: false,
    ended: end.promise,
    async publish() {},
    async start(dispatch) {
      core = dispatch;
      serve((await words()).greeting).then(end.resolve, end.reject);
    },
    connected: () => core !== null && !stopping.signal.aborted,
    async once(dispatch, line) {
      core = dispatch;
      return (await answer(line)) !== "refused";
    },
    async send(_room, part) {
      print(render(part.blocks, { colour, width: width() }));
      return { messageId: "console" };
    },
    split: (blocks: readonly SealedBlock[]) => (blocks.length === 0 ? [] : [{ blocks }]),
    async stop() {
      stopping.abort();
      await busy;
      end.resolve();
    },
  };
}
