/** One test run; every test leaves loopback alone and starts from the guard in `test/support/loopback-only.ts`. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/loopback-only.ts"],
    globalSetup: ["test/support/postgres-setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A quarter of the time of two is spent waiting for processes and leases.
    maxWorkers: 3,
  },
});
