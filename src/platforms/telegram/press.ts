/** Pressed buttons: every press is acknowledged, errors are told to the presser alone, and updates change the message in place. */
import { payloadKind } from "../../core/buttons.ts";
import { privateCommunityId } from "../../core/ids.ts";
import type { Answer, SealedBlock } from "../../core/reply.ts";
import type { Texts } from "../../core/texts.ts";
import { noteOf, sendFailure } from "./failures.ts";
import { personOf, placeOf, quotedOf } from "./inbound.ts";
import { draw, replace, split } from "./message.ts";
import { drawText } from "./render.ts";
import { type Desk, invocationOf, showAnswer, shownIn, wordsIn } from "./respond.ts";
import type { CallbackQuery } from "./updates.ts";

/** Bot API, answerCallbackQuery: 0–200 characters. */
const maxAlert = 200;

interface Release {
  readonly text?: string;
  readonly show_alert?: true;
  readonly url?: string;
}

/** Acknowledges a press. Returns false where Telegram refuses: it forgets queries after a short while, and then nobody sees what this says. */
export async function release(desk: Pick<Desk, "api" | "log">, queryId: string, how: Release = {}): Promise<boolean> {
  try {
    await desk.api.answerCallbackQuery(queryId, how);
    return true;
  } catch (error) {
    desk.log.debug(noteOf(error), "a press could not be acknowledged");
    return sendFailure(error).outcome !== "refused";
  }
}

/** Returns whether this call was the one that released the button, and whoever pressed it may see what it says. */
type ReleaseOnce = (how?: Release) => Promise<boolean>;

/** Answers a press. Its spinner is released whatever happens. */
export async function handlePress(desk: Desk, query: CallbackQuery, key: string | undefined): Promise<void> {
  let released = false;
  const releaseOnce: ReleaseOnce = async (how) => {
    if (released) return false;
    released = true;
    return release(desk, query.id, how);
  };
  try {
    await answerPress(desk, query, key, releaseOnce);
  } finally {
    await releaseOnce();
  }
}

async function answerPress(
  desk: Desk,
  { from, message, data }: CallbackQuery,
  key: string | undefined,
  release: ReleaseOnce,
): Promise<void> {
  if (!message || !data) {
    const { member } = desk.pseudonymise("telegram", String(from.id));
    const { doors } = await desk.dispatch.texts(privateCommunityId("telegram", member));
    await release({ text: doors.unseen, show_alert: true });
    return;
  }
  const place = placeOf(message);
  const replyTo = quotedOf(message.reply_to_message, desk.pseudonymise);
  const presser = personOf(from);
  const patience = setTimeout(() => void release(), desk.timing.releaseButtonAfter);
  const answer = await desk.dispatch
    .answer(invocationOf(desk, { place, speaker: presser, input: { kind: "button", payload: data }, replyTo, key }), () => {})
    .finally(() => clearTimeout(patience));
  const { doors: words } = await wordsIn(desk, place, presser);
  const whole = told(desk, place, answer, words);
  if (whole !== null && (await release(whole))) return;
  const released = release();
  const { blocks, link } = shownIn(place, answer, desk.me, words);
  const updates = payloadKind(data)?.update === true && answer.error === undefined && link === undefined;
  const rest = updates ? await edit(desk, message.chat.id, message.message_id, blocks) : blocks;
  if (rest.length > 0) {
    const shown: Answer = updates ? { blocks: rest, private: false } : answer;
    const quotedMessage = replyTo === undefined ? undefined : message.reply_to_message?.message_id;
    await showAnswer(desk, place, shown, { quotedMessage, asking: message.message_id, asker: presser }, { words });
  }
  await released;
}

/** What the acknowledgement alone can say: a short error as an alert, or the way to the private chat. Null where a message must follow. */
function told(desk: Desk, place: ReturnType<typeof placeOf>, answer: Answer, words: Texts["doors"]): Release | null {
  const { blocks, link } = shownIn(place, answer, desk.me, words);
  // Opens the private chat at once (Bot API, answerCallbackQuery: t.me/your_bot?start=XXXX is allowed).
  if (link !== undefined) return { url: link };
  if (answer.error === undefined) {
    if (place.kind === "private" || answer.passing === undefined || answer.brief === undefined) return null;
    const said = drawText(answer.brief).text;
    return said.length <= maxAlert ? { text: said } : null;
  }
  const all = drawText(blocks).text;
  return all.length <= maxAlert ? { text: all, show_alert: true } : null;
}

/**
 * Replaces the message that carries the button.
 * @returns the blocks that could not be shown by that, none when all could
 */
async function edit(desk: Desk, chat: number, message: number, blocks: readonly SealedBlock[]): Promise<readonly SealedBlock[]> {
  const options = { username: desk.me.username, forms: "reply" } as const;
  const [first, ...others] = split(blocks, options);
  try {
    if (!(await replace(desk.api, chat, message, draw(first?.blocks ?? [], options)))) return blocks;
  } catch (error) {
    desk.log.info(noteOf(error), "a message could not be changed in place; answering below it");
    return blocks;
  }
  return others.flatMap((part) => part.blocks);
}
