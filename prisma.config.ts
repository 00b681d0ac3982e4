/** Settings of Prisma's own command line, for `prisma generate` and for `prisma studio` on a PostgreSQL database. */
import { defineConfig } from "prisma/config";

// Prisma looks for its native schema engine before any command and would download it; generating needs none, so any program will do.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  ...(process.env.DATABASE_URL === undefined ? {} : { datasource: { url: process.env.DATABASE_URL } }),
});
