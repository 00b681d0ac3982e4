/** How a person's mistake is answered, whatever the language. */
export interface Said {
  /** One clear sentence, in inline markup. */
  readonly message: string;
  /** What to do next, shown below the message. */
  readonly hint?: string;
}
