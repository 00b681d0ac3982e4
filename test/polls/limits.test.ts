/** What cannot be asked is refused with the reason. */
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { checkWish } from "../../src/polls/limits.ts";

const refusal = (wish: Parameters<typeof checkWish>[0]): string => {
  try {
    checkWish(wish);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return "taken";
};
const wish = { question: "Which network next?", options: ["Akash", "Render"], hours: 24 };

describe("a wish for a poll", () => {
  it("is taken at the limits, as one line each", () => {
    const asked = checkWish({ question: ` Which\n network?${"x".repeat(286)}`, options: [" a\tb ", "", "c".repeat(55)], hours: 730 });
    expect(asked.question).toHaveLength(300);
    expect(asked.options).toEqual(["a b", "c".repeat(55)]);
    expect(checkWish({ ...wish, options: Array.from({ length: 20 }, (_, n) => `option ${n}`), hours: 1 }).options).toHaveLength(20);
  });

  it("is refused beyond them with the limit and what was given", () => {
    expect(refusal({ ...wish, question: "x".repeat(301) })).toBe("A question may have at most 300 characters, and yours has 301.");
    expect(refusal({ ...wish, question: "  " })).toBe("A poll needs a question.");
    expect(refusal({ ...wish, options: ["one", " "] })).toBe("A poll needs at least two options, with | between them.");
    expect(refusal({ ...wish, options: Array.from({ length: 21 }, (_, n) => `${n}`) })).toBe(
      "A poll may have at most 20 options, and yours has 21.",
    );
    expect(refusal({ ...wish, options: ["a", "b".repeat(56)] })).toBe("An option may have at most 55 characters, and one of yours has 56.");
    expect(refusal({ ...wish, options: ["Akash", " akash"] })).toBe("Two of the options are the same.");
    for (const hours of [0, 731, 1.5]) expect(refusal({ ...wish, hours })).toBe("A poll may be open for 1 to 730 hours.");
  });
});
