// The index phones are found by: made under a key, kept with the number wherever that is written, filled in where it lacks.
import { fillPhoneIndex } from "../../src/customers/phone-filling.js";
import { phoneIndex } from "../../src/customers/phone-index.js";
import { customerService } from "../../src/customers/service.js";
import { encrypt } from "../../src/infra/secrets.js";
import { movableWorld } from "../../src/kernel/world.js";
import { customerChanges } from "../../src/tasks/customer-changes.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { standOn } from "../support/task-stand.js";

const secretKey = Buffer.alloc(32, 7);
const index = phoneIndex(secretKey);
const zone = "Asia/Shanghai";

describe("the index of a phone", () => {
  it("is a whole number a database and JavaScript hold alike, the same for the same number and key", () => {
    for (const phone of ["13812341234", "19999999999", "13000000000"]) {
      expect(Number.isSafeInteger(index.of(phone))).toBe(true);
      expect(index.of(phone)).toBeGreaterThanOrEqual(0);
      expect(phoneIndex(Buffer.from(secretKey)).of(phone)).toBe(index.of(phone));
      expect(phoneIndex(Buffer.alloc(32, 8)).of(phone)).not.toBe(index.of(phone));
    }
  });

  it("lies in the range of its last four digits, and hardly ever in another's", () => {
    const within = (phone: string, tail: string) => {
      const [first, last] = index.endingIn(tail);
      return index.of(phone) >= first && index.of(phone) <= last;
    };
    const tails = Array.from({ length: 2_000 }, (_, n) => String(n).padStart(4, "0"));
    for (const tail of tails) expect(within(`1381234${tail}`, tail)).toBe(true);
    expect(tails.filter((tail) => tail !== "1234" && within("13812341234", tail)).length).toBeLessThan(3);
  });

  it("says nothing of the number: neighbours lie far apart", () => {
    const near = Array.from({ length: 1_000 }, (_, n) => index.of(`138000${String(n).padStart(5, "0")}`));
    expect(new Set(near).size).toBe(1_000);
    const rising = near.filter((at, n) => n > 0 && at > (near[n - 1] ?? 0)).length;
    expect(rising).toBeGreaterThan(400);
    expect(rising).toBeLessThan(600);
  });
});

describeOnEachDatabase("a stored phone", (db) => {
  const world = movableWorld(Date.UTC(2026, 2, 2, 4));
  const customers = () => customerService({ store: db(), world, zone, secretKey });
  const push = (row: object) => customers().push("customers", [row]);
  const stored = async (id: string) => {
    const row = await db().read.row<{ cipher: string | null; at: number | null }>(
      "SELECT phone_cipher AS cipher, phone_index AS at FROM customer WHERE external_userid = ?",
      [id],
    );
    return row && { has: row.cipher !== null, at: row.at === null ? null : Number(row.at) };
  };
  beforeEach(() => emptied(db()));

  it("has its index by push, changes with it and goes with it", async () => {
    await push({ external_userid: "a", phone: "13812341234" });
    expect(await stored("a")).toEqual({ has: true, at: index.of("13812341234") });
    expect(await push({ external_userid: "a", phone: "13812341234" })).toMatchObject([
      { status: "unchanged" },
    ]);
    await push({ external_userid: "a", name: "张" });
    expect(await stored("a")).toEqual({ has: true, at: index.of("13812341234") });
    await push({ external_userid: "a", phone: "13900001111" });
    expect(await stored("a")).toEqual({ has: true, at: index.of("13900001111") });
    await push({ external_userid: "a", phone: null });
    expect(await stored("a")).toEqual({ has: false, at: null });
  });

  it("has it when a guide supplies it, keeps it through a merge, loses it with the person", async () => {
    await push({ external_userid: "a" });
    await push({ external_userid: "b" });
    const row = await db().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = 'a'");
    await customers().supply({
      customerId: row?.id ?? 0,
      childNo: 0,
      field: "customer.phone",
      value: "13812341234",
    });
    expect(await stored("a")).toEqual({ has: true, at: index.of("13812341234") });
    const { setup } = standOn(db());
    await customerChanges(setup).merge({ from: "a", into: "b", by: "system" });
    expect(await stored("a")).toEqual({ has: false, at: null });
    expect(await stored("b")).toEqual({ has: true, at: index.of("13812341234") });
    await customerChanges(setup).erase({ customer: "b", by: "system" });
    const left = await db().read.row(
      "SELECT id FROM customer WHERE phone_index IS NOT NULL OR phone_cipher IS NOT NULL",
    );
    expect(left).toBeUndefined();
  });

  it("written before there was an index gets it, piece by piece, once; what the key cannot read is counted", async () => {
    const phoneOf = (n: number) => `138${String(n).padStart(8, "0")}`;
    await db().write(async (sql) => {
      for (let n = 1; n <= 1_200; n++) {
        const cipher = n % 400 === 0 ? "v1.unreadable" : n % 3 === 0 ? null : encrypt(secretKey, phoneOf(n));
        await sql.run(
          "INSERT INTO customer (id, external_userid, name, phone_cipher, bucket) VALUES (?, ?, '', ?, 0)",
          [...[n, `old-${n}`, cipher]],
        );
      }
    });
    expect(await fillPhoneIndex(db(), secretKey)).toEqual({ filled: 798, unreadable: 3 });
    expect(await stored("old-1")).toEqual({ has: true, at: index.of(phoneOf(1)) });
    expect(await stored("old-1199")).toEqual({ has: true, at: index.of(phoneOf(1199)) });
    expect(await stored("old-3")).toEqual({ has: false, at: null });
    expect(await fillPhoneIndex(db(), secretKey)).toEqual({ filled: 0, unreadable: 0 });
    await db().write((sql) => sql.run("UPDATE customer SET phone_index = 1"));
    expect((await fillPhoneIndex(db(), secretKey, true)).filled).toBe(798);
    expect(await stored("old-1")).toEqual({ has: true, at: index.of(phoneOf(1)) });
  });
});
