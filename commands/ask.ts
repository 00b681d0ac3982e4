/** `/ask`: an answer to a question, made only from numbered evidence: entries, stored figures, and what this community thinks. */
import {
  type Block,
  type Button,
  buttons,
  defineCommand,
  type Entry,
  type Evidence,
  figures,
  form,
  heading,
  literal,
  type News,
  note,
  type Outcome,
  quote,
  type Refusal,
  type Reply,
  reply,
  type Sentence,
  sources,
  text,
  UserError,
  type WhyQuoted,
  z,
} from "../src/kit.ts";

const maxQuestion = 400;
const written = "Written by a language model from the evidence above alone; sentences that it does not carry were left out.";
const translated = (language: string): string =>
  `The model then put them into ${language}: figures and names were compared again, the rest of the wording is its own.`;
const advice = "Not financial advice.";

export default defineCommand({
  name: "ask",
  summary: "Ask a question about DePIN; the answer names its evidence",
  args: z.object({
    question: z.string().trim().max(maxQuestion).optional().describe("What you want to know, in your own words"),
    follow: z.boolean().optional().describe("Go on from what you asked here within the last hour"),
  }),
  examples: ["/ask how does Filecoin prove that files are still stored?"],
  access: "everyone",
  visibility: "public",
  opensForm: "question",
  takesReplies: true,
  deadlineMs: 45_000,
  async run({ services, actor, room, language, now, progress, signal }, { question = "", follow = false }) {
    if (question === "") return askWords(follow);
    if (!/\p{L}/u.test(question))
      throw new UserError("no_question", "There is no question in that.", "Try `/ask what is proof of coverage?`.");
    const audience = await services.readers.audience(actor, room.community);
    const asked = { text: question, member: actor.member, room: room.id, community: room.community, audience, language, follow, now };
    return show(await services.answers.ask(asked, (news) => progress(...said(news)), signal), now);
  },
});

function askWords(follow: boolean): Reply {
  const prompt = follow ? "What else do you want to know about this?" : "What do you want to know about DePIN?";
  return reply(
    form(follow ? "Ask a follow-up" : "Ask", prompt, maxQuestion, { label: "Ask", command: "ask", args: { follow }, for: "author" }),
  );
}

function said(news: News): readonly [string, "partial"?] {
  if (news.kind === "reading") return [`Reading ${literal(news.names.join(", "))} …`];
  return news.kind === "written" ? [`${inOneBreath(news.sentences)} …`, "partial"] : [`Putting it into ${literal(news.language)} …`];
}

const inOneBreath = (sentences: readonly Sentence[]): string =>
  sentences.map(({ text: words, cites }) => `${words} ${cited(cites)}`).join(" ");

function show(outcome: Outcome, now: Date): Reply {
  switch (outcome.kind) {
    case "refused":
      return refused(outcome.why, outcome.about);
    case "unknown":
      return reply(
        text(
          "I do not know: nothing I have speaks to this. I answer from entries about DePIN, from stored figures, and from what this community thinks.",
        ),
        buttons([
          ...outcome.near.slice(0, 3).map(explain),
          { label: "What is DePIN?", command: "explain", args: { term: "depin" } },
          topics,
          market,
        ]),
      );
    case "written":
      return reply(
        heading(outcome.partly ? "I can only support this much:" : "Answer"),
        text(inOneBreath(outcome.sentences)),
        ...evidenceOf(outcome.evidence),
        note(
          `${written}${outcome.language === null ? "" : ` ${translated(outcome.language)}`} Prompt: ${literal(outcome.prompt)}. ${advice}`,
        ),
        further(outcome.evidence),
      );
    case "quoted": {
      const asked = outcome.evidence.flatMap((one) => (one.kind === "figure" ? [one.figure] : []));
      return reply(
        heading(outcome.quotes.length === 0 ? "What I have stored on this" : "What my entries say, word for word"),
        ...outcome.quotes.map(({ n, text: words }) => quote(words, calledIn(outcome.evidence, n))),
        ...(asked.length === 0 ? [] : [figures(asked, now)]),
        ...evidenceOf(outcome.evidence),
        note(`${reasons[outcome.why]} ${advice}`),
        further(outcome.evidence),
      );
    }
  }
}

