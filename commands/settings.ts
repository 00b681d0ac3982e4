/** `/settings`: what this community has decided, who decided it, and how to change it. */
import {
  audiences,
  buttons,
  defineCommand,
  formatTime,
  heading,
  languageNames,
  languages,
  literal,
  note,
  reply,
  type Services,
  type SuggestContext,
  sections,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const names = ["language", "audience", "timezone", "sections", "quoting", "suggestions", "retention"] as const;
type Name = (typeof names)[number];

/** The names that can be chosen, for the person who typed something else. */
function choicesOf(setting: Name): string {
  if (setting === "language") return languages.map((language) => languageNames[language]).join(", ");
  return setting === "audience" ? audiences.join(", ") : setting === "sections" ? sections.join(", ") : "";
}

type Words = Texts["settings"];

export default defineCommand({
  name: "settings",
  summary: "What this community has decided: language, audience, zone, sections, quoting, suggestions, retention",
  args: z.object({
    setting: z.enum(names).optional().describe("What to change; without it, everything is shown"),
    value: z.string().trim().max(200).optional().describe("The new value"),
    confirm: z.boolean().optional().describe("Really erase what is older than `retention` allows"),
  }),
  examples: ["/settings", "/settings timezone Vienna", "/settings sections -movers", "/settings quoting no", "/settings retention 365"],
  access: "admin",
  visibility: "public",
  suggest: {
    value: (services, query) => suggestValues(services, query),
  },
  async run({ services, room, actor, now, texts: { settings: words } }, { setting, value, confirm = false }) {
    const { communities } = services;
    if (setting === undefined) return reply(...(await overview(services, room.community, words)));
    if (value === undefined || value === "") throw new UserError("no_value", words.noValue(setting, choicesOf(setting)));
    const before = await communities.current(room.community);
    const wish = await read(services, setting, value, before, now);
    const days = "retentionDays" in wish && wish.retentionDays !== before.retentionDays ? wish.retentionDays : null;
    const gone = days === null || confirm ? null : await communities.older(room.community, days, now);
    if (days !== null && gone !== null && isAny(gone)) return reply(...askFirst(gone, days, words));
    const changes = await communities.change(room.community, wish, actor.member, now);
    const change = changes[0];
    if (change === undefined) return reply(text(words.unchanged));
    return reply(text(`**${words.titles[setting]}**: ${literal(words.kept(change.before))} → **${literal(words.kept(change.after))}**`));
  },
});

const isAny = (gone: Utterances): boolean => Object.values(gone).some((n) => n > 0);

/** What is erased does not come back: it goes within a minute of the change. */
const askFirst = (gone: Utterances, days: number, words: Words) =>
  [
    text(words.reallyErase(gone, days)),
    buttons([
      {
        label: words.yesErase,
        command: "settings",
        args: { setting: "retention", value: String(days), confirm: true },
        update: true,
      },
    ]),
  ] as const;

type Utterances = Awaited<ReturnType<Services["communities"]["older"]>>;
type Settings = Awaited<ReturnType<Services["communities"]["settings"]>>;

/** Which setting a change of the history is of; anything else is an asset, by its name. */
const called: ReadonlyMap<string, Name> = new Map([
  ...names.map((name) => [name, name] as const),
  ["zone", "timezone"],
  ["retentionDays", "retention"],
]);

async function overview({ communities }: Services, community: Parameters<Services["communities"]["settings"]>[0], words: Words) {
  const { titles } = words;
  const settings = await communities.current(community);
  const changes = await communities.changes(community, 5);
  const watch =
    settings.watched.length === 0 && settings.unwatched.length === 0
      ? words.usualList
      : words.watched(settings.watched.length, settings.unwatched.length);
  const lines: readonly (readonly [string, string])[] = [
    [titles.language, languageNames[settings.language]],
    [titles.audience, settings.audience],
    [titles.timezone, settings.zone],
    [titles.sections, settings.sections.length === 0 ? words.none : settings.sections.join(", ")],
    [titles.quoting, settings.quoting ? words.yes : words.no],
    [titles.suggestions, settings.suggestions ? words.yes : words.no],
    [titles.retention, settings.retentionDays === null ? words.forEver : words.days(settings.retentionDays)],
    [words.assets, watch],
  ];
  return [
    heading(words.title),
    text(lines.map(([title, value]) => `${title}: **${value}**`).join("\n")),
    ...(changes.length === 0
      ? []
      : [
          text(
            [
              words.lastChanges,
              ...changes.map(({ at, member, what, before, after }) => {
                const setting = called.get(what);
                const change = {
                  what: literal(setting === undefined ? what : titles[setting]),
                  before: literal(words.kept(before)),
                  after: literal(words.kept(after)),
                };
                return words.change(formatTime(at, "instant"), change, member === null ? null : member.slice(0, 6));
              }),
            ].join("\n"),
          ),
        ]),
    note(words.how),
    buttons([
      { label: words.digestTimes, command: "subscribe", args: {} },
      { label: words.assets, command: "watch", args: {} },
    ]),
  ];
}

/** What may follow a setting, for the person who is still typing; nothing before it is known which one. */
async function suggestValues({ planning, communities }: Services, { typed, others, room, texts }: SuggestContext) {
  const name = names.find((one) => one === others.setting);
  if (name === "timezone") return planning.suggestZones(typed, new Date(), texts.schedule);
  const { sections: shown } = await communities.settings(room.community);
  const { settings: words } = texts;
  const { offers } = words;
  const offered: Readonly<Record<Exclude<Name, "timezone">, readonly (readonly [label: string, value: string])[]>> = {
    language: languages.map((language) => [languageNames[language], language]),
    audience: audiences.map((audience) => [audience, audience]),
    sections: [
      [offers.allSections, "all"],
      ...sections.map((one) =>
        shown.includes(one) ? ([offers.switchOff(one), `-${one}`] as const) : ([offers.switchOn(one), `+${one}`] as const),
      ),
    ],
    quoting: [
      [offers.withoutName, "yes"],
      [words.no, "no"],
    ],
    suggestions: [
      [offers.oneEach, "yes"],
      [words.no, "no"],
    ],
    retention: [[words.forEver, "forever"], ...[30, 90, 365].map((days) => [words.days(days), String(days)] as const)],
  };
  const wanted = typed.trim().toLowerCase();
  return (name === undefined ? [] : offered[name])
    .filter(([label, value]) => [label, value].some((said) => said.toLowerCase().includes(wanted)))
    .map(([label, value]) => ({ label, value }));
}

const bad = (setting: Name, value: string) =>
  new UserError("bad_value", ({ settings }) => settings.badValue(literal(value), setting, choicesOf(setting)));

/** @throws UserError where the value cannot be read */
async function read({ planning }: Services, setting: Name, value: string, before: Settings, now: Date) {
  switch (setting) {
    case "language": {
      const language = languages.find((one) => [one, languageNames[one].toLowerCase()].includes(value.toLowerCase()));
      if (language === undefined) throw bad(setting, value);
      return { language };
    }
    case "audience": {
      const audience = audiences.find((one) => one === value.toLowerCase().replace(/s$/, ""));
      if (audience === undefined) throw bad(setting, value);
      return { audience };
    }
    case "timezone":
      return { zone: await planning.zone(value, now) };
    case "sections":
      return { sections: readSections(value, before) };
    case "quoting":
      return { quoting: readYes(setting, value) };
    case "suggestions":
      return { suggestions: readYes(setting, value) };
    case "retention": {
      if (/^(for ?ever|off|none)$/i.test(value)) return { retentionDays: null };
      const days = Number(/^(\d{1,4})\s*(d|days?)?$/i.exec(value)?.[1]);
      if (!Number.isInteger(days) || days < 1 || days > 3650) throw bad(setting, value);
      return { retentionDays: days };
    }
  }
}

/** @throws UserError where it is neither yes nor no */
function readYes(setting: Name, value: string): boolean {
  const yes = /^(yes|on|true)$/i.test(value);
  if (!yes && !/^(no|off|false)$/i.test(value)) throw bad(setting, value);
  return yes;
}

function readSections(value: string, before: Settings) {
  if (/^all$/i.test(value)) return sections;
  const words = value
    .toLowerCase()
    .split(/[\s,;]+/)
    .filter((word) => word !== "");
  const named = words.map((word) => ({ sign: /^[+-]/.exec(word)?.[0], name: word.replace(/^[+-]/, "") }));
  if (named.some(({ name }) => !sections.some((section) => section === name))) throw bad("sections", value);
  const relative = named.every(({ sign }) => sign !== undefined);
  if (!relative && named.some(({ sign }) => sign !== undefined)) throw bad("sections", value);
  const chosen = new Set<string>(relative ? before.sections : []);
  for (const { sign, name } of named) {
    if (sign === "-") chosen.delete(name);
    else chosen.add(name);
  }
  return sections.filter((section) => chosen.has(section));
}
