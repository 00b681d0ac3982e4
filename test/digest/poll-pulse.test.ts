/** Polls in a digest: what ended in the last day, with how many people and what they chose. */
import { describe, expect, it } from "vitest";
import { communityId, pollId, roomId } from "../../src/core/ids.ts";
import { textsIn } from "../../src/core/texts.ts";
import { pollPulse } from "../../src/digest/own.ts";
import { tally } from "../../src/polls/tally.ts";
import type { Results } from "../../src/polls/types.ts";

const at = new Date("2026-11-23T18:00:00Z");

function results(question: string, choices: readonly number[], { incomplete = false, newcomers = 0 } = {}): Results {
  const [room, community] = [roomId("telegram", "-1"), communityId("telegram", "-1")];
  const post = { place: 0, room, community, state: "ended", ballot: null, messageId: null, totals: null, erased: 0 } as const;
  const options = ["Akash", "Render", "[x](http://evil.example)"];
  const poll = {
    id: pollId(question),
    series: "s",
    community,
    question,
    options,
    topic: null,
    hidden: false,
    opensAt: at,
    closesAt: at,
    closedAt: at,
    posts: [post],
  };
  const votes = choices.map((choice, voter) => ({
    place: 0,
    voter: `${voter}`,
    choice,
    standing: "member" as const,
    newcomer: voter < newcomers,
  }));
  return { poll, tally: tally(poll, votes), sealed: false, incomplete };
}

const textOf = (polls: readonly Results[]): string =>
  pollPulse(polls, textsIn("en").digest)
    .flatMap((block) => ("text" in block ? [block.text] : []))
    .join("\n");

describe("polls in the community's pulse", () => {
  it("are left out where none ended", () => {
    expect(pollPulse([], textsIn("en").digest)).toEqual([]);
  });

  it("are told with their people and what was chosen, most first, three at most, never as anybody's link", () => {
    const text = textOf([results("Which?", [0, 0, 1, 0, 2]), results("Who?", [1]), results("Why?", []), results("When?", [0])]);
    expect(text).toBe(
      [
        "**Polls that ended** (last 24 h)",
        "Which? 5 people, Akash 3, Render 1, \\[x\\]\\(http://evil.example\\) 1",
        "Who? 1 person, Render 1",
        "Why? nobody voted",
      ].join("\n"),
    );
    expect(textOf([results("Which?", [0], { incomplete: true })])).toContain("1 person, Akash 1 (incomplete, see `/results`)");
  });

  it("say beside it what is counted without newcomers where that is something else, or too little", () => {
    expect(textOf([results("Which?", [1, 1, 1, 0, 0, 0, 1, 0], { newcomers: 3 })])).toContain(
      "8 people, Akash 4, Render 4 (without 3 new here: Akash 4, Render 1)",
    );
    expect(textOf([results("Which?", [0, 0, 0], { newcomers: 2 })])).toMatch(/3 people, Akash 3 \(2 of them new here\)$/);
    expect(textOf([results("Which?", [0, 0, 0, 0, 0, 0], { newcomers: 1 })])).toMatch(/6 people, Akash 6$/);
  });
});
