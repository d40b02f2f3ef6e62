// Leaves: entered, changed, taken back, imported; who may keep whose; who is away on a day.
import type { Viewer } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type LeaveService, leaveService } from "../../src/org/leave-service.js";
import { writeLeaves } from "../../src/org/leave-writes.js";
import { leavesOf, leavesOn } from "../../src/org/leaves.js";
import { writeGuides, writeStores } from "../../src/org/service.js";
import { describeOnEachDatabase } from "../support/databases.js";

const zone = "Asia/Shanghai";
const viewer = (rest: Partial<Viewer>): Viewer => ({
  ...{ accountId: 7, role: "hq", name: "", guideId: null, storeId: null, regionId: null },
  ...rest,
});
const hq = viewer({});

describeOnEachDatabase("leaves", (open) => {
  let store: Store;
  let leaves: LeaveService;
  beforeEach(async () => {
    store = open();
    const placed = <R>(rows: R[]) => rows.map((row, at) => ({ row, where: "", line: at + 1 }));
    await store.write(async (sql) => {
      for (const table of ["region", "store", "guide", "guide_leave"]) await sql.run(`DELETE FROM ${table}`);
      const stores = [
        { code: "S1", name: "一店", regions: ["华东", "上海"] },
        { code: "S2", name: "二店", regions: ["华南"] },
      ];
      await writeStores(sql, placed(stores));
      const guides = [
        ...["lan", "mei"].map((userid) => ({ userid, name: userid, storeCode: "S1" })),
        { userid: "ying", name: "ying", storeCode: "S2" },
      ];
      await writeGuides(sql, placed(guides));
    });
    leaves = leaveService({ store, world: movableWorld(instantOf("2026-03-02", "10:00", zone)), zone });
  });
  const idOf = async (table: "guide" | "store" | "region", key: string, value: string) =>
    (await store.read.row<{ id: number }>(`SELECT id FROM ${table} WHERE ${key} = ?`, [value]))?.id ?? 0;
  const may = { userid: "lan", fromOn: "2026-03-10", toOn: "2026-03-12" };
  const line = { guide: "lan", name: "lan", from: "2026-03-10", to: "2026-03-12", deputy: null };

  it("are entered once, changed by their first day, and taken back", async () => {
    expect(await leaves.put(hq, may)).toBe("new");
    expect(await leaves.put(hq, may)).toBe("unchanged");
    expect(await leaves.put(hq, { ...may, deputyUserid: "mei" })).toBe("changed");
    expect(await leaves.list(hq, {})).toEqual([
      { ...line, deputy: "mei", cancelled: false, by: "account:7", said: "2026-03-02" },
    ]);
    await store.write((sql) => sql.run("UPDATE guide_leave SET settled = 1"));
    await leaves.cancel(hq, "lan", "2026-03-10");
    expect(await leaves.list(hq, {})).toEqual([]);
    expect(await leaves.list(hq, { guide: "lan" })).toMatchObject([{ cancelled: true, deputy: "mei" }]);
    expect(await store.read.row("SELECT settled FROM guide_leave")).toEqual({ settled: 0 });
    await expect(leaves.cancel(hq, "lan", "2026-03-10")).rejects.toMatchObject({ kind: "not_found" });
    expect(await leaves.put(hq, may)).toBe("changed");
    expect(await leaves.list(hq, { guide: "lan" })).toMatchObject([{ cancelled: false }]);
  });

  it("last from their first day to their last; of two at once the later says who stands in", async () => {
    const [lan, mei, ying] = await Promise.all(
      ["lan", "mei", "ying"].map((userid) => idOf("guide", "userid", userid)),
    );
    await leaves.put(hq, { ...may, deputyUserid: "mei" });
    await leaves.put(hq, { ...may, fromOn: "2026-03-11", deputyUserid: "ying" });
    const away = async (day: string) => [...(await leavesOn(store.read, day))];
    expect(await away("2026-03-09")).toEqual([]);
    expect(await away("2026-03-10")).toEqual([[lan, mei]]);
    expect(await away("2026-03-12")).toEqual([[lan, ying]]);
    expect(await away("2026-03-13")).toEqual([]);
    const wasAway = await leavesOf(store.read, [lan ?? 0, mei ?? 0]);
    expect(
      ["2026-03-09", "2026-03-10", "2026-03-12", "2026-03-13"].map((day) => wasAway(lan ?? 0, day)),
    ).toEqual([...[false, true, true, false]]);
    expect(wasAway(mei ?? 0, "2026-03-11")).toBe(false);
    expect(await leaves.list(hq, { on: "2026-03-10" })).toHaveLength(1);
  });

  it("are kept by HQ and by the guide's own managers, by nobody else", async () => {
    const east = viewer({ role: "manager", regionId: await idOf("region", "name", "华东") });
    const south = viewer({ role: "manager", regionId: await idOf("region", "name", "华南") });
    const shop = viewer({ role: "store_manager", storeId: await idOf("store", "code", "S1") });
    const other = viewer({ role: "store_manager", storeId: await idOf("store", "code", "S2") });
    const herself = viewer({ role: "guide", guideId: await idOf("guide", "userid", "lan") });
    for (const who of [south, other, herself]) {
      await expect(leaves.put(who, may)).rejects.toMatchObject({ kind: "not_found" });
      expect(await leaves.list(who, {})).toEqual([]);
    }
    for (const deputyUserid of ["ying", "nobody"])
      for (const who of [east, shop])
        await expect(leaves.put(who, { ...may, deputyUserid })).rejects.toMatchObject({
          ...{ kind: "invalid", message: expect.stringContaining("你负责的范围") },
        });
    expect(await leaves.put(east, { ...may, deputyUserid: "mei" })).toBe("new");
    expect(await leaves.list(shop, {})).toHaveLength(1);
    await expect(leaves.cancel(south, "lan", "2026-03-10")).rejects.toMatchObject({ kind: "not_found" });
    await leaves.cancel(shop, "lan", "2026-03-10");
    expect(await leaves.list(hq, {})).toEqual([]);
  });

  it.each<[string, object, object]>([
    ["of a guide nobody knows", { userid: "nobody" }, { field: "guide_userid", value: "nobody" }],
    [
      "ending before it begins",
      { toOn: "2026-03-09" },
      { field: "to_on", expected: "2026-03-10 or a later day" },
    ],
    ["with a deputy nobody knows", { deputyUserid: "nobody" }, { field: "deputy_userid" }],
    ["standing in for themself", { deputyUserid: "lan" }, { field: "deputy_userid" }],
  ])("one %s is refused", async (_case, part, fault) => {
    const rows = [{ row: { ...may, ...part }, where: "leaves.csv", line: 2 }];
    const outcomes = await store.write((sql) =>
      writeLeaves(sql, rows, { by: "import", today: "2026-03-02" }),
    );
    expect(outcomes).toEqual([
      {
        status: "refused",
        faults: [
          { where: "leaves.csv", line: 2, value: expect.any(String), expected: expect.any(String), ...fault },
        ],
      },
    ]);
  });

  it("a guide leaves for good, to somebody or nobody", async () => {
    await leaves.setLeft("lan", "2026-03-20");
    await leaves.setLeft("lan", "2026-03-21", "mei");
    expect(await store.read.row("SELECT left_on, successor_id FROM guide WHERE userid = 'lan'")).toEqual({
      left_on: "2026-03-21",
      successor_id: await idOf("guide", "userid", "mei"),
    });
    const toGone = leaves.setLeft("ying", "2026-03-25", "lan");
    await expect(toGone).rejects.toThrow("客户不能交接给「lan」：2026-03-21 起已离职");
    await expect(leaves.setLeft("lan", "2026-03-20", "lan")).rejects.toMatchObject({ kind: "invalid" });
    await expect(leaves.setLeft("nobody", "2026-03-20")).rejects.toMatchObject({ kind: "not_found" });
    await expect(leaves.setLeft("lan", "2026-03-20", "nobody")).rejects.toMatchObject({ kind: "not_found" });
  });
});
