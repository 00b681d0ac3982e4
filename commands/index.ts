/** Every command, in the order of `/help`. */
import explain from "./explain.ts";
import help from "./help.ts";
import market from "./market.ts";
import network from "./network.ts";
import opinion from "./opinion.ts";
import privacy from "./privacy.ts";
import sentiment from "./sentiment.ts";
import stance from "./stance.ts";
import start from "./start.ts";
import status from "./status.ts";
import topics from "./topics.ts";
import why from "./why.ts";

export const commands = [explain, market, network, why, topics, opinion, sentiment, stance, privacy, status, start, help];
