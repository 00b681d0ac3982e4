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
  text,
  z,
} from "../src/kit.ts";

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
  async run({ services: { networks }, signal, now, progress }, { name: query = "" }) {
    const asset = query === "" ? null : networks.find(query);
    if (query !== "" && asset === null) return unknownNetwork(networks, query);
    progress(asset === null ? "Asking the networks …" : `Asking ${literal(asset.name)} …`);
    const views = await networks.views(signal, asset?.id);
    return reply(
      heading(asset === null ? "Networks" : `${literal(asset.name)}, the network`),
      ...views.flatMap((view) => (asset === null ? [text(titleOf(view)), ...body(view, now)] : body(view, now))),
      ...provenance(
        views.flatMap((view) => view.figures),
        asset === null,
      ),
      asset === null ? networkButtons(networks.names) : oneButtons(asset),
    );
  },
});

const networkButtons = (names: readonly Asset[]): Block =>
  buttons(names.map(({ id, name }) => ({ label: name, command: "network", args: { name: id } })));

const oneButtons = ({ id, name }: Asset): Block =>
  buttons([
    { label: `${name}'s market`, command: "market", args: { asset: id } },
    { label: "All networks", command: "network", args: {} },
  ]);

function unknownNetwork(networks: Services["networks"], query: string) {
  const near = networks.nearest(query).slice(0, 3);
  const question = near.length === 0 ? "I follow these:" : "Did you mean one of these?";
  return reply(
    text(`I follow no network called “${literal(query)}”. ${question}`),
    networkButtons(near.length === 0 ? networks.names : near),
  );
}

function titleOf({ name, figures: [first] }: NetworkView): string {
  return `**${literal(name)}**${first?.state === "live" ? `, from ${literal(first.source.name)}` : ""}`;
}

/** One network: why anything is not live, its figures by source, and what is not known. */
function body({ figures: shown, troubles, missing, note: reason }: NetworkView, now: Date): readonly Block[] {
  const live = shown.filter(({ state }) => state === "live");
  const older = Map.groupBy(
    shown.filter(({ state }) => state !== "live"),
    ({ source }) => source.name,
  );
  const why = [
    ...(troubles.length === 0 ? [] : [`${literal(capitalised(troubles.join(", and ")))}.`]),
    ...(reason === undefined ? [] : [reason]),
  ];
  const [first] = live;
  return [
    ...(first === undefined
      ? why.map((sentence) => text(sentence))
      : [...why.map((sentence) => note(`${sentence} These figures are from ${literal(first.source.name)}.`)), figures(live, now)]),
    ...[...older].flatMap(([source, list]) => [text(lastKnown(source, list, now)), figures(list, now)]),
    ...(missing.length === 0 ? [] : [note(`No data: ${missing.map((metric) => `\`${metric}\``).join(", ")}.`)]),
  ];
}

function lastKnown(source: string, list: readonly Figure[], now: Date): string {
  // The snapshot's own date stands beside its figures; when it was taken into the program says nothing.
  if (list.every((f) => f.source.url === "")) return `Not live. From ${literal(source)}:`;
  const fetched = Math.max(...list.map(({ fetchedAt }) => fetchedAt.getTime()));
  return `Not live. From ${literal(source)}, ${formatAge(now.getTime() - fetched)} ago:`;
}

/** Where the figures can be checked: every page, or for many networks the first one of each source. */
function provenance(shown: readonly Figure[], brief: boolean): readonly Block[] {
  const linked = shown.map(({ source }) => source).filter(({ url }) => url !== "");
  const pages = Map.groupBy(linked, ({ name, url }) => (brief ? name : url));
  const list = [...pages.values()].flatMap(([first]) => (first === undefined ? [] : [{ title: first.name, url: first.url }]));
  return [
    ...(list.length === 0 ? [] : [sources(list)]),
    ...(shown.length === 0 ? [] : [note("`/why` with a figure's receipt shows where it came from. Not financial advice.")]),
  ];
}

const capitalised = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
