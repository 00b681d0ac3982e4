/** Reads what a member typed about a run field by field; what cannot be is named with what would be allowed, and nothing of it is lost. */
import type { EvidenceGrade } from "../reading/types.ts";
import { neededFields, type Problem, type Run, type RunField, type RunReading, type RunWords, runFields } from "./types.ts";

/** Hours, and numbers of things. */
const ranges = {
  gpus: { min: 1, max: 100_000 },
  hours: { min: 0.1, max: 50_000 },
  interruptions: { min: 0, max: 10_000 },
  written: { min: 0, max: 10_000_000 },
  lost: { min: 0, max: 10_000_000 },
  resumed: { min: 0, max: 10_000 },
  recovery: { min: 0, max: 168 },
} as const;
const maxName = 40;
const maxEvidence = 500;

/** More interruptions of a node in a day are a mistake in the units. As in `/training`. */
const maxPerNodeDay = 1000;
/** Where only GPUs are named: machines have at most so many, as a rule. */
const gpusPerNode = 8;

const hoursPer: Readonly<Record<string, number>> = { s: 1 / 3600, sec: 1 / 3600, m: 1 / 60, min: 1 / 60, h: 1, d: 24, w: 168 };
const longNames: Readonly<Record<string, string>> = {
  seconds: "s",
  minutes: "min",
  minute: "min",
  mins: "min",
  hours: "h",
  hour: "h",
  hrs: "h",
  days: "d",
  day: "d",
  weeks: "w",
  week: "w",
};

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Null where it is no number within the range. */
function numberIn(text: string, { min, max }: Range): number | null {
  if (!/^(?:\d{1,9}|\d{1,3}(?:,\d{3})+)$/.test(text)) return null;
  const number = Number(text.replaceAll(",", ""));
  return number >= min && number <= max ? number : null;
}

