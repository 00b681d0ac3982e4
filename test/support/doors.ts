/** The whole program behind its three doors at once, and one member who says the same at each of them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type App, buildApp } from "../../src/app/build.ts";
import { readConfig } from "../../src/config/env.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { createConsole } from "../../src/platforms/console/index.ts";
import { buttonLabels, type Exchange, type FakeDiscord, startFakeDiscord, visibleText } from "./fake-discord/index.ts";
import { type FakeTelegram, startFakeTelegram, type FakeMessage as TelegramMessage } from "./fake-telegram/index.ts";
import { sourcesOff } from "./sources-off.ts";
import { openPages } from "./web-pages.ts";

/** What a member sees after saying or pressing something. */
export interface Seen {
  readonly text: string;
  readonly buttons: readonly string[];
  /** A form is open and waits for a text. */
  readonly form: boolean;
}

export interface Speaker {
  says(line: string): Promise<Seen>;
  /** Presses a button of what was last seen. */
  presses(label: string): Promise<Seen>;
  /** Fills in the form that was last seen. */
  writes(text: string): Promise<Seen>;
  /** Fills in a form with several fields by their labels, all at once or one after the other, as the door shows them. */
  fills(answers: Readonly<Record<string, string>>): Promise<Seen>;
}

export interface Doors {
  readonly app: App;
  readonly discord: FakeDiscord;
  readonly telegram: FakeTelegram;
  /** Everything that was logged. */
  readonly log: () => string;
  readonly speakers: Readonly<Record<"console" | "discord" | "telegram", (name: string) => Speaker>>;
  close(): Promise<void>;
}

/** One text after the other, as long as the door asks for one of them. */
const oneByOne =
  (seen: () => Seen, write: (text: string) => Promise<Seen>): Speaker["fills"] =>
  async (answers) => {
    for (;;) {
      const { form, text } = seen();
      const label = Object.keys(answers).find((one) => text.includes(`${one}: `));
      if (!form) return seen();
      if (label === undefined) throw new Error(`nobody has an answer to: ${text}`);
      await write(answers[label] === "" ? "-" : (answers[label] ?? ""));
    }
  };

/**
 * @param env further settings, such as a source's address or `DATABASE_URL`
 * @param posted Discord and Telegram post what happens, instead of being listened to and polled
 */
export async function openDoors(
  env: Readonly<Record<string, string>> = {},
  now: () => Date = () => new Date(),
  { posted = false }: { readonly posted?: boolean } = {},
): Promise<Doors> {
  const [discord, telegram, dataDir] = await Promise.all([
    startFakeDiscord(),
    startFakeTelegram(),
    mkdtemp(join(tmpdir(), "depinion-doors-")),
  ]);
  const config = readConfig({
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    TELEGRAM_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    ...(posted
      ? { HTTP_PORT: "9464", DISCORD_PUBLIC_KEY: discord.endpoint.publicKey, TELEGRAM_WEBHOOK_URL: "https://bot.example.org" }
      : {}),
    ...sourcesOff,
    DATA_DIR: dataDir,
    ...env,
  });
  const lines: string[] = [];
  const log = createLogger({ level: "trace", secrets: config.secrets, out: { write: (line: string) => lines.push(line) } });
  const fatal: string[] = [];
  // The conversation is faster than a person; the cool-down has its own tests.
  const limits = { perMember: 1000, perRoom: 1000, seconds: 1 };
  const app = await buildApp({ config, log, now, limits, onFatal: (_, error) => void fatal.push(error.message) });
  const web = posted ? await openPages(app.webhooks) : null;
  telegram.poster.targets = web === null ? [] : [web.url];
  const told = posted ? telegram.nextCall("setWebhook") : null;
  const connected = discord.gateway.next("ready");
  for (const platform of app.platforms) {
    await platform.publish(app.dispatch.catalogue);
    await platform.start(app.dispatch);
    app.delivery.started(platform.name);
  }
  await connected;
  await told;
  if (web !== null) await discord.endpoint.use(`${web.url}/discord/interactions`);
  return {
    app,
    discord,
    telegram,
    log: () => lines.join(""),
    speakers: {
      console: () => consoleSpeaker(app, join(dataDir, "exports")),
      discord: (name) => discordSpeaker(discord, name),
      telegram: (name) => telegramSpeaker(telegram, name),
    },
    async close() {
      await app.delivery.stop();
      for (const platform of app.platforms) await platform.stop();
      await app.stopDomains();
      await web?.close();
      await app.storage.close();
      await Promise.all([discord.close(), telegram.stop()]);
      await rm(dataDir, { recursive: true, force: true });
      const broken = [...discord.world.violations, ...telegram.violations, ...fatal];
      if (broken.length > 0) throw new Error(`a platform's rule was broken: ${broken.join("; ")}`);
    },
  };
}

