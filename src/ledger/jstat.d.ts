/** What is used of jstat, which brings no types of its own. */
declare module "jstat" {
  interface Distribution {
    /** The quantile function: the value below which a variable with these parameters falls with probability `p`. */
    inv(p: number, first: number, second: number): number;
  }
  const jStat: {
    /** With its two shape parameters. */
    readonly beta: Distribution;
    /** With shape and scale. */
    readonly gamma: Distribution;
    /** With mean and standard deviation. */
    readonly normal: Distribution;
  };
  export default jStat;
}
