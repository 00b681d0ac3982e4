/** Splits an opinion into short claims that others can agree or disagree with. */

/** Shorter ones say nothing, longer ones say two things. */
const [shortest, longest] = [20, 140];
/** A claim that leans on the sentence before it makes no sense alone. */
const leaning = /^(?:and|but|so|because|also|or|which|that said|this|that|these|those|it|they|he|she|then)\b/i;

/** Sentences that stand alone; none of a question, and none with a link or a mention. */
export function claimsOf(text: string): readonly string[] {
  const sentences = Array.from(new Intl.Segmenter("en", { granularity: "sentence" }).segment(text), ({ segment }) =>
    segment.replace(/\s+/g, " ").trim(),
  );
  return sentences.filter(
    (sentence) =>
      sentence.length >= shortest &&
      sentence.length <= longest &&
      !sentence.endsWith("?") &&
      !leaning.test(sentence) &&
      !/https?:|www\.|[@#]\w/i.test(sentence) &&
      sentence.split(" ").length >= 4,
  );
}
