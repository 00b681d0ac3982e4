/** Someone else's words: quoted from the message menu, kept nowhere but in the bot's message, and logged only when their author presses. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cleanText } from "../../../src/core/markup.ts";
import { buttonLabels, type Exchange, visibleText } from "../../support/fake-discord/index.ts";
import { type Bot, startBot } from "./bot.ts";

let bot: Bot;
/** What the last pressed button stood under. */
let quoted: string | undefined;
beforeEach(async () => {
  quoted = undefined;
  bot = await startBot({
    spy: ({ input, replyTo }) => {
      if (input.kind === "button") quoted = replyTo?.text;
    },
  });
});
afterEach(async () => {
  await bot.stop();
  expect(bot.fake.world.violations).toEqual([]);
  expect(bot.fake.world.pinged).toEqual([]);
});

const texts = (exchange: Exchange) => exchange.visible.map(visibleText);

const hostile =
  "**not** _bold_ ~~x~~ ||spoiler|| `code` ```js\nfence``` > quote\n# heading\n-# small\n- list\n1. one\n[click](https://evil.example) <@123456789012345678> @everyone https://a_b.example/_x_ :smile: \\* \\\\ ¯\\_(ツ)_/¯ 🧑‍🚀 e\u0301";

test("the author's exact words travel from the menu over two messages to the log", async () => {
  const { fake } = bot;
  const [ann, bob] = [fake.member("ann"), fake.member("bob")];
  const message = bob.posts(hostile);

  const asked = await ann.menu("Note this", message);
  expect(texts(asked)[0]).toContain("What is it about?");
  expect(texts(asked)[0]).toContain(cleanText(hostile));
  expect(asked.visible[0]?.viewer).toBe(ann.user.id);

  const prompt = await ann.press(asked, "Work");
  expect(texts(prompt)[0]).toContain("bob, may I?");
  expect(prompt.visible[0]?.viewer).toBeNull();

  const refused = await ann.press(prompt, "Yes");
  expect(texts(refused)[0]).toContain("for the member it was made for");

  const logged = await bob.press(prompt, "Yes").then((e) => e.settled());
  expect(logged.visible.at(-1)?.viewer).toBe(bob.user.id);
  expect(texts(logged).at(-1)).toContain(`Noted: ${cleanText(hostile)}`);
});

test("after consent the public message keeps its words and loses its buttons, and the answer is private", async () => {
  const { fake } = bot;
  const [ann, bob] = [fake.member("ann"), fake.member("bob")];
  const prompt = await ann.press(await ann.menu("Note this", bob.posts("Egress is what kills it")), "Work");
  const logged = await bob.press(prompt, "Yes").then((e) => e.settled());
  expect(logged.steps).toEqual(["update", "follow_up"]);
  const [before] = prompt.visible;
  if (before === undefined) throw new Error("the prompt is gone");
  expect(buttonLabels(before)).toEqual([]);
  expect(visibleText(before)).toContain("Egress is what kills it");
  expect(logged.visible.at(-1)?.viewer).toBe(bob.user.id);
});

test("one's own message needs nobody's consent", async () => {
  const ann = bot.fake.member("ann");
  const logged = await ann.press(await ann.menu("Note this", ann.posts("Mine")), "Work");
  expect(texts(logged)).toEqual(["Noted: Mine"]);
});

test("a message without words or author is answered, not stumbled over", async () => {
  const { fake } = bot;
  const ann = fake.member("ann");
  expect(texts(await ann.menu("Note this", fake.member("bob").posts("")))[0]).toContain("What is it about?");
  const nobody = ann.interact(2, {
    id: "1",
    name: "Note this",
    type: 3,
    target_id: "5",
    resolved: { messages: { 5: { id: "5", author: null, content: null } } },
  });
  expect((await nobody.answered()).steps).toEqual(["modal"]);
  const nothing = ann.interact(2, { id: "1", name: "Note this", type: 3, target_id: "5", resolved: null });
  expect((await nothing.answered()).steps).toEqual(["modal"]);
});

test("any words at all come back unharmed from the message that quotes them", async () => {
  const { fake } = bot;
  const [ann, bob] = [fake.member("ann"), fake.member("bob")];
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 2000, size: "max" }),
        fc
          .array(
            fc.constantFrom(
              "\\",
              "*",
              "_",
              "`",
              "|",
              ">",
              "#",
              "-",
              "1.",
              "[",
              "]",
              "(",
              ")",
              "<@1>",
              ":",
              "://",
              "\n",
              "\u200b",
              " ",
              "x",
            ),
            { minLength: 1, maxLength: 700 },
          )
          .map((l) => l.join("")),
      ),
      async (words) => {
        // Discord keeps no outer white space, so no message has any.
        const written = words.trim().slice(0, 2000);
        fc.pre(written !== "");
        await ann.press(await ann.menu("Note this", bob.posts(written)), "Work");
        expect(quoted).toBe(cleanText(written));
      },
    ),
    { numRuns: 60 },
  );
});
