/** What every set of stores keeps, whatever is behind it. */
import { afterAll, beforeAll, describe } from "vitest";
import type { Stores } from "../support/memory-stores.ts";
import { buttonContract } from "./stores/buttons.ts";
import { deliveryContract } from "./stores/deliveries.ts";
import { figureContract } from "./stores/figures.ts";
import { gapContract } from "./stores/gaps.ts";
import { inboxContract } from "./stores/inbox.ts";
import { memberContract } from "./stores/members.ts";
import { opinionContract } from "./stores/opinions.ts";
import { pushedContract } from "./stores/pushed.ts";
import { readingContract } from "./stores/readings.ts";
import { reportContract } from "./stores/reports.ts";
import { roomContract } from "./stores/rooms.ts";
import { subscriptionContract } from "./stores/subscriptions.ts";

interface OpenStores extends Stores {
  close?(): Promise<void>;
}

/** @param open called once; `close` is called after the last test */
export function storeContract(name: string, open: () => Promise<OpenStores>): void {
  describe(`stores: ${name}`, () => {
    let stores: OpenStores;
    beforeAll(async () => {
      stores = await open();
    });
    afterAll(() => stores.close?.());
    opinionContract(() => stores);
    readingContract(() => stores);
    memberContract(() => stores);
    figureContract(() => stores);
    buttonContract(() => stores);
    roomContract(() => stores);
    subscriptionContract(() => stores);
    deliveryContract(() => stores);
    gapContract(() => stores);
    reportContract(() => stores);
    inboxContract(() => stores);
    pushedContract(() => stores);
  });
}
