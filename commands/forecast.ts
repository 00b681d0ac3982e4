/** `/forecast`: asks how likely it is that an archived figure will be above or below something; alone it lists what is asked, and how well people knew it. */
import {
  type Block,
  type Button,
  buttons,
  type CommandContext,
  type Draft,
  defineCommand,
  type ForecastProblem,
  type ForecastScore,
  fewestForecasts,
  figures,
  formatFigure,
  formatTime,
  formatValue,
  heading,
  literal,
  note,
  type Question,
  type Reply,
  reply,
  type Services,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** What a button offers, in percent; any other number can be typed. */
const offered = [5, 10, 25, 50, 75, 90, 95] as const;

type Context = CommandContext<Services>;

export default defineCommand({
  name: "forecast",
  summary: "Ask how likely a figure will be above or below something, or list what is asked",
  args: z.object({
    question: z.string().trim().min(1).max(300).optional().describe("Such as: Akash H100 median below $2 by 2027-01-31; or mine"),
    show: z.string().trim().min(1).max(20).optional().describe("Show the question of this code, to answer it"),
    cancel: z.string().trim().min(1).max(20).optional().describe("Cancel the question of this code, while nobody has answered"),
    ask: z.boolean().optional().describe("Ask it here at once, as it is understood"),
  }),
  examples: ['/forecast "Akash H100 median below $2 by 2027-01-31"', "/forecast", "/forecast mine"],
  access: "everyone",
  named: ["show", "cancel", "ask"],
  visibility: "public",
  deadlineMs: 15_000,
  async run(context, { question: typed, show, cancel, ask = false }) {
    const { texts } = context;
    if (cancel !== undefined) return cancelled(context, await questionOf(context, cancel));
    if (show !== undefined) return shown(context, await questionOf(context, show));
    if (typed === undefined) return overview(context);
    if (/^mine$/i.test(typed)) return reply(text(texts.forecasts.mine), buttons([mineButton(texts)]));
    const { services, room, now, signal } = context;
    const { zone } = await services.communities.settings(room.community);
    const read = await services.forecasts.read(typed, zone, now, signal);
    if (read.kind === "problem") return refused(read.problem, texts);
    return ask ? asked(context, read.draft) : understood(context, read.draft, zone);
  },
});

const mineButton = ({ forecasts: { myForecasts } }: Texts): Button => ({ label: myForecasts, command: "predictions", args: {} });

async function questionOf({ services, room, texts }: Context, id: string): Promise<Question> {
  const found = await services.forecasts.find(room.community, id);
  if (found === null) throw new UserError("no_such_question", texts.forecasts.unknown);
  return found;
}

/** What was understood, before it is asked. */
function understood({ services: { forecasts }, now, texts }: Context, draft: Draft, zone: string): Reply {
  const { forecasts: words } = texts;
  const there = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "short", timeZone: zone }).format(draft.resolvesAt);
  return reply(
    heading(words.understood),
    text(forecasts.sentence(draft, texts)),
    ...(zone === "UTC" ? [] : [text(words.localTime(`${there} (${literal(zone)})`))]),
    text(words.today),
    figures([draft.present], now),
    note(words.rule(literal(draft.source), draft.toleranceMs / 3_600_000)),
    note(words.closes(formatTime(draft.closesAt, "instant"))),
    note(words.tryAgain),
    buttons([
      { label: words.askIt, command: "forecast", args: { question: forecasts.line(draft), ask: true }, for: "author", update: true },
    ]),
  );
}

async function asked(context: Context, draft: Draft): Promise<Reply> {
  const { services, room, actor, now, pressed, key, texts } = context;
  const place = { room: room.id, community: room.community, by: actor.member, origin: pressed ?? key, now };
  const made = await services.forecasts.ask(draft, place);
  if (made.kind === "full") throw new UserError("too_many_questions", texts.forecasts.full(made.most));
  const question = await shown(context, made.question);
  return made.kind === "same" ? reply(text(texts.forecasts.same), ...question.blocks) : question;
}

async function shown({ services: { forecasts }, now, texts }: Context, question: Question): Promise<Reply> {
  const { forecasts: words } = texts;
  if (question.outcome !== null) return reply(...(await forecasts.outcome(question, texts)));
  const people = await forecasts.people(question.id);
  const rule = note(words.rule(literal(question.source), question.toleranceMs / 3_600_000));
  const title = text(forecasts.sentence(question, texts));
  if (now >= question.closesAt) return reply(title, text(words.closed(people)), rule, buttons([mineButton(texts)]));
  return reply(
    title,
    text(words.open(formatTime(question.closesAt, "instant"), people)),
    note(words.private),
    rule,
    buttons([
      ...offered.map((percent) => ({
        label: `${percent} %`,
        command: "predict",
        args: { question: question.id, percent: String(percent) },
      })),
      { label: words.otherPercent, command: "predictions", args: { question: question.id } },
      { label: words.takeBack, command: "predict", args: { question: question.id, percent: "none" } },
      // Whoever presses is asked whether it was theirs to cancel.
      ...(people === 0 ? [{ label: words.cancel, command: "forecast", args: { cancel: question.id } }] : []),
    ]),
  );
}

