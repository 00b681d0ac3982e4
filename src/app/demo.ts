/** The demo: the eight comments that started the project, logged as opinions of eight members. */
import { communityId, memberId, roomId } from "../core/ids.ts";
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

/** Each on the topic that it is about; whatever else is read in it is not logged. */
export async function logDemoOpinions({ services: { opinions, privacy } }: Pick<App, "services">, now: Date): Promise<void> {
  const [community, room] = [communityId("console", "local"), roomId("console", "local")];
  const book = await opinions.book(community);
  const read = await Promise.all(
    foundingComments.map(async ({ topic: id, text }, index) => {
      const member = memberId(`demo-${index + 1}`);
      const on = book.named(id);
      const readings = await opinions.read({ text, topics: book.topics, on, own: true, member, room }, AbortSignal.timeout(10_000));
      return { member, text, reading: readings.find(({ topic }) => topic === id) };
    }),
  );
  for (const [index, { member, text, reading }] of read.entries()) {
    const at = new Date(now.getTime() - (foundingComments.length - index) * 60_000);
    if (reading === undefined) continue;
    // They stand in public already.
    await privacy.allowQuoting(member, true);
    await opinions.log({ community, member, reading, text, at });
  }
}
