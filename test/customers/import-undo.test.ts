// An import taken back: what it made goes, what it changed is as it was, what somebody changed or built on since stays.
import { type ImportService, importService } from "../../src/customers/imports/service.js";
import { customerService } from "../../src/customers/service.js";
import type { Param, Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { importUndoTasks } from "../../src/tasks/import-undo.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { freshFolder, type TestFolder } from "../support/folders.js";

const zone = "Asia/Shanghai";
const today = "2026-03-02";
const secretKey = Buffer.alloc(32, 3);
const stores = ["store_code,store_name,region,province", "S1,一店,华东,上海市", "S2,二店,华东,江苏省"];
const guides = ["guide_userid,guide_name,store_code", "lan,兰兰,S1", "mei,小美,S2"];
const customers = [
  "external_userid,name,guide_userid,joined_on,phone,birthday,tags",
  "wm1,王女士,lan,2026-01-31,13812345678,1992-02-29,a|b",
  "wm2,李女士,lan,2026-02-28,,,",
];
const first = { "stores.csv": stores, "guides.csv": guides, "customers.csv": customers };

describeOnEachDatabase("an import taken back", (db) => {
  const folders: TestFolder[] = [];
  const world = movableWorld(instantOf(today, "10:00", zone));
  let imports: ImportService;
  let home: TestFolder;
  const serviceWith = (undoRows: number, store = db()) =>
    importService({
      ...{ store, world, zone, secretKey, home: home.path, limits: { undoRows, undoDays: 30 } },
      tasks: importUndoTasks(() => today),
    });
  beforeEach(async () => {
    await emptied(db());
    world.set(instantOf(today, "10:00", zone));
    home = freshFolder({});
    folders.push(home);
    imports = serviceWith(1000);
  });
  afterAll(() => {
    for (const one of folders) one.drop();
  });

  const load = async (files: Record<string, readonly string[]>, service = imports) => {
    const folder = freshFolder(files);
    folders.push(folder);
    return service.runHere(folder.path, { trigger: false, by: "command line" });
  };
  const undo = async (id: number) => (await imports.undo(id, "account:1")).done;
  const rows = <T = Record<string, unknown>>(sql: string) => db().read.rows<T>(sql);
  /** everything that says something of customers, but for what the run itself is written down as */
  const tables = [
    "SELECT external_userid, name, guide_id, owner_named, joined_on, birthday, phone_cipher, opted_out FROM customer ORDER BY external_userid",
    "SELECT c.external_userid, k.guide_id, k.began_on, k.ended_on FROM contact k JOIN customer c ON c.id = k.customer_id ORDER BY 1, 2",
    "SELECT c.external_userid, k.child_no, k.name, k.born_on FROM child k JOIN customer c ON c.id = k.customer_id ORDER BY 1, 2",
    "SELECT order_no, ordered_on, quantity, amount, status FROM customer_order ORDER BY order_no",
    "SELECT c.external_userid, t.name, t.source FROM customer_tag t JOIN customer c ON c.id = t.customer_id ORDER BY 1, 2",
    "SELECT c.external_userid, a.kind, a.on_date FROM anchor a JOIN customer c ON c.id = a.customer_id WHERE a.on_date IS NOT NULL ORDER BY 1, 2",
    "SELECT f.orders, f.quantity, f.amount_cents, f.last_on FROM customer_figure f JOIN customer c ON c.id = f.customer_id WHERE f.orders > 0 ORDER BY c.external_userid",
    "SELECT code, name, region_id FROM store ORDER BY code",
    "SELECT userid, name, store_id, left_on FROM guide ORDER BY userid",
    "SELECT name, parent_id FROM region ORDER BY id",
    "SELECT depth, name FROM region_level ORDER BY depth",
  ];
  const everything = () => Promise.all(tables.map((sql) => rows(sql)));

  test("everything new goes again, from orders up to regions", async () => {
    const { id } = await load({
      ...first,
      "children.csv": ["external_userid,child_no,name,born_on", "wm1,1,小宝,2026-01-05"],
      "orders.csv": ["order_no,external_userid,ordered_on,quantity,amount", "T1,wm1,2026-02-01,2,268.50"],
    });
    expect(await imports.previewUndo(id)).toMatchObject({ remove: 11, restore: 0, keep: 0, tasks: 0 });
    expect(await undo(id)).toMatchObject({ remove: 11, restore: 0, keep: 0 });
    const levels = ["大区", "省份"];
    expect((await everything()).slice(0, -1).flat()).toEqual([]);
    expect(
      (await rows<{ name: string }>("SELECT name FROM region_level ORDER BY depth")).map(({ name }) => name),
    ).toEqual(levels);
    expect(await rows("SELECT run_id FROM import_change")).toEqual([]);
    for (const table of ["anchor", "contact", "customer_figure", "customer_tag", "anchor_mark"])
      expect(await rows(`SELECT * FROM ${table}`)).toEqual(table === "anchor_mark" ? expect.anything() : []);
    await expect(imports.undo(id, "account:1")).rejects.toMatchObject({
      kind: "conflict",
      message: "已经撤销。",
    });
  });

  test("what it changed is as it was: names, owners with their contacts, tags, births, orders, places", async () => {
    await load({
      ...first,
      "children.csv": ["external_userid,child_no,name,born_on", "wm1,1,小宝,2026-01-05"],
      "orders.csv": ["order_no,external_userid,ordered_on,quantity,amount", "T1,wm1,2026-02-01,2,268.50"],
    });
    const before = await everything();
    const { id } = await load({
      "stores.csv": ["store_code,store_name,大区,城市", "S1,一店（新）,华东,苏州市", "S3,三店,西北,西安市"],
      "guides.csv": ["guide_userid,guide_name,store_code", "lan,兰姐,S2", "ying,阿英,S3"],
      "customers.csv": [
        "external_userid,name,guide_userid,joined_on,tags",
        "wm1,王太太,mei,2026-02-01,b|c",
        "wm3,新客户,ying,2026-03-01,",
      ],
      "children.csv": [
        "external_userid,child_no,name,born_on",
        "wm1,1,小宝贝,2026-01-06",
        "wm2,1,妞妞,2026-02-02",
      ],
      "orders.csv": [
        "order_no,external_userid,ordered_on,quantity,status",
        "T1,wm1,2026-02-01,3,refunded",
        "T2,wm2,2026-03-01,1,",
      ],
    });
    expect(await everything()).not.toEqual(before);
    const preview = await imports.previewUndo(id);
    expect(await undo(id)).toEqual(preview);
    expect(preview).toMatchObject({ keep: 0, byKind: { customers: { remove: 1, restore: 1, keep: 0 } } });
    expect(await everything()).toEqual(before);
  });

  test("what somebody changed since stays, and so does what they built on", async () => {
    await load(first);
    const { id } = await load({
      "guides.csv": ["guide_userid,guide_name,store_code", "ying,阿英,S2"],
      "customers.csv": [
        "external_userid,name,guide_userid",
        "wm1,王太太,lan",
        "wm3,丙,ying",
        "wm4,丁,ying",
        "wm5,戊,lan",
      ],
      "children.csv": [
        "external_userid,child_no,name,born_on",
        "wm4,1,小四,2026-02-02",
        "wm5,1,小五,2026-02-03",
      ],
    });
    const service = customerService({ store: db(), world, zone, secretKey });
    await service.push("customers", [{ external_userid: "wm1", name: "王小姐" }]);
    // of wm4 the child was corrected, wm5 has one more tag by hand
    await service.push("children", [{ external_userid: "wm4", child_no: 1, born_on: "2026-02-09" }]);
    await db().write((sql) =>
      sql.run(
        "INSERT INTO customer_tag (customer_id, name, source) SELECT id, '重要', 'manual' FROM customer WHERE external_userid = 'wm5'",
      ),
    );
    const preview = await imports.previewUndo(id);
    expect(preview.byKind).toMatchObject({
      children: { remove: 1, restore: 0, keep: 1 },
      customers: { remove: 1, restore: 0, keep: 3 },
      guides: { remove: 0, restore: 0, keep: 1 },
    });
    expect(await undo(id)).toEqual(preview);
    const left = await rows<{ id: string; name: string }>(
      "SELECT external_userid AS id, name FROM customer ORDER BY 1",
    );
    expect(left.map(({ id: one, name }) => `${one} ${name}`)).toEqual([
      "wm1 王小姐",
      "wm2 李女士",
      "wm4 丁",
      "wm5 戊",
    ]);
    expect(await rows("SELECT born_on FROM child")).toEqual([{ born_on: "2026-02-09" }]);
  });

  test("leaves are taken back by cancelling, hand-overs by handing back", async () => {
    await load(first);
    const { id } = await load({
      "leaves.csv": ["guide_userid,from_on,to_on,deputy_userid", "lan,2026-03-10,2026-03-12,mei"],
      "transfers.csv": ["external_userid,guide_userid,outcome", "wm1,mei,accepted"],
    });
    const owner =
      "SELECT g.userid FROM customer c JOIN guide g ON g.id = c.guide_id WHERE c.external_userid = 'wm1'";
    expect(await rows(owner)).toEqual([{ userid: "mei" }]);
    expect(await undo(id)).toMatchObject({ remove: 1, restore: 1, keep: 0 });
    expect(await rows(owner)).toEqual([{ userid: "lan" }]);
    expect(await rows("SELECT cancelled, settled, said_by FROM guide_leave")).toEqual([
      { cancelled: 1, settled: 0, said_by: "account:1" },
    ]);
  });

  test("an import of many pieces goes whole", async () => {
    const many = Array.from({ length: 700 }, (_, n) => `wm${String(n).padStart(4, "0")},客户${n},lan`);
    await load(first);
    const { id } = await load({ "customers.csv": ["external_userid,name,guide_userid", ...many] });
    expect(await undo(id)).toMatchObject({ remove: 700 });
    expect(await rows("SELECT external_userid FROM customer ORDER BY 1")).toHaveLength(2);
  });

  test("what stands with a friend of the customer who stands in for the owner is seen too", async () => {
    await load(first);
    const { id } = await load({
      "customers.csv": ["external_userid,name,guide_userid", "wm3,丙,lan", "wm4,丁,lan", "wm5,戊,lan"],
    });
    const ids = await rows<{ id: number }>(
      "SELECT id FROM customer WHERE external_userid > 'wm2' ORDER BY 1",
    );
    const guideIds = await rows<{ id: number }>("SELECT id FROM guide ORDER BY userid");
    const [lan = 0, mei = 0] = guideIds.map((guide) => Number(guide.id));
    const [planned = 0, offered = 0, told = 0] = ids.map((customer) => Number(customer.id));
    await db().write(async (sql) => {
      for (const [customer, state, offeredAt] of [
        [planned, "planned", null],
        [offered, "offered", 1],
      ] as const) {
        await sql.run("INSERT INTO contact (customer_id, guide_id, began_on) VALUES (?, ?, NULL)", [
          ...[customer, mei],
        ]);
        await sql.run(
          `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, deputy_of, state,
             priority, variant, late, due_on, anchor_on, release_on, expires_on, offered_at)
           VALUES (1, 0, ?, 0, 1, ?, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?)`,
          [customer, mei, lan, state, today, today, today, today, offeredAt],
        );
      }
      await sql.run(
        `INSERT INTO delivery (task_id, guide_id, customer_id, sent_at, sent_on, words)
         VALUES (999, ?, ?, 1, ?, '您好')`,
        [mei, told, today],
      );
    });
    const preview = await imports.previewUndo(id);
    expect(preview).toMatchObject({ remove: 1, keep: 2, tasks: 1 });
    expect(await undo(id)).toEqual(preview);
    expect(await rows("SELECT external_userid AS id FROM customer WHERE external_userid > 'wm2'")).toEqual([
      { id: "wm4" },
      { id: "wm5" },
    ]);
    expect(await rows("SELECT state FROM task")).toEqual([{ state: "offered" }]);
  });

  test("what the database had done again is counted once", async () => {
    const { id: whole } = await load(first);
    const { changes } = await imports.one(whole);
    await undo(whole);
    const lost = Object.assign(new Error("deadlock"), { code: "ER_LOCK_DEADLOCK" });
    const store: Store = {
      ...db(),
      write: (work) => {
        let isFirst = true;
        return db().write(async (sql) => {
          const result = await work(sql);
          if (!isFirst) return result;
          isFirst = false;
          throw lost;
        });
      },
    };
    const again = serviceWith(changes ?? 0, store);
    const { id } = await load(first, again);
    expect(changes).toBeGreaterThan(0);
    expect((await again.one(id)).changes).toBe(changes);
  });

  test("a run that cannot even begin beats no longer", async () => {
    const read = {
      ...db().read,
      row: async <T>(text: string, params?: readonly Param[]): Promise<T | undefined> => {
        if (text.includes("FROM customer LIMIT 1")) throw new Error("gone");
        return db().read.row<T>(text, params);
      },
    };
    const broken = serviceWith(0, { ...db(), read });
    await expect(load(first, broken)).rejects.toThrow("gone");
    const [run] = await rows<{ id: number; state: string }>("SELECT id, state FROM import_run");
    expect(run?.state).toBe("failed");
    // the next one finds the place free
    await load(first);
  });

  test("more than may be kept is not kept at all, and says so; nothing but refusals keeps nothing", async () => {
    const few = serviceWith(3);
    const { id } = await load(first, few);
    expect(await few.one(id)).toMatchObject({ state: "done", changes: null });
    expect((await few.one(id)).whyNotUndo).toContain("超过 3 行");
    await expect(few.undo(id, "account:1")).rejects.toMatchObject({ kind: "conflict" });
    expect(await rows("SELECT run_id FROM import_change")).toEqual([]);
    const again = await load(first, few);
    expect((await few.one(again.id)).changes).toBe(0);
  });

  test("after its days what was kept is forgotten", async () => {
    const { id } = await load(first);
    world.set(world.now() + 31 * 86_400_000);
    await imports.tidy();
    expect(await rows("SELECT run_id FROM import_change")).toEqual([]);
    expect((await imports.one(id)).whyNotUndo).toContain("超过 30 天");
  });
});
