/** Akash: GPUs, leases and what is spent on them, from the Akash Console API. */
import { z } from "zod";
import { gather, type NetworkDefinition, observedTime, saidCount, saidInteger, toFigures } from "../network-definition.ts";
import { saidNumber, saidText } from "../observe.ts";

const source = "Akash Console";

const metrics = ["akash.gpus_active", "akash.gpus_available", "akash.leases_active", "akash.spend_daily"] as const;

const capacity = z.object({
  activeProviderCount: saidCount,
  resources: z.object({ gpu: z.object({ active: saidInteger, available: saidInteger }) }),
});
const dashboard = z.object({
  now: z.object({ date: saidText, height: saidCount, activeLeaseCount: saidInteger, dailyUUsdSpent: saidNumber }),
});

/**
 * The API answers 200 with a section of zeros where it failed inside: no provider and no block height mean no data. Only in a
 * section that is alive a zero is a number, such as no free GPU.
 */
export const akash: NetworkDefinition<"AKASH_URL"> = {
  id: "akash",
  name: source,
  setting: "AKASH_URL",
  metrics,
  freshMs: 30 * 60_000,
  fetch({ baseUrl, http, now, log, signal }) {
    const page = (path: string) => `https://console-api.akash.network${path}`;
    const get = <T>(path: string, schema: z.ZodType<T>) =>
      http.getJson({ service: source, url: `${baseUrl}${path}`, signal, schema, written: true });

    async function gpus() {
      const path = "/v1/network-capacity";
      const { activeProviderCount: alive, resources } = await get(path, capacity);
      const { active, available } = resources.gpu;
      return toFigures({ source, observedAt: null, fetchedAt: now() }, [
        { metric: metrics[0], label: "Akash GPUs in use", unit: "count", said: alive && active, url: page(path) },
        { metric: metrics[1], label: "Akash GPUs available", unit: "count", said: alive && available, url: page(path) },
      ]);
    }

    async function use() {
      const path = "/v1/dashboard-data";
      const { date, height: alive, activeLeaseCount: leases, dailyUUsdSpent: spent } = (await get(path, dashboard)).now;
      if (!alive) return [];
      const observedAt = observedTime(source, date ? Date.parse(date) : null, now());
      // In millionths of a dollar.
      const spend = spent && spent.value >= 0 ? { value: spent.value / 1e6, raw: spent.raw } : null;
      return toFigures({ source, observedAt, fetchedAt: now() }, [
        { metric: metrics[2], label: "Akash active leases", unit: "count", said: leases, url: page(path) },
        { metric: metrics[3], label: "Akash daily spend", unit: "usd", said: spend, url: page(path) },
      ]);
    }

    return gather(source, log, [gpus(), use()]);
  },
};
