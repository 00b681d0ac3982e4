/** Fits the gate to the development half: `npm run eval -- --fit` writes src/knowledge/gate-weights.ts. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Encoder } from "../../../src/embedding/types.ts";
import { createFinder } from "../../../src/knowledge/finder.ts";
import type { GateWeights } from "../../../src/knowledge/gate-weights.ts";
import { createMeaning } from "../../../src/knowledge/meaning.ts";
import { featureNames, plainFeatures } from "../../../src/knowledge/ranking.ts";
import type { Entry } from "../../../src/knowledge/types.ts";
import { readQuestions } from "./questions.ts";

interface Example {
  readonly features: readonly number[];
  readonly yes: boolean;
}

/** Of the questions outside the field, the part that must be refused. */
const refused = 0.92;
/** Of the answers given at once, the part that must be right. */
const right = 0.96;

export async function fitGate(entries: readonly Entry[], encoder: Encoder): Promise<void> {
  const finder = createFinder(entries);
  const meaning = createMeaning(entries, encoder);
  // What is named needs no gate.
  const questions = readQuestions().filter(({ half, text }) => half === "development" && finder.named(text) === null);
  const fitted: Record<string, Record<string, GateWeights>> = {};
  for (const [kind, sense] of [["plain", null] as const, ["full", meaning] as const]) {
    const seen = await Promise.all(
      questions.map(async ({ text, entry }) => {
        const { entries: found, features } = finder.rank(text, await finder.lists(text, sense));
        return { features, inField: entry !== null, hit: entry !== null && found[0]?.id === entry };
      }),
    );
    const answerable = seen.map(({ features, inField }) => ({ features, yes: inField }));
    const certain = seen.map(({ features, hit }) => ({ features, yes: hit }));
    fitted[kind] = {
      answerable: { ...regress(answerable), threshold: thresholdOf(answerable, (passed) => keepsOut(passed, answerable)) },
      certain: { ...regress(certain), threshold: thresholdOf(certain, precise) },
    };
  }
  writeFileSync(join(import.meta.dirname, "../../../src/knowledge/gate-weights.ts"), sourceOf(fitted, questions.length));
}

const keepsOut = (passed: readonly Example[], all: readonly Example[]): boolean =>
  passed.filter(({ yes }) => !yes).length <= (1 - refused) * all.filter(({ yes }) => !yes).length;
const precise = (passed: readonly Example[]): boolean => passed.filter(({ yes }) => yes).length >= right * passed.length;

const folds = 10;

/** The least threshold at which what passes is good enough, each example judged by weights that have not seen it. */
function thresholdOf(examples: readonly Example[], good: (passed: readonly Example[]) => boolean): number {
  const judged = Array.from({ length: folds }, (_, fold) => {
    const { bias, weights } = regress(examples.filter((_, at) => at % folds !== fold));
    return examples.filter((_, at) => at % folds === fold).map((own) => ({ ...own, chance: chanceOf(own.features, bias, weights) }));
  }).flat();
  const steps = Array.from({ length: 98 }, (_, at) => (at + 1) / 100);
  return steps.find((step) => good(judged.filter(({ chance }) => chance >= step))) ?? 0.99;
}

const chanceOf = (features: readonly number[], bias: number, weights: readonly number[]): number =>
  1 / (1 + Math.exp(-features.reduce((sum, feature, at) => sum + feature * (weights[at] ?? 0), bias)));

/** Keeps weights small where examples are few; the strength at which the folds disagreed least. */
const penalty = 0.03;

/** Logistic regression by gradient descent over standardised features; the standardisation is folded into the weights. */
function regress(examples: readonly Example[]): { readonly bias: number; readonly weights: readonly number[] } {
  const width = examples[0]?.features.length ?? 0;
  const column = (at: number): readonly number[] => examples.map(({ features }) => features[at] ?? 0);
  const scale = Array.from({ length: width }, (_, at) => {
    const mean = average(column(at));
    return { mean, spread: Math.sqrt(average(column(at).map((value) => (value - mean) ** 2))) || 1 };
  });
  const rows = examples.map(({ features, yes }) => ({
    values: features.map((value, at) => (value - (scale[at]?.mean ?? 0)) / (scale[at]?.spread ?? 1)),
    target: yes ? 1 : 0,
  }));
  let bias = 0;
  const weights = new Array<number>(width).fill(0);
  for (let round = 0; round < 2_000; round++) {
    let slope = 0;
    const slopes = weights.map((weight) => penalty * weight);
    for (const { values, target } of rows) {
      const off = (chanceOf(values, bias, weights) - target) / rows.length;
      slope += off;
      for (const [at, value] of values.entries()) slopes[at] = (slopes[at] ?? 0) + off * value;
    }
    bias -= 0.5 * slope;
    for (const [at, value] of slopes.entries()) weights[at] = (weights[at] ?? 0) - 0.5 * value;
  }
  const folded = weights.map((weight, at) => weight / (scale[at]?.spread ?? 1));
  return { bias: bias - folded.reduce((sum, weight, at) => sum + weight * (scale[at]?.mean ?? 0), 0), weights: folded };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const round = (value: number): number => Number(value.toFixed(4));

function sourceOf(fitted: Readonly<Record<string, Readonly<Record<string, GateWeights>>>>, count: number): string {
  const gates = Object.entries(fitted).map(([kind, both]) => {
    const names = kind === "plain" ? featureNames.slice(0, plainFeatures) : featureNames;
    const inner = Object.entries(both).map(
      ([name, { bias, weights, threshold }]) =>
        `    ${name}: {\n      bias: ${round(bias)},\n      weights: [\n${weights.map((weight, at) => `        ${round(weight)}, // ${names[at]}`).join("\n")}\n      ],\n      threshold: ${threshold},\n    },`,
    );
    return `  ${kind}: {\n${inner.join("\n")}\n  },`;
  });
  return `/**
 * Generated by \`npm run eval -- --fit\` from the ${count} questions of the development half that name no entry: do not change by hand.
 * \`plain\` is for searches without the encoder. A gate passes where 1 / (1 + e^-(bias + weights · features)) is at least its threshold.
 */
export interface GateWeights {
  readonly bias: number;
  readonly weights: readonly number[];
  readonly threshold: number;
}

export const gateWeights: Readonly<Record<"plain" | "full", Readonly<Record<"answerable" | "certain", GateWeights>>>> = {
${gates.join("\n")}
};
`;
}
