/** Finds out where the bot may post again: after permissions or channels changed, after a return to a server, and after every connection. */
import type { REST } from "@discordjs/rest";
import { PermissionFlagsBits, Routes } from "discord-api-types/v10";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { communityAddress, communityId, type RoomId, roomAddress, roomId } from "../../core/ids.ts";
import type { PausedRooms } from "../../core/platform.ts";
import type { Logger } from "../../lib/logger.ts";
import { describe } from "./errors.ts";

export interface Access {
  /** An event of the gateway, of which it reads those that may mean that a refusal is over. Throws where the event cannot be read. */
  told(name: string, data: unknown): void;
  /** Resolves when everything told so far has been looked into. */
  settled(): Promise<void>;
}

export interface AccessOptions {
  readonly rest: REST;
  readonly paused: PausedRooms;
  readonly log: Logger;
  readonly now: () => Date;
}

const id = z.string().regex(/^\d{1,20}$/);
const readySchema = z.object({ user: z.object({ id }), guilds: z.array(z.object({ id })) });
const guildSchema = z.object({ id, unavailable: z.boolean().nullish() });
const memberSchema = z.object({ guild_id: id, user: z.object({ id }) });
const interactionSchema = z.object({ context: z.number().nullish(), channel_id: id.nullish() });
/** A member's chat with the bot: who writes there does not block it. */
const privateChat = 1;
/** Within this the same chat is not looked at again. */
const openedMs = 10 * 60_000;
const changeSchema = z.object({ guild_id: id.nullish() });

/** Whose permissions may be other ones afterwards. GUILD_MEMBER_UPDATE comes of the bot itself without the members intent (events/gateway). */
const changes = new Set(["CHANNEL_UPDATE", "THREAD_UPDATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"]);

const bits = z.string().regex(/^\d+$/).transform(BigInt);
const overwrites = z.array(z.object({ id, allow: bits, deny: bits })).nullish();
const channelSchema = z.object({
  guild_id: id,
  parent_id: id.nullish(),
  permission_overwrites: overwrites,
  thread_metadata: z.object({ locked: z.boolean().nullish() }).nullish(),
});
const rolesSchema = z.array(z.object({ id, permissions: bits }));
const selfSchema = z.object({ roles: z.array(id), communication_disabled_until: z.string().nullish() });

/** What a digest takes. */
const needed = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.EmbedLinks | PermissionFlagsBits.AttachFiles;

