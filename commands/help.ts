/** `/help`: every command, or one of them with its arguments and examples. */
import { buttons, type CommandInfo, defineCommand, heading, literal, note, reply, text, UserError, usage, z } from "../src/kit.ts";

export default defineCommand({
  name: "help",
  summary: "What I can do, or how one command works",
  args: z.object({ command: z.string().trim().max(40).optional().describe("A command, such as explain") }),
  examples: ["/help", "/help explain"],
  access: "everyone",
  visibility: "public",
  run({ catalogue }, { command }) {
    if (command !== undefined && command !== "") return one(catalogue, command);
    const shown = catalogue.filter((info) => info.access === "everyone");
    const admin = catalogue.filter((info) => info.access === "admin");
    const lines = (infos: readonly CommandInfo[]) => infos.map((info) => `\`/${info.name}\` – ${literal(info.summary)}`).join("\n");
    return reply(
      heading("Depinion"),
      text("I explain DePIN, show its market with sources, and keep what this community thinks."),
      text(lines(shown)),
      ...(admin.length === 0 ? [] : [text(`For admins:\n${lines(admin)}`)]),
      note("`/help <command>` shows arguments and examples."),
      buttons([
        { label: "Explain DePIN", command: "explain", args: { term: "depin" } },
        { label: "Market", command: "market", args: {} },
        { label: "Topics", command: "topics", args: {} },
      ]),
    );
  },
});

function one(catalogue: readonly CommandInfo[], typed: string) {
  const name = typed.replace(/^\//, "").toLowerCase();
  const info = catalogue.find((c) => c.name === name);
  if (info === undefined) throw new UserError("unknown_command", `There is no command “/${literal(name)}”.`, "`/help` lists all.");
  const describe = (p: CommandInfo["params"][number]) =>
    `\`${p.name}\`${p.required ? "" : " (optional)"}: ${literal(p.summary)}${p.choices === undefined ? "" : `. One of ${p.choices.join(", ")}`}`;
  return reply(
    heading(`/${info.name}`),
    text(literal(info.summary)),
    text(`Usage: \`${usage(info)}\``),
    ...(info.params.length === 0 ? [] : [text(info.params.map(describe).join("\n"))]),
    text(`Examples:\n${info.examples.map((example) => `\`${example}\``).join("\n")}`),
  );
}
