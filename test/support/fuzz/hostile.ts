/** What a hostile client may send, from a seed: texts, numbers, payloads of buttons, and any message with its shape broken. */
import { randomFrom } from "../random.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export interface Dice {
  /** From 0 to below `below`. */
  below(below: number): number;
  chance(of: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** As many as are asked for, each made by itself. */
  some<T>(most: number, make: () => T): readonly T[];
}

export function diceFrom(seed: number): Dice {
  const random = randomFrom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  return {
    below,
    chance: (of) => random() < of,
    pick(from) {
      const [first] = from;
      const picked = from[below(from.length)] ?? first;
      if (picked === undefined) throw new TypeError("nothing to pick from");
      return picked;
    },
    some: (most, make) => Array.from({ length: below(most + 1) }, make),
  };
}

/** What breaks out of Markdown, HTML, SQL, templates, tables and mentions, or turns writing around. */
const tricks = [
  ...["@everyone", "@here", "<@155149108183695360>", "<@!155149108183695360>", "<@&155149108183695360>", "<#155149108183695360>"],
  ...[
    "@depinion_bot",
    "@someone_else",
    "@durov",
    "tg://user?id=5000000001",
    "[x](tg://user?id=5000000001)",
    "</explain:155149108183695360>",
  ],
  ...["[free](https://example.org/steal)", "[x](javascript:alert(1))", "<https://example.org>", "https://example.org/a_(b)", "||hidden||"],
  ...["**", "__", "~~", "`", "```", "```js\n", "> ", ">>> ", "# ", "-# ", "- ", "* ", "\\", "\\\\`", "_x_", "*x*"],
  ...[
    "<b>",
    "</b>",
    "<a href='x'>",
    "</code>",
    "&lt;",
    "&#x202E;",
    "<!--",
    "{{sector.market_cap}}",
    "{{",
    "}}",
    "$\u007b7*7}",
    "%s%n",
    "%00",
  ],
  ...["'; DROP TABLE opinion; --", "' OR 1=1 --", "=cmd|'/c calc'!A0", "../../etc/passwd", "__proto__", "constructor", "toString", "null"],
  ...["undefined", "NaN", "-0", "1e309", "0x1F", "99999999999999999999", "-1", "½", "１２", "٣", "0.1.2", "1,5", "07:61", "25:00", "24:00"],
  ...["\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200d", "\u2060", "\ufeff", "\u3164", "\u00ad", "\u0000", "\u0007", "\u001b[31m"],
  ...["\r", "\n", "\r\n", "\n\n\n\n", "\t", "\v", "\u0085", "\u2028", "\u2029", "\ud83d", "\ude00", "\ud800\ud800", "\udc00x", "\uffff"],
  ...["🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👩‍👩‍👧‍👦", "🇺🇳", "Z̸̧̛͔̗̀͝a̷l̵g̶o̴", "שלום", "مرحبا", "ﷺ", "\u0e47\u0e47\u0e47\u0e47", "ǅ", "ß", "İ", "K"],
] as const;

/** Words behind which a command does more than refuse. */
const words = [
  ...["depin", "helium", "filecoin", "akash", "proof of coverage", "market", "bitcoin", "AKT", "H100", "A100", "latency", "market-size"],
  ...["too slow", "I agree", "not sure", "agree", "disagree", "9", "09:00", "Vienna", "Europe/Berlin", "weekdays", "mon-fri", "sector"],
  ...[
    "newcomer",
    "investor",
    "for=builder",
    "days=30",
    "gpus=8",
    "hours=24",
    "egress=1TB",
    "page=2",
    "yes",
    "no",
    "show",
    "erase",
    "export",
  ],
  ...["will akt be above 5 dollars on 2027-01-01?", "will bitcoin be above 100000 by friday?", "60", "60%", "language en", "quotes off"],
  ...["which is cheaper? akash | aws | neither", "a | b", "what is the price of filecoin", "how do nodes get paid", "who decides fees"],
] as const;

const alphabets = ["abc xyz", "0123456789 ,.-", "/=?&#|:;", "éèüßñ", "日本語", "עברית", "العربية", "\u0301\u0302\u0323", "👍🏽👎"] as const;

