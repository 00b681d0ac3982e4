/** An opinion that tests store, of a member of its own. */
import { communityId, memberId, opinionId, topicId } from "../../src/core/ids.ts";
import type { Opinion } from "../../src/opinions/types.ts";
import { now } from "../support/database.ts";

export const opinion = (id: string, text = `Words of ${id}.`): Opinion => ({
  id: opinionId(id),
  community: communityId("discord", "1"),
  member: memberId(id),
  topic: topicId("latency"),
  text,
  stance: "agree",
  stanceBy: "reading",
  at: now(),
});
