/** The bot's own inline marks (`**bold**`, `` `code` ``, `[link](url)`) and what keeps a person's text from becoming one. */

export type Span =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "bold"; readonly text: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly text: string; readonly url: string };

const marks = /\\([\\*`[\]()])|\*\*((?:\\.|[^*\\])+)\*\*|`([^`]+)`|\[((?:\\.|[^\]\\])+)\]\((https?:\/\/[^\s()]+)\)/gu;

const unquote = (text: string): string => text.replace(/\\([\\*`[\]()])/g, "$1");

/** Reads inline marks. A backslash takes the meaning from the mark behind it; what is no complete mark stays text. */
export function parseMarkup(source: string): readonly Span[] {
  const spans: Span[] = [];
  let plain = "";
  let from = 0;
  const flush = () => {
    if (plain !== "") spans.push({ kind: "text", text: plain });
    plain = "";
  };
  for (const match of source.matchAll(marks)) {
    plain += source.slice(from, match.index);
    from = match.index + match[0].length;
    const [, escaped, bold, code, label, url] = match;
    if (escaped !== undefined) {
      plain += escaped;
      continue;
    }
    flush();
    if (bold !== undefined) spans.push({ kind: "bold", text: unquote(bold) });
    else if (code !== undefined) spans.push({ kind: "code", text: code });
    else if (label !== undefined && url !== undefined) spans.push({ kind: "link", text: unquote(label), url });
  }
  plain += source.slice(from);
  flush();
  return spans;
}

/** Makes a person's text literal inside a marked-up text. */
export const literal = (text: string): string => text.replace(/[\\*`[\]()]/g, "\\$&");

/** A marked-up text without its marks. */
export const plainText = (source: string): string =>
  parseMarkup(source)
    .map((span) => span.text)
    .join("");

/**
 * Text as a person sees it: NFC, without control characters, bidirectional overrides and invisible fillers.
 * Joiners stay, because emoji and several scripts need them between visible characters; a text of joiners alone becomes empty.
 */
export function cleanText(raw: string): string {
  const cleaned = raw
    .toWellFormed()
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cc}--[\n\t]]/gv, "")
    .replace(/(?!\u200c|\u200d|\ufe0e|\ufe0f)\p{Default_Ignorable_Code_Point}/gu, "")
    .trim();
  return /^[\s\p{Default_Ignorable_Code_Point}]*$/u.test(cleaned) ? "" : cleaned;
}

/** Writes spans back as marked-up text; `parseMarkup` reads the same spans from it. */
export const writeMarkup = (spans: readonly Span[]): string => spans.map(writeSpan).join("");

function writeSpan(span: Span): string {
  switch (span.kind) {
    case "text":
      return literal(span.text);
    case "bold":
      return `**${literal(span.text)}**`;
    case "code":
      return `\`${span.text}\``;
    case "link":
      return `[${literal(span.text)}](${span.url})`;
  }
}
