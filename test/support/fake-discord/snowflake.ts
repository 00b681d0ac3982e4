/** Ids as Discord makes them: @discordjs/rest sorts requests into buckets by `\d{17,19}`, so shorter ones would share a single queue. */

const discordEpoch = 1_420_070_400_000n;
let count = 0n;

/** A new id, greater than all before. */
export function snowflake(at: number = Date.now()): string {
  count++;
  return (((BigInt(at) - discordEpoch) << 22n) + count).toString();
}