function piece(dice: Dice): string {
  switch (dice.below(8)) {
    case 0:
    case 1:
      return dice.pick(tricks);
    case 2:
    case 3:
    case 4:
      return dice.pick(words);
    case 5: // any code units at all, half of a pair included
      return String.fromCharCode(...dice.some(12, () => dice.below(0x1_0000)));
    case 6: {
      const letters = [...dice.pick(alphabets)];
      return dice.some(12, () => dice.pick(letters)).join("");
    }
    default: // one letter under a tower of marks
      return `${dice.pick(["a", "e", "Z"])}${"\u0301\u0489\u0334".repeat(dice.below(40))}`;
  }
}

/** Mostly a few words, now and then up to `most` characters. */
export function hostileText(dice: Dice, most = 4_096): string {
  const wish = dice.below(100);
  if (wish < 4) return "";
  const text = Array.from({ length: 1 + dice.below(6) }, () => piece(dice)).join(dice.pick([" ", " ", " ", "", "\n"]));
  if (wish >= 97) return text.repeat(Math.ceil(most / Math.max(1, text.length))).slice(0, most);
  return text.slice(0, most);
}

export const hostileNumber = (dice: Dice): number =>
  dice.pick([0, -0, -1, 1, 7, 0.1, 1.5, 100, 1e9, 2 ** 31, 2 ** 32 + 1, 2 ** 53, 2 ** 60, -(2 ** 63), 1e308, 5e-324, dice.below(1_000)]);

/** What could stand behind a button: made by hand, cut short, of another command, or no payload at all. */
export function forgedPayload(dice: Dice, commands: readonly { readonly name: string; readonly params: readonly string[] }[]): string {
  const kind = dice.pick(["o", "p", "f", "ou", "pu", "fu", "x", "", "oo"]);
  if (dice.chance(0.2)) return `${kind}#${dice.pick(["", "AAAAAAAAAAAAAAAAAAAA", hostileText(dice, 40)])}`;
  if (dice.chance(0.15)) return hostileText(dice, 64);
  const { name, params } = dice.pick(commands);
  const given = [...params, "?", "__proto__", "confirm"].filter(() => dice.chance(0.4));
  const query = given.map((param) => `${param}=${dice.chance(0.5) ? safely(hostileText(dice, 30)) : hostileText(dice, 20)}`);
  return `${kind}:${name}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** As `encodeURIComponent`, which throws at half a character. */
const safely = (text: string): string => encodeURIComponent(text.toWellFormed());

const deep = (levels: number): Json => JSON.parse(`${'{"a":['.repeat(levels)}1${"]}".repeat(levels)}`);

/** Anything but what belongs there. */
function wrong(dice: Dice): Json {
  const made: readonly (() => Json)[] = [
    () => null,
    () => hostileNumber(dice),
    () => hostileText(dice, 200),
    () => dice.chance(0.5),
    () => [],
    () => ({}),
    () => [null, 7, "x", [], {}],
    () => ({ id: null, type: "hologram", toString: 1, constructor: null }),
    () => JSON.parse('{"__proto__":{"admin":true},"length":1e9}'),
    () => deep(dice.pick([3, 40, 400])),
    () => "x".repeat(dice.pick([1, 5_000, 100_000])),
    () => Array.from({ length: dice.pick([10, 2_000]) }, () => 0),
  ];
  return dice.pick(made)();
}

/** The same with one part, anywhere, made wrong, taken away, or joined by another. */
export function broken(dice: Dice, value: Json): Json {
  if (typeof value !== "object" || value === null || dice.chance(0.08)) return wrong(dice);
  if (isList(value)) {
    const at = dice.below(value.length + 1);
    return value.length === 0 ? [wrong(dice)] : value.map((one, index) => (index === at % value.length ? broken(dice, one) : one));
  }
  const keys = Object.keys(value);
  const [key] = keys.length === 0 ? [] : [dice.pick(keys)];
  if (key === undefined) return wrong(dice);
  if (dice.chance(0.12)) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  if (dice.chance(0.05)) return { ...value, [hostileText(dice, 20)]: wrong(dice) };
  return { ...value, [key]: broken(dice, value[key] ?? null) };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
