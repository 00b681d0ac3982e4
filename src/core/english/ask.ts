/** In English: what stands around an answer of `/ask`, and why there is none. */

export const ask = {
  form: { title: "Ask", prompt: "What do you want to know about DePIN?", submit: "Ask" },
  followUp: { title: "Ask a follow-up", prompt: "What else do you want to know about this?" },
  noQuestion: { message: "There is no question in that.", hint: "Try `/ask what is proof of coverage?`." },
  reading: (names: string): string => `Reading ${names} …`,
  opinionsOn: (topic: string): string => `opinions on ${topic}`,
  /** The language comes in English: that is how a model is told it. */
  translating: (language: string): string => `Putting it into ${language} …`,
  unknown:
    "I do not know: nothing I have speaks to this. I answer from entries about DePIN, from stored figures, and from what this community thinks.",
  answer: "Answer",
  partly: "I can only support this much:",
  stored: "What I have stored on this",
  wordForWord: "What my entries say, word for word",
  written: ({
    language,
    prompt,
    receipt,
  }: {
    readonly language: string | null;
    readonly prompt: string;
    readonly receipt: string | null;
  }): string =>
    `Written by a language model from the evidence above alone; sentences that it does not carry were left out.${
      language === null
        ? ""
        : ` The model then put them into ${language}: figures and names were compared again, the rest of the wording is its own.`
    } Prompt: ${prompt}${receipt === null ? "" : `, receipt \`${receipt}\``}. Not financial advice.`,
  quotedBecause: (why: string): string => `${why} Not financial advice.`,
  reasons: {
    no_model: "This is the evidence as it stands: no language model is set up that could write an answer from it.",
    model_down: "This is the evidence as it stands, because the language model does not answer at the moment.",
    member_spent:
      "This is the evidence as it stands, because your share of today's language model is used up. It is renewed at midnight UTC.",
    room_spent:
      "This is the evidence as it stands, because this room's share of today's language model is used up. It is renewed at midnight UTC.",
    bot_spent:
      "This is the evidence as it stands, because today's budget for the language model is used up. It is renewed at midnight UTC.",
    unsupported: "This is the evidence as it stands, because what the language model wrote was not carried by it.",
  },
  refusals: {
    advice:
      "I do not predict prices or earnings, and do not say what to buy or sell: nobody has evidence of the future. What I can show is what something is and what can go wrong with it, and its figures with their sources.",
    instructions:
      "I answer questions about DePIN. What I am told to do is not up for change or show by a question. Who I am and what I do stands in the help.",
    members:
      "I tell nobody what another member said, asked or is. What this community thinks I can show as counts, and what I keep of you only to you.",
  },
  /** The passage that a quote is from. */
  passage: (n: number, term: string, audience: "newcomer" | "investor" | "builder"): string => `[${n}] ${term}, for the ${audience}`,
  /** The place of an evidence of its own: what members think. */
  opinions: (
    evidence: { readonly cited: string; readonly topic: string; readonly days: number; readonly proposition: string },
    { agree, mixed, disagree, unclear }: Readonly<Record<"agree" | "mixed" | "disagree" | "unclear", number>>,
  ): string => {
    const counts = `${agree} agree, ${mixed} mixed, ${disagree} disagree, ${unclear} unclear.`;
    const said = agree + mixed + disagree + unclear === 0 ? "Nobody here has said anything about this." : counts;
    return `Opinions, not facts ${evidence.cited}: **${evidence.topic}** in this community, last ${evidence.days} days. “${evidence.proposition}” ${said}`;
  },
  buttons: {
    followUp: "Ask a follow-up",
    depin: "What is DePIN?",
    tokenomics: "What moves a token?",
    topics: "What this community discusses",
    market: "Market",
    help: "Help",
    privacy: "What do you keep of me?",
    opinions: (topic: string): string => `Opinions: ${topic}`,
  },
} as const;
