/** The reliability ledger: what members report of real runs, kept for their community and counted there. */
import { createHash, randomBytes } from "node:crypto";
import { stringify } from "csv-stringify/sync";
import { type CommunityId, reportId } from "../core/ids.ts";
import type { MemberStore } from "../members/types.ts";
import { keyOf, type Place, placeNamed } from "./places.ts";
import { readRun, wordsOfRun } from "./read-run.ts";
import { reliabilityOf } from "./reliability.ts";
import { type Entry, fewestReporters, fewestReports, type Ledger, type LedgerStore, type RunReading } from "./types.ts";

/** The newest of one community: beyond them runs are of another time. */
const mostReports = 1000;

/** 96 bits, as the random ones. */
const idFrom = (...parts: readonly string[]): string => createHash("sha256").update(JSON.stringify(parts)).digest("base64url").slice(0, 16);

export interface LedgerDeps {
  readonly store: LedgerStore;
  readonly members: Pick<MemberStore, "choice">;
  /** The networks and clouds that are known by name. */
  readonly places: readonly Place[];
}

export function createLedger({ store, members, places }: LedgerDeps): Ledger {
  const named = (typed: string): string => placeNamed(places, typed)?.name ?? typed;

  /** By the name of the newest report where the place is not known. */
  function byNetwork(entries: readonly Entry[]): readonly { readonly name: string; readonly entries: readonly Entry[] }[] {
    const groups = [...Map.groupBy(entries, ({ network }) => keyOf(named(network))).values()];
    return groups
      .map((own) => ({ name: named(own.at(-1)?.network ?? ""), entries: own }))
      .toSorted((a, b) => b.entries.length - a.entries.length || (a.name < b.name ? -1 : 1));
  }

  const of = (community: CommunityId) => store.of(community, mostReports);

  return {
    read(words): RunReading {
      const { run, problem } = readRun(words);
      return { run: run === null ? null : { ...run, network: named(run.network) }, problem };
    },
    words: wordsOfRun,

    async report({ community, member, run, at, origin }) {
      if ((await members.choice(member)).optedOut) return null;
      const id = reportId(origin === undefined ? randomBytes(12).toString("base64url") : idFrom("report", origin, member));
      // A second submission of one form says what was meant; when it was is told by the first.
      const known = await store.find(id);
      const report = { ...run, id, community, member, at: known?.at ?? at };
      // The id is made of its member: nobody else's report is in its place.
      await store.put(report);
      return report;
    },

    async find(id, community, member) {
      const report = await store.find(reportId(id));
      return report?.member === member && report.community === community ? report : null;
    },

    async correct(report, run) {
      // What was erased meanwhile does not come back.
      if ((await store.find(report.id)) === null) return false;
      return store.put({ ...report, ...run });
    },

    erase: (id, member) => store.remove(id, member),

    async networks(community) {
      return byNetwork(await of(community)).flatMap(({ name, entries }) => reliabilityOf(entries, name) ?? []);
    },

    async network(community, typed) {
      const wanted = keyOf(named(typed));
      const found = byNetwork(await of(community)).find(({ name }) => keyOf(name) === wanted);
      return found === undefined ? null : reliabilityOf(found.entries, found.name);
    },

    async decentralised(community) {
      const entries = (await of(community)).filter(({ network }) => placeNamed(places, network)?.decentralised === true);
      return reliabilityOf(entries, null);
    },

    async suggest(community, typed) {
      const reported = byNetwork(await of(community)).map(({ name }) => name);
      const wanted = keyOf(typed);
      return [...new Set([...reported, ...places.map(({ name }) => name)])].filter((name) => keyOf(name).includes(wanted));
    },

    async exported(community, quoting) {
      const groups = byNetwork(await of(community));
      const enough = groups.filter(
        ({ entries }) => entries.length >= fewestReports && new Set(entries.map(({ person }) => person)).size >= fewestReporters,
      );
      const rows = enough.flatMap(({ name, entries }) => entries.toSorted(inNoOrderOfTime).map((entry) => ({ name, entry })));
      const people = [...new Set(rows.map(({ entry }) => entry.person))];
      const cells = rows.map(({ name, entry }) => cellsOf(name, entry, people.indexOf(entry.person) + 1, quoting));
      const content = stringify([columns, ...cells], { escape_formulas: true, record_delimiter: "windows" });
      const all = groups.reduce((total, { entries }) => total + entries.length, 0);
      return { content: new TextEncoder().encode(content), rows: rows.length, leftOut: all - rows.length };
    },
  };
}

const columns = [
  "network",
  "gpu",
  "gpus",
  "nodes",
  "hours",
  "interruptions",
  "checkpoints_written",
  "checkpoints_lost",
  "resumed",
  "recovery_hours",
  "grade",
  "reporter",
  "month",
  "evidence",
] as const;

/** Who reported when could be known from the chat. */
const inNoOrderOfTime = (a: Entry, b: Entry): number => b.hours - a.hours || b.gpus - a.gpus || (a.id < b.id ? -1 : 1);

const cellsOf = (network: string, entry: Entry, reporter: number, quoting: boolean): readonly (string | number)[] => [
  network,
  entry.gpu,
  entry.gpus,
  entry.nodes,
  entry.hours,
  entry.interruptions,
  entry.written ?? "",
  entry.lost ?? "",
  entry.resumed ?? "",
  entry.recoveryHours ?? "",
  entry.grade,
  reporter,
  entry.at.toISOString().slice(0, 7),
  quoting && entry.quotable ? entry.evidence : "",
];
