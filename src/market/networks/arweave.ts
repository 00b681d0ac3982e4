/** Arweave: block height, size of the weave and the price of storage, from a gateway. */
import { z } from "zod";
import { UpstreamError } from "../../core/errors.ts";
import {
  coins,
  fromSeconds,
  gather,
  type NetworkDefinition,
  observedTime,
  readInteger,
  saidCount,
  toFigures,
} from "../network-definition.ts";

const source = "Arweave gateway";

const metrics = ["arweave.height", "arweave.weave_size", "arweave.storage_price"] as const;

const info = z.object({ height: saidCount });
/** `weave_size` is a number in old blocks and a text in new ones. */
const block = z.object({ weave_size: saidCount, timestamp: saidCount });
const gibibyte = 2 ** 30;
/** 1 AR = 10^12 winston. */
const arDecimals = 12;

/** Any gateway, by default arweave.net. */
export const arweave: NetworkDefinition<"ARWEAVE_URL"> = {
  id: "arweave",
  name: source,
  setting: "ARWEAVE_URL",
  metrics,
  freshMs: 30 * 60_000,
  fetch({ baseUrl, http, now, log, signal }) {
    const request = (path: string) => ({ service: source, url: `${baseUrl}${path}`, signal });
    const page = (path: string) => `https://arweave.net${path}`;

    async function height() {
      const { height: said } = await http.getJson({ ...request("/info"), schema: info, written: true });
      const part = { metric: metrics[0], label: "Arweave block height", unit: "count", said, url: page("/info") } as const;
      return toFigures({ source, observedAt: null, fetchedAt: now() }, [part]);
    }

    async function size() {
      const path = "/block/current";
      const { weave_size: said, timestamp } = await http.getJson({ ...request(path), schema: block, written: true });
      const observedAt = observedTime(source, fromSeconds(timestamp), now());
      const part = { metric: metrics[1], label: "Arweave data stored", unit: "bytes", said, url: page(path) } as const;
      return toFigures({ source, observedAt, fetchedAt: now() }, [part]);
    }

    async function price() {
      const path = `/price/${gibibyte}`;
      const winston = readInteger((await http.getText(request(path))).trim());
      if (winston === null || winston.value === 0n) throw new UpstreamError(source, "bad_shape", { detail: "no price in winston" });
      const said = { value: coins(winston.value, arDecimals), raw: winston.raw };
      const part = { metric: metrics[2], label: "Arweave price of storing 1 GiB for good", unit: "ar", said, url: page(path) } as const;
      return toFigures({ source, observedAt: null, fetchedAt: now() }, [part]);
    }

    return gather(source, log, [height(), size(), price()]);
  },
};