const topics: Button = { label: "What this community discusses", command: "topics", args: {} };
const market: Button = { label: "Market", command: "market", args: {} };
const explain = (entry: Entry): Button => ({ label: entry.term, command: "explain", args: { term: entry.id } });

const refusals: Readonly<Record<Refusal, { readonly words: string; readonly instead: readonly Button[] }>> = {
  advice: {
    words:
      "I do not predict prices or earnings, and do not say what to buy or sell: nobody has evidence of the future. What I can show is what something is and what can go wrong with it, and its figures with their sources.",
    instead: [market, { label: "What moves a token?", command: "explain", args: { term: "tokenomics" } }],
  },
  instructions: {
    words:
      "I answer questions about DePIN. What I am told to do is not up for change or show by a question. Who I am and what I do stands in the help.",
    instead: [
      { label: "Help", command: "help", args: {} },
      { label: "What is DePIN?", command: "explain", args: { term: "depin" } },
    ],
  },
  members: {
    words:
      "I tell nobody what another member said, asked or is. What this community thinks I can show as counts, and what I keep of you only to you.",
    instead: [topics, { label: "What do you keep of me?", command: "privacy", args: {} }],
  },
};

function refused(why: Refusal, about: readonly Entry[]): Reply {
  const { words, instead } = refusals[why];
  return reply(text(words), buttons([...about.slice(0, 2).map(explain), ...instead]));
}

const reasons: Readonly<Record<WhyQuoted, string>> = {
  no_model: "This is the evidence as it stands: no language model is set up that could write an answer from it.",
  model_down: "This is the evidence as it stands, because the language model does not answer at the moment.",
  member_spent:
    "This is the evidence as it stands, because your share of today's language model is used up. It is renewed at midnight UTC.",
  room_spent:
    "This is the evidence as it stands, because this room's share of today's language model is used up. It is renewed at midnight UTC.",
  bot_spent: "This is the evidence as it stands, because today's budget for the language model is used up. It is renewed at midnight UTC.",
  unsupported: "This is the evidence as it stands, because what the language model wrote was not carried by it.",
};

const cited = (numbers: readonly number[]): string => numbers.map((n) => `\\[${n}\\]`).join("");

function calledIn(evidence: readonly Evidence[], n: number): string {
  const one = evidence.find((piece) => piece.n === n);
  return one?.kind === "passage" ? `[${n}] ${one.entry.term}, for the ${one.audience}` : `[${n}]`;
}

/** What stands behind each number: pages as links, counts and bundled figures in words. No line begins with a number: so do buttons at the console. */
function evidenceOf(evidence: readonly Evidence[]): readonly Block[] {
  const pages = evidence.flatMap((one) => {
    if (one.kind === "passage")
      return one.entry.sources.slice(0, 2).map(({ title, url }) => ({ title: `[${one.n}] ${one.entry.term}: ${title}`, url }));
    if (one.kind === "figure" && one.figure.source.url !== "")
      return [{ title: `[${one.n}] ${one.figure.label}: ${one.figure.source.name}`, url: one.figure.source.url }];
    return [];
  });
  const words = evidence.flatMap((one) => {
    if (one.kind === "figure" && one.figure.source.url === "")
      return [`${literal(one.figure.label)} \\[${one.n}\\]: ${literal(one.figure.source.name)}`];
    if (one.kind !== "opinions") return [];
    const { agree, mixed, disagree, unclear } = one.counts;
    return [
      `Opinions, not facts \\[${one.n}\\]: **${literal(one.topic.title)}** in this community, last ${one.days} days. “${literal(one.topic.proposition)}” ${agree} agree, ${mixed} mixed, ${disagree} disagree, ${unclear} unclear.`,
    ];
  });
  return [...words.map((line) => text(line)), ...(pages.length === 0 ? [] : [sources(pages)])];
}

function further(evidence: readonly Evidence[]): Block {
  const entries = [...new Set(evidence.flatMap((one) => (one.kind === "passage" ? [one.entry] : [])))];
  const discussed = evidence.flatMap((one) => (one.kind === "opinions" ? [one.topic] : []));
  return buttons([
    { label: "Ask a follow-up", command: "ask", args: { follow: true }, for: "author" },
    ...entries.slice(0, 3).map(explain),
    ...discussed.map((topic): Button => ({ label: `Opinions: ${topic.title}`, command: "sentiment", args: { topic: topic.id } })),
  ]);
}
