/** Something that few places have, read for all of them at once: nobody else costs the database a question of their own. */

/** What is only shown, or done again soon, may be this old where another process has changed it. */
const rememberedMs = 30_000;

export interface SharedRead<T> {
  /** What was read, at most 30 s old. Whoever asks meanwhile shares one reading; one that fails is tried again by the next who asks. */
  current(): Promise<T>;
  /** It has changed: the next who asks reads it anew. */
  forget(): void;
}

export function shareRead<T>(read: () => Promise<T>, now: () => number = Date.now): SharedRead<T> {
  let latest: { readonly value: Promise<T>; readonly at: number } | null = null;
  return {
    current() {
      const at = now();
      if (latest !== null && at >= latest.at && at < latest.at + rememberedMs) return latest.value;
      const made = { value: read(), at };
      latest = made;
      made.value.catch(() => {
        if (latest === made) latest = null;
      });
      return made.value;
    },
    forget() {
      latest = null;
    },
  };
}
