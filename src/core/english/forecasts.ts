/** What is said of forecasts, in English. */
import { counted } from "./count.ts";

const example = 'Such as `/forecast "Akash H100 median below $2 by 2027-01-31"`.';

export const forecasts = {
  comparisons: { below: "below", at_most: "at most", above: "above", at_least: "at least" },
  outcomes: { yes: "yes", no: "no", void: "void" },

  /** Everything a question needs to be resolved by anybody. */
  question: (label: string, comparison: string, threshold: string, at: string): string =>
    `Will **${label}** be **${comparison} ${threshold}** at **${at}**?`,
  open: (closes: string, people: number): string =>
    `Open until **${closes}** · ${people === 0 ? "nobody has answered yet" : `${counted(people, "person has", "people have")} answered`}`,
  closed: (people: number): string =>
    `Closed, and resolved soon · ${people === 0 ? "nobody has answered" : `${counted(people, "person has", "people have")} answered`}`,
  rule: (source: string, hours: number): string =>
    `What decides is the last figure in my archive at that moment, not before it: of ${source}, else of another source, and at most ${hours} h old. Without one the question is void.`,
  private: "How likely is it? Press a button; you may change it until the close. Nobody else sees your answer, and there are no points.",

  understood: "Did I understand this?",
  today: "The figure today:",
  closes: (closes: string): string => `Forecasts would be taken until ${closes}.`,
  localTime: (time: string): string => `That is ${time}.`,
  askIt: "Yes, ask it here",
  tryAgain: "If not, type it once more in other words.",

  no_comparison: { message: "I miss what the figure is compared with: above, below, at least or at most.", hint: example },
  no_threshold: {
    message: "I miss a number behind the comparison, such as $2, 19 billion, 25 EiB or 60 %.",
    hint: `Thousands are separated by commas, and decimals by a point. ${example}`,
  },
  dotted_threshold: {
    message: "I cannot tell whether the point in that number separates thousands or decimals.",
    hint: "Write 100,000 or 100000 for a hundred thousand, and 100 for a hundred.",
  },
  no_date: {
    message: "I miss the day on which it is decided.",
    hint: "End with a day, such as `by 2027-01-31`, `by 31 January` or `in 3 months`.",
  },
  slashed_date: { message: "I cannot tell the day from the month there.", hint: "Write the date as 2027-01-31 or 31 January 2027." },
  past: { message: "That moment is over.", hint: "Ask for one that lies between an hour and two years ahead." },
  too_soon: {
    message: "That is less than an hour ahead: nobody could answer.",
    hint: "Ask for one that lies between an hour and two years ahead.",
  },
  too_far: {
    message: "That is more than two years ahead: I cannot promise to archive the figure until then.",
    hint: "Ask for a nearer day.",
  },
  nothing_archived: {
    message: "I have archived no figure yet that a question could be about.",
    hint: "`/status` shows which sources answer.",
  },
  unknown_metric: (typed: string): string =>
    typed === "" ? "I miss which figure the question is about." : `I archive no figure called “${typed}”.`,
  several_metrics: (typed: string): string => `“${typed}” may be any of these figures.`,
  nearest: "Which did you mean?",
  noneNear: "`/market`, `/network` and `/compute` show what I archive.",
  wrong_unit: (label: string, value: string) => ({
    message: `**${label}** is in another unit: today it is ${value}.`,
    hint: "Write the threshold in the same unit.",
  }),
  below_zero: (label: string, value: string) => ({
    message: `**${label}** is always above zero, so that would be no question: today it is ${value}.`,
    hint: "Choose a threshold above zero.",
  }),
  far_threshold: (label: string, value: string, low: string, high: string) => ({
    message: `That is very far from today's value: **${label}** is ${value}.`,
    hint: `Choose a threshold between ${low} and ${high}.`,
  }),
  decided: (label: string, value: string) => ({
    message: `That is decided already: **${label}** only ever grows, and is ${value} today.`,
    hint: "Choose a threshold that it has not reached.",
  }),
  stale: (label: string, at: string) => ({
    message: `I have archived **${label}** no more since ${at}, so that nothing could decide the question.`,
    hint: "`/status` shows which sources answer.",
  }),
  full: (most: number) => ({
    message: `${most} questions are open here, and no more than that can be.`,
    hint: "`/forecast` lists them; one that nobody has answered can be cancelled.",
  }),
  same: "This is asked here already:",

  unknown: { message: "There is no such question here.", hint: "`/forecast` lists the questions of this place." },
  over: { message: "This question is closed: your answer was not counted.", hint: "`/forecast` shows how it ended, or will." },
  optedOut: { message: "You wanted nothing of you logged, so I log no forecast either.", hint: "`/privacy optin` takes that back." },
  badPercent: { message: "A probability is a number from 0 to 100, in percent.", hint: "Such as `37` or `2.5%`." },
  counted: (percent: string): string => `Counted: you say **${percent}**.`,
  typedHere: "Everyone here can read that number, so I have not counted it. Delete your message, and tell me in the private chat:",
  noted: "Your forecast is counted.",
  takenBack: "Your forecast is taken back.",
  changeable: (closes: string): string => `You can change it until ${closes}. Nobody else sees it.`,
  otherPercent: "Another %",
  takeBack: "Take mine back",
  formTitle: "How likely is it?",
  formPrompt: (question: string): string => `${question} From 0 to 100, in percent`,
  giveIt: "This is my forecast",

  cancel: "Cancel it",
  cancelled: "The question is cancelled.",
  cannotCancel: {
    message: "It cannot be cancelled any more: somebody has answered, or it is resolved.",
    hint: "It is resolved at its moment.",
  },
  nobodysToCancel: {
    message: "Whoever asked this wanted nothing kept of them, so I know nobody as its author: only an admin can cancel it.",
    hint: "It is resolved at its moment.",
  },
  notYoursToCancel: { message: "Only who asked a question, or an admin, can cancel it.", hint: "It is resolved at its moment." },

  listTitle: "Forecasts",
  nothingAsked: `Nothing was asked here yet. ${example}`,
  openTitle: "**Open**",
  resolvedTitle: "**Resolved**",
  line: (id: string, question: string, state: string): string => `\`${id}\` ${question} ${state}`,
  openState: (people: number): string => `(${people === 0 ? "nobody yet" : counted(people, "person", "people")})`,
  resolvedState: (outcome: string): string => `**${outcome}**`,
  mine: "Your own forecasts are for your eyes only.",
  myForecasts: "My forecasts",
  all: "All questions",
  show: "Answer",
  howItEnded: "Outcome of",
  why: "Where the figure is from",

  outcomeTitle: (outcome: string): string => `Forecast resolved: ${outcome}`,
  decidedBy: (source: string, at: string, receipt: string): string => `Decided by ${source}, archived ${at}: \`/why ${receipt}\`.`,
  voidBecause: (from: string, to: string): string =>
    `The question is void: no figure was archived between ${from} and ${to}, so nothing can decide it. It counts in no score.`,
  tooFew: (people: number, fewest: number): string =>
    people === 0
      ? "Nobody had answered."
      : `${counted(people, "person", "people")} had answered: fewer than ${fewest}, so I do not show what they said.`,
  crowd: (people: number, mean: string, brier: string): string =>
    `${people} people had answered, on average **${mean}**: a Brier score of **${brier}** (0 is best; always saying 50 % gives 0.25).`,

  communityScore: (brier: string, questions: number, forecasts: number): string =>
    `**This community's score:** ${brier} on average over ${questions} resolved questions with ${forecasts} forecasts (Brier; 0 is best, always saying 50 % gives 0.25).`,
  noCommunityScore: (questions: number, fewest: number, people: number): string =>
    `No score of this community yet: it takes ${fewest} resolved questions that at least ${people} people each have answered, and there ${questions === 1 ? "is" : "are"} ${questions === 0 ? "none" : questions}.`,
  calibration: (lines: string): string => `**Calibration:** what was said, and how often it came true.\n${lines}`,
  calibrationLine: (from: number, to: number, happened: string, forecasts: number): string =>
    `${from}–${to} % said: ${happened} came true (n = ${forecasts})`,
  calibrationNote: "Bins with too few forecasts, or too few people, are left out.",
  chartTitle: "Calibration: how often it came true",
  chartSubtitle: (forecasts: number, questions: number): string =>
    `${forecasts} forecasts on ${questions} resolved questions of this community`,
  bin: (from: number, to: number, n: number): string => `said ${from}–${to} % (n = ${n})`,

  ownTitle: "Your forecasts here",
  ownNone: "You have answered no question here yet. `/forecast` lists them.",
  ownOpen: (question: string, percent: string): string => `${question} You say **${percent}**.`,
  ownResolved: (question: string, percent: string, outcome: string, brier: string | null): string =>
    `${question} You said **${percent}**; it was **${outcome}**${brier === null ? "" : ` (${brier})`}.`,
  ownScore: (brier: string, questions: number): string =>
    `**Your score:** ${brier} on average over ${questions} resolved questions (Brier; 0 is best, always saying 50 % gives 0.25).`,
  ownNoScore: (questions: number, fewest: number): string =>
    `No score of yours yet: it takes ${fewest} resolved questions that you have answered, and there ${questions === 1 ? "is" : "are"} ${questions === 0 ? "none" : questions}.`,
  ownMore: (left: number): string => `And ${counted(left, "older one", "older ones")}: \`/privacy export\` holds all.`,
} as const;
