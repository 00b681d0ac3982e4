/** In English: claims to vote on, and the groups that votes make. */
import type { Said } from "../said.ts";
import { peopleOf } from "./count.ts";

export const claims = {
  unknown: (typed: string): Said => ({ message: `There is no open topic “${typed}”.`, hint: "`/topics` lists all." }),
  notHere: "Claims belong to a server or group: use `/claims` there, and vote here in private.",
  tooShort: (least: number): string => `A claim needs at least ${least} characters.`,
  tooMany: (most: number): string => `There are ${most} claims on this topic: vote on those first.`,
  added: "Added.",
  there: "That claim is there already.",
  submit: "Add it",
  prompt: "One short claim that others can agree or disagree with. It is shown without your name.",
  counted: (vote: "agree" | "disagree" | "pass"): string => `Counted: ${vote}.`,
  gone: "That claim has been taken back.",
  add: "Add a claim",
  done: (topic: string): string => `There is nothing more to vote on about **${topic}**.`,
  groups: "See the groups",
  ask: (topic: string): string => `**${topic}:** do you agree?`,
  countsOnly: "Only counts of votes are ever shown.",
  votes: { agree: "Agree", disagree: "Disagree", pass: "Pass" },
} as const;

export const groups = {
  unknown: (typed: string): Said => ({ message: `There is no topic “${typed}”.`, hint: "`/topics` lists all." }),
  counting: "Counting votes …",
  vote: "Vote on claims",
  title: (topic: string): string => `${topic}: groups`,
  claim: (text: string): string => `“${text}”`,
  /** @param placed of the voters, those who voted on enough of the claims */
  tooFew: (claims: number, voters: number, placed: number, fewest: number): string => {
    const said = claims === 0 ? "There are no claims yet" : claims === 1 ? "There is one claim" : `There are ${claims} claims`;
    const who =
      voters === 0
        ? "nobody has voted"
        : `${peopleOf(voters)} voted, ${placed === voters ? "each" : `${placed} of them`} on enough of them`;
    return `${said}, and ${who}. Below ${fewest} voters I make no groups: they would be chance, and could point at somebody.`;
  },
  voted: (voters: number, claims: number, placed: number): string => {
    const all = `${peopleOf(voters)} voted on ${claims} claims`;
    return placed === voters ? `${all}.` : `${all}; the ${placed} who voted on enough of them are counted here.`;
  },
  none: "The votes do not fall into groups: nothing tells enough people apart.",
  /** @param called what a language model calls it, if it does */
  group: (letter: string, called: string | null, people: number): string =>
    `**Group ${letter}**${called === null ? "" : ` “${called}”`}, ${peopleOf(people)}`,
  /** @param receipt of the model's answer; null where it could not be kept */
  named: (receipt: string | null): string =>
    `Names in quotation marks are a language model's${receipt === null ? "" : ` (\`${receipt}\`)`}, made of the claims that a group holds; the letters are what counts.`,
  holds: (agrees: boolean, count: number, of: number, claim: string): string =>
    `${agrees ? "Agrees" : "Disagrees"} (${count} of ${of}): ${claim}`,
  nothingOwn: "Nothing that others do not say as well.",
  shared: { most: "**What most agree with**", every: "**What every group agrees with**", none: "No claim so far." },
  sharedLine: (agree: number, of: number, claim: string): string => `${agree} of ${of}: ${claim}`,
  divides: "**What divides**",
  side: (name: string, agree: number, of: number): string => `${name} ${agree} of ${of}`,
  dividesLine: (claim: string, sides: string): string => `${claim} – agree: ${sides}`,
  /** @param silhouette null where there are no groups */
  method: (fewest: number, silhouette: string | null, chanceBelow: number | null): string => {
    const how = `Groups are made of votes alone, by principal components and k-means as in Polis; none has fewer than ${fewest} people.`;
    const fit = silhouette === null ? "" : ` Silhouette ${silhouette} (1: clearly apart, 0: not at all).`;
    return `${how}${fit}${chanceBelow === null ? "" : ` With fewer than ${chanceBelow} voters they may be chance.`}`;
  },
} as const;
