/** Opinions read without a language model: for tests of what becomes of them. */

import { createReader } from "../../src/reading/reader.ts";
import type { Reader } from "../../src/reading/types.ts";
import { topics } from "../../src/topics/topics.ts";

export const plainReading = (): Reader => createReader({ model: null, shipped: topics });
