/** A poll as a message with buttons: where the platform has no poll of its own that would serve. */
import { literal } from "./markup.ts";
import { heading, note, type PollBlock, type SealedBlock, type SealedButton } from "./reply.ts";

/** Every block but polls. */
export type PollFree = Exclude<SealedBlock, PollBlock<SealedButton>>;

export const pressable = (blocks: readonly SealedBlock[]): readonly PollFree[] =>
  blocks.flatMap((block): readonly PollFree[] => (block.kind === "poll" ? asButtons(block) : [block]));

const asButtons = ({ question, note: said, buttons }: PollBlock<SealedButton>): readonly PollFree[] => [
  heading(literal(question)),
  note(said),
  { kind: "buttons", buttons },
];
