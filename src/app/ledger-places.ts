/** The places that members report runs on and that are known by name: sellers of GPU-hours, and networks of the watch list. */
import { sellers } from "../compute/sellers.ts";
import type { Place } from "../ledger/places.ts";
import { watchList } from "../market/assets.ts";

/** Coins without a network that rents out machines. */
const onlyCoins: ReadonlySet<string> = new Set(["bitcoin", "ethereum"]);

const sold: readonly Place[] = sellers.map(({ id, name, side }) => ({
  name,
  aliases: [id, ...(watchList.find((asset) => asset.name === name)?.aliases ?? [])],
  decentralised: side === "decentralised",
}));

export const ledgerPlaces: readonly Place[] = [
  ...sold,
  ...watchList
    .filter(({ id, name }) => !onlyCoins.has(id) && !sold.some((place) => place.name === name))
    .map(({ name, aliases }) => ({ name, aliases, decentralised: true })),
];
