/** The ledger check: what of every digest and room the ledger says, held against what the fake services show. */
import type { Delivery, Subscription } from "../../src/schedule/types.ts";
import type { Storage } from "../../src/storage/open.ts";
import type { FakeDiscord } from "./fake-discord/index.ts";
import type { FakeTelegram } from "./fake-telegram/index.ts";

/** Ids of what the bot has posted in a room, oldest first. */
function shownIn(
  room: string,
  { discord, telegram }: { readonly discord: FakeDiscord; readonly telegram: FakeTelegram },
): readonly string[] {
  const address = room.slice(room.indexOf(":") + 1);
  if (room.startsWith("discord:")) return discord.world.visibleIn(address).map(({ id }) => id);
  return telegram.world.chats.get(Number(address))?.posts.map(({ id }) => String(id)) ?? [];
}

/**
 * Sentences about rooms whose digests, of one message each, are not as the ledger says: delivered is there once under the id that proves it,
 * uncertain is there once or not at all and never on Discord, anything else is not there. Nothing else stands in the room.
 */
export async function ledgerFaults(
  wishes: readonly Subscription[],
  stage: { readonly storage: Storage; readonly discord: FakeDiscord; readonly telegram: FakeTelegram },
): Promise<readonly string[]> {
  const deliveries = await stage.storage.deliveries.latest(
    wishes.map(({ id }) => id),
    100,
  );
  return wishes.flatMap(({ id, room }) => {
    const shown = [...shownIn(room, stage)];
    const faults: string[] = [];
    const dates = new Set<string>();
    let doubts = 0;
    for (const { localDate, state, parts } of deliveries.filter((one: Delivery) => one.subscription === id)) {
      if (dates.has(localDate)) faults.push(`${room}: two deliveries of ${localDate}`);
      dates.add(localDate);
      const proofs = parts.flatMap(({ messageId }) => messageId ?? []);
      if (state === "delivered" && proofs.length === 0) faults.push(`${room}: ${localDate} is called delivered without a proof`);
      for (const proof of proofs) {
        const at = shown.indexOf(proof);
        if (at < 0) faults.push(`${room}: ${localDate} is not there, although ${proof} proves it`);
        else shown.splice(at, 1);
      }
      if (state === "uncertain") doubts++;
      if (state === "uncertain" && room.startsWith("discord:")) faults.push(`${room}: ${localDate} is uncertain on Discord`);
      if (state === "waiting") faults.push(`${room}: ${localDate} still waits`);
    }
    if (shown.length > doubts) faults.push(`${room}: ${shown.length - doubts} messages that no delivery knows`);
    return faults;
  });
}
