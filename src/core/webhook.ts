/** The port for what a platform posts to the program's own HTTP side: which page takes it, and what is answered. */

/** One request, of which nothing is believed before the platform's own check. */
export interface Posted {
  /** @param name in lower case */
  header(name: string): string | undefined;
  /** The body as it came. Rejects where it is longer than the page takes, or breaks off. */
  body(): Promise<Uint8Array>;
}

/** 401: not from the platform. 503: not now, and the platform may try again. */
export interface Receipt {
  readonly status: 200 | 202 | 400 | 401 | 503;
  /** The body of the answer, where the platform reads one. */
  readonly json?: object;
}

export interface Webhook {
  /** Of the page, from the root of the HTTP side. */
  readonly path: string;
  /** Bytes that a body may have. */
  readonly bodyBytes: number;
  /** Rejects only with what `body` rejects with. */
  receive(posted: Posted): Promise<Receipt>;
}
