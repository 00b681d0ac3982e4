/** `/help`: every command, or one of them with its arguments and examples. */
import {
  buttons,
  type CommandContext,
  type CommandInfo,
  defineCommand,
  heading,
  literal,
  note,
  type Reply,
  reply,
  type Texts,
  text,
  UserError,
  usage,
  z,
} from "../src/kit.ts";

/** The same for everyone, and the same object: whoever draws it need not do so for every newcomer. */
const overviews = new WeakMap<Texts, { readonly catalogue: readonly CommandInfo[]; readonly reply: Reply }>();

export default defineCommand({
  name: "help",
  summary: "What I can do, or how one command works",
  args: z.object({ command: z.string().trim().max(40).optional().describe("A command, such as explain") }),
  examples: ["/help", "/help explain"],
  access: "everyone",
  visibility: "public",
  run({ catalogue, meantCommand, texts }, { command }) {
    if (command !== undefined && command !== "") return one({ catalogue, meantCommand }, command, texts.help);
    const known = overviews.get(texts);
    if (known?.catalogue === catalogue) return known.reply;
    const made = overview(catalogue, texts);
    overviews.set(texts, { catalogue, reply: made });
    return made;
  },
});

function overview(catalogue: readonly CommandInfo[], texts: Texts): Reply {
  const { help, buttons: labels } = texts;
  const shown = catalogue.filter((info) => info.access === "everyone");
  const admin = catalogue.filter((info) => info.access === "admin");
  const lines = (infos: readonly CommandInfo[]) => infos.map((info) => `\`/${info.name}\` – ${literal(info.summary)}`).join("\n");
  return reply(
    heading(help.title),
    text(help.about),
    text(lines(shown)),
    ...(admin.length === 0 ? [] : [text(`${help.forAdmins}\n${lines(admin)}`)]),
    note(help.more),
    buttons([
      { label: labels.explainDepin, command: "explain", args: { term: "depin" } },
      { label: labels.market, command: "market", args: {} },
      { label: labels.topics, command: "topics", args: {} },
    ]),
  );
}

function one({ catalogue, meantCommand }: Pick<CommandContext<unknown>, "catalogue" | "meantCommand">, typed: string, help: Texts["help"]) {
  const name = typed.replace(/^\//, "").toLowerCase();
  const info = catalogue.find((c) => c.name === name);
  if (info === undefined) {
    throw new UserError("unknown_command", help.unknown(literal(name), meantCommand(name) ?? null));
  }
  const describe = (p: CommandInfo["params"][number]) =>
    `\`${p.name}\`${p.required ? "" : ` ${help.optional}`}: ${literal(p.summary)}${p.choices === undefined ? "" : `. ${help.oneOf(p.choices.join(", "))}`}`;
  return reply(
    heading(`/${info.name}`),
    text(literal(info.summary)),
    text(help.usage(usage(info))),
    ...(info.params.length === 0 ? [] : [text(info.params.map(describe).join("\n"))]),
    text(help.examples(info.examples.map((example) => `\`${example}\``).join("\n"))),
  );
}
