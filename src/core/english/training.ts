/** In English: what interruptions do to a training run. Times, shares and amounts come as numbers and are written here. */

const three = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, maximumFractionDigits: 20 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** "40 s", "12 min", "5.25 h", "31.2 days": three digits, in the unit that a reader needs. */
function hours(amount: number): string {
  const seconds = amount * 3600;
  if (seconds < 0.5) return "less than a second";
  if (seconds < 99.5) return `${three.format(seconds)} s`;
  if (amount < 1.995) return `${three.format(amount * 60)} min`;
  if (amount < 71.95) return `${three.format(amount)} h`;
  return `${(amount < 24_000 ? three : whole).format(amount / 24)} days`;
}

/** A share as "87.4 %"; what is not all or nothing is never rounded to it. */
function share(part: number): string {
  if (part > 0 && part < 0.0005) return "less than 0.1 %";
  if (part < 1 && part > 0.9995) return "more than 99.9 %";
  return `${tenth.format(part * 100)} %`;
}

/** "12,400", "3.5", "0.012": whole from a hundred on, else three digits. */
function amount(number: number): string {
  if (number > 0 && number < 0.0001) return "less than 0.0001";
  return (number >= 99.95 ? whole : three).format(number);
}

const gpus = (count: number): string => `${amount(count)} GPU${count === 1 ? "" : "s"}`;
const work = (time: number, count: number): string => `${hours(time)} of work on ${gpus(count)}`;
const assumed = "assumed here, to be replaced by what you measure";
/** @param name of an argument, whose bounds are in hours */
const range = (min: number, max: number, bare: "min" | "h"): string =>
  `from ${hours(min)} to ${hours(max)}, such as \`30s\`, \`20min\`, \`2h\` or \`3d\`; a number alone means ${bare === "h" ? "hours" : "minutes"}`;

