// What a region's page counts: its own and all below, as far as the viewer sees.
import { regionView } from "../../../src/console/org/places.js";
import { regionPage } from "../../../src/console/org/view.js";
import { countGuides } from "../../../src/customers/guide-counts.js";
import { insertRows } from "../../../src/infra/batches.js";
import { describeOnEachDatabase } from "../../support/databases.js";

const hq = { accountId: 1, name: "总部", role: "hq", guideId: null, storeId: null, regionId: null } as const;
const today = "2026-03-09";

describeOnEachDatabase("a region's page", (store) => {
  beforeAll(async () => {
    await store().write(async (sql) => {
      await insertRows(sql, "INSERT INTO region (id, parent_id, name, depth, trail)", [
        [1, 0, "华东", 0, "/1/"],
        [2, 0, "华南", 0, "/2/"],
        [3, 1, "上海市", 1, "/1/3/"],
        [4, 1, "杭州市", 1, "/1/4/"],
      ]);
      const stores = Array.from({ length: 60 }, (_, n) => [n + 1, `S${101 + n}`, `${n + 1}店`, 3]);
      const others = [
        [61, "S161", "杭州店", 4],
        [62, "S162", "广州店", 2],
      ];
      await insertRows(sql, "INSERT INTO store (id, code, name, region_id)", [...stores, ...others]);
      await insertRows(sql, "INSERT INTO guide (id, userid, name, store_id, left_on)", [
        [1, "lan", "兰兰", 1, null],
        [2, "mei", "梅梅", 1, null],
        [3, "gone", "走了", 1, today],
        [4, "soon", "明天走", 61, "2026-03-10"],
        [5, "ying", "莹", 62, null],
      ]);
      await insertRows(sql, "INSERT INTO guide_leave (guide_id, from_on, to_on, said_by, said_on)", [
        [2, today, today, "account:1", today],
      ]);
      const customers = [1, 1, 1, 2, 4, 5, 5].map((guide, n) => [n + 1, `wm${n}`, `客户${n}`, guide, 0]);
      await insertRows(sql, "INSERT INTO customer (id, external_userid, name, guide_id, bucket)", customers);
    });
  });
  const view = (id?: number, page = 1, viewer: Parameters<typeof regionView>[1] = hq) =>
    regionView(store().read, viewer, { id, page }, today);
  const line = ({ stores, guides, onLeave, customers }: Record<string, unknown>) => [
    ...[stores, guides, onLeave, customers],
  ];

  it("knows of no customers before they are counted", async () => {
    const found = await view();
    expect([line({ ...found.here }), found.countedAt]).toEqual([[62, 4, 1, 0], undefined]);
    const page = regionPage(found, "/org", "Asia/Shanghai");
    expect(page).toMatchObject({ here: { stores: "62", guides: "4", customers: "—" }, counted: "" });
  });

  it("sums the brand, a region and a city", async () => {
    await countGuides(store(), 1_000);
    const brand = await view();
    expect([line({ ...brand.here }), brand.countedAt, brand.path]).toEqual([[62, 4, 1, 7], 1_000, []]);
    expect(brand.regions.map((one) => [one.name, ...line({ ...one })])).toEqual([
      ["华东", 61, 3, 1, 5],
      ["华南", 1, 1, 0, 2],
    ]);
    const east = await view(1);
    expect([line({ ...east.here }), east.regions.map((one) => [one.name, ...line({ ...one })])]).toEqual([
      [61, 3, 1, 5],
      [
        ["上海市", 60, 2, 1, 4],
        ["杭州市", 1, 1, 0, 1],
      ],
    ]);
    const shanghai = await view(3);
    expect([line({ ...shanghai.here }), shanghai.regions]).toEqual([[60, 2, 1, 4], []]);
    const [first] = shanghai.stores;
    expect(first).toMatchObject({
      code: "S101",
      region: "华东 / 上海市",
      guides: 2,
      customers: 4,
      onLeave: 1,
    });
  });

  it("shows stores a page at a time, and the last page beyond it", async () => {
    expect([(await view(3)).stores.length, (await view(3)).pages]).toEqual([50, 2]);
    for (const page of [2, 9]) {
      const { stores, page: shown } = await view(3, page);
      expect([shown, stores.map(({ code }) => code)]).toEqual([
        2,
        Array.from({ length: 10 }, (_, n) => `S${151 + n}`),
      ]);
    }
  });

  it("begins at a manager's own region, and ends there", async () => {
    const manager = { ...hq, role: "manager", regionId: 1 } as const;
    const own = await view(undefined, 1, manager);
    expect([line({ ...own.here }), own.path.map(({ name }) => name)]).toEqual([[61, 3, 1, 5], ["华东"]]);
    await expect(view(2, 1, manager)).rejects.toMatchObject({ kind: "not_found" });
  });

  it("forgets the customers of a region whose guides have none any more", async () => {
    await store().write((sql) => sql.run("UPDATE customer SET guide_id = 1 WHERE guide_id = 5"));
    await countGuides(store(), 2_000);
    const { regions, countedAt } = await view();
    expect([regions.map(({ customers }) => customers), countedAt]).toEqual([[7, 0], 2_000]);
  });
});
