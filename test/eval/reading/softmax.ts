/** Softmax regression over sparse features. The npm packages for it are dense or untended; this is forty lines. */

export interface Row {
  readonly at: Int32Array;
  readonly values: Float64Array;
  /** The class that is right. */
  readonly right: number;
  readonly weight: number;
}

export interface SoftmaxOptions {
  readonly rows: readonly Row[];
  readonly classes: number;
  readonly width: number;
  /** Keeps weights small where examples are few. */
  readonly penalty: number;
}

/** For each class its weights, and behind them its bias. */
export type Fitted = readonly Float64Array[];

const rounds = 100;
const pace = 0.3;

/** Gradient descent with a pace of its own for each weight (Adagrad); the same rows always give the same weights. */
export function fitSoftmax({ rows, classes, width, penalty }: SoftmaxOptions): Fitted {
  const zeros = (value = 0) => Array.from({ length: classes }, () => new Float64Array(width + 1).fill(value));
  const [fitted, seen] = [zeros(), zeros(1e-6)];
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  // What nothing is known of is as likely as in the examples, from the first round on.
  for (const [one, weights] of fitted.entries()) {
    const own = rows.reduce((sum, { right, weight }) => sum + (right === one ? weight : 0), 0);
    weights[width] = Math.log((own + 1) / (total + classes));
  }
  for (let round = 0; round < rounds; round++) {
    const slopes = zeros();
    for (const row of rows) {
      const chances = chancesOf(fitted, row);
      for (const [one, slope] of slopes.entries()) {
        const off = (((chances[one] ?? 0) - (one === row.right ? 1 : 0)) * row.weight) / total;
        for (let k = 0; k < row.at.length; k++) add(slope, row.at[k] ?? 0, off * (row.values[k] ?? 0));
        add(slope, width, off);
      }
    }
    for (const [one, weights] of fitted.entries()) {
      const [slope, squares] = [slopes[one], seen[one]];
      if (slope === undefined || squares === undefined) continue;
      for (let at = 0; at <= width; at++) {
        const step = (slope[at] ?? 0) + (at < width ? penalty * (weights[at] ?? 0) : 0);
        add(squares, at, step * step);
        add(weights, at, (-pace * step) / Math.sqrt(squares[at] ?? 1));
      }
    }
  }
  return fitted;
}

function add(list: Float64Array, at: number, value: number): void {
  list[at] = (list[at] ?? 0) + value;
}

function chancesOf(fitted: Fitted, { at, values }: Row): readonly number[] {
  const exponents = fitted.map((weights) => {
    let sum = weights.at(-1) ?? 0;
    for (let k = 0; k < at.length; k++) sum += (values[k] ?? 0) * (weights[at[k] ?? 0] ?? 0);
    return Math.exp(sum);
  });
  const all = exponents.reduce((sum, one) => sum + one, 0);
  return exponents.map((one) => one / all);
}
