// Who said that a customer wants no messages, and whose word takes it back.
import { type Consent, consentTold, mergedConsent, optIn, optOut } from "../../src/customers/consent.js";
import { customerService } from "../../src/customers/service.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const none: Consent = { optedOut: 0, optedOutBy: null, optedOutAt: null };
const no = (optedOutBy: Consent["optedOutBy"], optedOutAt = 1): Consent => ({
  optedOut: 1,
  optedOutBy,
  optedOutAt,
});

describe("what a file or push tells", () => {
  it.each<[string, number | null | undefined, Consent | undefined, Consent]>([
    ["nothing of somebody new", undefined, undefined, none],
    ["nothing: all stays", undefined, no("chat"), no("chat")],
    ["a no", 1, none, no("import", 9)],
    ["a no of somebody new", 1, undefined, no("import", 9)],
    ["a no the customer has said already", 1, no("chat"), no("chat")],
    ["a yes after a file's no", 0, no("import"), none],
    ["an empty cell after a file's no", null, no("import"), none],
    ["a yes after the customer's own no", 0, no("chat"), no("chat")],
    ["a yes after a no written down here", 0, no("person"), no("person")],
    ["a yes after a no of unknown source", 0, no(null), no(null)],
    ["a yes where there was no no", 0, none, none],
  ])("%s", (_what, told, before, after) => {
    expect(consentTold(told, before, 9)).toEqual(after);
  });
});

test.each<[Consent, Consent, Consent]>([
  [none, none, none],
  [no("import"), none, no("import")],
  [none, no("chat"), no("chat")],
  [no("import", 5), no("chat", 3), no("chat", 3)],
  [no("chat", 5), no("person", 3), no("chat", 5)],
  [no("person", 5), no("import", 3), no("person", 5)],
])("%j and %j of one person come to %j", (a, b, both) => {
  expect(mergedConsent(a, b)).toEqual(both);
});

describeOnEachDatabase("consent", (db) => {
  const world = movableWorld(5_000);
  const push = (row: object) =>
    customerService({ store: db(), world, zone: "Asia/Shanghai", secretKey: Buffer.alloc(32, 7) }).push(
      "customers",
      [{ external_userid: "a", ...row }],
    );
  const stored = async () => {
    const row = await db().read.row<{ told: number; said: string | null; at: number | null; id: number }>(
      "SELECT id, opted_out AS told, opted_out_by AS said, opted_out_at AS at FROM customer WHERE external_userid = 'a'",
    );
    return row ? [row.told, row.said, row.at === null ? null : Number(row.at)] : [];
  };
  const idOf = async () => (await db().read.row<{ id: number }>("SELECT id FROM customer"))?.id ?? 0;

  it("told by a file goes with the file; said by the customer it outlives every file, until a person lifts it", async () => {
    await push({ opted_out: 1 });
    expect(await stored()).toEqual([1, "import", 5_000]);
    await push({ opted_out: 0 });
    expect(await stored()).toEqual([0, null, null]);
    const id = await idOf();
    expect(await db().write((sql) => optOut(sql, id, { by: "chat", at: 7_000 }))).toBe(true);
    expect(await push({ opted_out: 0 })).toMatchObject([{ status: "unchanged" }]);
    expect(await stored()).toEqual([1, "chat", 7_000]);
    expect(await db().write((sql) => optIn(sql, id))).toBe(true);
    expect(await stored()).toEqual([0, null, null]);
    expect(await db().write((sql) => optIn(sql, id))).toBe(false);
  });

  it("the customer's own word takes the place of a file's and a person's, not the other way round", async () => {
    await push({ opted_out: 1 });
    const id = await idOf();
    const say = (by: "chat" | "person", at: number) => db().write((sql) => optOut(sql, id, { by, at }));
    expect(await say("person", 6_000)).toBe(false);
    expect(await stored()).toEqual([1, "person", 6_000]);
    expect(await say("chat", 7_000)).toBe(false);
    expect(await say("person", 8_000)).toBe(false);
    expect(await stored()).toEqual([1, "chat", 7_000]);
  });
});
