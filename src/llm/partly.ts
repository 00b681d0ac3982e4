/** Reads an answer while it is being written: the elements of its lists as soon as each is complete, in the answer's own shape. */
import { JSONParser } from "@streamparser/json";
import type { Task } from "./types.ts";

/**
 * @param tell told the answer with the elements that are complete, each time there is one more; what has another shape is not told
 * @returns takes the next piece of the text
 */
export function createPartlyReader<T>(output: Task<T>["prompt"]["output"], tell: (answer: T) => void): (piece: string) => void {
  const parser = new JSONParser({ paths: ["$.*.*"] });
  const lists: Record<string, unknown[]> = {};
  let state: "before" | "inside" | "over" = "before";
  parser.onValue = ({ value, stack }) => {
    const list = stack.at(-1)?.key;
    if (typeof list !== "string") return;
    lists[list] = [...(lists[list] ?? []), value];
    const answer = output.safeParse(lists);
    if (answer.success) tell(answer.data);
  };
  parser.onEnd = () => {
    state = "over";
  };
  // What breaks it is for whoever reads the whole answer to judge.
  parser.onError = () => {
    state = "over";
  };
  return (piece) => {
    // Models put fences around their JSON unasked.
    const from = state === "before" ? piece.indexOf("{") : 0;
    if (from < 0) return;
    if (state === "before") state = "inside";
    for (const character of piece.slice(from)) {
      if (state === "over") return;
      parser.write(character);
    }
  };
}
