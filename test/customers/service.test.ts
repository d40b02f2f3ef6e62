// Single changes: friendships the chat system tells of, facts guides supply, values set by hand.
import { customerService } from "../../src/customers/service.js";
import type { Supply } from "../../src/customers/supplies.js";
import { decrypt } from "../../src/infra/secrets.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const zone = "Asia/Shanghai";
const today = "2026-11-22";
const secretKey = Buffer.alloc(32, 7);
const at = (day: string, time = "12:00") => instantOf(day, time, zone);

describeOnEachDatabase("customers", (db) => {
  const service = () => customerService({ store: db(), zone, secretKey, world: movableWorld(at(today)) });
  const added = (guideUserid: string, externalUserid: string, day: string) =>
    service().contactAdded({ guideUserid, externalUserid, at: at(day) });
  const ended = (guideUserid: string, externalUserid: string, day: string) =>
    service().contactEnded({ guideUserid, externalUserid, at: at(day) });
  const owner = (externalUserid: string) =>
    db().read.row(
      `SELECT g.userid AS owner_, c.joined_on AS joined, c.owner_named AS named, a.on_date AS since
       FROM customer c LEFT JOIN guide g ON g.id = c.guide_id
       LEFT JOIN anchor a ON a.customer_id = c.id AND a.kind = 'guide_assigned'
       WHERE c.external_userid = ?`,
      [externalUserid],
    );
  const idOf = async (externalUserid: string) =>
    (
      await db().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [
        externalUserid,
      ])
    )?.id ?? 0;

  beforeAll(async () => {
    await service().push("stores", [{ store_code: "S1", store_name: "一店", region: "华东" }]);
    const guides = ["g1", "g2"].map((userid) => ({
      guide_userid: userid,
      guide_name: userid,
      store_code: "S1",
    }));
    await service().push("guides", guides);
  });

  test("a friend nobody told us of is a customer from that shop day on; told twice, once", async () => {
    const news = { guideUserid: "g1", externalUserid: "c1", at: at("2026-11-20", "00:30") };
    expect(await service().contactAdded(news)).toMatchObject({ status: "new" });
    expect(await service().contactAdded(news)).toMatchObject({ status: "unchanged" });
    expect(await owner("c1")).toEqual({ owner_: "g1", joined: "2026-11-20", named: 0, since: "2026-11-20" });
    const row = await db().read.row("SELECT name, bucket FROM customer WHERE external_userid = 'c1'");
    expect(row).toEqual({ name: "", bucket: expect.any(Number) });
  });

  test("the latest friend is the owner; joined never moves", async () => {
    await added("g2", "c1", "2026-11-21");
    expect(await owner("c1")).toEqual({ owner_: "g2", joined: "2026-11-20", named: 0, since: "2026-11-21" });
    await ended("g2", "c1", "2026-11-22");
    expect(await owner("c1")).toEqual({ owner_: "g1", joined: "2026-11-20", named: 0, since: "2026-11-20" });
    await ended("g1", "c1", "2026-11-22");
    expect(await owner("c1")).toEqual({ owner_: null, joined: "2026-11-20", named: 0, since: null });
  });

  test("an owner HQ named stays while the friendship lasts, and no list brings back one that is over", async () => {
    const row = { external_userid: "c2", guide_userid: "g1", joined_on: "2026-01-01" };
    await service().push("customers", [row]);
    await added("g2", "c2", "2026-11-01");
    expect(await owner("c2")).toEqual({ owner_: "g1", joined: "2026-01-01", named: 1, since: "2026-01-01" });
    await ended("g1", "c2", "2026-11-02");
    expect(await owner("c2")).toEqual({ owner_: "g2", joined: "2026-01-01", named: 0, since: "2026-11-01" });
    expect(await service().push("customers", [row])).toEqual([{ row: 1, status: "unchanged", faults: [] }]);
    expect(await owner("c2")).toMatchObject({ owner_: "g2" });
    await added("g1", "c2", "2026-11-03");
    expect(await owner("c2")).toMatchObject({ owner_: "g1", since: "2026-11-03" });
  });

  test.each([
    ["added by a guide we do not have", () => added("g404", "c9", today)],
    ["ended by a guide we do not have", () => ended("g404", "c9", today)],
    ["the end of what we never knew", () => ended("g1", "c9", today)],
  ])("%s makes nothing", async (_name, event) => {
    expect(await event()).toEqual({ status: "unknown" });
    expect(await idOf("c9")).toBe(0);
  });

  test("two processes hear of one new friend: one customer", async () => {
    const all = await Promise.all(["g1", "g2", "g1"].map((guide) => added(guide, "c3", today)));
    expect(all.filter(({ status }) => status === "new")).toHaveLength(1);
    const contacts = await db().read.row("SELECT COUNT(*) AS n FROM contact WHERE customer_id = ?", [
      await idOf("c3"),
    ]);
    expect(contacts).toEqual({ n: 2 });
  });

  test("facts a guide supplies are written with their anchors", async () => {
    await added("g1", "c4", today);
    const customerId = await idOf("c4");
    const supply = (field: Supply["field"], value: string, childNo = 0) =>
      service().supply({ customerId, childNo, field, value });
    await supply("customer.name", "王女士");
    await supply("customer.phone", "138 1234 5678");
    await supply("customer.birthday", "1990年2月3日");
    await supply("child.due_on", "2027-01-05");
    await supply("child.name", "小满");
    await supply("child.born_on", "2026-11-20");
    const row = await db().read.row<{ phone: string }>(
      `SELECT c.name, c.birthday, c.phone_cipher AS phone, k.child_no AS childNo, k.name AS child, k.born_on AS born, k.due_on AS due
       FROM customer c JOIN child k ON k.customer_id = c.id WHERE c.id = ?`,
      [customerId],
    );
    expect({ ...row, phone: decrypt(secretKey, row?.phone ?? "") }).toEqual({
      ...{ name: "王女士", birthday: "1990-02-03", phone: "13812345678" },
      ...{ childNo: 1, child: "小满", born: "2026-11-20", due: "2027-01-05" },
    });
    const kinds = await db().read.rows(
      "SELECT kind FROM anchor WHERE on_date IS NOT NULL AND customer_id = ? ORDER BY kind",
      [customerId],
    );
    expect(kinds).toEqual(
      ["child_born", "customer_birthday", "guide_assigned", "joined"].map((kind) => ({ kind })),
    );
    await supply("child.born_on", "2026-11-19", 2);
    await expect(supply("child.name", "小寒")).rejects.toThrow("这位客户有 2 个宝宝");
  });

  test.each<[Supply["field"], string, RegExp]>([
    ["child.born_on", "昨天", /^请写成 2026-03-02 这样的日期。$/],
    ["child.born_on", "2026-11-23", /还没有到，请核对/],
    ["child.born_on", "1984-01-01", /太早了，请核对/],
    ["child.due_on", "2027-11-23", /太晚了，请核对/],
    ["customer.birthday", "2026-11-23", /还没有到/],
    ["customer.phone", "12345", /^请写 11 位手机号。$/],
    ["customer.name", "", /^称呼最多 120 个字。$/],
    ["customer.name", "a\u0007", /^称呼最多/],
  ])("%s cannot be %j", async (field, value, message) => {
    const customerId = await idOf("c4");
    await expect(service().supply({ customerId, childNo: 1, field, value })).rejects.toMatchObject({
      ...{ name: "Refusal", kind: "invalid", message: expect.stringMatching(message) },
    });
  });

  test("values set by hand, for a customer there is", async () => {
    const { setCustomer, setChild } = service();
    expect(await setCustomer({ externalUserid: "c4", level: "金卡", optedOut: 1 })).toBe("changed");
    expect(await setCustomer({ externalUserid: "c4", level: "金卡" })).toBe("unchanged");
    expect(await setCustomer({ externalUserid: "c4", birthday: null })).toBe("changed");
    await expect(setCustomer({ externalUserid: "nobody" })).rejects.toMatchObject({ kind: "not_found" });
    expect(await setChild({ externalUserid: "c4", childNo: 3, sex: "girl" })).toBe("new");
    await expect(setChild({ externalUserid: "nobody", childNo: 1 })).rejects.toMatchObject({
      kind: "invalid",
    });
    const faults = await db().read.rows(
      "SELECT field, child_no AS childNo FROM data_fault WHERE customer_id = ?",
      [await idOf("c4")],
    );
    expect(faults).toEqual([{ field: "born_on", childNo: 3 }]);
  });

  test("tags that came by push are replaced as a set; others stay", async () => {
    const { push } = service();
    const id = await idOf("c4");
    await db().write((sql) =>
      sql.run("INSERT INTO customer_tag (customer_id, name, source) VALUES (?, 'vip', 'guide')", [id]),
    );
    await push("customers", [{ external_userid: "c4", tags: ["a", "vip"] }]);
    expect((await push("customers", [{ external_userid: "c4", tags: ["vip", "a"] }]))[0]?.status).toBe(
      "unchanged",
    );
    await push("customers", [{ external_userid: "c4", tags: ["b"] }]);
    const tags = await db().read.rows(
      "SELECT name, source FROM customer_tag WHERE customer_id = ? ORDER BY name",
      [id],
    );
    expect(tags).toEqual([
      { name: "b", source: "import" },
      { name: "vip", source: "guide" },
    ]);
  });
});
