/** `/report`: a member tells how a real run went, by a form or in one line, and corrects or erases it; nothing that was typed is lost. */
import {
  type Block,
  type Button,
  buttons,
  type CommandContext,
  defineCommand,
  type FormField,
  fieldsForm,
  formatTime,
  isPrivateCommunity,
  literal,
  neededFields,
  note,
  type Problem,
  quote,
  type Reply,
  type Report,
  type Run,
  type RunField,
  type RunWords,
  reply,
  runFields,
  type Services,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** More than any answer may have, so that what is too long is refused with what may be, and kept. */
const maxTyped = 300;
const maxEvidence = 1000;
/** Of what is stored of the evidence. */
const maxStored = 500;
/** As many as one form shows. */
const mostFields = 5;

const typed = z.string().max(maxTyped).optional();

export default defineCommand({
  name: "report",
  summary: "Report how a real run went: interruptions, checkpoints, recovery",
  args: z.object({
    network: typed.describe("Where it ran, such as Akash"),
    gpu: typed.describe("Which GPU, such as H100"),
    gpus: typed.describe("How many, such as 8, or 2x8 for two nodes of eight"),
    hours: typed.describe("How long it ran, in hours, or such as 3d"),
    interruptions: typed.describe("How often a node of it stopped"),
    written: typed.describe("Checkpoints that were written"),
    lost: typed.describe("Checkpoints that were lost or corrupt when they were needed"),
    resumed: typed.describe("How often it went on from a checkpoint"),
    recovery: typed.describe("From an interruption to working again, in minutes, or such as 2h"),
    evidence: z.string().max(maxEvidence).optional().describe("A link or a line of the log"),
    id: z.string().trim().max(40).optional().describe("A report of yours, to correct or erase it"),
    change: z
      .enum([...runFields, "choose", "erase", "heard", "more"])
      .optional()
      .describe("What to do with it"),
  }),
  examples: ["/report", "/report akash H100 2x8 72 3 140 1 2 15min https://example.org/run-log"],
  access: "everyone",
  visibility: "private",
  // Where all of a run is told in one line, nothing is left to ask for.
  opensForm: "interruptions",
  named: ["id", "change"],
  suggest: { network: async ({ ledger }, { typed, room }) => choices(await ledger.suggest(room.community, typed)) },
  async run(context, { id, change, ...given }) {
    const words = said(given);
    if (id !== undefined) return known(context, id, change, words);
    if (change === "choose" || change === "erase") return own(context);
    const { services, room, actor, now, pressed, key, texts } = context;
    const { run, problem } = services.ledger.read(words);
    const on = change === "more" ? { change } : {};
    if (problem !== null) return again(texts, words, problem, on);
    const missing = neededFields.filter((name) => words[name] === undefined);
    if (missing.length > 0) return ask(texts, texts.ledger.form.first, words, missing, { change: "more" });
    const open = change === "more" ? runFields.filter((name) => words[name] === undefined && isAsked(name, words)) : [];
    if (open.length > 0) return ask(texts, texts.ledger.form.more, words, open, on, hasMore(words) ? undefined : texts.ledger.form.next);
    if (run === null) throw new TypeError("a run that is neither read nor wrong");
    const origin = pressed ?? key;
    const report = await services.ledger.report({ community: room.community, member: actor.member, run, at: now, origin });
    if (report === null) throw new UserError("opted_out", texts.ledger.optedOut);
    return shown(context, report, texts.ledger.reported);
  },
});

const choices = (names: readonly string[]) => names.map((name) => ({ label: name, value: name }));

/** Without the keys that are absent. */
const said = (given: { readonly [K in RunField]?: string | undefined }): RunWords =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));

const isNothing = (words: string | undefined): boolean => words !== undefined && /^[-–—0]?$/.test(words.trim());

/** Whoever was never interrupted resumed nothing, and whoever wrote no checkpoint lost none. */
function isAsked(name: RunField, { interruptions, written }: RunWords): boolean {
  if (name === "resumed" || name === "recovery") return !isNothing(interruptions) && !(name === "resumed" && isNothing(written));
  return name !== "lost" || !isNothing(written);
}

const hasMore = (words: RunWords): boolean => runFields.some((name) => words[name] !== undefined && !neededFields.includes(name));

type Args = Readonly<Record<string, string>>;

/** Asks for several texts where several can be shown, else for the first; whatever was typed stays in the button. */
function ask({ ledger }: Texts, title: string, words: RunWords, names: readonly RunField[], args: Args, before?: string): Reply {
  const asked = names.slice(0, mostFields);
  const list: FormField[] = asked.map((name) => ({
    argument: name,
    ...ledger.fields[name],
    maxLength: name === "evidence" ? maxEvidence : maxTyped,
    optional: !neededFields.includes(name),
    value: words[name] ?? "",
  }));
  const [first] = list;
  if (first === undefined) throw new TypeError("a form that asks for nothing");
  const prompt = ledger.form.ask(first.label, literal(first.hint), first.optional);
  const form = fieldsForm(title, prompt, list, {
    label: ledger.form.submit,
    command: "report",
    // What is asked for once more is among them: where a button opens the form, pressing it comes here again.
    args: { ...words, ...args },
    for: "author",
  });
  return reply(...(before === undefined ? [] : [text(before)]), form);
}

