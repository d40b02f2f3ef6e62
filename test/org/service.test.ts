// Stores and guides written by their keys: regions made on the way, nothing twice, unknown stores refused.
import type { Placed } from "../../src/infra/upserts.js";
import { guideIds, loadTree, storeIds } from "../../src/org/queries.js";
import { nameLevels, writeGuides, writeStores } from "../../src/org/service.js";
import type { GuideRow, StoreRow } from "../../src/org/tables.js";
import { describeOnEachDatabase } from "../support/databases.js";

const placed = <R>(...rows: R[]): Placed<R>[] =>
  rows.map((row, index) => ({ row, where: "file.csv", line: index + 2 }));
const store = (code: string, ...regions: string[]): StoreRow => ({ code, name: `${code}店`, regions });
const guide = (userid: string, storeCode: string, more: Partial<GuideRow> = {}): GuideRow => ({
  ...{ userid, name: userid, storeCode },
  ...more,
});
const statuses = (outcomes: { status: string }[]) => outcomes.map(({ status }) => status);

describeOnEachDatabase("stores and guides", (db) => {
  const stores = (...rows: StoreRow[]) => db().write((sql) => writeStores(sql, placed(...rows)));
  const guides = (...rows: GuideRow[]) => db().write((sql) => writeGuides(sql, placed(...rows)));

  test("stores make their regions, whatever the depth, and only once", async () => {
    await db().write((sql) => nameLevels(sql, ["region", "province"]));
    const rows = [
      store("S1", "华东", "上海市"),
      store("S2", "华东", "江苏省", "南京市"),
      store("S3", "华北"),
    ];
    expect(statuses(await stores(...rows))).toEqual(["new", "new", "new"]);
    expect(statuses(await stores(...rows))).toEqual(["unchanged", "unchanged", "unchanged"]);
    const tree = await loadTree(db().read);
    expect(tree.levels).toEqual(["大区", "省份", "城市"]);
    expect(tree.nodes.map(({ id }) => tree.pathName(id)).sort()).toEqual(
      ["华东", "华东 / 上海市", "华东 / 江苏省", "华东 / 江苏省 / 南京市", "华北"].sort(),
    );
  });

  test("a store moves and is renamed by its code; the region it left stays", async () => {
    expect(statuses(await stores(store("S3", "华东", "上海市"), store("S9", "西北", "", "")))).toEqual([
      "changed",
      "new",
    ]);
    const tree = await loadTree(db().read);
    const row = await db().read.row<{ id: number }>("SELECT region_id AS id FROM store WHERE code = 'S3'");
    expect(tree.pathName(row?.id ?? 0)).toBe("华东 / 上海市");
    expect(tree.byPath(["华北"])).toBeDefined();
  });

  test.each([
    ["no region at all", ["", ""]],
    ["a gap between two levels", ["华东", "", "南京市"]],
  ])("%s is refused with its place", async (_name, regions) => {
    const outcomes = await stores(store("S5", ...regions));
    expect(outcomes[0]).toMatchObject({ status: "refused", faults: [{ line: 2, field: "region" }] });
    expect((await storeIds(db().read, ["S5"])).size).toBe(0);
  });

  test("the same store twice in one batch: the later row counts", async () => {
    const outcomes = await stores(store("S6", "华南"), { ...store("S6", "华南"), name: "新名" });
    expect(statuses(outcomes)).toEqual(["new", "changed"]);
    const row = await db().read.row("SELECT name FROM store WHERE code = 'S6'");
    expect(row).toEqual({ name: "新名" });
  });

  test("guides hang on known stores; an unknown one is refused, the others stay", async () => {
    const rows = [guide("g1", "S1", { joinedOn: "2020-02-29" }), guide("g2", "S404"), guide("g3", "S2")];
    const outcomes = await guides(...rows);
    expect(statuses(outcomes)).toEqual(["new", "refused", "new"]);
    expect(outcomes[1]?.faults).toEqual([
      {
        where: "file.csv",
        line: 3,
        field: "store_code",
        value: "S404",
        expected: "the code of a store we know",
      },
    ]);
    expect(statuses(await guides(...rows))).toEqual(["unchanged", "refused", "unchanged"]);
    expect([...(await guideIds(db().read)).keys()].sort()).toEqual(["g1", "g3"]);
  });

  test("what a row does not say stays; what it says is empty goes", async () => {
    expect(statuses(await guides(guide("g1", "S1")))).toEqual(["unchanged"]);
    expect(statuses(await guides(guide("g1", "S1", { leftOn: "2024-05-01" })))).toEqual(["changed"]);
    expect(statuses(await guides(guide("g1", "S1", { leftOn: null })))).toEqual(["changed"]);
    const row = await db().read.row("SELECT joined_on, left_on FROM guide WHERE userid = 'g1'");
    expect(row).toEqual({ joined_on: "2020-02-29", left_on: null });
  });

  test("a thousand stores at once", async () => {
    const rows = Array.from({ length: 1000 }, (_, n) => store(`B${n}`, "华中", `省${n % 7}`, `市${n % 90}`));
    expect(new Set(statuses(await stores(...rows)))).toEqual(new Set(["new"]));
    expect(new Set(statuses(await stores(...rows)))).toEqual(new Set(["unchanged"]));
  });
});
