/** What a poll may be: within the limits of both platforms, or refused with the reason. */
import { UserError } from "../core/errors.ts";
import { longestHours, mostOptions, nativeOptions, optionLength, questionLength } from "../core/poll.ts";
import type { Said, Texts } from "../core/texts.ts";

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
  const refuse = (code: string, say: (words: Texts["poll"]) => Said | string) => new UserError(code, ({ poll }) => say(poll));
  if (asked === "") throw refuse("no_question", (words) => words.noQuestion);
  if (asked.length > questionLength) throw refuse("question_too_long", (words) => words.longQuestion(questionLength, asked.length));
  if (given.length < 2) throw refuse("too_few_options", (words) => words.fewOptions);
  if (given.length > mostOptions) throw refuse("too_many_options", (words) => words.manyOptions(mostOptions, given.length, nativeOptions));
  const long = given.find((option) => option.length > optionLength);
  if (long !== undefined) throw refuse("option_too_long", (words) => words.longOption(optionLength, long.length));
  if (new Set(given.map((option) => option.toLowerCase())).size < given.length) throw refuse("same_options", (words) => words.sameOptions);
  if (!Number.isInteger(hours) || hours < 1 || hours > longestHours) throw refuse("bad_duration", (words) => words.badHours(longestHours));
  return { question: asked, options: given };
}
