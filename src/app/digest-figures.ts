/** The figures of digests: stored under their receipts, but for those that are bundled with the program and so are there already. */
import { baseline } from "../market/baseline.ts";
import type { FigureStore } from "../market/types.ts";

/** A stored copy of the snapshot would look like the last answer of a source, with an age of years instead of its month. */
export function digestFigures(store: Pick<FigureStore, "save" | "findAll">): Pick<FigureStore, "save" | "findAll"> {
  return {
    save: (figures) => store.save(figures.filter((figure) => !baseline.some(({ id }) => id === figure.id))),
    async findAll(ids) {
      const known = [...(await store.findAll(ids)), ...baseline];
      return ids.flatMap((id) => known.find((figure) => figure.id === id) ?? []);
    },
  };
}
