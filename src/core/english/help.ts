/** In English: `/help`, `/start`, and the first buttons. */
import type { Said } from "../said.ts";

export const help = {
  title: "Depinion",
  about: "I explain DePIN, show its market with sources, and keep what this community thinks.",
  forAdmins: "For admins:",
  more: "`/help <command>` shows arguments and examples.",
  /** @param meant the command that was probably meant */
  unknown: (name: string, meant: string | null): Said => ({
    message: `There is no command “/${name}”.`,
    hint: meant === null ? "`/help` lists all." : `Did you mean \`/help ${meant}\`?`,
  }),
  optional: "(optional)",
  oneOf: (choices: string): string => `One of ${choices}`,
  usage: (usage: string): string => `Usage: \`${usage}\``,
  examples: (lines: string): string => `Examples:\n${lines}`,
} as const;

export const start = {
  title: "Hello, I am Depinion",
  about:
    "I explain decentralised physical infrastructure (DePIN) in plain words, show its market with a source and a time behind every number, and keep what this community thinks, without names.",
  first:
    "`/explain depin` explains a term\n`/market` shows the sector, `/digest` the day\n`/topics` lists what you can take a stand on\n`/help` lists everything",
  forAdmins:
    "**For admins:** nothing needs setting up. `/subscribe 9 Vienna` brings a digest every morning at nine, `/settings` shows what you can decide. Members type commands here; I read no other messages. `/privacy` says what I store.",
  noAdvice: "Information, not financial advice.",
} as const;

/** Labels below the first answers that a member sees. */
export const buttons = { explainDepin: "Explain DePIN", market: "Market", topics: "Topics" } as const;
