/** Inline mode: `@bot proof of coverage` in any chat offers finished answers to post. */
import { randomBytes } from "node:crypto";
import type { InlineQueryResultArticle } from "grammy/types";
import { LRUCache } from "lru-cache";
import type { Actor, Choice, Room } from "../../core/context.ts";
import { communityId, roomId } from "../../core/ids.ts";
import type { Pseudonymise } from "../../core/platform.ts";
import { noteOf } from "./failures.ts";
import { draw, split, textOptions } from "./message.ts";
import { label } from "./render.ts";
import type { Desk } from "./respond.ts";
import type { InlineQuery } from "./updates.ts";

/** What a phone shows without scrolling far. Telegram takes up to 50. */
const maxArticles = 8;
/** Seconds that Telegram may show the same answer to the same query: long enough to save work, short enough for figures. */
const cacheSeconds = 60;
const noteLength = 120;

/** An inline query comes from no room of ours, and nothing of any community may show in its answer. */
const nowhere: Room = {
  id: roomId("telegram", "inline"),
  community: communityId("telegram", "inline"),
  kind: "public",
  privateAnswers: false,
};

/**
 * Nobody in particular. The articles are prepared before anybody asks for them, are the same for everyone, and are kept
 * for a while, so they must not use up the asking member's or any room's share of answers.
 */
function nobody(pseudonymise: Pseudonymise): { readonly actor: Actor; readonly room: Room } {
  const name = `inline:${randomBytes(8).toString("hex")}`;
  return {
    actor: { member: pseudonymise("telegram", name).member, former: [], person: false, isAdmin: async () => false },
    room: { ...nowhere, id: roomId("telegram", name) },
  };
}

export interface InlineCommand {
  readonly command: string;
  /** The argument that is typed. */
  readonly param: string;
}

export type InlineHandler = (desk: Desk, query: InlineQuery, commands: readonly InlineCommand[]) => Promise<void>;

export function createInlineHandler(rememberMs: number): InlineHandler {
  const prepared = new LRUCache<string, Promise<InlineQueryResultArticle | null>>({ max: 500, ttl: rememberMs });

  function article(
    desk: Desk,
    { command, param }: InlineCommand,
    { value, label: title }: Choice,
  ): Promise<InlineQueryResultArticle | null> {
    const key = `${command} ${value}`;
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const made = prepare(desk, command, param, value, title)
      .catch((error: unknown) => {
        desk.log.error(noteOf(error), "an article could not be prepared");
        return null;
      })
      .then((result) => {
        // A failure is not remembered.
        if (result === null) prepared.delete(key);
        return result;
      });
    prepared.set(key, made);
    return made;
  }

  return async (desk, { id, query }, commands) => {
    const typed = query.trim();
    const offered = await Promise.all(
      commands.map(async (which) => {
        const choices = await desk.dispatch.suggest({ command: which.command, param: which.param, typed, others: {}, room: nowhere });
        return Promise.all(choices.slice(0, maxArticles).map((choice) => article(desk, which, choice)));
      }),
    );
    const results = offered
      .flat()
      .filter((result) => result !== null)
      .slice(0, maxArticles)
      // Ids are unique within one answer, and short whatever the value.
      .map((result, index) => ({ ...result, id: String(index) }));
    await desk.api
      .answerInlineQuery(id, results, { cache_time: cacheSeconds, is_personal: false })
      .catch((error: unknown) => desk.log.info(noteOf(error), "an inline query could not be answered"));
  };
}

async function prepare(desk: Desk, command: string, param: string, value: string, title: string): Promise<InlineQueryResultArticle | null> {
  const input = { kind: "values", command, values: { [param]: value } } as const;
  const asked = { platform: "telegram", input, signal: desk.stopping, ...nobody(desk.pseudonymise) } as const;
  const answer = await desk.dispatch.answer(asked, () => {});
  if (answer.error !== undefined || answer.private) return null;
  // Where an article lands the bot is no member: buttons there would be pressed in places it knows nothing about.
  const blocks = answer.blocks.filter(({ kind }) => kind !== "buttons" && kind !== "form" && kind !== "file");
  const options = { username: desk.me.username, forms: "link" } as const;
  const [first] = split(blocks, options);
  const { text, entities } = draw(first?.blocks ?? [], options);
  return {
    type: "article",
    id: "",
    title: label(title),
    description: label([...text.slice(text.indexOf("\n") + 1)].slice(0, noteLength).join("")),
    input_message_content: { message_text: text, ...textOptions(entities) },
  };
}
