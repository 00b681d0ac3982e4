/** Sound answers of the networks' sources on the fake web. */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { FakeWeb, Scripted } from "../support/fake-web.ts";

export const fixture = (name: string): string => readFileSync(new URL(`../fixtures/market/${name}`, import.meta.url), "utf8");

const asJson = z.record(z.string(), z.json());
type Edit = Readonly<Record<string, unknown>>;

/** A recorded answer with other values at the ends of these dotted paths. */
export function edited(name: string, edit: Edit): Record<string, unknown> {
  const data = asJson.parse(JSON.parse(fixture(name)));
  for (const [path, value] of Object.entries(edit)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let at: unknown = data;
    for (const step of steps) at = Reflect.get(Object(at), step);
    Reflect.set(Object(at), last, value);
  }
  return data;
}

/** Keys of Bittensor's storage, and what a node answers for them: 129 subnets, 10,512,345.678901234 and 7,350,000 TAO. */
export const bittensorState: Readonly<Record<string, string | null>> = {
  "0x658faa385070e074c85bf6b568cf05555f3bb7bcd0a076a48abf8c256d221721": "0x8100",
  "0x658faa385070e074c85bf6b568cf055557c875e4cff74148e4628f264b974c80": littleEndian(10_512_345_678_901_234n),
  "0x658faa385070e074c85bf6b568cf05554f85a3603259384a5fa5494b7d7fdb8c": littleEndian(7_350_000_000_000_000n),
};

function littleEndian(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return `0x${bytes.toString("hex")}`;
}

const call = z.object({ method: z.literal("state_getStorage"), params: z.tuple([z.string()]) });

/** A Bittensor node that holds this state. It answers whatever comes, as a node does: tests run side by side, and ports are used again. */
export const bittensorNode =
  (state: Readonly<Record<string, unknown>> = bittensorState): Scripted =>
  ({ body }) => {
    const { success, data } = call.safeParse(body === "" ? null : JSON.parse(body));
    if (!success) return { body: { jsonrpc: "2.0", id: 1, error: { code: -32_601, message: "Method not found" } } };
    return { body: { jsonrpc: "2.0", id: 1, result: state[data.params[0]] ?? null } };
  };

export const serve = {
  filecoinNode: (web: FakeWeb, edit: Edit = {}) => web.answer("/rpc/v1", { body: edited("filecoin-power-actor.json", edit) }),
  filfox: (web: FakeWeb, edit: Edit = {}) => web.answer("/api/v1/overview", { body: edited("filfox-overview.json", edit) }),
  akash(web: FakeWeb, edits: { readonly capacity?: Edit; readonly dashboard?: Edit } = {}) {
    web.answer("/v1/network-capacity", { body: edited("akash-network-capacity.json", edits.capacity ?? {}) });
    web.answer("/v1/dashboard-data", { body: edited("akash-dashboard-data.json", edits.dashboard ?? {}) });
  },
  helium(web: FakeWeb, edit: Edit = {}) {
    const path = "/v2/hotspots/pagination-metadata";
    web.answer(`${path}?subnetwork=iot`, { body: edited("helium-hotspots.json", edit) });
    web.answer(`${path}?subnetwork=mobile`, { body: edited("helium-hotspots.json", { totalItems: 39_417, ...edit }) });
    web.answer(path, { status: 400, body: { statusCode: 400, error: "Bad Request", message: "Invalid subnetwork" } });
  },
  bittensor: (web: FakeWeb) => web.answer("/", bittensorNode()),
  arweave(web: FakeWeb, edit: Edit = {}, price = "31205630") {
    web.answer("/info", { body: fixture("arweave-info.json") });
    web.answer("/block/current", { body: edited("arweave-block.json", edit) });
    web.answer("/price/1073741824", { headers: { "content-type": "text/plain" }, body: price });
  },
} as const;
