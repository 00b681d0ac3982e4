/** How well points lie within their clusters. */

type Point = readonly [number, number];

/** Every pair of so many points is compared; of more, evenly spread ones. */
const mostCompared = 1_000;
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * The mean silhouette coefficient, from −1 to 1: how much nearer a point is to its own cluster than to the next one. A point alone in its
 * cluster counts 0. Over more than 1,000 points it is taken of evenly spread ones, compared among themselves.
 * Source: P. J. Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", J. Comput. Appl.
 * Math. 20 (1987) 53–65.
 * @param clusters of each point, from 0; @returns 0 where there is only one cluster
 */
export function silhouette(points: readonly Point[], clusters: readonly number[]): number {
  // Every so-manieth would fall in with voters who come in turns; multiples of the golden ratio fall in with nothing.
  const share = mostCompared / points.length;
  const sample = points.flatMap((point, n) => ((n * goldenRatio) % 1 < share ? [{ point, cluster: clusters[n] ?? 0 }] : []));
  const count = Math.max(...sample.map(({ cluster }) => cluster)) + 1;
  const sizes = new Array<number>(count).fill(0);
  for (const { cluster } of sample) sizes[cluster] = (sizes[cluster] ?? 0) + 1;
  if (sizes.filter((size) => size > 0).length < 2) return 0;
  const widths = sample.map(({ point, cluster }) => {
    const sums = new Array<number>(count).fill(0);
    for (const other of sample) {
      const distance = Math.hypot(point[0] - other.point[0], point[1] - other.point[1]);
      sums[other.cluster] = (sums[other.cluster] ?? 0) + distance;
    }
    const own = sizes[cluster] ?? 0;
    if (own < 2) return 0;
    const within = (sums[cluster] ?? 0) / (own - 1);
    const others = sums.flatMap((sum, n) => (n === cluster || sizes[n] === 0 ? [] : [sum / (sizes[n] ?? 1)]));
    const nearest = Math.min(...others);
    const greater = Math.max(within, nearest);
    return greater === 0 ? 0 : (nearest - within) / greater;
  });
  return widths.reduce((sum, width) => sum + width, 0) / widths.length;
}