async function cancelled({ services, actor, room, texts }: Context, question: Question): Promise<Reply> {
  const { forecasts: words } = texts;
  const own = question.by !== null && [actor.member, ...actor.former].includes(question.by);
  if (!own && !(await actor.isAdmin(room.community)))
    throw new UserError("not_yours", question.by === null ? words.nobodysToCancel : words.notYoursToCancel);
  if (!(await services.forecasts.cancel(question.id, room.community))) throw new UserError("cannot_cancel", words.cannotCancel);
  return reply(text(words.cancelled));
}

async function overview({ services, room, texts }: Context): Promise<Reply> {
  const { forecasts } = services;
  const { forecasts: words } = texts;
  const { open, resolved, people } = await forecasts.list(room.community);
  if (open.length === 0 && resolved.length === 0) return reply(text(words.nothingAsked));
  const line = (question: Question, state: string) => words.line(question.id, forecasts.sentence(question, texts), state);
  const list = (title: string, lines: readonly string[]): readonly Block[] =>
    lines.length === 0 ? [] : [text([title, ...lines].join("\n"))];
  const score = await forecasts.score(room.community);
  return reply(
    heading(words.listTitle),
    ...list(
      words.openTitle,
      open.map((one) => line(one, words.openState(people.get(one.id) ?? 0))),
    ),
    ...list(
      words.resolvedTitle,
      resolved.map((one) => line(one, words.resolvedState(words.outcomes[one.outcome ?? "void"]))),
    ),
    ...(resolved.length === 0 ? [] : await scoreBlocks(services, score, texts)),
    buttons([
      ...open.slice(0, 8).map(({ id }) => ({ label: `${words.show} ${id}`, command: "forecast", args: { show: id } })),
      ...resolved.slice(0, 3).map(({ id }) => ({ label: `${words.howItEnded} ${id}`, command: "forecast", args: { show: id } })),
      mineButton(texts),
    ]),
  );
}

async function scoreBlocks({ forecasts, illustrate }: Services, score: ForecastScore, texts: Texts): Promise<readonly Block[]> {
  const { forecasts: words } = texts;
  if (score.brier === null) return [text(words.noCommunityScore(score.questions, fewestForecasts.questions, fewestForecasts.people))];
  const chart = forecasts.chart(score, texts);
  const picture = chart === null ? null : await illustrate(chart, "calibration.png");
  const bins = score.bins.map(({ from, to, happened, forecasts: n }) =>
    words.calibrationLine(Math.round(from * 100), Math.round(to * 100), formatValue(happened * 100, "share"), n),
  );
  return [
    text(words.communityScore(formatValue(score.brier, "count"), score.questions, score.forecasts)),
    ...(bins.length === 0 ? [] : [text(words.calibration(bins.join("\n")))]),
    ...(picture === null ? [] : [picture]),
    note(words.calibrationNote),
  ];
}

/** A clear sentence; where a figure was not recognised, with those that may have been meant. */
function refused(problem: ForecastProblem, texts: Texts): Reply {
  const { forecasts: words } = texts;
  const { said, near } = sentenceOf(problem, words);
  if (near === null) throw new UserError(problem.kind, said);
  return reply(text(said.message), text(said.hint), ...(near.length === 0 ? [] : [buttons(near)]));
}

interface Refusal {
  readonly said: { readonly message: string; readonly hint: string };
  /** Null where nothing is to be chosen from. */
  readonly near: readonly Button[] | null;
}

function sentenceOf(problem: ForecastProblem, words: Texts["forecasts"]): Refusal {
  switch (problem.kind) {
    case "unknown_metric":
    case "several_metrics": {
      const { typed, near, rest, kind } = problem;
      const listed = near
        .slice(0, 6)
        .map(({ metric, label }) => ({ label: shorten(label), command: "forecast", args: { question: `${metric} ${rest}` } }));
      return {
        said: { message: words[kind](literal(shorten(typed))), hint: near.length === 0 ? words.noneNear : words.nearest },
        near: listed,
      };
    }
    case "wrong_unit":
    case "below_zero":
    case "decided":
      return { said: words[problem.kind](literal(problem.present.label), formatFigure(problem.present)), near: null };
    case "far_threshold": {
      const { present, low, high } = problem;
      const range = [formatValue(low, present.unit), formatValue(high, present.unit)] as const;
      return { said: words.far_threshold(literal(present.label), formatFigure(present), ...range), near: null };
    }
    case "stale":
      return { said: words.stale(literal(problem.present.label), formatTime(problem.present.fetchedAt, "instant")), near: null };
    default:
      return { said: words[problem.kind], near: null };
  }
}

const shorten = (label: string): string => (label.length <= 60 ? label : `${label.slice(0, 59).toWellFormed()}…`);
