/** In English: how many there are of something. */
import type { Utterances } from "../utterances.ts";

/** "1 report", "1,204 reports". */
export const counted = (n: number, one: string, many: string): string => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const list = new Intl.ListFormat("en", { type: "conjunction" });

/** "1 opinion, 2 claims, and 14 votes". */
export const listed = (things: readonly string[]): string => list.format(things);

/** What there is none of is left out: "1 opinion, 2 claims and 14 votes in polls". */
export const utterances = ({ opinions, reports, claims, votes, forecasts }: Utterances): string => {
  const kinds = [
    [opinions, "opinion", "opinions"],
    [reports, "report of a run", "reports of runs"],
    [claims, "claim", "claims"],
    [votes, "vote in polls", "votes in polls"],
    [forecasts, "forecast", "forecasts"],
  ] as const;
  return listed(kinds.flatMap(([n, one, many]) => (n === 0 ? [] : [counted(n, one, many)])));
};

export const peopleOf = (n: number): string => counted(n, "person", "people");
