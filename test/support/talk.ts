/** One member who talks to a few commands, and reads the answers as the simplest door would show them. */
import { expect } from "vitest";
import { createCommunities } from "../../src/communities/communities.ts";
import type { Communities } from "../../src/communities/types.ts";
import { describeChart } from "../../src/core/chart.ts";
import type { Command } from "../../src/core/command.ts";
import type { Choice } from "../../src/core/context.ts";
import { createDispatch } from "../../src/core/dispatch.ts";
import { formatFigure, formatFreshness } from "../../src/core/figure.ts";
import { type CommunityId, communityId, memberId, roomId } from "../../src/core/ids.ts";
import { plainText } from "../../src/core/markup.ts";
import { type Answer, image, type SealedBlock, type SealedButton } from "../../src/core/reply.ts";
import type { Readers } from "../../src/knowledge/types.ts";
import { closest } from "../../src/lib/closest.ts";
import type { Services } from "../../src/services.ts";
import { createMemoryStores } from "./memory-stores.ts";

export interface Talk {
  /** A typed line, or a pressed button. */
  ask(input: string | SealedButton): Promise<Answer>;
  /** The same as text. Whatever a source does, nobody ever reads the insides of the program. */
  read(input: string | SealedButton): Promise<string>;
  suggest(command: string, param: string, typed: string, others?: Readonly<Record<string, unknown>>): Promise<readonly Choice[]>;
  /** What was said while the member waited. */
  readonly progress: readonly string[];
}

/** A community that has decided nothing. */
const undecided: Communities = createCommunities(
  {
    decided: async () => [],
    read: async () => ({ watched: [], unwatched: [] }),
    set: async () => {},
    follow: async () => {},
    changes: async () => [],
    watched: async () => [],
    older: async () => ({ opinions: 0, reports: 0, claims: 0, votes: 0, forecasts: 0 }),
    expire: async () => 0,
  },
  [],
);

/** The picture's words are what a test reads. */
const inWords: Services["illustrate"] = async (spec, name) => {
  const alt = describeChart(spec);
  return alt === null ? null : image(name, new Uint8Array([1]), alt);
};

/** Readers of whom nothing is kept. */
const forNewcomers: Readers = { audience: async () => "newcomer", choose: async () => undefined, forget: () => undefined };

export interface Seat {
  readonly admin?: boolean;
  /** In a private room too the community is the same. */
  readonly kind?: "public" | "private";
  readonly community?: CommunityId;
}

export function createTalk(
  commands: readonly Command<Services>[],
  services: Partial<Services>,
  now: () => Date,
  { admin = false, kind = "public", community = communityId("console", "1") }: Seat = {},
): Talk {
  const all = new Proxy(
    { communities: undecided, readers: forNewcomers, illustrate: inWords, ...services },
    {
      get(given, name) {
        const service: unknown = Reflect.get(given, name);
        if (service === undefined) throw new TypeError(`${String(name)} is used, which this talk was not given`);
        return service;
      },
    },
  ) as Services;
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const dispatch = createDispatch<Services>({
    commands,
    services: all,
    buttons: createMemoryStores().buttons,
    limiter: { admit: async () => undefined },
    log: silent,
    now,
    closest,
    recognise: async () => undefined,
  });
  const room = { id: roomId("console", "1"), community, kind, privateAnswers: false } as const;
  const actor = { member: memberId("ann"), former: [], person: true, isAdmin: async () => admin };
  const progress: string[] = [];
  const ask = (input: string | SealedButton): Promise<Answer> => {
    const [command = "", ...words] = typeof input === "string" ? input.slice(1).split(" ") : [];
    const said =
      typeof input === "string"
        ? ({ kind: "text", command, line: words.join(" ") } as const)
        : ({ kind: "button", payload: input.payload } as const);
    return dispatch.answer({ platform: "console", input: said, actor, room }, (note) => void progress.push(note));
  };
  return {
    ask,
    progress,
    async read(input) {
      const shown = linesOf((await ask(input)).blocks).join("\n");
      expect(shown).not.toMatch(/NaN|undefined|null|Infinity|\[object|Invalid Date|\$0(?![.\d])|\$0\.00(?!\d)/);
      return shown;
    },
    suggest: (command, param, typed, others = {}) => dispatch.suggest({ command, param, typed, others, room }),
  };
}

/** An answer as plain lines, the way the simplest door would show it. */
export function linesOf(blocks: readonly SealedBlock[]): readonly string[] {
  return blocks.flatMap((block): readonly string[] => {
    switch (block.kind) {
      case "figures":
        return block.figures.map((f) => `${f.label}: ${formatFigure(f)} · ${formatFreshness(f, block.asOf)} · ${f.id}`);
      case "table":
        return [block.head, ...block.rows].map((row) => row.join(" | "));
      case "buttons":
        return [block.buttons.map((b) => `[${b.label}]`).join(" ")];
      case "sources":
        return block.sources.map((s) => `${s.title} ${s.url}`);
      case "heading":
      case "text":
      case "note":
        return plainText(block.text).split("\n");
      default:
        return [JSON.stringify(block)];
    }
  });
}

export const buttonsOf = (answer: Answer): readonly SealedButton[] =>
  answer.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
