/** `/browse`: everything that can be explained, by category, a page at a time. */
import { type Button, buttons, type Category, categories, defineCommand, type Entry, heading, note, reply, text, z } from "../src/kit.ts";

/** Entries on one page: as many as a phone shows as buttons without much scrolling, and Discord takes 25 buttons. */
const pageSize = 12;

export default defineCommand({
  name: "browse",
  summary: "Everything I can explain, by category",
  args: z.object({
    category: z.enum(categories).optional().describe("Only this category; without it, the categories are listed"),
    page: z.int().min(1).max(100).optional().describe("Page of the list"),
  }),
  examples: ["/browse", "/browse mechanism"],
  access: "everyone",
  visibility: "public",
  run({ services: { knowledge }, texts: { browse: words } }, { category, page }) {
    const { categories: titles } = words;
    const of = (one: Category) => knowledge.entries.filter((entry) => entry.category === one);
    if (category === undefined) {
      const filled = categories.filter((one) => of(one).length > 0);
      return reply(
        heading(words.title),
        text(filled.map((one) => `${titles[one]}: **${of(one).length}**`).join("\n")),
        buttons(filled.map((one) => ({ label: titles[one], command: "browse", args: { category: one }, update: true }))),
      );
    }
    const entries = of(category);
    const pages = Math.max(1, Math.ceil(entries.length / pageSize));
    // A page beyond the last one is an old button, or a guess: the last one is what is left.
    const shown = Math.min(page ?? 1, pages);
    return reply(
      heading(titles[category]),
      ...(pages === 1 ? [] : [note(words.page(shown, pages))]),
      buttons([
        ...entries.slice((shown - 1) * pageSize, shown * pageSize).map(entryButton),
        ...(shown > 1 ? [turn(words.back, category, shown - 1)] : []),
        ...(shown < pages ? [turn(words.more, category, shown + 1)] : []),
        { label: words.all, command: "browse", args: {}, update: true },
      ]),
    );
  },
});

const entryButton = ({ id, term }: Entry): Button => ({ label: term, command: "explain", args: { term: id } });
const turn = (label: string, category: Category, page: number): Button => ({
  label,
  command: "browse",
  args: { category, page },
  update: true,
});
