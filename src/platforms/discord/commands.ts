/** The bot's commands as Discord knows them: built from the core's definitions, compared with what is published, replaced when they differ. */
import { ContextMenuCommandBuilder, SlashCommandBuilder } from "@discordjs/builders";
import type { REST } from "@discordjs/rest";
import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type RESTPostAPIApplicationCommandsJSONBody,
  Routes,
} from "discord-api-types/v10";
import { z } from "zod";
import type { CommandInfo } from "../../core/command.ts";
import type { Param } from "../../core/params.ts";
import { persist } from "./rest.ts";

/** Installed to a server or to a user, usable in servers, in the bot's own chat and in other private chats. */
const everywhere = {
  integration: [ApplicationIntegrationType.GuildInstall, ApplicationIntegrationType.UserInstall],
  contexts: [InteractionContextType.Guild, InteractionContextType.BotDM, InteractionContextType.PrivateChannel],
} as const;

/** The payloads of all commands: slash commands, and a message menu entry where a command has one. */
export function commandPayloads(commands: readonly CommandInfo[]): readonly RESTPostAPIApplicationCommandsJSONBody[] {
  return commands.flatMap((info) => [slash(info), ...(info.messageMenu === undefined ? [] : [menu(info, info.messageMenu)])]);
}

/** Hidden from members without Manage Server; asked again when the command runs, because servers can change it. */
const permissions = (info: CommandInfo): bigint | null => (info.access === "admin" ? PermissionFlagsBits.ManageGuild : null);

function menu(info: CommandInfo, label: string): RESTPostAPIApplicationCommandsJSONBody {
  return new ContextMenuCommandBuilder()
    .setName(label)
    .setType(ApplicationCommandType.Message)
    .setDefaultMemberPermissions(permissions(info))
    .setIntegrationTypes(...everywhere.integration)
    .setContexts(...everywhere.contexts)
    .toJSON();
}

function slash(info: CommandInfo): RESTPostAPIApplicationCommandsJSONBody {
  const builder = new SlashCommandBuilder()
    .setName(info.name)
    .setDescription(info.summary)
    .setDefaultMemberPermissions(permissions(info))
    .setIntegrationTypes(...everywhere.integration)
    .setContexts(...everywhere.contexts);
  for (const param of info.params) addOption(builder, param, info.suggests.includes(param.name));
  return builder.toJSON();
}

function addOption(builder: SlashCommandBuilder, param: Param, suggests: boolean): void {
  const { name, summary, required, min, max } = param;
  switch (param.type) {
    case "string":
      builder.addStringOption((option) => {
        option.setName(name).setDescription(summary).setRequired(required).setAutocomplete(suggests);
        if (param.choices !== undefined) return option.addChoices(param.choices.map((c) => ({ name: c, value: c })));
        // A trimmed text may be shorter than what is typed: only an upper limit is Discord's to check.
        return max === undefined ? option : option.setMaxLength(max);
      });
      return;
    case "integer":
      builder.addIntegerOption((option) => bounded(option.setName(name).setDescription(summary).setRequired(required), min, max));
      return;
    case "number":
      builder.addNumberOption((option) => bounded(option.setName(name).setDescription(summary).setRequired(required), min, max));
      return;
    case "boolean":
      builder.addBooleanOption((option) => option.setName(name).setDescription(summary).setRequired(required));
      return;
    default:
      param.type satisfies never;
  }
}

interface Bounded {
  setMinValue(min: number): this;
  setMaxValue(max: number): this;
}

function bounded<T extends Bounded>(option: T, min: number | undefined, max: number | undefined): T {
  if (min !== undefined) option.setMinValue(min);
  if (max !== undefined) option.setMaxValue(max);
  return option;
}

const published = z.object({
  type: z.number().nullish(),
  name: z.string(),
  description: z.string().nullish(),
  default_member_permissions: z.union([z.string(), z.number()]).nullish(),
  integration_types: z.array(z.number()).nullish(),
  contexts: z.array(z.number()).nullish(),
  options: z
    .array(
      z.object({
        type: z.number(),
        name: z.string(),
        description: z.string().nullish(),
        required: z.boolean().nullish(),
        autocomplete: z.boolean().nullish(),
        choices: z.array(z.object({ name: z.string(), value: z.union([z.string(), z.number()]) })).nullish(),
        min_value: z.number().nullish(),
        max_value: z.number().nullish(),
        min_length: z.number().nullish(),
        max_length: z.number().nullish(),
      }),
    )
    .nullish(),
});

/**
 * One text per set of commands, whatever defaults and additions Discord answers with: equal texts need no publishing.
 * @throws ZodError where Discord answers something else than commands
 */
export function normalise(commands: unknown): string {
  const list = z.array(published).parse(commands);
  const plain = list.map((c) => ({
    type: c.type ?? ApplicationCommandType.ChatInput,
    name: c.name,
    description: c.description ?? "",
    permissions: c.default_member_permissions == null ? null : String(c.default_member_permissions),
    integrations: [...(c.integration_types ?? [])].sort(),
    contexts: [...(c.contexts ?? [])].sort(),
    options: (c.options ?? []).map((o) => ({
      type: o.type,
      name: o.name,
      description: o.description ?? "",
      required: o.required ?? false,
      autocomplete: o.autocomplete ?? false,
      choices: (o.choices ?? []).map(({ name, value }) => [name, value]),
      bounds: [o.min_value ?? null, o.max_value ?? null, o.min_length ?? null, o.max_length ?? null],
    })),
  }));
  return JSON.stringify(plain.sort((a, b) => a.type - b.type || (a.name < b.name ? -1 : 1)));
}

function isPublished(existing: unknown, wanted: unknown): boolean {
  try {
    return normalise(existing) === normalise(wanted);
  } catch {
    return false;
  }
}

/** Replaces the global commands where they differ from `commands`; returns whether they did. */
export async function publishCommands(rest: REST, commands: readonly CommandInfo[]): Promise<boolean> {
  const { id } = z.object({ id: z.string() }).parse(await persist(() => rest.get(Routes.currentApplication())));
  const wanted = commandPayloads(commands);
  const existing = await persist(() => rest.get(Routes.applicationCommands(id)));
  if (isPublished(existing, wanted)) return false;
  await persist(() => rest.put(Routes.applicationCommands(id), { body: wanted }));
  return true;
}
