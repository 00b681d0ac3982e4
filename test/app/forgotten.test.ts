/** After somebody erased themselves, or one opinion, nothing of it is left: the whole database is searched, each table of each schema. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Doors, openDoors } from "../support/doors.ts";

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors({}, () => new Date("2026-11-22T18:00:00Z"));
});
afterAll(() => doors.close());

/** Every row of every table as text, those of the queue included. */
async function dump(): Promise<string> {
  const { session } = doors.app.storage;
  const { rows } = await session.executeSql(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
  );
  const texts: string[] = [];
  for (const row of rows) {
    const name = String(Object.values(Object(row))[0]);
    const { rows: found } = await session.executeSql(`SELECT one::text AS line FROM ${name} AS one`);
    texts.push(`${name}: ${found.map((line) => String(Object.values(Object(line))[0])).join("\n")}`);
  }
  return texts.join("\n");
}

/** The same once nothing that people sent waits any more: until it is answered, Telegram's updates are stored with their texts. */
async function settled(): Promise<string> {
  await expect.poll(dump).toMatch(/^public\.inbound: $/m);
  return dump();
}

const planted = { name: "Persephone Quillfeather", words: "xylophone gossamer latency", claim: "marzipan zeppelins are quick" };

describe("the database", () => {
  it("never holds a name or an id of a person, and nothing of whoever erased themselves", async () => {
    const { telegram, discord } = doors;
    const [ann, bob] = [telegram.user(planted.name, { admin: true }), telegram.user("Bob Plainview")];
    const group = telegram.group("DePIN");
    await ann.says(ann.private, "/privacy quotable");
    await ann.says(group, `/opinion latency I disagree, the ${planted.words} is far too slow for real work.`);
    const link = (await ann.says(group, `/claims latency text="${planted.claim} indeed"`)).buttons[0]?.url ?? "";
    await ann.opens(link);
    const voting = (await bob.says(group, "/claims latency")).buttons[0]?.url ?? "";
    const shown = await bob.opens(voting);
    await bob.press(shown, "Agree");
    await ann.says(group, '/topic edit latency question="How fast was it?"');
    await ann.says(group, "/subscribe 9 Vienna");
    await ann.says(group, "/digest");
    const eve = discord.member("Eve Thistlewood");
    await (await eve.says("/opinion latency Also too slow here.")).settled();

    const before = await settled();
    expect(before).toContain(planted.words);
    expect(before).toContain(planted.claim);
    // The two addresses that are kept are those of rooms; a private chat's own is its person's id, and only a digest there is worth it.
    for (const text of [planted.name, "Plainview", "Thistlewood", eve.user.id]) expect(before).not.toContain(text);
    for (const { id } of [ann, bob]) expect(before).not.toMatch(new RegExp(`\\b${id}\\b`));
    const pseudonym = doors.app.pseudonymise("telegram", String(ann.id)).member;
    expect(before).toContain(pseudonym);

    const asked = await ann.says(ann.private, "/privacy erase");
    await ann.press(asked, "Yes, erase everything");
    const after = await settled();
    for (const text of [planted.words, planted.claim, pseudonym]) expect(after).not.toContain(text);
    // What others said is still there, and counts are what is left of it.
    expect((await bob.says(group, "/sentiment latency")).text).toContain("Nobody here has said anything");
    expect((await bob.says(group, "/digest date=2026-11-22")).text).not.toContain(planted.words);
  });

  it("holds nothing of one opinion that was deleted, nor of what was claimed from it", async () => {
    const { telegram } = doors;
    const ann = telegram.user("Ann");
    const group = telegram.group("Compute");
    await ann.says(ann.private, "/privacy quotable");
    const words = "Gossamer turbines undercut every list price";
    const logged = await ann.says(group, `/opinion compute-pricing ${words} by half.`);
    await ann.opens((await ann.says(group, "/claims compute-pricing")).buttons[0]?.url ?? "");
    expect((await settled()).split(words).length - 1).toBe(2);
    await ann.press(logged, "Delete");
    expect(await settled()).not.toContain(words);
  });
});
