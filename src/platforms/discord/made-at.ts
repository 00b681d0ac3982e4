/** When something of Discord's was made, which its id says (reference, "Snowflakes"). */

/** 1 January 2015, from which Discord counts. */
const discordEpochMs = 1_420_070_400_000;

export const madeAt = (id: string): Date => new Date(Number(BigInt(id) >> 22n) + discordEpochMs);
