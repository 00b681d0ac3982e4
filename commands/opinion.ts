/** `/opinion`: logs what a member thinks on a topic, shows how it was read, and lets only its author change that. */
import {
  type Block,
  type Button,
  buttons,
  defineCommand,
  form,
  isPrivateCommunity,
  literal,
  note,
  type Opinion,
  quote,
  type Reply,
  type Stance,
  stances,
  type Topic,
  text,
  UserError,
  z,
} from "../src/kit.ts";

/** An opinion is a remark, not an essay; Discord's and Telegram's own messages end near here too. */
const maxText = 2000;

const stanceWords: Readonly<Record<Stance, string>> = {
  agree: "agrees",
  mixed: "is in two minds",
  disagree: "disagrees",
  unclear: "unclear",
};

export default defineCommand({
  name: "opinion",
  summary: "Log what you think about a topic",
  args: z.object({
    topic: z.string().trim().max(60).optional().describe("One of /topics, such as compute-pricing"),
    text: z.string().max(maxText).optional().describe("What you think, in your own words"),
  }),
  examples: ["/opinion compute-pricing Cheaper for batch jobs, once you count egress"],
  access: "everyone",
  visibility: "private",
  hasBrief: true,
  opensForm: "text",
  messageMenu: "Log as opinion",
  suggest: {
    topic: async ({ opinions }, { typed, room }) => (await opinions.book(room.community)).suggest(typed),
  },
  async run({ services, actor, room, platform, replyTo, pressed, key, now }, { topic: typedTopic = "", text: typedText = "" }) {
    const { opinions } = services;
    const book = await opinions.book(room.community);
    // What is pointed at counts only where nothing was typed.
    const quoted = typedText === "" ? replyTo : undefined;
    if (quoted !== undefined) checkWords(quoted.text);
    const topic = book.named(typedTopic);
    if (topic === null) {
      // No topic, or a remark that began without one: no word of it is lost, only the topic is asked for.
      const words = [typedTopic, typedText].filter((part) => part !== "").join(" ");
      if (words !== "") checkWords(words);
      const known = typedText === "" && quoted === undefined ? book.topic(typedTopic) : null;
      return known === null ? askTopic(book.topics, words, quoted) : askText(known);
    }
    const words = quoted?.text ?? typedText;
    if (words === "") return askText(topic);
    const foreign = quoted !== undefined && quoted.author !== actor.member && !actor.former.includes(quoted.author);
    if (foreign && isPrivateCommunity(room.community))
      throw new UserError(
        "no_consent_here",
        "I can log someone else's words only in a server or group that has added me: here I cannot ask them.",
      );
    if (foreign) return askAuthor(topic, words, quoted.authorLabel);
    const opinion = await opinions.log({
      community: room.community,
      member: actor.member,
      topic: topic.id,
      text: words,
      at: now,
      origin: pressed ?? key,
      platform,
      since: actor.since,
    });
    return logged(topic, opinion, await services.privacy.mayAskToQuote(actor.member));
  },
});

function checkWords(words: string): void {
  if (words === "")
    throw new UserError("nothing_to_log", "There is nothing here that I could log: only words that a member wrote as text.");
  if (words.length > maxText)
    throw new UserError("long_opinion", `An opinion may have at most ${maxText} characters, and this has ${words.length}.`);
}

function askTopic(
  topics: readonly Topic[],
  words: string,
  quoted: { readonly text: string; readonly authorLabel: string } | undefined,
): Reply {
  const shown = quoted === undefined ? words : quoted.text;
  const blocks: Block[] = [
    text("Which topic is this about?"),
    ...(shown === "" ? [] : [quote(shown, quoted?.authorLabel)]),
    buttons(
      topics.map((topic) => ({
        label: topic.title,
        command: "opinion",
        args: words === "" ? { topic: topic.id } : { topic: topic.id, text: words },
        for: "author" as const,
      })),
    ),
  ];
  return { blocks, brief: blocks };
}

function askText(topic: Topic): Reply {
  const ask = form(topic.title, `${topic.proposition} What do you think?`, maxText, {
    label: "Log it",
    command: "opinion",
    args: { topic: topic.id },
    for: "author",
  });
  return { blocks: [ask], brief: [ask] };
}

/** Someone else's words are logged only when their author presses; the words stay in the message until then, not in the database. */
function askAuthor(topic: Topic, words: string, author: string): Reply {
  const blocks: Block[] = [
    text(`${literal(author)}, may I log this as your opinion on **${literal(topic.title)}**? Only you can say yes.`),
    quote(words, author),
    buttons([{ label: "Yes, log mine", command: "opinion", args: { topic: topic.id }, for: "quoted", update: true }]),
  ];
  return { blocks, public: true };
}

/** The buttons need no binding to the author: `/stance` changes only what the presser wrote. */
function logged(topic: Topic, opinion: Opinion, askToQuote: boolean): Reply {
  const choose = (stance: Stance): Button => ({
    label: stance === "agree" ? "I agree" : stance === "mixed" ? "Mixed" : stance === "disagree" ? "I disagree" : "Unclear",
    command: "stance",
    args: { opinion: opinion.id, as: stance },
    update: true,
  });
  const choices = buttons([
    ...stances.filter((s) => s !== opinion.stance).map(choose),
    { label: "Delete", command: "stance", args: { opinion: opinion.id, as: "delete" }, update: true },
    ...(askToQuote ? [{ label: "You may quote me", command: "privacy", args: { action: "quotable" }, for: "author" as const }] : []),
  ]);
  return {
    blocks: [
      text(`Logged on **${literal(topic.title)}**, read as: **${stanceWords[opinion.stance]}**.`),
      text(literal(topic.proposition)),
      quote(opinion.text),
      note("Wrong? Correct it below; your word wins. Your newest opinion on a topic is the one that counts."),
      choices,
    ],
    brief: [text(`Logged on **${literal(topic.title)}** (${stanceWords[opinion.stance]}).`), choices],
  };
}
