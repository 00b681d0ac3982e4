import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readParams } from "../../src/core/params.ts";
import { parseTextArgs } from "../../src/core/text-args.ts";

const text = (summary: string) => z.string().max(200).describe(summary);
const explain = readParams(z.object({ term: text("Term"), for: z.enum(["newcomer", "investor"]).optional().describe("Audience") })).params;
const sentiment = readParams(z.object({ topic: text("Topic"), days: z.int().min(1).max(365).optional().describe("Days") })).params;
const overview = readParams(
  z.object({ topic: text("Topic").optional(), days: z.int().min(1).max(365).optional().describe("Days") }),
).params;
const compute = readParams(
  z.object({
    gpu: text("GPU").optional(),
    hours: z.number().min(0.1).max(100_000).optional().describe("Hours"),
    gpus: z.int().min(1).max(100_000).optional().describe("GPUs"),
    idle: z.enum(["none", "10%"]).default("10%").describe("Idle"),
  }),
).params;
const opinion = readParams(z.object({ topic: text("Topic").optional(), text: text("Text").optional() })).params;
const stance = readParams(z.object({ opinion: text("Id"), as: z.enum(["agree", "disagree"]).describe("Stance") })).params;
const privacy = readParams(
  z.object({ action: z.enum(["show", "erase"]).optional().describe("What"), confirm: z.boolean().optional().describe("Really") }),
).params;
const subscribe = readParams(
  z.object({
    time: text("Time").optional(),
    days: text("Days").optional(),
    resume: z.boolean().optional().describe("Go on"),
    of: text("Id").optional(),
  }),
  ["resume", "of"],
).params;

const poll = readParams(
  z.object({
    question: text("Question").optional(),
    options: text("Options").optional(),
    hours: z.int().min(1).max(730).optional().describe("Hours"),
    hidden: z.boolean().optional().describe("Hidden"),
    everywhere: z.boolean().optional().describe("Everywhere"),
    days: text("Days").optional(),
  }),
  ["options", "hours", "hidden", "everywhere", "days"],
).params;
const training = readParams(
  z.object({
    run: z.enum(["rendering", "fine_tuning"]).optional().describe("Run"),
    lost: text("Lost").optional(),
    numbers: z.boolean().optional().describe("Numbers"),
  }),
  ["numbers"],
).params;

