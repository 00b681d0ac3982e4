/** Votes on Telegram on their way to whoever counts them: none is lost while that cannot be stored, also over a restart. */
import { expect, it } from "vitest";
import { nativeBallot } from "../../../src/core/ids.ts";
import type { VoteBox } from "../../../src/core/poll.ts";
import { createMemoryStores } from "../../support/memory-stores.ts";
import { type Stage, stage } from "./setup.ts";

/** Counts, unless the database is down. */
function ballotBox() {
  const cast: string[] = [];
  const state = { down: false, failures: 0 };
  const reached = Promise.withResolvers<void>();
  const box: VoteBox = {
    open: async () => [],
    async cast({ ballot, choice, order }) {
      if (state.down) {
        if (++state.failures === 3) reached.resolve();
        throw new Error("the database is down");
      }
      cast.push(`${ballot} ${choice.kind === "chose" ? choice.option : "taken back"} ${order}`);
    },
    joined: async () => undefined,
    recount: async () => undefined,
    seen: async () => undefined,
    ended: async (ballot, totals, order) => void cast.push(`${ballot} ended ${totals.join(",")} ${order}`),
  };
  return { box, cast, state, failing: reached.promise };
}

const poll = "5100000000000000009";
const ballot = nativeBallot("telegram", poll);
const votes = ({ fake }: Stage, option_ids: readonly number[]) =>
  fake.world.updates.push("poll_answer", {
    poll_id: poll,
    user: { id: 42, is_bot: false, first_name: "Ann" },
    option_ids,
    option_persistent_ids: [],
  });
const state = ({ fake }: Stage, is_closed: boolean) =>
  fake.world.updates.push("poll", {
    id: poll,
    question: "Why?",
    is_closed,
    options: [
      { text: "A", voter_count: 1 },
      { text: "B", voter_count: 0 },
    ],
  });

it("reads what a voter chose, took back, and how a poll ended", async () => {
  const { box, cast } = ballotBox();
  const here = await stage({ votes: box });
  const ids = [votes(here, [1]), votes(here, [])];
  state(here, false);
  const end = state(here, true);
  // The end waits for nobody: its number says which votes were cast before.
  await expect
    .poll(() => cast.toSorted(), { interval: 5 })
    .toEqual([`${ballot} 1 ${ids[0]}`, `${ballot} ended 1,0 ${end}`, `${ballot} taken back ${ids[1]}`]);
});

it("keeps a vote that cannot be stored until it can, also where the program ends meanwhile", async () => {
  const { box, cast, state: database, failing } = ballotBox();
  const { inbox } = createMemoryStores();
  database.down = true;
  const first = await stage({ votes: box, inbox });
  const id = votes(first, [0]);
  await failing;
  expect(first.log.filter((line) => line.includes("a vote cannot be stored"))).toHaveLength(1);
  await first.telegram.stop();
  expect(cast).toEqual([]);
  database.down = false;
  await stage({ votes: box, inbox, on: first.fake });
  await expect.poll(() => cast, { interval: 5 }).toEqual([`${ballot} 0 ${id}`]);
});
