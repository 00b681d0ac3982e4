/** Opinions read without the encoder: for tests of what becomes of them. */
import { createLocalReader } from "../../src/opinions/local-reader.ts";
import { createReader } from "../../src/opinions/reader.ts";
import type { Reader } from "../../src/opinions/types.ts";

export const plainReading = (): Reader =>
  createReader({ local: createLocalReader({ encoder: null, log: { warn: () => undefined } }), model: null });
