/** `/predictions`: a member's own forecasts and score, for their eyes only; with a question, it asks for any probability. */
import {
  buttons,
  defineCommand,
  fewestForecasts,
  form,
  formatValue,
  heading,
  note,
  type Own,
  plainText,
  type Reply,
  readPercent,
  reply,
  type Services,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** More would be several messages; the export holds all. */
const shownResolved = 15;

export default defineCommand({
  name: "predictions",
  summary: "Your own forecasts and your score; nobody else sees them",
  args: z.object({
    question: z.string().trim().min(1).max(20).optional().describe("The code of a question, to answer it with any number"),
    percent: z.string().trim().min(1).max(12).optional().describe("From 0 to 100"),
  }),
  examples: ["/predictions", "/predictions abcd2345"],
  access: "everyone",
  visibility: "private",
  opensForm: "percent",
  async run({ services, room, actor, now, texts }, { question: id, percent: typed }): Promise<Reply> {
    const { forecasts } = services;
    const { forecasts: words } = texts;
    if (id === undefined) return overview(services, await forecasts.own(room.community, actor.member), texts);
    const question = await forecasts.find(room.community, id);
    if (question === null) throw new UserError("no_such_question", words.unknown);
    if (question.outcome !== null || now >= question.closesAt) throw new UserError("question_over", words.over);
    if (typed === undefined)
      return reply(
        form(words.formTitle, words.formPrompt(plainText(forecasts.sentence(question, texts))), 12, {
          label: words.giveIt,
          command: "predictions",
          args: { question: question.id },
          for: "author",
        }),
      );
    const percent = readPercent(typed);
    if (percent === undefined) throw new UserError("bad_percent", words.badPercent);
    const kept = await forecasts.answer(question.id, actor.member, percent, now);
    if (kept === "closed") throw new UserError("question_over", words.over);
    if (kept === "opted_out") throw new UserError("opted_out", words.optedOut);
    return reply(text(words.counted(formatValue(percent, "share"))), text(forecasts.sentence(question, texts)));
  },
});

function overview({ forecasts }: Services, own: readonly Own[], texts: Texts): Reply {
  const { forecasts: words } = texts;
  const mine = buttons([{ label: words.all, command: "forecast", args: {} }]);
  if (own.length === 0) return reply(text(words.ownNone), mine);
  const [open, resolved] = [
    own.filter(({ question }) => question.outcome === null),
    own.filter(({ question }) => question.outcome !== null),
  ];
  const score = forecasts.ownScore(own);
  const left = resolved.length - shownResolved;
  return reply(
    heading(words.ownTitle),
    ...(open.length === 0
      ? []
      : [
          text(
            open
              .map(({ question, percent }) => words.ownOpen(forecasts.sentence(question, texts), formatValue(percent, "share")))
              .join("\n"),
          ),
        ]),
    ...(resolved.length === 0
      ? []
      : [
          text(
            resolved
              .slice(0, shownResolved)
              .map((one) => ended(forecasts, one, texts))
              .join("\n"),
          ),
        ]),
    ...(left > 0 ? [note(words.ownMore(left))] : []),
    text(
      score.brier === null
        ? words.ownNoScore(score.questions, fewestForecasts.questions)
        : words.ownScore(formatValue(score.brier, "count"), score.questions),
    ),
    ...(score.bins.length === 0
      ? []
      : [
          text(
            words.calibration(
              score.bins
                .map(({ from, to, happened, forecasts: n }) =>
                  words.calibrationLine(Math.round(from * 100), Math.round(to * 100), formatValue(happened * 100, "share"), n),
                )
                .join("\n"),
            ),
          ),
        ]),
    mine,
  );
}

function ended(forecasts: Services["forecasts"], one: Own, texts: Texts): string {
  const { forecasts: words } = texts;
  const alone = forecasts.brier(one);
  const outcome = words.outcomes[one.question.outcome ?? "void"];
  return words.ownResolved(
    forecasts.sentence(one.question, texts),
    formatValue(one.percent, "share"),
    outcome,
    alone === null ? null : formatValue(alone, "count"),
  );
}
