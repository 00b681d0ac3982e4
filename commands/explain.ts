/** `/explain`: one term of the field at the reader's level, with live figures, sources and where to go next. */
import {
  type Audience,
  audiences,
  type Block,
  type Button,
  buttons,
  defineCommand,
  type Entry,
  formatFigure,
  formatFreshness,
  heading,
  literal,
  note,
  reply,
  type Services,
  sources,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "explain",
  summary: "Explain a term of the field, asked in any words, for newcomers, investors or builders",
  args: z.object({
    term: z.string().trim().min(1).max(200).describe("A term, or a question in your own words"),
    for: z.enum(audiences).optional().describe("Who reads it (default: your last choice, else the community's)"),
  }),
  examples: ["/explain depin", "/explain proof of coverage for=investor", "/explain how do miners prove they keep my file"],
  access: "everyone",
  visibility: "public",
  inline: true,
  suggest: { term: ({ knowledge }, { typed }) => knowledge.suggest(typed, 25).map((entry) => ({ label: entry.term, value: entry.id })) },
  async run({ services, actor, room, now, texts: { explain: words } }, { term: typed, for: chosen }) {
    const { term, audience: wanted } = chosen === undefined ? readAudience(typed) : { term: typed, audience: chosen };
    const audience = wanted ?? (await services.readers.audience(actor, room.community));
    if (wanted !== undefined) await services.readers.choose(actor, wanted);
    const found = await services.knowledge.find(term);
    switch (found.kind) {
      case "found":
        return reply(
          ...(found.corrected ? [note(words.took(literal(term), literal(found.entry.term)))] : []),
          ...(await explain(services, found.entry, audience, { now, words })),
          ...(found.others.length === 0 ? [] : [note(words.others), buttonsTo(found.others)]),
        );
      case "near":
        return reply(text(words.near(literal(term))), buttonsTo(found.entries));
      case "none":
        // Whoever asks is told so in any case, and asks again where it could not be noted.
        await services.gaps.note(room.community, term, now).catch(() => undefined);
        throw new UserError("unknown_term", words.unknown(literal(term)));
    }
  },
});

type Words = Texts["explain"];

const called: Readonly<Record<string, Audience>> = {
  newcomer: "newcomer",
  beginner: "newcomer",
  investor: "investor",
  builder: "builder",
  developer: "builder",
};

/** "akash for investors" names its reader in the words themselves. */
function readAudience(typed: string): { readonly term: string; readonly audience?: Audience } {
  const [, term, reader = ""] = /^(.*\S)\s+for\s+(?:an?\s+|the\s+)?([a-z]+?)s?$/isu.exec(typed) ?? [];
  const audience = called[reader.toLowerCase()];
  return term === undefined || audience === undefined ? { term: typed } : { term, audience };
}

/** Everything about one entry for one audience that stays the same from answer to answer. */
interface Page {
  readonly before: readonly Block[];
  body: Extract<Block, { kind: "text" }>;
  readonly after: readonly Block[];
}

// The same block objects in every answer: a platform that remembers how it drew a block draws a popular entry once
// (npm run bench telegram: a tenth more answers a second).
const pages = new WeakMap<Words, WeakMap<Entry, Partial<Record<Audience, Page>>>>();

async function explain(
  services: Services,
  entry: Entry,
  audience: Audience,
  { now, words }: { readonly now: Date; readonly words: Words },
): Promise<readonly Block[]> {
  const body = await services.knowledge.fill(entry.texts[audience], services.market.known, (figure) => {
    const freshness = formatFreshness(figure, now);
    const value = `**${formatFigure(figure)}**`;
    return freshness === "" ? value : words.dated(value, freshness, `\`${figure.id}\``);
  });
  const own = pages.get(words) ?? new WeakMap<Entry, Partial<Record<Audience, Page>>>();
  if (!pages.has(words)) pages.set(words, own);
  const known = own.get(entry);
  const page = known?.[audience] ?? layOut(services, entry, audience, words);
  if (known?.[audience] === undefined) own.set(entry, { ...known, [audience]: page });
  // Only a live figure in it makes a text another one.
  if (page.body.text !== body) page.body = { kind: "text", text: body };
  return [...page.before, page.body, ...page.after];
}

function layOut(services: Services, entry: Entry, audience: Audience, words: Words): Page {
  const { audiences: labels } = words;
  const related = entry.related.map((id) => services.knowledge.entry(id)).filter((e) => e !== null);
  return {
    before: [heading(literal(entry.term)), ...(entry.expansion === undefined ? [] : [text(`**${literal(entry.expansion)}**`)])],
    body: { kind: "text", text: "" },
    after: [
      sources(entry.sources.map(({ title, url }) => ({ title, url }))),
      note(words.reviewed(labels[audience], entry.reviewed)),
      buttons([
        ...audiences.filter((a) => a !== audience).map((a) => ({ ...explainButton(entry, labels[a], a), update: true })),
        ...related.slice(0, 4).map((e) => explainButton(e, e.term)),
      ]),
    ],
  };
}

const buttonsTo = (entries: readonly Entry[]): Block => buttons(entries.map((entry) => explainButton(entry, entry.term)));

/** @param audience chosen by the press; without it, whoever presses is answered as they like it */
const explainButton = (entry: Entry, label: string, audience?: Audience): Button => ({
  label,
  command: "explain",
  args: audience === undefined ? { term: entry.id } : { term: entry.id, for: audience },
});
