/** Filecoin: storage power and providers, from a node's own state, else from the explorer Filfox. */
import { z } from "zod";
import type { Figure } from "../../core/figure.ts";
import { callRpc } from "../json-rpc.ts";
import { fromSeconds, type NetworkDefinition, observedTime, saidCount, toFigures } from "../network-definition.ts";

const node = "Filecoin node";
const explorer = "Filfox";
const metrics = ["filecoin.capacity_raw", "filecoin.capacity_quality_adjusted", "filecoin.providers"] as const;
/** Power is proven anew once a day, and public nodes answer 429 early and unpredictably. */
const freshMs = 60 * 60_000;
/** Both sources together stay below the 10 s that a command has. */
const deadlineMs = 4_000;

/** The state of the storage power actor, `f04`. */
const powerActor = z.object({
  State: z.object({
    TotalRawBytePower: saidCount,
    TotalQualityAdjPower: saidCount,
    /** `MinerCount` would count every provider that ever was. */
    MinerAboveMinPowerCount: saidCount,
  }),
});

/** Any Filecoin node, by default a public one of Glif. */
export const filecoinNode: NetworkDefinition<"FILECOIN_RPC_URL"> = {
  id: "filecoin",
  name: node,
  setting: "FILECOIN_RPC_URL",
  metrics,
  freshMs,
  async fetch({ baseUrl, http, now, signal }) {
    const call = { service: node, url: baseUrl, method: "Filecoin.StateReadState", params: ["f04", null], signal, deadlineMs };
    const { State } = await callRpc(http, { ...call, result: powerActor });
    const told = { source: node, url: "https://docs.filecoin.io/networks/mainnet/rpcs", observedAt: null, fetchedAt: now() };
    return storage(told, State.TotalRawBytePower, State.TotalQualityAdjPower, State.MinerAboveMinPowerCount);
  },
};

const overview = z.object({
  timestamp: saidCount,
  totalRawBytePower: saidCount,
  totalQualityAdjPower: saidCount,
  activeMiners: saidCount,
});

/** Filfox's overview. It is not documented; Filfox's own front page shows it. */
export const filfox: NetworkDefinition<"FILFOX_URL"> = {
  id: "filecoin",
  name: explorer,
  setting: "FILFOX_URL",
  metrics,
  freshMs,
  async fetch({ baseUrl, http, now, signal }) {
    const request = { service: explorer, url: `${baseUrl}/overview`, signal, deadlineMs, written: true };
    const said = await http.getJson({ ...request, schema: overview });
    const observedAt = observedTime(explorer, fromSeconds(said.timestamp), now());
    const told = { source: explorer, url: "https://filfox.info", observedAt, fetchedAt: now() };
    return storage(told, said.totalRawBytePower, said.totalQualityAdjPower, said.activeMiners);
  },
};

interface Told {
  readonly source: string;
  readonly url: string;
  readonly observedAt: Date | null;
  readonly fetchedAt: Date;
}

type Said = z.output<typeof saidCount>;

const storage = ({ url, ...told }: Told, raw: Said, adjusted: Said, providers: Said): readonly Figure[] =>
  toFigures(told, [
    { metric: metrics[0], label: "Filecoin raw capacity", unit: "eib", said: exbibytes(raw), url },
    { metric: metrics[1], label: "Filecoin quality-adjusted capacity", unit: "eib", said: exbibytes(adjusted), url },
    { metric: metrics[2], label: "Filecoin storage providers", unit: "count", said: providers, url },
  ]);

/** Dividing by a power of two loses no digit: this is the nearest number to the exact bytes, which the receipt keeps. */
const exbibytes = (bytes: Said) => bytes && { value: Number(bytes.value) / 2 ** 60, raw: bytes.raw };