export const training = {
  hours,
  working: "Working it out …",
  title: (run: "rendering" | "fine_tuning" | "pre_training"): string =>
    `Training with interruptions: ${{ rendering: "rendering", fine_tuning: "fine-tuning", pre_training: "pre-training" }[run]}`,
  numbers: "The numbers",
  assumptions: "What you did not say is an assumption: “The numbers” lists all of them.",
  simulating: (done: number): string => `Simulating: ${Math.round(done * 100)} % …`,
  head: { what: "what", value: "value" },
  assumed: (sentences: string): string => `Where you did not say otherwise: ${sentences}`,
  independent: "Interruptions are taken as independent of each other, and all GPUs as paid for until the run ends.",
  terms: {
    goodput: "What is goodput?",
    checkpointing: "What is a checkpoint?",
    mtbf: "What is MTBF?",
    elastic: "What is elastic?",
    lost: "How are checkpoints lost?",
  },
  /** Where the defaults of a run are from. */
  presets: {
    rendering: [
      "Frames do not wait for each other, so one GPU is a run of its own; a finished frame (10 minutes) is its checkpoint.",
      `One interruption in two days, 5 minutes to return, 1 % of the frames lost: ${assumed}.`,
    ],
    fine_tuning: [
      "One machine with 8 GPUs for a day of work.",
      `One interruption in ten days, a checkpoint every 30 minutes that takes one minute, 10 minutes to return, 1 % lost: ${assumed}.`,
    ],
    pre_training: [
      "1,024 GPUs for 30 days of work; one interruption stops them all.",
      "0.0038 interruptions per node and day, as in the training of Llama 3 405B: 419 unexpected ones in 54 days on 16,384 GPUs, 8 to a node. That is a data centre of one operator; networks of strangers have more.",
      `A checkpoint every hour that takes 2 minutes, 20 minutes to return, 1 % lost: ${assumed}.`,
    ],
  },
  refusals: {
    unreadable: (name: string, min: number, max: number, bare: "min" | "h", typed: string): string =>
      `\`${name}\` is a time ${range(min, max, bare)}. I cannot read “${typed}” as one.`,
    outOfRange: (name: string, min: number, max: number, bare: "min" | "h"): string =>
      `\`${name}\` must be a time ${range(min, max, bare)}.`,
    lost: "`lost` is a probability from `0` to `0.99`, or a share from `0%` to `99%` with its sign.",
    saidTwice: "`interruptions` and `mtbf` say the same thing in two ways: give one of them.",
    node: (most: number): string => `\`node\` must be a whole number from 1 to ${most}, the number of GPUs.`,
    belowWrite: (min: number, max: number): string =>
      `\`interval\` is shorter than writing one checkpoint takes: it must be from ${hours(min)} to ${hours(max)}.`,
    aboveHours: (min: number, max: number): string =>
      `\`interval\` is longer than the whole run: it must be from ${hours(min)} to ${hours(max)}.`,
  },
  verdict: {
    time: (plan: { readonly hours: number; readonly gpus: number }, wall: number, goodput: number, lost: number): string =>
      `${work(plan.hours, plan.gpus)} take about **${hours(wall)}**: ${share(goodput)} of the time is useful, and ${amount(lost)} GPU-hours are lost.`,
    pays: (more: number): string => `It pays where uninterrupted GPUs elsewhere cost over ${share(more)} more per GPU-hour.`,
    cost: (dollars: string, then: string): string => `It costs about **${dollars}**. ${then}`,
    even: (dollars: string): string => `Both cost the same at ${dollars} per GPU-hour here.`,
    elsewhere: (dollars: string, then: string): string => `Uninterrupted elsewhere it costs ${dollars}. ${then}`,
    compared: (here: string, how: "same" | "less" | "more", there: string, then: string): string =>
      `It costs about **${here}**, ${{ same: "about as much as", less: "less than", more: "more than" }[how]} the ${there} of an uninterrupted run elsewhere. ${then}`,
    closeToBest: (now: string, best: string): string => `A checkpoint every ${now} is close to the best there is (${best}).`,
    better: (best: string, now: string, wall: number, saved: number): string =>
      `A checkpoint every ${best} instead of ${now} would be best: about ${hours(wall)}, ${share(saved)} less.`,
    /** @param guard what fits, where losing all nodes at once is to be expected at all */
    seldom: (guard: { readonly every: number; readonly interval: number } | null): string => {
      const why = "The others go on when a node leaves, so checkpoints only guard against losing all nodes at once";
      if (guard === null) return `${why}. That is hardly to be expected here: seldom is enough.`;
      return `${why}, about every ${hours(guard.every)}: by Daly's rule, a checkpoint every ${hours(guard.interval)} fits that.`;
    },
    noInterruptions: "Without interruptions only the writing of checkpoints takes time.",
    noneLost: (less: string): string => `No checkpoint is lost here. Half as many interruptions would save ${less}.`,
    /** @param from,to how many checkpoints survive, in percent */
    help: (more: "neither" | "uptime" | "checkpoints", [from, to]: readonly [string, string], less: string, safer: string): string => {
      const survival = `checkpoint survival from ${from} to ${to}`;
      if (more === "neither")
        return `Half as many interruptions, or raising ${survival}: neither would save clearly more than the other (${less}, ${safer}).`;
      return more === "uptime"
        ? `Half as many interruptions would save more than raising ${survival}: ${less} against ${safer}.`
        : `Raising ${survival} would save more than half as many interruptions: ${safer} against ${less}.`;
    },
    unknown: "I cannot say how long this run takes: it is interrupted so often that even its simulation does not come to an end.",
    endless: (plan: { readonly hours: number; readonly gpus: number }): string =>
      `${work(plan.hours, plan.gpus)} would practically never end: they take more than a hundred times as long.`,
    noWayOut: "No checkpoint interval mends that: it takes fewer interruptions, fewer nodes, or a quicker restart.",
    wayOut: (best: number, now: number, wall: number): string =>
      `A checkpoint every ${hours(best)} instead of ${hours(now)} would: about ${hours(wall)}.`,
  },
  rows: {
    gpus: (count: number, nodes: number) => ["GPUs", `${amount(count)} on ${amount(nodes)} ${nodes === 1 ? "node" : "nodes"}`] as const,
    work: (time: number) => ["Work", hours(time)] as const,
    interruptions: (perNodeDay: number, every: number | null) =>
      ["Interruptions", `${amount(perNodeDay)} per node-day${every === null ? "" : `, one in the run every ${hours(every)}`}`] as const,
    checkpoints: (count: number, interval: number) =>
      ["Checkpoints", `${amount(count)}, one every ${hours(interval)} or a little sooner`] as const,
    writing: (time: number) => ["Writing one", hours(time)] as const,
    restart: (time: number) => ["Restart", hours(time)] as const,
    lost: (part: number) => ["Lost checkpoints", share(part)] as const,
    recovery: (all: boolean) => ["Recovery", all ? "all stop" : "elastic: the others go on"] as const,
    /** @param error of a simulation; null where a formula told it */
    expected: (time: number, error: number | null) =>
      ["Expected time", `${hours(time)} (${error === null ? "by formula" : `simulated, ± ${hours(error)}`})`] as const,
    goodput: (part: number) => ["Goodput", share(part)] as const,
    lostHours: (count: number) => ["Lost GPU-hours", amount(count)] as const,
    expectedInterruptions: (count: number) => ["Expected interruptions", amount(count)] as const,
    best: (interval: number) => ["Best interval", hours(interval)] as const,
    /** @param interval null where it is longer than the run @param outside why the rule does not hold here */
    rule: (name: "Young (1974)" | "Daly (2006)", interval: number | null, excess: number | null, outside: "lost" | "frequent" | null) => {
      const why = outside === "lost" ? "it knows no lost checkpoints" : "interruptions are too frequent for it";
      const where = interval === null ? "longer than the run" : hours(interval);
      const cost = excess === null ? "" : `, ${share(excess)} over the best`;
      return [name, `${where}${cost}${outside === null ? "" : ` (outside its range: ${why})`}`] as const;
    },
    notPlayed: ["Simulated", "too many interruptions to be played"],
    runs: (count: number) => ["Simulated runs", amount(count)] as const,
    mean: (time: number, error: number) => ["Their mean", `${hours(time)} ± ${hours(error)}`] as const,
    middle: (time: number) => ["Half of them within", hours(time)] as const,
    between: (low: number, high: number) => ["9 of 10 between", `${hours(low)} and ${hours(high)}`] as const,
  },
  chart: {
    now: (interval: string): string => `${interval} (now)`,
    best: (interval: string): string => `${interval} (best)`,
    title: (dollars: boolean): string => `${dollars ? "Dollars lost" : "GPU-hours lost"}, by checkpoint interval`,
    subtitle: "To interruptions and checkpoints, by formula",
  },
} as const;