/** In hours. @param bare the unit of a number that stands alone */
function timeIn(text: string, bare: "min" | "h", { min, max }: Range): number | null {
  const [, digits = "", unit = ""] = /^((?:\d{1,9}|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\.\d+)\s*([a-z]*)$/i.exec(text) ?? [];
  const name = unit === "" ? bare : unit.toLowerCase();
  const factor = hoursPer[longNames[name] ?? name];
  if (digits === "" || factor === undefined) return null;
  const hours = Number(digits.replaceAll(",", "")) * factor;
  // What was written as the limit is the limit, however it was divided.
  return hours >= min * (1 - 1e-9) && hours <= max * (1 + 1e-9) ? hours : null;
}

/** "16", or "2x8" for two nodes of eight. */
function gpusIn(text: string): { readonly gpus: number; readonly nodes: number } | null {
  const [, first = "", second] = /^([\d,]+)(?:\s*[x×*]\s*([\d,]+))?$/i.exec(text) ?? [];
  const nodes = numberIn(first, ranges.gpus);
  const each = second === undefined ? 1 : numberIn(second, ranges.gpus);
  if (nodes === null || each === null || nodes * each > ranges.gpus.max) return null;
  return second === undefined ? { gpus: nodes, nodes: Math.ceil(nodes / gpusPerNode) } : { gpus: nodes * each, nodes };
}

const isLeftOut = (text: string): boolean => /^[-–—]?$/.test(text);

/** A link can be followed, and a log was written down; without either it is what somebody says to have seen. */
function gradeOf(evidence: string): EvidenceGrade {
  if (/^heard\b/i.test(evidence)) return "heard";
  if (/https?:\/\/\S/i.test(evidence)) return "linked";
  return evidence === "" ? "experienced" : "measured";
}

/** What is wrong with one field by itself; null where nothing is. @param text not left out */
function problemIn(field: RunField, text: string): Problem | null {
  switch (field) {
    case "network":
    case "gpu":
      if (!/\p{L}/u.test(text)) return { field, kind: "no_name" };
      return text.length > maxName ? { field, kind: "too_long", max: maxName } : null;
    case "gpus":
      return gpusIn(text) === null ? { field, kind: "no_gpus" } : null;
    case "hours":
      return timeIn(text, "h", ranges.hours) === null ? { field, kind: "no_time" } : null;
    case "recovery":
      return timeIn(text, "min", ranges.recovery) === null ? { field, kind: "no_time" } : null;
    case "interruptions":
    case "written":
    case "lost":
    case "resumed":
      return numberIn(text, ranges[field]) === null ? { field, kind: "no_number" } : null;
    case "evidence":
      return text.length > maxEvidence ? { field, kind: "too_long", max: maxEvidence } : null;
  }
}

/** Reads as far as it goes: the first problem is told, and what is merely missing is none unless it was left out on purpose. */
export function readRun(words: RunWords): RunReading {
  const typed = (field: RunField) => words[field]?.trim();
  for (const field of runFields) {
    const text = typed(field);
    if (text === undefined) continue;
    const needed = neededFields.includes(field);
    if (isLeftOut(text)) {
      if (needed) return { run: null, problem: { field, kind: "missing" } };
      continue;
    }
    const problem = problemIn(field, text);
    if (problem !== null) return { run: null, problem };
  }
  const given = (field: RunField): string => typed(field) ?? "";
  const size = gpusIn(given("gpus"));
  const hours = timeIn(given("hours"), "h", ranges.hours);
  const interruptions = numberIn(given("interruptions"), ranges.interruptions);
  const counts = { written: countOf("written"), lost: countOf("lost"), resumed: countOf("resumed") };
  const problem = together({ nodes: size?.nodes ?? null, hours, interruptions, ...counts });
  if (problem !== null) return { run: null, problem };
  const [network, gpu] = [given("network"), given("gpu")];
  if (size === null || hours === null || interruptions === null || network === "" || gpu === "") return { run: null, problem: null };
  const evidence = isLeftOut(given("evidence")) ? "" : given("evidence");
  const run: Run = {
    ...{ network, gpu, ...size, hours, interruptions, ...counts },
    recoveryHours: timeIn(given("recovery"), "min", ranges.recovery),
    evidence,
    grade: gradeOf(evidence),
  };
  return { run, problem: null };

  function countOf(field: "written" | "lost" | "resumed"): number | null {
    return numberIn(given(field), ranges[field]);
  }
}

interface Numbers extends Pick<Run, "written" | "lost" | "resumed"> {
  readonly nodes: number | null;
  readonly hours: number | null;
  readonly interruptions: number | null;
}

/** What each field allows and all of them together do not. */
function together({ nodes, hours, interruptions, written, lost, resumed }: Numbers): Problem | null {
  if (nodes !== null && hours !== null && interruptions !== null) {
    const most = Math.floor(((nodes * hours) / 24) * maxPerNodeDay);
    if (interruptions > most) return { field: "interruptions", kind: "too_often", max: most };
  }
  if (written === null) return null;
  if (lost !== null && lost > written) return { field: "lost", kind: "more_than_written", max: written };
  // One checkpoint may serve any number of times, and none serves nobody.
  if (resumed !== null && resumed > 0 && written === 0) return { field: "resumed", kind: "more_than_written", max: 0 };
  return null;
}

const numberWords = (number: number | null): string => (number === null ? "" : String(number));

/** The shortest words that are read as exactly this time. */
function timeWords(hours: number, bare: "min" | "h", range: Range): string {
  const whole = (n: number) => Math.round(n);
  const inUnit = bare === "h" ? [String(hours), `${whole(hours * 60)}min`] : [String(whole(hours * 60)), `${whole(hours * 3600)}s`];
  const exact = inUnit.filter((words) => timeIn(words, bare, range) === hours);
  // Below a millionth it would be written with an exponent.
  return exact.toSorted((a, b) => a.length - b.length)[0] ?? (hours < 1e-6 ? "0" : `${hours}h`);
}

/** What would be typed for a run: reading it gives the run again. */
export function wordsOfRun(run: Run): Required<RunWords> {
  const { network, gpu, gpus, nodes, hours, interruptions, written, lost, resumed, recoveryHours, evidence } = run;
  return {
    network,
    gpu,
    gpus: nodes === Math.ceil(gpus / gpusPerNode) ? String(gpus) : `${nodes}x${gpus / nodes}`,
    hours: timeWords(hours, "h", ranges.hours),
    interruptions: String(interruptions),
    written: numberWords(written),
    lost: numberWords(lost),
    resumed: numberWords(resumed),
    recovery: recoveryHours === null ? "" : timeWords(recoveryHours, "min", ranges.recovery),
    evidence,
  };
}
