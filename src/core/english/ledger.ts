/** In English: reports of real runs, what they say together, and what `/training` makes of them. Whatever people typed has been made literal. */
import { amountOf, durationOf, shareOf } from "../amounts.ts";
import { counted, peopleOf } from "./count.ts";

interface Range {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const reports = (n: number): string => counted(n, "report", "reports");
const ofPeople = (n: number, by: number): string => `${reports(n)} of ${peopleOf(by)}`;
/** "0.12 (0.08 to 0.17)" with the ends of the 95 % interval. */
const amounts = ({ value, low, high }: Range): string => `${amountOf(value)} (${amountOf(low)} to ${amountOf(high)})`;
const shares = ({ value, low, high }: Range): string => `${shareOf(value)} (${shareOf(low)} to ${shareOf(high)})`;

const fields = {
  network: { label: "Network", hint: "Where it ran, such as Akash" },
  gpu: { label: "GPU", hint: "Such as H100 or RTX 4090" },
  gpus: { label: "How many GPUs", hint: "1 to 100,000; 2x8 for two nodes of eight (a number alone: up to 8 to a node)" },
  hours: { label: "How long it ran", hint: "6 min to 50,000 h, such as 72, 90min or 3d; a number alone means hours" },
  interruptions: { label: "Interruptions", hint: "How often a node of it stopped: 0 to 10,000" },
  written: { label: "Checkpoints written", hint: "0 to 10,000,000, or nothing" },
  lost: { label: "Checkpoints lost or corrupt", hint: "Found so when they were needed: 0 to those written, or nothing" },
  resumed: { label: "Resumed from a checkpoint", hint: "How often: 0 to 10,000, or nothing" },
  recovery: { label: "Time to recover", hint: "Until it worked again: 0 to 7 d, such as 20, 45s or 2h (20 means minutes)" },
  evidence: { label: "Evidence", hint: "A link or a line of the log; begin with “heard” where it was not your run; or nothing" },
} as const;

const grades = { heard: "heard", experienced: "experienced", measured: "measured", linked: "linked" } as const;

interface Weighing {
  readonly heard: number;
  readonly outliers: number;
  readonly disagree: boolean;
  readonly capped: readonly { readonly reports: number; readonly share: number }[];
}

interface Measurement {
  readonly estimate: Range;
  readonly events: number;
  readonly exposure: number;
  readonly reports: number;
  readonly people: number;
  readonly weighing: Weighing;
}

const isWeighted = ({ outliers, capped }: Weighing): boolean => outliers > 0 || capped.length > 0;

/** What was left out or counts less; nothing where all count alike. */
function weighed({ heard, outliers, disagree, capped }: Weighing): readonly string[] {
  return [
    ...(heard === 0 ? [] : [`${reports(heard)} of hearsay ${heard === 1 ? "does" : "do"} not count`]),
    ...(outliers === 0
      ? []
      : [`${reports(outliers)} far from all others (their 99.9 % intervals do not meet) ${outliers === 1 ? "counts" : "count"} a quarter`]),
    ...(disagree
      ? ["so many reports lie far from the others that none is weighted down for it, and the interval says less than it seems to"]
      : []),
    ...capped.map(
      ({ reports: n, share }) =>
        `one member's ${n === 1 ? "report, which was" : `${n} reports, which were`} ${shareOf(share)} of everything, ${n === 1 ? "counts" : "count"} 40 %`,
    ),
  ];
}

const dot = (n: number): string => (n === 1 ? "" : "s");

export const ledger = {
  fields,
  form: {
    first: "Report a run",
    more: "Report a run: checkpoints and evidence",
    again: (label: string): string => `Once more: ${label}`,
    change: (label: string): string => `Correct: ${label}`,
    next: "That was the run. Now its checkpoints and your evidence; each may be left out.",
    submit: "Report it",
    /** Asked where one text is typed at a time. */
    ask: (label: string, hint: string, optional: boolean): string =>
      `**${label}**: ${hint}.${optional ? " A dash (-) leaves it out." : ""}`,
  },
  /** One sentence with what would be allowed. */
  problems: {
    missing: (label: string, hint: string): string => `“${label}” cannot be left out: ${hint}.`,
    wrong: (label: string, typed: string, hint: string): string => `“${typed}” is no answer to “${label}”: ${hint}.`,
    tooLong: (label: string, max: number): string => `“${label}” may have 1 to ${max} characters.`,
    moreThanWritten: (label: string, typed: string, max: number): string =>
      `“${label}” must be 0 to ${max.toLocaleString("en")}, as many as were written, and “${typed}” is more.`,
    tooOften: (typed: string, max: number): string =>
      `${typed} interruptions are more than 1,000 a day on each node: for this run it must be 0 to ${max.toLocaleString("en")}.`,
    kept: "Everything else that you typed is kept.",
  },
  optedOut: { message: "You have told me never to log anything of you, so I did not.", hint: "`/privacy optin` takes that back." },
  gone: { message: "There is no such report of yours here.", hint: "`/report` makes a new one." },
  reported: "**Reported.**",
  corrected: "**Corrected.**",
  yours: "**Your report.**",
  erased: "Erased: this report is gone, and counts no more.",
  run: (run: {
    readonly network: string;
    readonly gpu: string;
    readonly gpus: number;
    readonly nodes: number;
    readonly hours: number;
    readonly interruptions: number;
    readonly perNodeDay: number;
  }): string =>
    `${run.network}: ${run.gpus.toLocaleString("en")} × ${run.gpu} on ${counted(run.nodes, "node", "nodes")} for ${durationOf(run.hours)}, ${counted(run.interruptions, "interruption", "interruptions")} (${amountOf(run.perNodeDay)} per node-day).`,
  checkpoints: (written: number | null, lost: number | null, resumed: number | null): string => {
    const said = [
      ...(written === null ? [] : [`${counted(written, "checkpoint", "checkpoints")} written`]),
      ...(lost === null ? [] : [`${lost.toLocaleString("en")} lost`]),
      ...(resumed === null ? [] : [`resumed ${counted(resumed, "time", "times")}`]),
    ];
    return said.length === 0 ? "Nothing said of checkpoints." : `${said.join(", ")}.`;
  },
  recovered: (hours: number): string => `Working again after ${durationOf(hours)}.`,
  grade: (grade: keyof typeof grades): string => `Evidence: ${grades[grade]}.`,
  counts:
    "It counts in this community alone, without your name, and with others' only: alone it is never shown. `/report change=choose` finds yours again; `/privacy` counts, exports and erases them all.",
  alone: "Nobody else is here to report with: a report counts where it is made, in a server or group.",
  buttons: {
    correct: "Correct",
    erase: "Erase",
    heard: "I only heard of it",
    report: "Report a run",
    all: "All networks",
    training: "What it costs a run",
  },
  which: (n: number, shown: number): string =>
    n === shown ? "Which of your reports?" : `Which of your newest ${shown} reports? You have ${n.toLocaleString("en")} here.`,
  /** Of a button, so without marks. */
  label: (day: string, network: string, gpus: number, gpu: string): string => `${day}: ${network}, ${gpus.toLocaleString("en")} × ${gpu}`,
  whichField: "What is to be corrected?",

  title: (network: string): string => `Reliability: ${network}`,
  allTitle: "Reliability of networks, as reported here",
  nothing: "Nobody here has reported a run yet.",
  nothingOn: (network: string): string => `Nobody here has reported a run on ${network}.`,
  tooFew: (n: number, by: number): string =>
    `There ${n === 1 ? "is" : "are"} ${ofPeople(n, by)}. I show nothing below 5 reports of 3 people that tell of it and are no hearsay: it would say more of them than of a network.`,
  tooFewOf: (what: "interruptions" | "checkpoints" | "recovery"): string =>
    ({
      interruptions: "**Interruptions**: too few reports that count.",
      checkpoints: "**Checkpoints**: too few reports say whether one that was needed could be used.",
      recovery: "**Recovery**: too few reports say how long it takes.",
    })[what],
  tooFewInTable: "too few",
  head: ["Network", "Reports", "Interruptions per node-day", "Checkpoints usable"],
  /** Cells of a table. */
  amounts,
  shares,
  interruptions: ({ estimate, events, exposure, reports: n, people: by, weighing }: Measurement): string =>
    `**Interruptions**: ${amountOf(estimate.value)} per node-day (95 % interval ${amountOf(estimate.low)} to ${amountOf(estimate.high)}), from ${counted(events, "interruption", "interruptions")} in ${amountOf(exposure)} node-day${dot(exposure)}${isWeighted(weighing) ? ", weighted" : ""}; ${ofPeople(n, by)}.`,
  survival: ({ estimate, events, exposure, reports: n, people: by, weighing }: Measurement): string =>
    `**Checkpoints**: ${shareOf(estimate.value)} of those that were needed could be used (95 % interval ${shareOf(estimate.low)} to ${shareOf(estimate.high)}), ${events.toLocaleString("en")} of ${exposure.toLocaleString("en")}${isWeighted(weighing) ? ", weighted" : ""}; ${ofPeople(n, by)}.`,
  recovery: (hours: number, n: number, by: number): string =>
    `**Recovery**: about ${durationOf(hours)} from an interruption to working again, the middle one of people's middle ones; ${ofPeople(n, by)}.`,
  weighed: (what: "interruptions" | "checkpoints", weighing: Weighing): string | null => {
    const told = weighed(weighing);
    return told.length === 0 ? null : `Of the ${what}: ${told.join("; ")}.`;
  },
  graded: (n: number, by: number, each: Readonly<Record<keyof typeof grades, number>>, oldest: string, newest: string): string => {
    const list = (["linked", "measured", "experienced", "heard"] as const).flatMap((grade) =>
      each[grade] === 0 ? [] : [`${each[grade].toLocaleString("en")} ${grades[grade]}`],
    );
    return `**Evidence**: ${ofPeople(n, by)}: ${list.join(", ")}. Reported ${oldest === newest ? `on ${newest}` : `from ${oldest} to ${newest}`}.`;
  },
  method:
    "Intervals are exact: Garwood's for interruptions (Poisson), Clopper and Pearson's for checkpoints (binomial). They take interruptions as independent. Reports are members' own words, checked by nobody.",
  evidenceOf: "a member's evidence, not looked at",
  fewestNote: "Too few: nothing is shown below 5 reports of 3 people that tell of it and are no hearsay.",

  /** Beside what is believed. */
  measured: (newest: string): string =>
    `**Reported, beside what is believed** (this community's ledger, newest report ${newest}; decentralised networks only):`,
  notMeasured: (n: number, by: number): string =>
    n === 0
      ? "**Reported, beside what is believed:** nobody here has reported a run on a decentralised network yet. `/report` makes the first."
      : `**Reported, beside what is believed:** ${ofPeople(n, by)} on decentralised networks, and nothing is shown below 5 reports of 3 people that tell of it and are no hearsay.`,

  training: {
    noReports: (network: string): string =>
      `**Nothing of ${network} is used:** nobody here has reported a run on it. What follows rests on assumptions.`,
    tooFew: (network: string, n: number, by: number): string =>
      `**Nothing of ${network} is used:** there ${n === 1 ? "is" : "are"} ${ofPeople(n, by)}, and nothing is shown below 5 reports of 3 people that tell of it and are no hearsay. What follows rests on assumptions.`,
    used: (network: string, parts: readonly string[]): string => `As reported here on **${network}**: ${parts.join("; ")}.`,
    interruptions: (range: Range): string => `${amounts(range)} interruptions per node-day`,
    lost: (range: Range): string => `${shares(range)} of checkpoints lost`,
    restart: (hours: number): string => `${durationOf(hours)} to recover`,
    instead: (names: readonly string[]): string =>
      `You gave ${names.map((name) => `\`${name}\``).join(", ")} yourself: there the ledger is not used.`,
    assumed: (names: readonly string[]): string => `Too few reports on ${names.join(" and ")}: there the preset's assumption stands.`,
    /** Hours, and dollars where a price is known; null where the run practically never ends. */
    span: (best: number | null, central: number | null, worst: number | null): string => {
      const time = (hours: number | null): string => (hours === null ? "practically never ending" : `about ${durationOf(hours)}`);
      return `**With the reports' 95 % intervals carried through:** ${time(best)} at best, ${time(central)} as reported, ${time(worst)} at worst.`;
    },
    cost: (best: string | null, central: string | null, worst: string | null): string =>
      `It would cost ${best ?? "without end"} at best, ${central ?? "without end"} as reported, ${worst ?? "without end"} at worst.`,
    bothEnds:
      "At best and at worst take the favourable and the unfavourable end of each interval at once: with two of them, both hold in 90 % of cases or more.",
    head: ["what", "at best", "as reported", "at worst"],
    /** What can be too little reported. */
    names: { interruptions: "interruptions", lost: "lost checkpoints", restart: "recovery" },
    inTable: {
      amount: amountOf,
      share: shareOf,
      time: (hours: number | null): string => (hours === null ? "practically never ends" : durationOf(hours)),
    },
    rows: { interruptions: "Interruptions per node-day", lost: "Checkpoints lost", time: "Expected time" },
    longest: "At worst more than 99 % of checkpoints would be lost; I reckon with 99 %.",
  },
  exported: {
    said: (n: number): string => `${reports(n)} of runs, one to a line.`,
    alt: "Reports of runs as CSV",
    nothing: {
      message: "There are no reports to export: a network is in the file from 5 reports of 3 people on.",
      hint: "`/report` makes one.",
    },
    note: (leftOut: number): string =>
      `Without members: a reporter is a number in this file alone, and of the time only the month is told. ${leftOut === 0 ? "Every network with reports is in it" : `${reports(leftOut)} on networks with fewer than 5 reports of 3 people ${leftOut === 1 ? "is" : "are"} left out`}. Evidence only of members who allow quoting.`,
  },
} as const;
