/** The fake Discord is close enough to the real one for discord.js itself, and strict about what a bot sends. */
import { Client, GatewayIntentBits } from "discord.js";
import { afterEach, expect, test } from "vitest";
import { type FakeDiscord, startFakeDiscord, visibleText } from "../../support/fake-discord/index.ts";

let fake: FakeDiscord;
let client: Client | undefined;
afterEach(async () => {
  await client?.destroy();
  client = undefined;
  await fake.close();
});

async function connect(): Promise<Client> {
  client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: fake.url } });
  const ready = new Promise((resolve) => client?.once("clientReady", resolve));
  await client.login(fake.token);
  await ready;
  return client;
}

test("discord.js logs in, sees its servers, answers a command and fills in another", async () => {
  fake = await startFakeDiscord({ guilds: 3 });
  const real = await connect();
  real.on("interactionCreate", async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    if (interaction.commandName === "slow") {
      await interaction.deferReply();
      await interaction.editReply({ content: "Filled in", allowedMentions: { parse: [] } });
    } else await interaction.reply({ content: `Hello ${interaction.options.getString("name", true)}`, allowedMentions: { parse: [] } });
  });
  expect(real.guilds.cache.size).toBe(4);
  const ann = fake.member("ann");
  expect((await ann.slash("greet", { name: "Ann" })).visible.map(visibleText)).toEqual(["Hello Ann"]);
  const slow = await ann.slash("slow");
  expect(slow.steps).toEqual(["defer", "edit"]);
  expect(fake.world.violations).toEqual([]);
});

test("what Discord would refuse is refused, and remembered", async () => {
  fake = await startFakeDiscord();
  const post = (body: object) =>
    fetch(`${fake.url}/v10/channels/${fake.channel.id}/messages`, {
      method: "POST",
      headers: { authorization: `Bot ${fake.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const quiet = { allowed_mentions: { parse: [] } };
  const bad = [
    { content: "x" },
    { content: "x", allowed_mentions: { parse: ["everyone"] } },
    { content: "x".repeat(2001), ...quiet },
    { content: "", ...quiet },
    { embeds: [{ description: "x".repeat(4097) }], ...quiet },
    { embeds: [{ description: "x".repeat(4000) }, { description: "x".repeat(2001) }], ...quiet },
    { content: "x", nonce: "n".repeat(26), ...quiet },
    {
      content: "x",
      components: [{ type: 1, components: Array.from({ length: 6 }, (_, i) => ({ type: 2, style: 2, label: "L", custom_id: `${i}` })) }],
      ...quiet,
    },
    {
      content: "x",
      components: [{ type: 1, components: [1, 2].map(() => ({ type: 2, style: 2, label: "L", custom_id: "same" })) }],
      ...quiet,
    },
  ];
  for (const body of bad) expect((await post(body)).status).toBe(400);
  expect(fake.world.violations).toHaveLength(bad.length);
  expect((await post({ content: "fine", ...quiet })).status).toBe(200);
});

test("requests without the bot's token are refused, and so is a second answer", async () => {
  fake = await startFakeDiscord();
  const unauthorised = await fetch(`${fake.url}/v10/gateway/bot`);
  expect(unauthorised.status).toBe(401);
  const exchange = fake.member("ann").begin.slash("x");
  const answer = () =>
    fetch(`${fake.url}/v10/interactions/${exchange.id}/${exchange.token}/callback`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type: 5 }),
    });
  expect((await answer()).status).toBe(204);
  expect(await (await answer()).json()).toMatchObject({ code: 40060 });
});

test("a limit of messages per channel is enforced with a sliding window", async () => {
  fake = await startFakeDiscord({ channelLimit: { limit: 2, perMs: 60_000 } });
  const post = () =>
    fetch(`${fake.url}/v10/channels/${fake.channel.id}/messages`, {
      method: "POST",
      headers: { authorization: `Bot ${fake.token}`, "content-type": "application/json" },
      body: JSON.stringify({ content: "x", allowed_mentions: { parse: [] } }),
    });
  expect([(await post()).status, (await post()).status]).toEqual([200, 200]);
  const third = await post();
  expect(third.status).toBe(429);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(50);
});
