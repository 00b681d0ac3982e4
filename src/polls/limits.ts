/** What a poll may be: within the limits of both platforms, or refused with the reason. */
import { UserError } from "../core/errors.ts";
import { longestHours, mostOptions, nativeOptions, optionLength, questionLength } from "../core/poll.ts";

const oneLine = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** @throws UserError naming the limit that is broken */
export function checkWish({
  question,
  options,
  hours,
}: {
  readonly question: string;
  readonly options: readonly string[];
  readonly hours: number;
}): {
  readonly question: string;
  readonly options: readonly string[];
} {
  const asked = oneLine(question);
  const given = options.map(oneLine).filter((option) => option !== "");
  const refuse = (code: string, message: string, hint?: string) => new UserError(code, message, hint);
  if (asked === "") throw refuse("no_question", "A poll needs a question.", 'Such as `/poll Which network next? options="Akash|Render"`.');
  if (asked.length > questionLength)
    throw refuse("question_too_long", `A question may have at most ${questionLength} characters, and yours has ${asked.length}.`);
  if (given.length < 2)
    throw refuse("too_few_options", "A poll needs at least two options, with | between them.", 'Such as `options="Yes|No|Not yet"`.');
  if (given.length > mostOptions)
    throw refuse(
      "too_many_options",
      `A poll may have at most ${mostOptions} options, and yours has ${given.length}.`,
      `Up to ${nativeOptions} are shown as the platform's own poll, more as buttons.`,
    );
  const long = given.find((option) => option.length > optionLength);
  if (long !== undefined)
    throw refuse("option_too_long", `An option may have at most ${optionLength} characters, and one of yours has ${long.length}.`);
  if (new Set(given.map((option) => option.toLowerCase())).size < given.length)
    throw refuse("same_options", "Two of the options are the same.");
  if (!Number.isInteger(hours) || hours < 1 || hours > longestHours)
    throw refuse("bad_duration", `A poll may be open for 1 to ${longestHours} hours.`);
  return { question: asked, options: given };
}
