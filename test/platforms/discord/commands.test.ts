/** The commands as Discord is told of them, and only when they have changed. */
import { afterEach, expect, test } from "vitest";
import { commands as realCommands } from "../../../commands/index.ts";
import { commandPayloads, normalise } from "../../../src/platforms/discord/commands.ts";
import { ClientRefused } from "../../support/fake-discord/index.ts";
import { type Bot, smallCommands, startBot } from "./bot.ts";

let bot: Bot | undefined;
afterEach(async () => {
  await bot?.stop();
  expect(bot?.fake.world.violations ?? []).toEqual([]);
  bot = undefined;
});

const puts = () => bot?.fake.world.requests.filter((r) => r.method === "PUT").length;
const named = (name: string) => {
  const found = bot?.fake.world.commands.find((c) => c.name === name);
  if (found === undefined) throw new Error(`no command ${name}`);
  return found;
};

test("commands are published with one overwrite, and not again while they are the same", async () => {
  bot = await startBot();
  expect(puts()).toBe(1);
  await bot.platform.publish(bot.dispatch.catalogue);
  expect(puts()).toBe(1);
  await bot.platform.publish([...bot.dispatch.catalogue].reverse());
  expect(puts()).toBe(1);
  await bot.platform.publish(bot.dispatch.catalogue.map((c) => (c.name === "say" ? { ...c, summary: "Say something else" } : c)));
  expect(puts()).toBe(2);
  expect(named("say").description).toBe("Say something else");
});

test("arguments become options with types, limits, choices and autocomplete", async () => {
  bot = await startBot();
  expect(named("say").options).toMatchObject([
    { type: 3, name: "words", required: true, autocomplete: true, max_length: 3000 },
    { type: 5, name: "loud", required: false },
    { type: 4, name: "times", min_value: 1, max_value: 9 },
    {
      type: 3,
      name: "tone",
      choices: [
        { name: "plain", value: "plain" },
        { name: "formal", value: "formal" },
      ],
    },
  ]);
});

test("commands work in servers, in the bot's chat and wherever a member brings the bot", async () => {
  bot = await startBot();
  expect(named("say")).toMatchObject({ integration_types: [0, 1], contexts: [0, 1, 2], default_member_permissions: null });
});

test("commands for admins are hidden from members without Manage Server", async () => {
  bot = await startBot();
  expect(named("admin").default_member_permissions).toBe(String(1 << 5));
});

test("a command with a menu label is offered in the menu of messages", async () => {
  bot = await startBot();
  expect(named("Note this")).toMatchObject({ type: 3 });
});

test("Discord's answer to something published counts as the same, with all that Discord adds", () => {
  const payloads = commandPayloads(smallCommands.map((c) => c.info));
  const answered = payloads.map((p) => ({ id: "1", version: "2", nsfw: false, dm_permission: true, name_localizations: null, ...p }));
  expect(normalise(answered)).toBe(normalise(payloads));
});

test("an answer that is no list of commands is overwritten", async () => {
  bot = await startBot({ started: false });
  bot.fake.fail({ method: "GET", path: "/commands", fault: { status: 200, body: [null, { name: 5 }] } });
  await bot.platform.publish(bot.dispatch.catalogue);
  expect(puts()).toBe(1);
});

test("every command of the program is one that Discord takes", async () => {
  bot = await startBot({ started: false });
  await bot.platform.publish(realCommands.map((c) => c.info));
  expect(bot.fake.world.commands.length).toBeGreaterThanOrEqual(realCommands.length);
});

test("a typed line becomes options by the published commands, and what the client would not send is refused there", async () => {
  bot = await startBot();
  const ann = bot.fake.member("ann");
  expect(ann.typed("/say hello out there times=3 loud=yes").values).toEqual({ words: "hello out there", times: 3, loud: true });
  expect(ann.typed('/say "quoted words"').values).toEqual({ words: "quoted words" });
  for (const line of [
    "/nonsense",
    "hello",
    "/say",
    "/secret surplus",
    "/say hello tone=rude",
    "/say hello times=many",
    "/say hello times=99",
    `/say ${"x".repeat(3001)}`,
  ])
    expect(() => ann.typed(line), line).toThrow(ClientRefused);
});
