/** Tokens of the language model per day, in the database, so that a restart does not begin the day again. */
import type { ModelBudgetStore } from "../llm/types.ts";
import type { Database } from "./database.ts";

export function createModelBudgetStore(database: Database): ModelBudgetStore {
  return {
    async reserve(day, key, tokens, limit) {
      if (tokens > limit) return false;
      const written = await database.write(
        (client) => client.$executeRaw`
          INSERT INTO model_use (day, key, tokens) VALUES (${day}, ${key}, ${tokens})
          ON CONFLICT (day, key) DO UPDATE SET tokens = model_use.tokens + excluded.tokens
            WHERE model_use.tokens + excluded.tokens <= ${limit}`,
      );
      return written > 0;
    },
    async settle(day, key, difference) {
      await database.write(
        (client) => client.$executeRaw`
          UPDATE model_use SET tokens = GREATEST(0, tokens + ${difference}) WHERE day = ${day} AND key = ${key}`,
      );
    },
    async used(day, key) {
      const row = await database.read((client) => client.modelUse.findUnique({ where: { day_key: { day, key } } }));
      return row?.tokens ?? 0;
    },
    async forget(before) {
      await database.write((client) => client.modelUse.deleteMany({ where: { day: { lt: before } } }));
    },
  };
}
