/** Splits an answer into messages at block, sentence, word and, at worst, character boundaries. Nothing is lost, nothing is cut. */
import { parseMarkup, type Span, writeMarkup } from "./markup.ts";
import type { SealedBlock } from "./reply.ts";

type Fits = (blocks: readonly SealedBlock[]) => boolean;
type Granularity = "sentence" | "word" | "grapheme";

const segmenters: Readonly<Record<Granularity, Intl.Segmenter>> = {
  sentence: new Intl.Segmenter("en", { granularity: "sentence" }),
  word: new Intl.Segmenter("en", { granularity: "word" }),
  grapheme: new Intl.Segmenter("en", { granularity: "grapheme" }),
};

/** Pieces that belong together when they can: a list of blocks that each draw one piece of `block`. */
type Pieces = { readonly count: number; readonly take: (from: number, to: number) => SealedBlock };

function listPieces<T>(items: readonly T[], make: (items: readonly T[]) => SealedBlock): Pieces {
  return { count: items.length, take: (from, to) => make(items.slice(from, to)) };
}

/** Cuts spans at the boundaries of the whole text, so that a sentence that crosses a bold word stays one sentence. */
function spanPieces(spans: readonly Span[], granularity: Granularity): readonly (readonly Span[])[] {
  const whole = spans.map((s) => s.text).join("");
  const pieces: Span[][] = [];
  let index = 0;
  let used = 0;
  for (const { segment } of segmenters[granularity].segment(whole)) {
    let need = segment.length;
    const piece: Span[] = [];
    while (need > 0) {
      const span = spans[index];
      if (span === undefined) break;
      const part = span.text.slice(used, used + need);
      piece.push({ ...span, text: part });
      need -= part.length;
      used += part.length;
      if (used === span.text.length) {
        index++;
        used = 0;
      }
    }
    pieces.push(piece);
  }
  return pieces;
}

/** Joins neighbours of one kind again, so that cutting and joining changes nothing. */
function joinSpans(pieces: readonly (readonly Span[])[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of pieces.flat()) {
    const last = joined.at(-1);
    const same = last?.kind === span.kind && (last.kind !== "link" || (span.kind === "link" && last.url === span.url));
    if (last !== undefined && same) joined[joined.length - 1] = { ...last, text: last.text + span.text };
    else joined.push(span);
  }
  return joined;
}

function piecesOf(block: SealedBlock, granularity: Granularity): Pieces | null {
  switch (block.kind) {
    case "heading":
    case "text":
    case "note": {
      const pieces = spanPieces(parseMarkup(block.text), granularity);
      return { count: pieces.length, take: (from, to) => ({ ...block, text: writeMarkup(joinSpans(pieces.slice(from, to))) }) };
    }
    case "quote": {
      const pieces = [...segmenters[granularity].segment(block.text)].map((s) => s.segment);
      // Whose words they are stands under the last piece only.
      const { by: _, ...unsigned } = block;
      return {
        count: pieces.length,
        take: (from, to) => ({ ...(to === pieces.length ? block : unsigned), text: pieces.slice(from, to).join("") }),
      };
    }
    case "figures":
      return listPieces(block.figures, (figures) => ({ ...block, figures }));
    case "table":
      return listPieces(block.rows, (rows) => ({ ...block, rows }));
    case "sources":
      return listPieces(block.sources, (sources) => ({ ...block, sources }));
    case "buttons":
      return listPieces(block.buttons, (buttons) => ({ ...block, buttons }));
    case "image":
    case "file":
    case "form":
    case "poll":
      return null;
  }
}

/** The longest beginning of `block` that fits, and what remains; null where not even one piece fits. */
function cut(
  block: SealedBlock,
  granularity: Granularity,
  fits: (head: SealedBlock) => boolean,
): { head: SealedBlock; tail: SealedBlock | null } | null {
  const pieces = piecesOf(block, granularity);
  if (pieces === null || pieces.count === 0) return null;
  let [low, high] = [0, pieces.count];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(pieces.take(0, middle))) low = middle;
    else high = middle - 1;
  }
  if (low === 0) return null;
  return { head: pieces.take(0, low), tail: low === pieces.count ? null : pieces.take(low, pieces.count) };
}

function firstCut(block: SealedBlock, levels: readonly Granularity[], fits: (head: SealedBlock) => boolean): ReturnType<typeof cut> {
  for (const level of levels) {
    const found = cut(block, level, fits);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Splits blocks into messages.
 * @param fits whether these blocks, drawn by the platform, make one message within its limits
 */
export function splitBlocks(blocks: readonly SealedBlock[], fits: Fits): readonly (readonly SealedBlock[])[] {
  const parts: SealedBlock[][] = [];
  let current: SealedBlock[] = [];
  const close = () => {
    // A heading goes with what it heads.
    const heading = current.length > 1 && current.at(-1)?.kind === "heading" ? current.pop() : undefined;
    if (current.length > 0) parts.push(current);
    current = heading === undefined ? [] : [heading];
  };
  for (const block of blocks) {
    let rest: SealedBlock | null = block;
    while (rest !== null) {
      if (fits([...current, rest])) {
        current.push(rest);
        break;
      }
      const bare = current.every((b) => b.kind === "heading");
      // A block that fits into a message of its own is not torn apart.
      if (!bare && fits([rest])) {
        close();
        continue;
      }
      const levels: readonly Granularity[] = bare ? ["sentence", "word", "grapheme"] : ["sentence"];
      const before: readonly SealedBlock[] = current;
      const found = firstCut(rest, levels, (head) => fits([...before, head]));
      if (found !== null) {
        current.push(found.head);
        rest = found.tail;
        if (rest !== null) close();
      } else if (current.length > 0) {
        parts.push(current);
        current = [];
      } else {
        // Nothing smaller can be made: the platform's own refusal is the honest answer.
        current.push(rest);
        rest = null;
        close();
      }
    }
  }
  if (current.length > 0) parts.push(current);
  return parts;
}