describe("a typed line", () => {
  it.each([
    ["the last free text takes the rest", explain, "proof of  coverage", { term: "proof of  coverage" }],
    ["a named argument counts anywhere", explain, "proof for=investor of coverage", { term: "proof of coverage", for: "investor" }],
    ["a named argument may come first", explain, "for=investor depin", { term: "depin", for: "investor" }],
    ["names and choices ignore case", explain, "depin FOR=Investor", { term: "depin", for: "investor" }],
    ["a choice behind the free text is only given by name", explain, "what is an investor", { term: "what is an investor" }],
    ["quotes hold words together", opinion, '"compute pricing" cheap enough', { topic: "compute pricing", text: "cheap enough" }],
    ["curly quotes too", opinion, "“compute pricing” cheap", { topic: "compute pricing", text: "cheap" }],
    ["a quoted rest loses its quotes", opinion, 'latency "too slow"', { topic: "latency", text: "too slow" }],
    [
      "quotes inside the rest stay",
      opinion,
      'latency they say "fast" and mean slow',
      { topic: "latency", text: 'they say "fast" and mean slow' },
    ],
    ["an unknown name is part of the text", opinion, "latency x=3 is slow", { topic: "latency", text: "x=3 is slow" }],
    ["line breaks in the text stay", opinion, "latency one\ntwo", { topic: "latency", text: "one\ntwo" }],
    ["a number behind the free text is taken from the end", sentiment, "compute pricing 7", { topic: "compute pricing", days: 7 }],
    ["its name may stand behind it", sentiment, "compute pricing 7 days", { topic: "compute pricing", days: 7 }],
    ["or the beginning of its name", sentiment, "latency 7 D", { topic: "latency", days: 7 }],
    ["without a space too", sentiment, "latency 7d", { topic: "latency", days: 7 }],
    ["also where it is named", sentiment, "latency days=7days", { topic: "latency", days: 7 }],
    ["another word behind a number is free text", sentiment, "latency 7 weeks", { topic: "latency 7 weeks" }],
    ["its name without a number is free text", sentiment, "latency in days", { topic: "latency in days" }],
    ["a number with its name and nothing before it is the free text", sentiment, "7 days", { topic: "7 days" }],
    ["a lone number is the free text", sentiment, "7", { topic: "7" }],
    ["where the free text may be left out, a lone number is meant as one", overview, "7", { days: 7 }],
    ["and so it is with its name", overview, "7 days", { days: 7 }],
    ["while a word alone is still the free text", overview, "latency", { topic: "latency" }],
    ["and a number behind it one of the two", overview, "latency 7 days", { topic: "latency", days: 7 }],
    ["and its name alone is free text", overview, "days", { topic: "days" }],
    ["a named number", sentiment, "latency days=14", { topic: "latency", days: 14 }],
    ["what is no number stays text, for the schema to refuse", sentiment, "latency days=soon", { topic: "latency", days: "soon" }],
    ["two numbers behind the free text, in their order", compute, "h100 sxm 100 8", { gpu: "h100 sxm", hours: 100, gpus: 8 }],
    ["one of two is the first of them", compute, "h100 100", { gpu: "h100", hours: 100 }],
    ["also without the free text", compute, "100", { hours: 100 }],
    ["or with its name", compute, "h100 100 hours", { gpu: "h100", hours: 100 }],
    ["both with their names", compute, "h100 100h 8 gpus", { gpu: "h100", hours: 100, gpus: 8 }],
    ["the first one given by name leaves the second", compute, "h100 hours=5 8", { gpu: "h100", hours: 5, gpus: 8 }],
    ["three numbers: the first belongs to the free text", compute, "rtx 4090 100 8", { gpu: "rtx 4090", hours: 100, gpus: 8 }],
    ["a choice by position", privacy, "erase yes", { action: "erase", confirm: true }],
    ["a switch that is named is on", privacy, "erase confirm", { action: "erase", confirm: true }],
    ["a required choice behind the free text is taken from the end", stance, "4fT0mQ disagree", { opinion: "4fT0mQ", as: "disagree" }],
    ["a name without a value is as if it were not there", explain, "depin for=", { term: "depin" }],
    ["an open quote is a character like any other", opinion, 'latency "so slow', { topic: "latency", text: '"so slow' }],
    ["what is only given by name takes no word by its place", subscribe, "9 mon wed fri", { time: "9", days: "mon wed fri" }],
    ["but by its name", subscribe, "9 of=a1 mon resume=yes", { time: "9", days: "mon", of: "a1", resume: true }],
    ["and a switch by its name alone", subscribe, "resume", { resume: true }],
    ["a switch behind a choice", training, "rendering numbers", { run: "rendering", numbers: true }],
    [
      "switches behind what is given by name",
      poll,
      "Which? options=A|B hidden everywhere",
      { question: "Which?", options: "A|B", hidden: true, everywhere: true },
    ],
    [
      "a switch's word straight behind the free text is a word of it",
      poll,
      "What is hidden options=A|B",
      { question: "What is hidden", options: "A|B" },
    ],
    ["also as its first word", poll, "hidden costs options=A|B", { question: "hidden costs", options: "A|B" }],
    [
      "a number that is only given by name stays in the free text",
      poll,
      "Will BTC be above 100 options=Yes|No",
      { question: "Will BTC be above 100", options: "Yes|No" },
    ],
    [
      "words behind a text given by name are its own",
      poll,
      "Which? options=Akash | Not yet|None of them hours=48",
      { question: "Which?", options: "Akash | Not yet|None of them", hours: 48 },
    ],
    ["and so is a list that goes on", poll, "days=mon, thu latency", { question: "latency", days: "mon, thu" }],
    ["and the unit of a number", poll, "Which? hours=48 hours options=A|B", { question: "Which?", hours: 48, options: "A|B" }],
    ["but not what stands behind a quoted one", poll, 'Which options="A|B" network?', { question: "Which network?", options: "A|B" }],
    ["a choice of two words with a hyphen", training, "Fine-Tuning", { run: "fine_tuning" }],
    ["a number with a dollar sign", compute, "h100 hours=$5", { gpu: "h100", hours: 5 }],
    ["a number whose unit says what it counts", compute, "h100 8 gpus", { gpu: "h100", gpus: 8 }],
    ["also where both are turned round", compute, "h100 8 gpus 100 hours", { gpu: "h100", hours: 100, gpus: 8 }],
    ["nothing", opinion, "   ", {}],
  ])("%s", (_, params, line, values) => {
    expect(parseTextArgs(params, line)).toEqual({ values, surplus: [] });
  });

  it("says which words fit nowhere", () => {
    expect(parseTextArgs(privacy, "erase yes now please")).toEqual({
      values: { action: "erase", confirm: true },
      surplus: ["now", "please"],
    });
  });

  it("says that a name is none, and takes it for no wrong number or choice", () => {
    expect(parseTextArgs(privacy, "everything=yes")).toEqual({ values: {}, surplus: ["everything=yes"] });
    expect(parseTextArgs(privacy, "ease")).toEqual({ values: { action: "ease" }, surplus: [] });
    expect(parseTextArgs(explain, "e=mc2")).toEqual({ values: { term: "e=mc2" }, surplus: [] });
  });

  it("gives back any free text that is quoted, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (words) => {
        const quoted = `"${words.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
        expect(parseTextArgs(opinion, `latency ${quoted}`).values).toEqual({ topic: "latency", text: words });
      }),
    );
  });

  it("never throws and never loses a word of an unquoted free text", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[\p{L}\p{N}.,!?()-]{1,12}$/u), { minLength: 2, maxLength: 12 }), (words) => {
        expect(parseTextArgs(opinion, `latency ${words.join(" ")}`).values.text).toBe(words.join(" "));
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (line) => {
        parseTextArgs(opinion, line);
        parseTextArgs(privacy, line);
        parseTextArgs(poll, line);
      }),
    );
  });
});
