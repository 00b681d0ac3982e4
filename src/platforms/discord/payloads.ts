/** The gateway's events as far as they are read: every field may be null or missing, because real servers leave out what they please. */
import { z } from "zod";

const id = z.string().regex(/^\d{1,20}$/);

const user = z.object({ id, username: z.string().nullish(), global_name: z.string().nullish(), bot: z.boolean().nullish() });

const embed = z.object({
  color: z.number().nullish(),
  description: z.string().nullish(),
  author: z.object({ name: z.string().nullish() }).nullish(),
});

const message = z.object({
  id,
  content: z.string().nullish(),
  flags: z.number().nullish(),
  author: user.nullish().catch(null),
  webhook_id: z.string().nullish().catch(null),
  embeds: z.array(embed).nullish().catch(null),
});

const option = z.object({
  name: z.string(),
  type: z.number(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  focused: z.boolean().nullish(),
});

/** A text input, in a label (new modals) or in a row (old ones). */
const textInput = z.object({ custom_id: z.string(), value: z.string().nullish() });
const modalComponent = z.object({
  component: textInput.nullish().catch(null),
  components: z.array(textInput).nullish().catch(null),
});

export const interactionSchema = z.object({
  id,
  application_id: id,
  token: z.string().min(1),
  type: z.number(),
  guild_id: id.nullish(),
  channel_id: id.nullish(),
  channel: z.object({ id: id.nullish(), type: z.number().nullish() }).nullish().catch(null),
  /** The member's language. */
  locale: z.string().nullish().catch(null),
  context: z.number().nullish(),
  /** Who installed the app here: key 0 a server, key 1 a user. */
  authorizing_integration_owners: z.record(z.string(), z.string().nullish()).nullish().catch(null),
  member: z.object({ user: user.nullish(), permissions: z.string().nullish(), joined_at: z.string().nullish() }).nullish(),
  user: user.nullish(),
  message: message.nullish().catch(null),
  data: z
    .object({
      type: z.number().nullish(),
      name: z.string().nullish(),
      options: z.array(option).nullish().catch(null),
      target_id: id.nullish(),
      resolved: z
        .object({
          messages: z.record(z.string(), message).nullish().catch(null),
          members: z
            .record(z.string(), z.object({ nick: z.string().nullish() }))
            .nullish()
            .catch(null),
        })
        .nullish(),
      custom_id: z.string().nullish(),
      component_type: z.number().nullish(),
      components: z.array(modalComponent).nullish().catch(null),
    })
    .nullish(),
});

/** MESSAGE_POLL_VOTE_ADD and MESSAGE_POLL_VOTE_REMOVE. */
export const pollVoteSchema = z.object({ user_id: id, message_id: id, guild_id: id.nullish(), answer_id: z.int32().min(1) });

export type RawInteraction = z.infer<typeof interactionSchema>;
export type RawMessage = z.infer<typeof message>;

export const guildCreateSchema = z.object({ id, joined_at: z.string().nullish(), unavailable: z.boolean().nullish() });
/** Every server of one shard, told once per session. */
export const readySchema = z.object({ guilds: z.array(z.object({ id })), shard: z.tuple([z.int(), z.int().positive()]).default([0, 1]) });
export const guildDeleteSchema = z.object({ id, unavailable: z.boolean().nullish() });
