/** Discord's client as far as it stands between a person and the bot: it makes options of what is typed, and refuses what does not fit. */
import { z } from "zod";
import type { Param } from "../../../src/core/params.ts";
import { parseTextArgs } from "../../../src/core/text-args.ts";
import type { FakeOption } from "./validate.ts";

/** Discord's own client would not have sent this, and says so itself; the bot never hears of it. */
export class ClientRefused extends Error {
  override readonly name = "ClientRefused";
}

export type Value = string | number | boolean;

const publishedShape = z.object({ id: z.string(), name: z.string(), type: z.int(), options: z.array(z.custom<FakeOption>()).default([]) });
type Published = z.infer<typeof publishedShape>;

type Commands = readonly Record<string, unknown>[];

export interface TypedLine {
  readonly name: string;
  readonly values: Record<string, Value>;
}

/** A command line as options of a published command. @throws ClientRefused */
export function typeLine(commands: Commands, line: string): TypedLine {
  const [, name = "", rest = ""] = /^\/(\S+)\s*([\s\S]*)$/.exec(line.trim()) ?? [];
  const command = find(commands, name.toLowerCase());
  if (command === null) throw new ClientRefused(`there is no command /${name}`);
  const { values, surplus } = parseTextArgs(paramsOf(command), rest);
  if (surplus.length > 0) throw new ClientRefused(`/${name} has no field for "${surplus.join(" ")}"`);
  return { name: command.name, values: Object.fromEntries(command.options.flatMap((o) => checked(o, values[o.name]))) };
}

function find(commands: Commands, name: string): Published | null {
  const found = commands.find((c) => c.name === name && c.type === 1);
  return found === undefined ? null : publishedShape.parse(found);
}

const paramTypes: Readonly<Record<number, Param["type"]>> = { 3: "string", 4: "integer", 5: "boolean", 10: "number" };

/** The core's view of published options: the last text without choices takes the rest of the line. */
function paramsOf({ options }: Published): readonly Param[] {
  const last = options.findLastIndex((o) => o.type === 3 && o.choices === undefined);
  return options.map((o, i) => ({
    name: o.name,
    summary: o.description,
    type: paramTypes[o.type] ?? "string",
    required: o.required ?? false,
    rest: i === last,
    named: false,
    ...(o.choices === undefined ? {} : { choices: o.choices.map((c) => String(c.value)) }),
  }));
}

/** A field's value, checked as Discord's client checks it. */
function checked(option: FakeOption, value: unknown): [string, Value][] {
  const { name } = option;
  if (value === undefined || value === "") {
    if (option.required === true) throw new ClientRefused(`"${name}" is required`);
    return [];
  }
  const type = paramTypes[option.type];
  if (type === "string" && typeof value === "string") {
    if (option.choices !== undefined && !option.choices.some((c) => c.value === value))
      throw new ClientRefused(`"${name}" has no choice "${value}"`);
    if (value.length > (option.max_length ?? 6000)) throw new ClientRefused(`"${name}" is too long`);
    return [[name, value]];
  }
  if (type === "boolean" && typeof value === "boolean") return [[name, value]];
  if (typeof value !== "number" || (type === "integer" && !Number.isInteger(value))) throw new ClientRefused(`"${name}" must be a ${type}`);
  if (value < (option.min_value ?? -Infinity) || value > (option.max_value ?? Infinity))
    throw new ClientRefused(`"${name}" is out of range`);
  return [[name, value]];
}

const valueTypes = { string: 3, number: 10, boolean: 5 } as const;

/** Options are typed as published; those of a command that was never published as their values are. */
export function optionsOf(
  commands: Commands,
  name: string,
  values: Readonly<Record<string, Value>>,
): { type: number; name: string; value: Value }[] {
  const command = find(commands, name);
  return Object.entries(values).map(([option, value]) => ({
    type: command?.options.find((o) => o.name === option)?.type ?? valueTypes[typeof value as keyof typeof valueTypes],
    name: option,
    value,
  }));
}
