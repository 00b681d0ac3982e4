/** `/predict`: what the buttons under a question run: a member's own probability, which nobody else sees. */
import {
  buttons,
  defineCommand,
  formatTime,
  formatValue,
  note,
  type Reply,
  readPercent,
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

export default defineCommand({
  name: "predict",
  summary: "Say how likely a question of /forecast is; nobody else sees it",
  args: z.object({
    question: z.string().trim().min(1).max(20).describe("The question's code"),
    percent: z.string().trim().min(1).max(12).describe("From 0 to 100, such as 37; none takes yours back"),
  }),
  examples: ["/predict abcd2345 37", "/predict abcd2345 none"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  async run({ services: { forecasts }, room, actor, overheard, now, texts }, { question: id, percent: typed }): Promise<Reply> {
    const { forecasts: words } = texts;
    const question = await forecasts.find(room.community, id);
    if (question === null) throw new UserError("no_such_question", words.unknown);
    const percent = /^none$/i.test(typed) ? null : readPercent(typed);
    if (percent === undefined) throw new UserError("bad_percent", words.badPercent);
    // A button's number is nobody's to see; what is typed stands in the group before it comes here, and may sway who answers next.
    if (overheard && percent !== null) return askPrivately(question.id, words);
    const kept = await forecasts.answer(question.id, actor.member, percent, now);
    if (kept === "closed") throw new UserError("question_over", words.over);
    if (kept === "opted_out") throw new UserError("opted_out", words.optedOut);
    const closes = words.changeable(formatTime(question.closesAt, "instant"));
    const said = text(percent === null ? words.takenBack : words.counted(formatValue(percent, "share")));
    return {
      blocks: [said, text(forecasts.sentence(question, texts)), note(closes)],
      // Where a group could read it, the number is left out.
      brief: [text(percent === null ? words.takenBack : words.noted)],
      passing: true,
    };
  },
});

function askPrivately(question: string, words: Texts["forecasts"]): Reply {
  const blocks = [text(words.typedHere), buttons([{ label: words.otherPercent, command: "predictions", args: { question } }])];
  return { blocks, brief: blocks };
}
