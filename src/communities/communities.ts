/** A community's settings: read often, changed rarely, and every change is kept with who made it. */
import { LRUCache } from "lru-cache";
import type { CommunityId } from "../core/ids.ts";
import { type Communities, type Decided, type SettingChange, type Settings, type SettingsStore, sections } from "./types.ts";

const defaults: Decided = { audience: "newcomer", zone: "UTC", sections, quoting: true, retentionDays: null };

/** Every `/explain` asks for the settings: they are read again after this long, for what another process changed. */
const rememberedMs = 30_000;

/** @param watchList CoinGecko ids that every community follows unless it says otherwise */
export function createCommunities(store: SettingsStore, watchList: readonly string[]): Communities {
  const remembered = new LRUCache<CommunityId, Promise<Settings>>({ max: 2_000, ttl: rememberedMs });

  function settings(community: CommunityId): Promise<Settings> {
    const known = remembered.get(community);
    if (known !== undefined) return known;
    const read = store.read(community).then((own) => ({ ...defaults, ...own }));
    remembered.set(community, read);
    // A failure is not remembered; whoever waits for it sees it.
    read.catch(() => remembered.delete(community));
    return read;
  }

  return {
    settings,

    async change(community, values, by, now) {
      const before = await settings(community);
      const changes: SettingChange[] = [];
      for (const [name, value] of Object.entries(values)) {
        const [from, to] = [words(before[name as keyof Decided]), words(value)];
        if (from !== to) changes.push({ at: now, member: by, what: name, before: from, after: to });
      }
      if (changes.length > 0) await store.set(community, values, changes);
      remembered.delete(community);
      return changes;
    },

    async follow(community, asset, follows, by, now) {
      const { watched, unwatched } = await settings(community);
      const followed = watched.includes(asset.id) || (watchList.includes(asset.id) && !unwatched.includes(asset.id));
      if (followed === follows) return false;
      const [before, after] = follows ? ["not followed", "followed"] : ["followed", "not followed"];
      await store.follow(community, asset.id, follows, { at: now, member: by, what: asset.name, before, after });
      remembered.delete(community);
      return true;
    },

    changes: (community, limit) => store.changes(community, limit),
  };
}

function words(value: Decided[keyof Decided] | undefined): string {
  if (value === null || value === undefined) return "for ever";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return `${value} days`;
  return typeof value === "string" ? value : value.length === 0 ? "none" : value.join(", ");
}
