/** Every prompt says what it is for, takes and gives back, and says it rightly: checked before anything is served. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { askPrompt } from "../../src/app/answer-writer.ts";
import { groupNamesPrompt } from "../../src/app/group-namer.ts";
import { narrativePrompt } from "../../src/app/narrator.ts";
import { readingPrompt } from "../../src/app/opinion-reader.ts";
import { questionPrompt, translationPrompt } from "../../src/app/translator.ts";
import { checkPrompts, fillPrompt, loadPrompt } from "../../src/llm/prompts.ts";

const definition = { name: "greeting", variables: ["who"], output: z.object({ text: z.string() }) };
const output = "output: {type: object, properties: {text: {type: string}}, required: [text], additionalProperties: false}";
const whole = `---\npurpose: Greets somebody\nversion: 3\nvariables: [who]\n${output}\n---\nGreet {{who}}; {{filecoin.price}} is a slot.\n`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depinion-prompts-"));
});
afterEach(() => rm(folder, { recursive: true }));
const write = (text: string, name = "greeting.md") => writeFile(join(folder, name), text);

describe("prompts", () => {
  it("of this program are as they must be", async () => {
    await expect(
      checkPrompts([narrativePrompt, askPrompt, questionPrompt, translationPrompt, readingPrompt, groupNamesPrompt]),
    ).resolves.toBeUndefined();
  });

  it("are filled with their own variables, and with nothing else", async () => {
    await write(whole);
    const prompt = await loadPrompt(definition, folder);
    expect(prompt.version).toBe(3);
    expect(fillPrompt(prompt, { who: "Ann" })).toBe("Greet Ann; {{filecoin.price}} is a slot.");
  });

  it.each([
    ["without front matter", "Greet {{who}}.", "the front matter is not as it must be"],
    ["with front matter that is no YAML", whole.replace("[who]", "[who"), "the front matter is not as it must be"],
    ["without a version", whole.replace("version: 3\n", ""), "the front matter is not as it must be"],
    ["with a variable that it does not declare", whole.replace("a slot", "{{whom}}"), "the text uses the variables who, whom"],
    ["that declares another variable", whole.replaceAll("who", "whom"), "the program gives who"],
    ["with another output", whole.replace("required: [text]", "required: []"), "the output is not what the program reads"],
  ])("%s end the start", async (_, text, problem) => {
    await write(text);
    await expect(checkPrompts([definition], folder)).rejects.toMatchObject({ problems: [`prompts/greeting.md: ${problem}`] });
  });

  it("that are missing, or that nothing asks for, end it too", async () => {
    await write(whole, "farewell.md");
    await expect(checkPrompts([definition], folder)).rejects.toMatchObject({
      problems: ["prompts/farewell.md: nothing in the program asks for it", "prompts/greeting.md: cannot be read"],
    });
  });
});
