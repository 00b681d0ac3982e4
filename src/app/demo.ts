/** The demo: the eight comments that started the project, logged as opinions of eight members. */
import { communityId, memberId, topicId } from "../core/ids.ts";
import type { App } from "./build.ts";

/** Comments of August 2024, in their authors' words, and the topic that each is about. */
export const foundingComments: readonly { readonly topic: string; readonly text: string }[] = [
  { topic: "market-size", text: "19 billion mcap for DePIN and most people still dont know what it stands for. thats the opportunity imo" },
  {
    topic: "institutional-understanding",
    text: "19B mcap and i had to explain DePIN to a fund manager last week. institutional money is here and they still dont know the sector names",
  },
  {
    topic: "cloud-competition",
    text: "The AWS and Google Cloud dominance is exactly why DePIN matters. Competition in compute pricing is long overdue.",
  },
  {
    topic: "compute-pricing",
    text: "^ hard agree on the pricing point. decentralized markets find the real price of compute way faster than aws adjusting quarterly",
  },
  {
    topic: "latency",
    text: "competition in pricing sure, but latency matters too. decentralized compute has a long way to go before matching aws on consistency for real time workloads",
  },
  {
    topic: "training-reliability",
    text: "the real test for DePIN is whether it can handle training runs for large language models. rendering jobs are one thing but sustained multi-week AI workloads need serious uptime guarantees",
  },
  {
    topic: "checkpoint-reliability",
    text: "training runs on decentralized infra have been tested. the issue is checkpoint reliability not uptime. one dropped checkpoint and hours of training gone",
  },
  {
    topic: "market-size",
    text: "depin at 19B mcap while aws alone does 100B in annual revenue. the gap is massive but the direction of travel is obvious",
  },
];

export async function logDemoOpinions({ services }: Pick<App, "services">, now: Date): Promise<void> {
  for (const [index, { topic, text }] of foundingComments.entries()) {
    const at = new Date(now.getTime() - (foundingComments.length - index) * 60_000);
    const member = memberId(`demo-${index + 1}`);
    // They stand in public already.
    await services.privacy.allowQuoting(member, true);
    await services.opinions.log({
      community: communityId("console", "local"),
      member,
      topic: topicId(topic),
      text,
      at,
    });
  }
}
