/** Opinions read without a language model: for tests of what becomes of them. */
import { createReader } from "../../src/opinions/reader.ts";
import type { Reader } from "../../src/opinions/types.ts";

export const plainReading = (): Reader => createReader({ model: null });
