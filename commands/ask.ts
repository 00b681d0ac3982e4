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
  type Texts,
  text,
  UserError,
  z,
} from "../src/kit.ts";

const maxQuestion = 400;
type Words = Texts["ask"];

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
  async run({ services, actor, room, language, now, progress, signal, texts: { ask: words } }, { question = "", follow = false }) {
    if (question === "") return askWords(follow, words);
    if (!/\p{L}/u.test(question)) throw new UserError("no_question", words.noQuestion);
    const audience = await services.readers.audience(actor, room.community);
    const asked = { text: question, member: actor.member, room: room.id, community: room.community, audience, language, follow, now };
    return show(await services.answers.ask(asked, (news) => progress(...said(news, words)), signal), { now, words });
  },
});

function askWords(follow: boolean, { form: first, followUp }: Words): Reply {
  const { title, prompt } = follow ? followUp : first;
  return reply(form(title, prompt, maxQuestion, { label: first.submit, command: "ask", args: { follow }, for: "author" }));
}

function said(news: News, words: Words): readonly [string, "partial"?] {
  switch (news.kind) {
    case "reading":
      return [words.reading(literal(namesOf(news.evidence, words).join(", ")))];
    case "written":
      return [`${inOneBreath(news.sentences)} …`, "partial"];
    case "translating":
      return [words.translating(literal(news.language))];
  }
}

function namesOf(evidence: readonly Evidence[], words: Words): readonly string[] {
  const names = evidence.map((one) =>
    one.kind === "passage" ? one.entry.term : one.kind === "figure" ? one.figure.label : words.opinionsOn(one.topic.title),
  );
  return [...new Set(names)].slice(0, 4);
}

const inOneBreath = (sentences: readonly Sentence[]): string =>
  sentences.map(({ text: words, cites }) => `${words} ${cited(cites)}`).join(" ");

function show(outcome: Outcome, { now, words }: { readonly now: Date; readonly words: Words }): Reply {
  switch (outcome.kind) {
    case "refused":
      return refused(outcome.why, outcome.about, words);
    case "unknown":
      return reply(text(words.unknown), buttons([...outcome.near.slice(0, 3).map(explain), depin(words), topics(words), market(words)]));
    case "written":
      return reply(
        heading(outcome.partly ? words.partly : words.answer),
        text(inOneBreath(outcome.sentences)),
        ...evidenceOf(outcome.evidence, words),
        note(words.written({ language: outcome.language, prompt: literal(outcome.prompt), receipt: outcome.receipt })),
        further(outcome.evidence, words),
      );
    case "quoted": {
      const asked = outcome.evidence.flatMap((one) => (one.kind === "figure" ? [one.figure] : []));
      return reply(
        heading(outcome.quotes.length === 0 ? words.stored : words.wordForWord),
        ...outcome.quotes.map(({ n, text: quoted }) => quote(quoted, calledIn(outcome.evidence, n, words))),
        ...(asked.length === 0 ? [] : [figures(asked, now)]),
        ...evidenceOf(outcome.evidence, words),
        note(words.quotedBecause(words.reasons[outcome.why])),
        further(outcome.evidence, words),
      );
    }
  }
}

const depin = ({ buttons: { depin: label } }: Words): Button => ({ label, command: "explain", args: { term: "depin" } });
const topics = ({ buttons: { topics: label } }: Words): Button => ({ label, command: "topics", args: {} });
const market = ({ buttons: { market: label } }: Words): Button => ({ label, command: "market", args: {} });
const explain = (entry: Entry): Button => ({ label: entry.term, command: "explain", args: { term: entry.id } });

function refused(why: Refusal, about: readonly Entry[], words: Words): Reply {
  const { help, privacy, tokenomics } = words.buttons;
  const instead: Readonly<Record<Refusal, readonly Button[]>> = {
    advice: [market(words), { label: tokenomics, command: "explain", args: { term: "tokenomics" } }],
    instructions: [{ label: help, command: "help", args: {} }, depin(words)],
    members: [topics(words), { label: privacy, command: "privacy", args: {} }],
  };
  return reply(text(words.refusals[why]), buttons([...about.slice(0, 2).map(explain), ...instead[why]]));
}

const cited = (numbers: readonly number[]): string => numbers.map((n) => `\\[${n}\\]`).join("");

function calledIn(evidence: readonly Evidence[], n: number, words: Words): string {
  const one = evidence.find((piece) => piece.n === n);
  return one?.kind === "passage" ? words.passage(n, one.entry.term, one.audience) : `[${n}]`;
}

/** What stands behind each number: pages as links, counts and bundled figures in words. No line begins with a number: so do buttons at the console. */
function evidenceOf(evidence: readonly Evidence[], { opinions }: Words): readonly Block[] {
  const pages = evidence.flatMap((one) => {
    if (one.kind === "passage")
      return one.entry.sources.slice(0, 2).map(({ title, url }) => ({ title: `[${one.n}] ${one.entry.term}: ${title}`, url }));
    if (one.kind === "figure" && one.figure.source.url !== "")
      return [{ title: `[${one.n}] ${one.figure.label}: ${one.figure.source.name}`, url: one.figure.source.url }];
    return [];
  });
  const lines = evidence.flatMap((one) => {
    if (one.kind === "figure" && one.figure.source.url === "")
      return [`${literal(one.figure.label)} \\[${one.n}\\]: ${literal(one.figure.source.name)}`];
    if (one.kind !== "opinions") return [];
    const [topic, proposition] = [literal(one.topic.title), literal(one.topic.proposition)];
    return [opinions({ cited: cited([one.n]), topic, days: one.days, proposition }, one.counts)];
  });
  return [...lines.map((line) => text(line)), ...(pages.length === 0 ? [] : [sources(pages)])];
}

function further(evidence: readonly Evidence[], { buttons: labels }: Words): Block {
  const entries = [...new Set(evidence.flatMap((one) => (one.kind === "passage" ? [one.entry] : [])))];
  const discussed = evidence.flatMap((one) => (one.kind === "opinions" ? [one.topic] : []));
  return buttons([
    { label: labels.followUp, command: "ask", args: { follow: true }, for: "author" },
    ...entries.slice(0, 3).map(explain),
    ...discussed.map((topic): Button => ({ label: labels.opinions(topic.title), command: "sentiment", args: { topic: topic.id } })),
  ]);
}
