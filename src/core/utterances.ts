/** What members say, by its kinds. */

/** How much members said, of all that a community keeps only for so long. */
export interface Utterances {
  readonly opinions: number;
  /** Reports of runs. */
  readonly reports: number;
  /** Claims, which go with the votes on them. */
  readonly claims: number;
  /** Votes in polls that have ended: the community's own polls go with them. */
  readonly votes: number;
  /** Forecasts of questions that are resolved. */
  readonly forecasts: number;
}