export function createAccess({ rest, paused, log, now }: AccessOptions): Access {
  let self: string | null = null;
  /** Servers of which READY has told: the GUILD_CREATE that follows for each is no news. */
  const present = new Set<string>();
  const waiting = new Set<string>();
  const opened = new LRUCache<RoomId, true>({ max: 5_000, ttl: openedMs });
  let queue: Promise<void> = Promise.resolve();

  function openChat(room: RoomId): void {
    if (opened.has(room)) return;
    opened.set(room, true);
    enqueue(async () => void (await paused.resume([room], now())));
  }

  /** One look after another, and one for however many changes of a server wait for it. */
  function look(guild: string): void {
    if (waiting.has(guild)) return;
    waiting.add(guild);
    enqueue(async () => {
      waiting.delete(guild);
      const rooms = await paused.of(communityId("discord", guild));
      if (rooms.length > 0)
        await lookInto(
          guild,
          rooms.map(({ room }) => room),
        );
    });
  }

  function enqueue(work: () => Promise<void>): void {
    queue = queue.then(work).catch((error: unknown) => {
      log.warn({ platform: "discord", ...describe(error) }, "it could not be found out where I may post again");
    });
  }

  async function lookInto(guild: string, rooms: readonly RoomId[]): Promise<void> {
    if (self === null) return;
    const roles = rolesSchema.parse(await rest.get(Routes.guildRoles(guild)));
    const me = selfSchema.parse(await rest.get(Routes.guildMember(guild, self)));
    const silenced = me.communication_disabled_until;
    if (silenced != null && Date.parse(silenced) > now().getTime()) return;
    const open: RoomId[] = [];
    for (const room of rooms) if (await mayPost(roomAddress(room), { guild, self, roles, mine: me.roles })) open.push(room);
    if (open.length === 0) return;
    await paused.resume(open, now());
    log.info({ platform: "discord", rooms: open.length }, "digests go on where I may post again");
  }

  async function mayPost(address: string, member: Standing): Promise<boolean> {
    const channel = await channelOf(address);
    if (channel === null || channel.guild_id !== member.guild) return false;
    const thread = channel.thread_metadata;
    if (thread == null) return holds(permissionsIn(channel.permission_overwrites ?? [], member), needed | PermissionFlagsBits.SendMessages);
    // A thread has no overwrites of its own.
    const parent = channel.parent_id == null ? null : await channelOf(channel.parent_id);
    if (parent === null || thread.locked === true) return false;
    return holds(permissionsIn(parent.permission_overwrites ?? [], member), needed | PermissionFlagsBits.SendMessagesInThreads);
  }

  /** Null where the bot does not see it. */
  async function channelOf(address: string): Promise<z.infer<typeof channelSchema> | null> {
    try {
      return channelSchema.parse(await rest.get(Routes.channel(address)));
    } catch (error) {
      const { status } = describe(error);
      if (status === 403 || status === 404) return null;
      throw error;
    }
  }

  return {
    told(name, data) {
      if (name === "READY") {
        const ready = readySchema.parse(data);
        self = ready.user.id;
        const here = new Set(ready.guilds.map((guild) => guild.id));
        for (const guild of here) present.add(guild);
        enqueue(async () => {
          const rooms = await paused.of("discord");
          for (const guild of new Set(rooms.map(({ community }) => communityAddress(community)))) if (here.has(guild)) look(guild);
        });
      } else if (name === "GUILD_CREATE") {
        const guild = guildSchema.parse(data);
        if (guild.unavailable !== true && !present.delete(guild.id)) look(guild.id);
      } else if (name === "GUILD_MEMBER_UPDATE") {
        const { guild_id, user } = memberSchema.parse(data);
        if (user.id === self) look(guild_id);
      } else if (name === "INTERACTION_CREATE") {
        const { context, channel_id } = interactionSchema.parse(data);
        if (context === privateChat && channel_id != null) openChat(roomId("discord", channel_id));
      } else if (changes.has(name)) {
        const { guild_id } = changeSchema.parse(data);
        if (guild_id != null) look(guild_id);
      }
    },
    async settled() {
      // A look may have queued another one.
      for (let last: Promise<void> | null = null; last !== queue; ) {
        last = queue;
        await last;
      }
    },
  };
}

interface Standing {
  readonly guild: string;
  readonly self: string;
  readonly roles: readonly { readonly id: string; readonly permissions: bigint }[];
  /** Ids of the bot's roles. */
  readonly mine: readonly string[];
}

/** https://docs.discord.com/developers/topics/permissions#permission-overwrites */
function permissionsIn(rules: NonNullable<z.infer<typeof overwrites>>, { guild, self, roles, mine }: Standing): bigint {
  // The role that everyone has is called as the server.
  const own = roles.filter((role) => role.id === guild || mine.includes(role.id));
  const base = own.reduce((sum, { permissions }) => sum | permissions, 0n);
  if (holds(base, PermissionFlagsBits.Administrator)) return base | needed | allSending;
  const apply = (permissions: bigint, which: (id: string) => boolean): bigint => {
    const those = rules.filter((rule) => which(rule.id));
    const deny = those.reduce((sum, rule) => sum | rule.deny, 0n);
    return (permissions & ~deny) | those.reduce((sum, rule) => sum | rule.allow, 0n);
  };
  const everyone = apply(base, (rule) => rule === guild);
  return apply(
    apply(everyone, (rule) => rule !== guild && mine.includes(rule)),
    (rule) => rule === self,
  );
}

const allSending = PermissionFlagsBits.SendMessages | PermissionFlagsBits.SendMessagesInThreads;

const holds = (permissions: bigint, wanted: bigint): boolean => (permissions & wanted) === wanted;