function consoleSpeaker(app: App, exportFolder: string): Speaker {
  const output = new PassThrough();
  const seat = createConsole({
    input: new PassThrough(),
    output,
    interactive: false,
    colour: false,
    pseudonymise: app.pseudonymise,
    exportFolder,
  });
  let last: Seen = { text: "", buttons: [], form: false };
  const say = async (line: string): Promise<Seen> => {
    await seat.once(app.dispatch, line);
    const printed = String(output.read() ?? "").trim();
    const rows = printed.split("\n").filter((row) => row.startsWith("[1] "));
    const buttons = rows.flatMap((row) => row.split(/\s*\[\d+\] /).slice(1));
    last = {
      text: printed
        .split("\n")
        .filter((row) => !row.startsWith("[1] "))
        .join("\n"),
      buttons,
      form: printed.includes("Type your answer and press Enter."),
    };
    return last;
  };
  return {
    says: say,
    presses: (label) => {
      const index = last.buttons.indexOf(label);
      if (index < 0) throw new Error(`no button "${label}"; there are: ${last.buttons.join(", ")}`);
      return say(String(index + 1));
    },
    writes: say,
    fills: oneByOne(() => last, say),
  };
}

function discordSpeaker(discord: FakeDiscord, name: string): Speaker {
  const member = discord.member(name);
  let last: Exchange | null = null;
  const see = async (exchange: Exchange): Promise<Seen> => {
    await exchange.settled();
    last = exchange;
    if (exchange.modal !== null) return { text: JSON.stringify(exchange.modal), buttons: [], form: true };
    return { text: exchange.visible.map(visibleText).join("\n"), buttons: exchange.visible.flatMap(buttonLabels), form: false };
  };
  const shown = (): Exchange => {
    if (last === null) throw new Error("nothing was seen yet");
    return last;
  };
  const presses = async (label: string): Promise<Seen> => {
    const message = shown().visible.find((m) => buttonLabels(m).includes(label));
    return see(await member.press(message ?? shown(), label));
  };
  return {
    says: async (line) => see(await member.says(line)),
    presses,
    writes: async (text) => see(await member.submit(shown(), text)),
    async fills(answers) {
      for (;;) {
        const labels = shown().modal?.components.flatMap((one) => (one.type === 18 ? [one.label] : [])) ?? [];
        const seen = await see(
          await member.submit(shown(), Object.fromEntries(Object.entries(answers).filter(([one]) => labels.includes(one)))),
        );
        const [next, ...others] = seen.buttons;
        // What does not fit into one form is asked in a second one, behind a button of its own.
        if (next === undefined || others.length > 0) return seen;
        await presses(next);
      }
    },
  };
}

function telegramSpeaker(telegram: FakeTelegram, name: string): Speaker {
  const person = telegram.user(name);
  const chat = person.private;
  let last: TelegramMessage | undefined;
  const see = (message: TelegramMessage | undefined): Seen => {
    if (message === undefined) throw new Error("nothing was shown");
    last = message;
    return { text: message.text, buttons: message.buttons.map((b) => b.label), form: message.forceReply };
  };
  const seen = (): Seen => {
    if (last === undefined) throw new Error("nothing was seen yet");
    return see(last);
  };
  const writes = async (text: string): Promise<Seen> => {
    if (last === undefined) throw new Error("nothing was seen yet");
    return see(await person.replies(last, text));
  };
  return {
    says: async (line) => see(await person.says(chat, line)),
    presses: async (label) => {
      if (last === undefined) throw new Error("nothing was seen yet");
      return see((await person.press(last, label)).message);
    },
    writes,
    fills: oneByOne(seen, writes),
  };
}

/**
 * The words of an answer, sorted: platforms put small print at the end, name sources in their own way and print links or hide them,
 * but must say the same.
 */
export const wordsOf = ({ text }: Seen): readonly string[] =>
  text
    .replace(/https?:\/\/\S+/g, " ")
    .replace(/\bSource: /g, " ")
    .replace(/\u2060/g, "")
    .split(/[^\p{L}\p{N}$%+−-]+/u)
    .filter((word) => word !== "")
    .sort();
