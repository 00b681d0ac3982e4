/** What the reports on one network, or on several, say together. */
import type { evidenceGrades } from "../reading/types.ts";
import { clopperPearson, garwood } from "./intervals.ts";
import { type Entry, fewestReporters, fewestReports, type Reliability } from "./types.ts";
import { measure } from "./weigh.ts";

const mostEvidence = 3;

const nodeDays = ({ nodes, hours }: Pick<Entry, "nodes" | "hours">): number => (nodes * hours) / 24;

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = 0, high = 0] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.ceil((sorted.length - 1) / 2)]];
  return (low + high) / 2;
}

/** The middle one of people's own middle ones: nobody counts more for reporting more. */
function recoveryOf(entries: readonly Entry[]): Reliability["recovery"] {
  const told = entries.flatMap(({ person, recoveryHours, grade }) =>
    recoveryHours === null || grade === "heard" ? [] : [{ person, hours: recoveryHours }],
  );
  const byPerson = [...Map.groupBy(told, ({ person }) => person).values()];
  if (told.length < fewestReports || byPerson.length < fewestReporters) return null;
  const hours = median(byPerson.map((own) => median(own.map((one) => one.hours))));
  return { hours, reports: told.length, people: byPerson.length };
}

/**
 * @param entries at least one
 * @returns null without any
 */
export function reliabilityOf(entries: readonly Entry[], network: string | null): Reliability | null {
  const times = entries.map(({ at }) => at.getTime());
  if (times.length === 0) return null;
  const graded = (grade: Entry["grade"]) => entries.filter((entry) => entry.grade === grade).length;
  return {
    network,
    reports: entries.length,
    people: new Set(entries.map(({ person }) => person)).size,
    grades: {
      heard: graded("heard"),
      experienced: graded("experienced"),
      measured: graded("measured"),
      linked: graded("linked"),
    } satisfies Record<(typeof evidenceGrades)[number], number>,
    interruptions: measure(entries, garwood, (entry) => ({ events: entry.interruptions, exposure: nodeDays(entry) })),
    // Whether a checkpoint can be used is only known of those that were needed.
    survival: measure(entries, clopperPearson, ({ lost, resumed }) =>
      lost === null && resumed === null ? null : { events: resumed ?? 0, exposure: (resumed ?? 0) + (lost ?? 0) },
    ),
    recovery: recoveryOf(entries),
    evidence: entries
      .filter(({ quotable, evidence, grade }) => quotable && evidence !== "" && grade !== "heard")
      .slice(-mostEvidence)
      .map(({ evidence }) => evidence),
    oldest: new Date(Math.min(...times)),
    newest: new Date(Math.max(...times)),
  };
}
