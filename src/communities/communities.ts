/** A community's settings: read often, changed rarely, and every change is kept with who made it. */
import { LRUCache } from "lru-cache";
import { UserError } from "../core/errors.ts";
import type { CommunityId } from "../core/ids.ts";
import { shareRead } from "../lib/shared-read.ts";
import { type Communities, type Decided, type SettingChange, type Settings, type SettingsStore, sections } from "./types.ts";

const defaults: Decided = {
  language: "en",
  audience: "newcomer",
  zone: "UTC",
  sections,
  quoting: true,
  suggestions: false,
  retentionDays: null,
};
const undecided: Settings = { ...defaults, watched: [], unwatched: [] };

/** Assets that one community may add: all of them share the 250 that are asked for, and a digest is read on a phone. */
const mostWatched = 25;

const dayMs = 86_400_000;

/** Every `/explain` asks for the settings: what is only shown may be this old where another process has changed it. */
const rememberedMs = 30_000;

/** @param watchList CoinGecko ids that every community follows unless it says otherwise */
export function createCommunities(store: SettingsStore, watchList: readonly string[]): Communities {
  const remembered = new LRUCache<CommunityId, Promise<Settings>>({ max: 2_000, ttl: rememberedMs });
  const deciders = shareRead(async () => new Set(await store.decided()));

  async function settings(community: CommunityId): Promise<Settings> {
    if (!(await deciders.current()).has(community)) return undecided;
    const known = remembered.get(community);
    if (known !== undefined) return known;
    const made = current(community);
    remembered.set(community, made);
    made.catch(() => remembered.delete(community));
    return made;
  }

  async function current(community: CommunityId): Promise<Settings> {
    const { watched, unwatched, ...decisions } = await store.read(community);
    // Wishes that change nothing remain where somebody changed their mind.
    return {
      ...defaults,
      ...decisions,
      watched: watched.filter((id) => !watchList.includes(id)),
      unwatched: unwatched.filter((id) => watchList.includes(id)),
    };
  }

  function forget(community: CommunityId): void {
    remembered.delete(community);
    deciders.forget();
  }

  return {
    settings,
    current,

    async change(community, values, by, now) {
      const before = await current(community);
      const changes: SettingChange[] = [];
      for (const [name, value] of Object.entries(values)) {
        const [from, to] = [words(before[name as keyof Decided]), words(value)];
        if (from !== to) changes.push({ at: now, member: by, what: name, before: from, after: to });
      }
      if (changes.length > 0) await store.set(community, values, changes);
      forget(community);
      return changes;
    },

    async follow(community, asset, follows, by, now) {
      const { watched, unwatched } = await current(community);
      const followed = watched.includes(asset.id) || (watchList.includes(asset.id) && !unwatched.includes(asset.id));
      if (followed === follows) return false;
      if (follows && !watchList.includes(asset.id) && watched.length >= mostWatched)
        throw new UserError("too_many_assets", (texts) => texts.watch.tooMany(mostWatched));
      const [before, after] = follows ? ["not followed", "followed"] : ["followed", "not followed"];
      await store.follow(community, asset.id, follows, { at: now, member: by, what: asset.name, before, after });
      forget(community);
      return true;
    },

    changes: (community, limit) => store.changes(community, limit),
    older: (community, days, now) => store.older(community, new Date(now.getTime() - days * dayMs)),
  };
}

function words(value: Decided[keyof Decided] | undefined): string {
  if (value === null || value === undefined) return "for ever";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return `${value} days`;
  return typeof value === "string" ? value : value.length === 0 ? "none" : value.join(", ");
}
