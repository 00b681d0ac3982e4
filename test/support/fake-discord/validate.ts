/** Discord's limits on what a bot sends: what breaks them is answered 400 and remembered. */
import { z } from "zod";
import { pollShape } from "./polls.ts";
import type { FakeFile } from "./world.ts";

const button = z.object({
  type: z.literal(2),
  style: z.int().min(1).max(4),
  label: z.string().min(1).max(80),
  custom_id: z.string().min(1).max(100),
});
const row = z.object({ type: z.literal(1), components: z.array(button).min(1).max(5) });

const embed = z.object({
  title: z.string().min(1).max(256).optional(),
  description: z.string().min(1).max(4096).optional(),
  color: z.int().min(0).max(0xffffff).optional(),
  url: z.url().optional(),
  author: z.object({ name: z.string().min(1).max(256), url: z.url().optional() }).optional(),
  footer: z.object({ text: z.string().min(1).max(2048) }).optional(),
  image: z.object({ url: z.string().regex(/^(https?|attachment):\/\//) }).optional(),
  fields: z
    .array(z.object({ name: z.string().min(1).max(256), value: z.string().min(1).max(1024) }))
    .max(25)
    .optional(),
});

const attachment = z.object({
  id: z.union([z.int(), z.string()]),
  filename: z.string().min(1).optional(),
  description: z.string().max(1024).optional(),
});

const messageShape = z.object({
  content: z.string().max(2000).nullish(),
  embeds: z.array(embed).max(10).nullish(),
  components: z.array(row).max(5).nullish(),
  attachments: z.array(attachment).max(10).nullish(),
  allowed_mentions: z.object({ parse: z.array(z.string()).optional() }).optional(),
  flags: z.int().nullish(),
  nonce: z.union([z.string().max(25), z.int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  poll: pollShape.nullish(),
});

export type FakeEmbed = z.infer<typeof embed>;
export type FakeRow = z.infer<typeof row>;
export type FakeAttachment = z.infer<typeof attachment>;

/** A message as it is stored. */
export interface ValidMessage {
  readonly content: string;
  readonly embeds: readonly FakeEmbed[];
  readonly components: readonly FakeRow[];
  readonly attachments: readonly FakeAttachment[];
  readonly allowed: readonly string[];
}

export const emptyMessage: ValidMessage = { content: "", embeds: [], components: [], attachments: [], allowed: [] };

/** Discord's answer to a bad payload. */
export class Invalid extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const lengthOf = (e: FakeEmbed): number =>
  (e.title?.length ?? 0) +
  (e.description?.length ?? 0) +
  (e.footer?.text.length ?? 0) +
  (e.author?.name.length ?? 0) +
  (e.fields ?? []).reduce((sum, f) => sum + f.name.length + f.value.length, 0);

/** Discord stores text without outer white space. */
const trimmed = (e: FakeEmbed): FakeEmbed => ({
  ...e,
  ...(e.title === undefined ? {} : { title: e.title.trim() }),
  ...(e.description === undefined ? {} : { description: e.description.trim() }),
});

/**
 * The message after this payload; fields that the payload leaves out stay as they were.
 * @throws Invalid
 */
export function applyMessage(
  before: ValidMessage,
  payload: unknown,
  files: readonly Pick<FakeFile, "id" | "name" | "content">[],
): ValidMessage {
  const p = parse(messageShape, payload);
  if (p.allowed_mentions === undefined) throw new Invalid(50035, "allowed_mentions is missing: Discord would ping whomever the text names");
  if ((p.allowed_mentions.parse ?? ["users"]).length > 0) throw new Invalid(50035, "allowed_mentions.parse must be []");
  const after: ValidMessage = {
    content: (p.content === undefined ? before.content : (p.content ?? "")).trim(),
    embeds: (p.embeds === undefined ? before.embeds : (p.embeds ?? [])).map(trimmed),
    components: p.components === undefined ? before.components : (p.components ?? []),
    attachments: p.attachments === undefined ? before.attachments : (p.attachments ?? []),
    allowed: p.allowed_mentions.parse ?? [],
  };
  if (after.embeds.reduce((sum, e) => sum + lengthOf(e), 0) > 6000) throw new Invalid(50035, "embeds: more than 6000 characters in total");
  const ids = after.components.flatMap((r) => r.components.map((b) => b.custom_id));
  if (new Set(ids).size !== ids.length) throw new Invalid(50035, "components: duplicate custom_id");
  if (p.enforce_nonce === true && (p.nonce === undefined || p.nonce === null)) throw new Invalid(50035, "enforce_nonce without a nonce");
  checkFiles(after, files);
  if (after.content === "" && after.embeds.length === 0 && after.components.length === 0 && files.length === 0 && p.poll == null)
    throw new Invalid(50006, "Cannot send an empty message");
  return after;
}

const maxUpload = 10 * 1024 * 1024;

/** Every attachment is an uploaded file, and every picture of an embed an attachment (reference, "Uploading Files"). @throws Invalid */
function checkFiles({ attachments, embeds }: ValidMessage, files: readonly Pick<FakeFile, "id" | "name" | "content">[]): void {
  if (files.length > 10) throw new Invalid(30015, "Maximum number of attachments in a message reached (10)");
  if (files.reduce((sum, f) => sum + f.content.byteLength, 0) > maxUpload) throw new Invalid(40005, "Request entity too large");
  const unknown = attachments.find(({ id }) => !files.some((f) => String(f.id) === String(id)));
  if (unknown !== undefined) throw new Invalid(50035, `attachments: there is no files[${unknown.id}]`);
  for (const { image } of embeds) {
    const name = image?.url.startsWith("attachment://") ? image.url.slice("attachment://".length) : undefined;
    if (name !== undefined && files.filter((f) => f.name === name).length !== 1)
      throw new Invalid(50035, `embeds: ${name} is not the name of exactly one file`);
  }
}

const textInput = z.object({
  type: z.literal(4),
  custom_id: z.string().min(1).max(100),
  style: z.union([z.literal(1), z.literal(2)]),
  min_length: z.int().min(0).max(4000).optional(),
  max_length: z.int().min(1).max(4000).optional(),
  required: z.boolean().optional(),
  placeholder: z.string().max(100).optional(),
  value: z.string().max(4000).optional(),
});
export const modalShape = z.object({
  custom_id: z.string().min(1).max(100),
  title: z.string().min(1).max(45),
  components: z
    .array(
      z.union([
        z.object({
          type: z.literal(18),
          label: z.string().min(1).max(45),
          description: z.string().min(1).max(100).optional(),
          component: textInput,
        }),
        z.object({ type: z.literal(1), components: z.tuple([textInput.extend({ label: z.string().min(1).max(45) })]) }),
        z.object({ type: z.literal(10), content: z.string().min(1).max(4000) }),
      ]),
    )
    .min(1)
    .max(5),
});

export const choicesShape = z.object({
  choices: z.array(z.object({ name: z.string().min(1).max(100), value: z.union([z.string().min(1).max(100), z.number()]) })).max(25),
});

const name = z
  .string()
  .regex(/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u)
  .refine((s) => s === s.toLowerCase(), "must be lower case");
const option = z.object({
  type: z.int().min(3).max(11),
  name,
  description: z.string().min(1).max(100),
  required: z.boolean().optional(),
  autocomplete: z.boolean().optional(),
  choices: z
    .array(z.object({ name: z.string().min(1).max(100), value: z.union([z.string().min(1).max(100), z.number()]) }))
    .max(25)
    .optional(),
  min_length: z.int().min(0).max(6000).optional(),
  max_length: z.int().min(1).max(6000).optional(),
  min_value: z.number().optional(),
  max_value: z.number().optional(),
});
const shared = {
  default_member_permissions: z.string().nullish(),
  contexts: z.array(z.int().min(0).max(2)).min(1).optional(),
  integration_types: z.array(z.int().min(0).max(1)).min(1).optional(),
};
const chatInput = z.object({
  type: z.literal(1).default(1),
  name,
  description: z.string().min(1).max(100),
  options: z.array(option).max(25).optional(),
  ...shared,
});
const menu = z.object({ type: z.union([z.literal(2), z.literal(3)]), name: z.string().min(1).max(32), ...shared });

export type FakeOption = z.infer<typeof option>;

/** @throws Invalid */
export function validCommands(payload: unknown): (z.infer<typeof chatInput> | z.infer<typeof menu>)[] {
  const commands = parse(z.array(z.union([menu, chatInput])), payload);
  if (commands.filter((c) => c.type === 1).length > 100) throw new Invalid(30032, "Maximum number of application commands reached (100)");
  if (commands.filter((c) => c.type === 3).length > 15) throw new Invalid(30032, "Maximum number of message commands reached");
  const keys = commands.map((c) => `${c.type}:${c.name}`);
  if (new Set(keys).size !== keys.length) throw new Invalid(50035, "Application command names must be unique");
  for (const command of commands) {
    if (!("options" in command)) continue;
    const required = command.options?.map((o) => o.required === true) ?? [];
    if (required.lastIndexOf(true) > required.indexOf(false) && required.includes(false))
      throw new Invalid(50035, `${command.name}: required options must be placed before non-required options`);
    if (command.options?.some((o) => o.autocomplete === true && o.choices !== undefined))
      throw new Invalid(50035, `${command.name}: choices and autocomplete exclude each other`);
  }
  return commands;
}

/** @throws Invalid naming every path that is wrong */
export function parse<T>(schema: z.ZodType<T>, payload: unknown): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  throw new Invalid(50035, result.error.issues.map((i) => `${i.path.join(".")}: ${i.message}`).join("; "));
}
