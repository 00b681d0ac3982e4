/** `/network`: what the networks themselves report, all at a glance or one of them, always with the source and what was wrong with it. */
import {
  type Asset,
  type Block,
  buttons,
  defineCommand,
  type Figure,
  figures,
  formatAge,
  heading,
  literal,
  type NetworkView,
  note,
  reply,
  type Services,
  sources,
  type Texts,
  text,
  z,
} from "../src/kit.ts";

type Words = Texts["network"];

export default defineCommand({
  name: "network",
  summary: "What the networks themselves report: capacity, hardware, use",
  args: z.object({
    name: z.string().trim().max(40).optional().describe("A network, such as Filecoin or AKT; without it, all of them"),
  }),
  examples: ["/network", "/network filecoin"],
  access: "everyone",
  visibility: "public",
  suggest: { name: ({ networks }, { typed }) => networks.nearest(typed).map(({ id, name }) => ({ label: name, value: id })) },
  async run({ services: { networks }, signal, now, progress, texts }, { name: query = "" }) {
    const asset = query === "" ? null : networks.find(query);
    const { network: words } = texts;
    if (query !== "" && asset === null) return unknownNetwork(networks, query, words);
    progress(words.asking(asset === null ? null : literal(asset.name)));
    const views = await networks.views(signal, asset?.id);
    return reply(
      heading(asset === null ? words.title : words.titleOf(literal(asset.name))),
      ...views.flatMap((view) => (asset === null ? [text(titleOf(view, words)), ...body(view, now, texts)] : body(view, now, texts))),
      ...provenance(
        views.flatMap((view) => view.figures),
        asset === null,
        words,
      ),
      asset === null ? networkButtons(networks.names) : oneButtons(asset, words),
    );
  },
});

const networkButtons = (names: readonly Asset[]): Block =>
  buttons(names.map(({ id, name }) => ({ label: name, command: "network", args: { name: id } })));

const oneButtons = ({ id, name }: Asset, words: Words): Block =>
  buttons([
    { label: words.marketOf(name), command: "market", args: { asset: id } },
    { label: words.all, command: "network", args: {} },
  ]);

function unknownNetwork(networks: Services["networks"], query: string, words: Words) {
  const near = networks.nearest(query).slice(0, 3);
  return reply(text(words.unknown(literal(query), near.length > 0)), networkButtons(near.length === 0 ? networks.names : near));
}

function titleOf({ name, figures: [first] }: NetworkView, words: Words): string {
  return words.heading(literal(name), first?.state === "live" ? literal(first.source.name) : null);
}

/** One network: why anything is not live, its figures by source, and what is not known. */
function body(
  { figures: shown, troubles, missing, note: reason }: NetworkView,
  now: Date,
  { network: words, troubles: said }: Texts,
): readonly Block[] {
  const live = shown.filter(({ state }) => state === "live");
  const older = Map.groupBy(
    shown.filter(({ state }) => state !== "live"),
    ({ source }) => source.name,
  );
  const why = [...(troubles.length === 0 ? [] : [literal(said.all(troubles))]), ...(reason === undefined ? [] : [words.notes[reason]])];
  const [first] = live;
  return [
    ...(first === undefined
      ? why.map((sentence) => text(sentence))
      : [...why.map((sentence) => note(words.otherSource(sentence, literal(first.source.name)))), figures(live, now)]),
    ...[...older].flatMap(([source, list]) => [text(lastKnown(source, list, now, words)), figures(list, now)]),
    ...(missing.length === 0 ? [] : [note(words.missing(missing.map((metric) => `\`${metric}\``).join(", ")))]),
  ];
}

function lastKnown(source: string, list: readonly Figure[], now: Date, words: Words): string {
  // The snapshot's own date stands beside its figures; when it was taken into the program says nothing.
  if (list.every((f) => f.source.url === "")) return words.notLive(literal(source), null);
  const fetched = Math.max(...list.map(({ fetchedAt }) => fetchedAt.getTime()));
  return words.notLive(literal(source), formatAge(now.getTime() - fetched));
}

/** Where the figures can be checked: every page, or for many networks the first one of each source. */
function provenance(shown: readonly Figure[], brief: boolean, words: Words): readonly Block[] {
  const linked = shown.map(({ source }) => source).filter(({ url }) => url !== "");
  const pages = Map.groupBy(linked, ({ name, url }) => (brief ? name : url));
  const list = [...pages.values()].flatMap(([first]) => (first === undefined ? [] : [{ title: first.name, url: first.url }]));
  return [...(list.length === 0 ? [] : [sources(list)]), ...(shown.length === 0 ? [] : [note(words.provenance)])];
}
