/** Text as Inter can draw it, cut to the room it has. What is cut or cannot be drawn is visibly gone, never a row of boxes. */

/** Measures one line of text in pixels. */
export type Measure = (text: string) => number;

/** Characters that Inter has (its cmap table): Latin, Greek, Cyrillic, punctuation, currencies, arrows. */
const drawable =
  /[\u0020-\u007e\u00a0-\u00ac\u00ae-\u0148\u014a-\u017f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0479\u0480-\u049d\u04a0-\u04ff\u1ea0-\u1ef9\u2010-\u2027\u2030-\u2055\u20a0-\u20af\u20b1-\u20b5\u20b8-\u20ba\u20bc-\u20bf\u2116\u2190-\u2199\u2212\u221e\u2248\u2260\u2264\u2265]/u;

const clusters = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Letters that cannot be drawn become "…", anything else (emoji, marks of direction) is left out. */
function legible(text: string): string {
  return [...text.toWellFormed().normalize("NFKC")]
    .map((character) => (drawable.test(character) ? character : /\s/u.test(character) ? " " : /[\p{L}\p{N}]/u.test(character) ? "…" : ""))
    .join("")
    .replace(/…[… ]*/g, "… ")
    .replace(/\s+/g, " ")
    .trim();
}

/** The longest beginning of `text` that fits, with "…" where something is missing. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const pieces = [...clusters.segment(text)].map(({ segment }) => segment);
  let [low, high] = [0, pieces.length];
  const beginning = (count: number) => `${pieces.slice(0, count).join("").trimEnd()}…`;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(beginning(middle)) <= width) low = middle;
    else high = middle - 1;
  }
  return beginning(low);
}

/** A name in one line. One of which nothing can be drawn is told by its place, as the description tells it too: "#3". */
export function nameOf(label: string, index: number, width: number, measure: Measure): string {
  const text = legible(label);
  return /[\p{L}\p{N}]/u.test(text) ? shorten(text, width, measure) : `#${index + 1}`;
}

/** Breaks a title between words; what does not fit into the last line is shortened. */
export function wrap(text: string, width: number, lines: number, measure: Measure): string[] {
  const words = legible(text).split(" ");
  const broken: string[] = [];
  let line = "";
  for (const word of words) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || broken.length === lines - 1 || measure(longer) <= width) line = longer;
    else {
      broken.push(line);
      line = word;
    }
  }
  return [...broken, line].map((full) => shorten(full, width, measure));
}
