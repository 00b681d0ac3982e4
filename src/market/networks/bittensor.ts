/** Bittensor: subnets, issued and staked TAO, from a node's storage. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import type { Unit } from "../../core/figure.ts";
import { callRpc } from "../json-rpc.ts";
import { coins, gather, type NetworkDefinition, toFigures } from "../network-definition.ts";

const source = "Bittensor node";

interface Item {
  readonly metric: string;
  readonly label: string;
  readonly unit: Unit;
  /** twox128 of the pallet and of the item. */
  readonly key: string;
  /** Length of the value, an unsigned little-endian integer. */
  readonly bytes: 2 | 8;
}

const pallet = "0x658faa385070e074c85bf6b568cf0555"; // SubtensorModule
const items: readonly Item[] = [
  // Whether the root network counts as one of them is not documented.
  { metric: "bittensor.subnets", label: "Bittensor subnets", unit: "count", key: `${pallet}5f3bb7bcd0a076a48abf8c256d221721`, bytes: 2 },
  { metric: "bittensor.issuance", label: "Bittensor TAO issued", unit: "tao", key: `${pallet}57c875e4cff74148e4628f264b974c80`, bytes: 8 },
  { metric: "bittensor.stake", label: "Bittensor TAO staked", unit: "tao", key: `${pallet}4f85a3603259384a5fa5494b7d7fdb8c`, bytes: 8 },
];
/** 1 TAO = 10^9 rao. */
const taoDecimals = 9;

/** Any node, by default the foundation's public one. */
export const bittensor: NetworkDefinition<"BITTENSOR_RPC_URL"> = {
  id: "bittensor",
  name: source,
  setting: "BITTENSOR_RPC_URL",
  metrics: items.map(({ metric }) => metric),
  freshMs: 30 * 60_000,
  fetch({ baseUrl, http, now, log, signal }) {
    const read = async ({ key, bytes, ...part }: Item) => {
      const call = { service: source, url: baseUrl, method: "state_getStorage", params: [key], signal };
      const raw = await callRpc(http, { ...call, result: z.string().nullable() });
      const value = raw === null ? 0n : decode(raw, bytes);
      // The chain does not store a zero: both stand for "never set".
      const said = raw === null || value === 0n ? null : { value: part.unit === "tao" ? coins(value, taoDecimals) : value, raw };
      return toFigures({ source, observedAt: null, fetchedAt: now() }, [{ ...part, said, url: "https://taostats.io" }]);
    };
    return gather(source, log, items.map(read));
  },
};

/** @throws UpstreamError where it is not exactly as long as the chain stores it: a shorter one would be a wrong number */
function decode(hex: string, bytes: 2 | 8): bigint {
  if (!new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, "i").test(hex))
    throw new UpstreamError(source, "bad_shape", { detail: `not ${bytes} bytes of hex` });
  const data = Buffer.from(hex.slice(2), "hex");
  return bytes === 2 ? BigInt(data.readUInt16LE()) : data.readBigUInt64LE();
}
