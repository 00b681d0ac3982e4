/** What the sentence encoder offers to the domains. */

/** The length of every vector. */
export const dimensions = 512;

export interface Encoder {
  /**
   * Turns sentences into vectors of length 1 with `dimensions` numbers; the more alike two sentences are in meaning, the nearer their dot
   * product is to 1. The first call after a while takes about half a second longer: the model is loaded for it.
   * @throws Error where the encoder cannot be started or does not answer in time; whoever asks can do without
   */
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>;
  /** Ends the encoder's process; resolves when it is gone. */
  close(): Promise<void>;
}
