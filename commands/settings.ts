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
  sections,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const names = ["language", "audience", "timezone", "sections", "quoting", "suggestions", "retention"] as const;
type Name = (typeof names)[number];

/** Which values may follow, for the person who typed something else. */
const expected: Readonly<Record<Name, string>> = {
  language: `${languages.map((language) => languageNames[language]).join(", ")}: no other is built in yet. Answers of \`/ask\` come in each member's own language where a language model is configured`,
  audience: audiences.join(", "),
  timezone: "a city or a zone, such as `Vienna` or `Europe/Vienna`",
  sections: `\`all\`, \`-movers\` to switch one off, \`+movers\` to switch it on, or a list of ${sections.join(", ")}`,
  quoting: "`yes` or `no`",
  suggestions: "`yes` or `no`",
  retention: "a number of days, such as `365`, or `forever`",
};

export default defineCommand({
  name: "settings",
  summary: "What this community has decided: language, audience, zone, sections, quoting, suggestions, retention",
  args: z.object({
    setting: z.enum(names).optional().describe("What to change; without it, everything is shown"),
    value: z.string().trim().max(200).optional().describe("The new value"),
    confirm: z.boolean().optional().describe("Really erase opinions that are older than `retention` allows"),
  }),
  examples: ["/settings", "/settings timezone Vienna", "/settings sections -movers", "/settings quoting no", "/settings retention 365"],
  access: "admin",
  visibility: "public",
  suggest: {
    value: (services, { typed, others, room }) => suggestValues(services, typed, others.setting, room.community),
  },
  async run({ services, room, actor, now }, { setting, value, confirm = false }) {
    const { communities, opinions } = services;
    if (setting === undefined) return reply(...(await overview(services, room.community)));
    if (value === undefined || value === "")
      throw new UserError("no_value", `What shall ${setting} be?`, `It can be ${expected[setting]}.`);
    const before = await communities.current(room.community);
    const wish = await read(services, setting, value, before, now);
    const days = "retentionDays" in wish && wish.retentionDays !== before.retentionDays ? wish.retentionDays : null;
    const gone = days === null || confirm ? 0 : await opinions.older(room.community, days, now);
    if (days !== null && gone > 0) return reply(...askFirst(gone, days));
    const changes = await communities.change(room.community, wish, actor.member, now);
    const change = changes[0];
    if (change === undefined) return reply(text("It is like that already; nothing has changed."));
    return reply(text(`**${titles[setting]}**: ${literal(change.before)} → **${literal(change.after)}**`));
  },
});

/** What is erased does not come back: opinions go within a minute of the change. */
const askFirst = (gone: number, days: number) =>
  [
    text(
      `This erases **${gone === 1 ? "1 opinion" : `${gone} opinions`}** of this community for good: what is older than ${days === 1 ? "1 day" : `${days} days`}. Nothing has changed yet.`,
    ),
    buttons([
      {
        label: "Yes, erase what is older",
        command: "settings",
        args: { setting: "retention", value: String(days), confirm: true },
        update: true,
      },
    ]),
  ] as const;

type Settings = Awaited<ReturnType<Services["communities"]["settings"]>>;

const titles: Readonly<Record<Name, string>> = {
  language: "Language",
  audience: "Audience",
  timezone: "Time zone",
  sections: "Digest sections",
  quoting: "Members are quoted, without a name",
  suggestions: "Digests ask a question, with a button to log one's own answer",
  retention: "Opinions are kept",
};

/** What a change of the history is called: a setting by its title, an asset by its name. */
const called: ReadonlyMap<string, string> = new Map([
  ["language", titles.language],
  ["audience", titles.audience],
  ["zone", titles.timezone],
  ["sections", titles.sections],
  ["quoting", titles.quoting],
  ["suggestions", titles.suggestions],
  ["retentionDays", titles.retention],
]);

async function overview({ communities }: Services, community: Parameters<Services["communities"]["settings"]>[0]) {
  const settings = await communities.current(community);
  const changes = await communities.changes(community, 5);
  const watch =
    settings.watched.length === 0 && settings.unwatched.length === 0
      ? "the usual list"
      : `${settings.watched.length} added, ${settings.unwatched.length} taken off`;
  const lines: readonly (readonly [string, string])[] = [
    [titles.language, languageNames[settings.language]],
    [titles.audience, settings.audience],
    [titles.timezone, settings.zone],
    [titles.sections, settings.sections.length === 0 ? "none" : settings.sections.join(", ")],
    [titles.quoting, settings.quoting ? "yes" : "no"],
    [titles.suggestions, settings.suggestions ? "yes" : "no"],
    [titles.retention, settings.retentionDays === null ? "for ever" : `${settings.retentionDays} days`],
    ["Assets", watch],
  ];
  return [
    heading("Settings of this community"),
    text(lines.map(([title, value]) => `${title}: **${value}**`).join("\n")),
    ...(changes.length === 0
      ? []
      : [
          text(
            [
              "Last changes:",
              ...changes.map(
                ({ at, member, what, before, after }) =>
                  `${formatTime(at, "instant")}: ${literal(called.get(what) ?? what)}: ${literal(before)} → ${literal(after)}, by ${member === null ? "a member who has left" : `admin ${member.slice(0, 6)}`}`,
              ),
            ].join("\n"),
          ),
        ]),
    note("Change one with `/settings <setting> <value>`, such as `/settings timezone Vienna`. Admins are shown by pseudonym."),
    buttons([
      { label: "Digest times", command: "subscribe", args: {} },
      { label: "Assets", command: "watch", args: {} },
    ]),
  ];
}

/** What may follow a setting, for the person who is still typing; nothing before it is known which one. */
async function suggestValues(
  { planning, communities }: Services,
  typed: string,
  setting: unknown,
  community: Parameters<Services["communities"]["settings"]>[0],
) {
  const name = names.find((one) => one === setting);
  if (name === "timezone") return planning.suggestZones(typed, new Date());
  const { sections: shown } = await communities.settings(community);
  const offered: Readonly<Record<Exclude<Name, "timezone">, readonly (readonly [label: string, value: string])[]>> = {
    language: languages.map((language) => [languageNames[language], language]),
    audience: audiences.map((audience) => [audience, audience]),
    sections: [
      ["all sections", "all"],
      ...sections.map((one) =>
        shown.includes(one) ? ([`switch ${one} off`, `-${one}`] as const) : ([`switch ${one} on`, `+${one}`] as const),
      ),
    ],
    quoting: [
      ["yes, without a name", "yes"],
      ["no", "no"],
    ],
    suggestions: [
      ["yes, one in each digest", "yes"],
      ["no", "no"],
    ],
    retention: [["for ever", "forever"], ...[30, 90, 365].map((days) => [`${days} days`, String(days)] as const)],
  };
  const wanted = typed.trim().toLowerCase();
  return (name === undefined ? [] : offered[name])
    .filter(([label, value]) => [label, value].some((words) => words.toLowerCase().includes(wanted)))
    .map(([label, value]) => ({ label, value }));
}

const bad = (setting: Name, value: string) =>
  new UserError("bad_value", `“${literal(value)}” does not fit ${titles[setting].toLowerCase()}.`, `It can be ${expected[setting]}.`);

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
