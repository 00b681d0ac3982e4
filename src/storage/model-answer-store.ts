/** By which prompt and model answers were written, in the database. */
import { z } from "zod";
import { receiptId } from "../core/ids.ts";
import type { ModelAnswerStore } from "../core/model-answers.ts";
import type { Database } from "./database.ts";

const row = z.object({ id: z.string().transform(receiptId), prompt: z.string(), model: z.string(), at: z.date() });

export function createModelAnswerStore(database: Database): ModelAnswerStore {
  return {
    async add(answer) {
      await database.write((client) => client.modelAnswer.create({ data: answer }));
    },
    async find(id) {
      return row.nullable().parse(await database.read((client) => client.modelAnswer.findUnique({ where: { id } })));
    },
    async forget(before) {
      await database.write((client) => client.modelAnswer.deleteMany({ where: { at: { lt: before } } }));
    },
  };
}
