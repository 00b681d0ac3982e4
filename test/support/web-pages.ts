/** The HTTP side with nothing but the pages that platforms post to, as they stand behind a proxy. */

import type { Webhook } from "../../src/core/webhook.ts";
import { createLogger } from "../../src/lib/logger.ts";
import { startWeb, type Web } from "../../src/web/server.ts";

const log = createLogger({ level: "silent", secrets: [], out: process.stderr });

/** @param requestMs milliseconds for a whole request to arrive */
export function openPages(webhooks: readonly (Webhook | null)[], requestMs = 5_000): Promise<Web> {
  return startWeb({
    port: 0,
    host: "127.0.0.1",
    ready: async () => ({ ready: true, parts: {} }),
    metrics: async () => "",
    metricsType: "text/plain",
    webhooks: webhooks.filter((webhook) => webhook !== null),
    log,
    requestMs,
  });
}
