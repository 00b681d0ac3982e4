/** In English: how many there are of something. */

/** "1 report", "1,204 reports". */
export const counted = (n: number, one: string, many: string): string => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

export const peopleOf = (n: number): string => counted(n, "person", "people");
