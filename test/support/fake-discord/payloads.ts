/** Users, servers and messages in the shape in which Discord sends them; complete enough for discord.js. */

import { pollPayload } from "./polls.ts";
import { snowflake } from "./snowflake.ts";
import type { FakeChannel, FakeGuild, FakeMessage, FakeUser, World } from "./world.ts";

export const userPayload = (user: FakeUser, bot = false) => ({
  id: user.id,
  username: user.name,
  global_name: user.name,
  discriminator: "0",
  avatar: null,
  bot,
  public_flags: 0,
});

export const channelPayload = (channel: FakeChannel) => ({
  id: channel.id,
  type: channel.type,
  guild_id: channel.guildId ?? undefined,
  name: "general",
  position: 0,
  permission_overwrites: [],
  nsfw: false,
  parent_id: null,
  last_message_id: null,
  rate_limit_per_user: 0,
  topic: null,
  flags: 0,
});

/** How big a server's GUILD_CREATE is. */
export interface GuildSize {
  readonly channels: number;
  readonly roles: number;
}

export function guildPayload(guild: FakeGuild, bot: FakeUser, size: GuildSize) {
  const role = (id: string, name: string, position: number) => ({
    id,
    name,
    position,
    permissions: "2248473465835073",
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    managed: false,
    mentionable: false,
    flags: 0,
  });
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    splash: null,
    discovery_splash: null,
    owner_id: bot.id,
    region: "deprecated",
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 1,
    default_message_notifications: 1,
    explicit_content_filter: 2,
    roles: [role(guild.id, "@everyone", 0), ...Array.from({ length: size.roles }, (_, i) => role(snowflake(), `role ${i}`, i + 1))],
    emojis: [],
    stickers: [],
    features: ["COMMUNITY", "NEWS"],
    mfa_level: 0,
    application_id: null,
    system_channel_id: guild.channel.id,
    system_channel_flags: 0,
    rules_channel_id: null,
    max_presences: null,
    max_members: 500_000,
    vanity_url_code: null,
    description: null,
    banner: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: "en-US",
    public_updates_channel_id: null,
    nsfw_level: 0,
    premium_progress_bar_enabled: false,
    safety_alerts_channel_id: null,
    joined_at: guild.joinedAt.toISOString(),
    large: false,
    unavailable: false,
    member_count: 40,
    voice_states: [],
    members: [{ user: userPayload(bot, true), roles: [], joined_at: guild.joinedAt.toISOString(), deaf: false, mute: false, flags: 0 }],
    channels: [
      channelPayload(guild.channel),
      ...Array.from({ length: size.channels - 1 }, (_, i) => ({
        ...channelPayload({ ...guild.channel, id: snowflake() }),
        name: `channel-${i}`,
      })),
    ],
    threads: [],
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

export function messagePayload(message: FakeMessage) {
  const { body } = message;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: 0,
    content: body.content,
    author: userPayload(message.author),
    embeds: body.embeds.map((embed) => ({ type: "rich", ...embed })),
    components: body.components,
    attachments: message.files.map((file, i) => ({
      id: String(BigInt(message.id) + BigInt(i + 1)),
      filename: file.name,
      size: file.content.byteLength,
      url: `https://cdn.discordapp.com/attachments/${message.channelId}/${message.id}/${file.name}`,
      proxy_url: `https://media.discordapp.net/attachments/${message.channelId}/${message.id}/${file.name}`,
      content_type: file.mime,
    })),
    timestamp: new Date().toISOString(),
    edited_timestamp: null,
    flags: (message.viewer === null ? 0 : 64) | (message.pending ? 128 : 0),
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    pinned: false,
    tts: false,
    application_id: message.author.id,
    ...(message.poll === null ? {} : { poll: pollPayload(message.poll) }),
  };
}

/** As Discord writes it, with microseconds. */
export const joinedAt = (world: World, user: string): string =>
  (world.joined.get(user) ?? new Date("2024-08-01T00:00:00Z")).toISOString().replace("Z", "000+00:00");