function again(texts: Texts, words: RunWords, problem: Problem, args: Args): Reply {
  const { problems, fields, form } = texts.ledger;
  const { label, hint } = fields[problem.field];
  const kept = Object.keys(words).length > 1 ? ` ${problems.kept}` : "";
  const sentence = inWords(texts, problem, literal(shortened(words[problem.field] ?? "")));
  return ask(texts, form.again(label), words, [problem.field], args, `${sentence}${kept}`);

  function inWords({ ledger }: Texts, { kind, ...rest }: Problem, typed: string): string {
    const range = literal(hint);
    const max = "max" in rest ? rest.max : 0;
    if (kind === "missing") return ledger.problems.missing(label, range);
    if (kind === "too_long") return ledger.problems.tooLong(label, max);
    if (kind === "more_than_written") return ledger.problems.moreThanWritten(label, typed, max);
    return kind === "too_often" ? ledger.problems.tooOften(typed, max) : ledger.problems.wrong(label, typed, range);
  }
}

const shortened = (typed: string): string => (typed.length <= 40 ? typed : `${[...typed].slice(0, 40).join("")}…`);

/** As many as can be told apart by their labels. */
const mostOwn = 10;

/** The member's own reports here, the newest first. */
async function own({ services, room, actor, texts: { ledger } }: CommandContext<Services>): Promise<Reply> {
  const { reports } = await services.privacy.read(actor.member);
  const here = reports.filter(({ community }) => community === room.community).toReversed();
  if (here.length === 0) throw new UserError("no_such_report", ledger.gone);
  return reply(
    text(ledger.which(here.length, Math.min(here.length, mostOwn))),
    buttons(
      here.slice(0, mostOwn).map(({ id, network, gpus, gpu, at }) => ({
        label: ledger.label(formatTime(at, "day"), network, gpus, gpu),
        ...{ command: "report", args: { id }, for: "author" },
      })),
    ),
  );
}

/** What its author does with a report that is stored. */
async function known(context: CommandContext<Services>, id: string, change: string | undefined, words: RunWords): Promise<Reply> {
  const { services, room, actor, texts } = context;
  const { gone, erased, buttons: labels, whichField, fields, form, corrected, yours } = texts.ledger;
  const missing = () => new UserError("no_such_report", gone);
  const report = await services.ledger.find(id, room.community, actor.member);
  if (report === null) throw missing();
  if (change === "erase") {
    if (!(await services.ledger.erase(report.id, actor.member))) throw missing();
    return reply(text(erased), buttons([{ label: labels.report, command: "report", args: {} }]));
  }
  const stored = services.ledger.words(report);
  if (Object.keys(words).length === 0 && change !== "heard") {
    const name = runFields.find((one) => one === change);
    if (name !== undefined) return ask(texts, form.change(fields[name].label), { [name]: stored[name] }, [name], { id });
    if (change !== "choose") return shown(context, report, yours);
    return reply(
      text(whichField),
      buttons(runFields.map((one) => ({ label: fields[one].label, command: "report", args: { id, change: one }, for: "author" as const }))),
    );
  }
  // Its evidence is kept behind the word, as far as there is room.
  const heard = change === "heard" ? { evidence: `heard ${stored.evidence}`.trim().slice(0, maxStored) } : {};
  const { run, problem } = services.ledger.read({ ...stored, ...words, ...heard });
  if (problem !== null) {
    // What is wrong may be what stood there before: checkpoints that were lost, once fewer were written.
    return again(texts, { ...words, [problem.field]: words[problem.field] ?? stored[problem.field] }, problem, { id });
  }
  if (run === null) throw new TypeError("a run that is neither read nor wrong");
  if (!(await services.ledger.correct(report, run))) throw missing();
  return shown(context, { ...report, ...run }, corrected);
}

function shown({ room, texts }: CommandContext<Services>, report: Report, what: string): Reply {
  const { ledger } = texts;
  const button = (label: string, args: Args, update = false): Button => ({
    ...{ label, command: "report", args: { id: report.id, ...args }, for: "author" },
    ...(update ? { update } : {}),
  });
  return reply(
    text([what, ...sentences(texts, report)].join("\n")),
    ...evidenceOf(report),
    note(isPrivateCommunity(room.community) ? ledger.alone : ledger.counts),
    buttons([
      button(ledger.buttons.correct, { change: "choose" }),
      button(ledger.buttons.erase, { change: "erase" }, true),
      ...(report.grade === "heard" ? [] : [button(ledger.buttons.heard, { change: "heard" }, true)]),
    ]),
  );
}

function sentences({ ledger }: Texts, run: Run): readonly string[] {
  const { network, gpu, nodes, hours, interruptions, written, lost, resumed, recoveryHours, grade } = run;
  const perNodeDay = interruptions / ((nodes * hours) / 24);
  return [
    ledger.run({ ...run, network: literal(network), gpu: literal(gpu), perNodeDay }),
    ledger.checkpoints(written, lost, resumed),
    ...(recoveryHours === null ? [] : [ledger.recovered(recoveryHours)]),
    ledger.grade(grade),
  ];
}

/** Shown literally, never followed, and no link that a platform would look at. */
const evidenceOf = ({ evidence }: Run): readonly Block[] => (evidence === "" ? [] : [quote(evidence)]);
