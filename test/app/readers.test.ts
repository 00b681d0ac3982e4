/** For whom things are explained: a member's own last choice, at every door and in every room, until they are erased. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { communityId, type MemberId, memberId } from "../../src/core/ids.ts";
import { createReaders } from "../../src/knowledge/readers.ts";
import { type Doors, openDoors } from "../support/doors.ts";
import { createMemoryStores } from "../support/memory-stores.ts";

let doors: Doors;
beforeAll(async () => {
  doors = await openDoors();
});
afterAll(() => doors.close());

describe("a member's audience", () => {
  it.each(["console", "discord", "telegram"] as const)("is what they chose last, on %s, for /ask too", async (door) => {
    const ann = doors.speakers[door]("Ann");
    expect((await ann.says("/explain slashing")).text).toContain("For newcomers. Reviewed");
    expect((await ann.says("/explain slashing for=investor")).text).toContain("For investors. Reviewed");
    expect((await ann.says("/explain oracle")).text).toContain("For investors. Reviewed");
    expect((await ann.presses("For builders")).text).toContain("For builders. Reviewed");
    expect((await ann.says("/explain oracle")).text).toContain("For builders. Reviewed");
    expect((await ann.says("/ask what is an oracle?")).text).toContain("Oracle, for the builder");
    expect((await ann.says("/explain slashing")).text).toContain("For builders. Reviewed");
    expect((await ann.presses("For newcomers")).text).toContain("For newcomers. Reviewed");
    expect((await ann.says("/explain oracle")).text).toContain("For newcomers. Reviewed");
  });

  it("wins over the room's, follows them into other rooms, is nobody else's, and goes with their data", async () => {
    const { telegram } = doors;
    const [ann, bob] = [telegram.user("Anna", { admin: true }), telegram.user("Bob")];
    const [group, other] = [telegram.group("DePIN friends"), telegram.group("Builders")];
    await ann.says(group, "/settings audience investor");
    expect((await bob.says(group, "/explain slashing")).text).toContain("For investors.");
    const shown = await ann.says(group, "/explain slashing for=builder");
    for (const place of [group, other, ann.private]) expect((await ann.says(place, "/explain oracle")).text).toContain("For builders.");
    expect((await bob.says(group, "/explain oracle")).text).toContain("For investors.");
    // Where it leads on, everybody is answered as they like it.
    const [related] = shown.buttons.filter(({ label }) => !label.startsWith("For "));
    expect((await bob.press(shown, related?.label ?? "")).message?.text).toContain("For investors.");
    expect((await ann.press(shown, related?.label ?? "")).message?.text).toContain("For builders.");

    expect((await ann.says(ann.private, "/privacy")).text).toContain("1 choice of whom I explain things for");
    await ann.says(ann.private, "/privacy export");
    const file = ann.private.posts.findLast((post) => post.file !== undefined)?.file;
    expect(JSON.parse(new TextDecoder().decode(file?.content))).toMatchObject({ explainedFor: "builder" });
    await ann.press(await ann.says(ann.private, "/privacy erase"), "Yes, erase everything");
    expect((await ann.says(group, "/explain oracle")).text).toContain("For investors.");
    expect((await ann.says(ann.private, "/privacy")).text).not.toContain("choice of whom");
  });

  it("is not kept of a channel or of an anonymous admin, who may be anybody", async () => {
    const { telegram } = doors;
    const group = telegram.group("Many admins");
    const admin = telegram.user("Admin", { admin: true });
    expect((await admin.says(group, "/explain slashing for=builder", { anonymous: true })).text).toContain("For builders.");
    expect((await admin.says(group, "/explain oracle", { anonymous: true })).text).toContain("For newcomers.");
    expect(
      await doors.app.storage.session.executeSql("SELECT count(*)::int AS n FROM reader WHERE audience = 'builder'", []),
    ).toMatchObject({
      rows: [{ n: 0 }],
    });
  });

  it("is not needed: where it can be neither read nor kept, the community's counts, and no question fails", async () => {
    const broken = { audience: () => Promise.reject(new Error("disk")), choose: () => Promise.reject(new Error("disk")) };
    const ann = { member: memberId("ann"), person: true };
    const here = communityId("console", "1");
    const readers = createReaders(broken, async () => "investor");
    await readers.choose(ann, "builder");
    expect(await readers.audience(ann, here)).toBe("investor");
    expect(await createReaders(broken, broken.audience).audience(ann, here)).toBe("newcomer");
  });

  it("is asked of the database once, and again when it changes", async () => {
    const asked: string[] = [];
    const { readers: store } = createMemoryStores();
    const counting = (member: MemberId) => {
      asked.push(member);
      return store.audience(member);
    };
    const readers = createReaders({ ...store, audience: counting }, async () => "newcomer");
    const ann = { member: memberId("ann"), person: true };
    const here = communityId("console", "1");
    for (let i = 0; i < 5; i++) await readers.audience(ann, here);
    expect(asked).toHaveLength(1);
    await readers.choose(ann, "builder");
    for (let i = 0; i < 5; i++) expect(await readers.audience(ann, here)).toBe("builder");
    expect(asked).toHaveLength(2);
  });
});
