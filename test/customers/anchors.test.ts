// Anchors stay what the data say they are, whatever is written in whatever order, and no change goes without a mark.
import { anchorsOf, CYCLIC_KINDS, cycleOf, limitsOn, PARTS } from "../../src/customers/anchor-rules.js";
import { refreshAnchors } from "../../src/customers/anchors.js";
import { loadFacts } from "../../src/customers/facts.js";
import { customerService } from "../../src/customers/service.js";
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld, seeded } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const zone = "Asia/Shanghai";
const today = "2026-11-22";

interface AnchorRow {
  customerId: number;
  kind: string;
  childNo: number;
  onDate: string | null;
  cycleOn: number;
  guideId: number | null;
}
const SELECT = `SELECT customer_id AS customerId, kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn,
  guide_id AS guideId FROM anchor ORDER BY customer_id, kind, child_no`;

describeOnEachDatabase("anchors", (db) => {
  const service = () =>
    customerService({
      ...{ store: db(), zone, secretKey: Buffer.alloc(32, 7) },
      world: movableWorld(instantOf(today, "12:00", zone)),
    });
  const idOf = async (externalUserid: string) =>
    (
      await db().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [
        externalUserid,
      ])
    )?.id ?? 0;
  const anchorsOfOne = async (externalUserid: string) => {
    const id = await idOf(externalUserid);
    const rows = await db().read.rows<AnchorRow>(SELECT);
    return rows
      .filter((row) => row.customerId === id)
      .map((row) => `${row.kind}:${row.childNo} ${row.onDate} ${row.cycleOn}`);
  };
  const marksSince = async (id: number) => {
    const rows = await db().read.rows<{ id: number; kind: string; childNo: number; was: number }>(
      "SELECT id, kind, child_no AS childNo, was_cycle AS was FROM anchor_mark WHERE id > ? ORDER BY kind, child_no",
      [id],
    );
    return rows.map(({ kind, childNo, was }) => `${kind}:${childNo} ${was}`);
  };
  const lastMark = async () =>
    (await db().read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM anchor_mark"))?.id ?? 0;

  beforeAll(async () => {
    await service().push("stores", [{ store_code: "S1", store_name: "一店", region: "华东" }]);
    const guides = ["g1", "g2", "g3"].map((userid) => ({
      guide_userid: userid,
      guide_name: userid,
      store_code: "S1",
    }));
    await service().push("guides", guides);
  });

  test("orders move the last one, a refund steps back, and an order ends what models foretold", async () => {
    const { push } = service();
    await push("customers", [{ external_userid: "o1", guide_userid: "g1", joined_on: "2026-01-01" }]);
    const order = (order_no: string, ordered_on: string, status = "paid", external_userid = "o1") => ({
      order_no,
      external_userid,
      ordered_on,
      status,
    });
    await push("orders", [order("A", "2026-02-01"), order("B", "2026-04-01"), order("C", "2026-03-01")]);
    const own = ["guide_assigned:0 2026-01-01 20260101", "joined:0 2026-01-01 20260101"];
    expect(await anchorsOfOne("o1")).toEqual([
      "first_order:0 2026-02-01 20260201",
      own[0],
      own[1],
      "last_order:0 2026-04-01 20260401",
    ]);
    const id = await idOf("o1");
    await db().write((sql) =>
      sql.run(
        "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (?, 'at_risk', 0, '2026-05-01', 20260401, ?)",
        [id, 1],
      ),
    );
    let mark = await lastMark();
    await push("orders", [order("D", "2026-04-01")]);
    expect(await marksSince(mark)).toEqual([]);
    await push("orders", [order("B", "2026-04-01", "refunded"), order("D", "2026-04-01", "refunded")]);
    expect(await anchorsOfOne("o1")).toEqual([
      "first_order:0 2026-02-01 20260201",
      own[0],
      own[1],
      "last_order:0 2026-03-01 20260301",
    ]);
    expect(await marksSince(mark)).toEqual(["at_risk:0 20260401", "last_order:0 20260401"]);
    mark = await lastMark();
    await push("orders", [order("A", "2026-02-01", "refunded"), order("C", "2026-03-01", "refunded")]);
    expect(await anchorsOfOne("o1")).toEqual(["first_order:0 null 20260201", ...own]);
    expect(await marksSince(mark)).toEqual(["first_order:0 20260201", "last_order:0 20260301"]);
  });

  test("an order that turns out to be another's takes its date along", async () => {
    const { push } = service();
    await push("customers", [{ external_userid: "p1" }, { external_userid: "p2" }]);
    await push("orders", [{ order_no: "P", external_userid: "p1", ordered_on: "2026-05-05" }]);
    await push("orders", [{ order_no: "P", external_userid: "p2", ordered_on: "2026-05-05" }]);
    expect(await anchorsOfOne("p1")).toEqual(["first_order:0 null 20260505"]);
    expect(await anchorsOfOne("p2")).toEqual([
      "first_order:0 2026-05-05 20260505",
      "last_order:0 2026-05-05 20260505",
    ]);
  });

  test("a birth ends the waiting; stopping ends both, and beginning again brings them back", async () => {
    const { push, setStopped } = service();
    await push("customers", [{ external_userid: "b1", guide_userid: "g1", joined_on: "2026-01-01" }]);
    await push("children", [
      { external_userid: "b1", child_no: 1, due_on: "2026-10-01" },
      { external_userid: "b1", child_no: 2, due_on: "2027-01-01" },
    ]);
    let mark = await lastMark();
    await push("children", [{ external_userid: "b1", child_no: 1, born_on: "2026-09-28" }]);
    const own = ["guide_assigned:0 2026-01-01 20260101", "joined:0 2026-01-01 20260101"];
    expect(await anchorsOfOne("b1")).toEqual([
      "child_born:1 2026-09-28 20260928",
      "child_due:1 null 20261001",
      "child_due:2 2027-01-01 20270101",
      ...own,
    ]);
    expect(await marksSince(mark)).toEqual(["child_born:1 0", "child_due:1 20261001"]);
    mark = await lastMark();
    await setStopped(await idOf("b1"), true);
    expect((await anchorsOfOne("b1")).filter((said) => !said.includes("null"))).toEqual(own);
    expect(await marksSince(mark)).toEqual(["child_born:1 20260928", "child_due:2 20270101"]);
    await setStopped(await idOf("b1"), false);
    expect((await anchorsOfOne("b1")).filter((said) => !said.includes("null"))).toEqual([
      "child_born:1 2026-09-28 20260928",
      "child_due:2 2027-01-01 20270101",
      ...own,
    ]);
  });

  test("another owner is on every anchor of the customer, each change marked", async () => {
    const { push } = service();
    await push("customers", [{ external_userid: "w1", guide_userid: "g1", joined_on: "2026-01-01" }]);
    await push("children", [{ external_userid: "w1", child_no: 1, born_on: "2026-02-01" }]);
    await push("orders", [{ order_no: "W", external_userid: "w1", ordered_on: "2026-03-01" }]);
    const mark = await lastMark();
    await push("customers", [{ external_userid: "w1", guide_userid: "g2" }]);
    const id = await idOf("w1");
    const rows = (await db().read.rows<AnchorRow>(SELECT)).filter((row) => row.customerId === id);
    const owner = await db().read.row<{ id: number }>("SELECT id FROM guide WHERE userid = 'g2'");
    expect(new Set(rows.map(({ guideId }) => guideId))).toEqual(new Set([owner?.id]));
    expect(rows.find(({ kind }) => kind === "guide_assigned")?.onDate).toBe(today);
    expect(await marksSince(mark)).toHaveLength(5);
  });

  test("after hundreds of writes in any order, what is stored is what follows from the data", async () => {
    const random = seeded(20_261_122);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const people = Array.from({ length: 12 }, (_, n) => `r${n}`);
    const day = () =>
      `${pick(["1985", "2024", "2025", "2026", "2031"])}-0${1 + Math.floor(random() * 9)}-1${Math.floor(random() * 10)}`;
    const { push, setStopped, contactAdded, contactEnded } = service();
    await push(
      "customers",
      people.map((external_userid) => ({ external_userid })),
    );
    const at = () => instantOf(`2026-0${1 + Math.floor(random() * 9)}-15`, "10:00", zone);
    const acts = [
      () =>
        push("customers", [
          { external_userid: pick(people), joined_on: day() },
          { external_userid: pick(people), guide_userid: pick(["g1", "g2", "g3"]) },
        ]),
      () =>
        push("customers", [
          { external_userid: pick(people), birthday: pick([day(), null]), guide_userid: pick([null, "g1"]) },
        ]),
      () =>
        push("children", [
          {
            external_userid: pick(people),
            child_no: pick([1, 2]),
            born_on: pick([day(), null]),
            due_on: pick([day(), null]),
          },
        ]),
      () =>
        push(
          "orders",
          [1, 2, 3].map(() => ({
            order_no: `R${Math.floor(random() * 60)}`,
            external_userid: pick(people),
            ordered_on: day(),
            status: pick(["paid", "paid", "refunded"]),
          })),
        ),
      async () => setStopped(await idOf(pick(people)), random() < 0.5),
      () => contactAdded({ guideUserid: pick(["g1", "g2", "g3"]), externalUserid: pick(people), at: at() }),
      () => contactEnded({ guideUserid: pick(["g1", "g2", "g3"]), externalUserid: pick(people), at: at() }),
    ];
    for (let n = 0; n < 300; n++) await pick(acts)();
    const differences = await whatIsWrong(db());
    expect(differences).toEqual([]);
    const before = await lastMark();
    await db().write(async (sql) =>
      refreshAnchors(sql, await Promise.all(people.map(idOf)), { today, quietThrough: null }),
    );
    expect(await lastMark()).toBe(before);
  });

  test("two writers of one customer's orders do not overlook each other", async () => {
    const { push } = service();
    await push("customers", [{ external_userid: "t1" }]);
    const days = Array.from({ length: 12 }, (_, n) => `2026-05-${String(10 + n)}`);
    await Promise.all(
      days.map((ordered_on) =>
        push("orders", [{ order_no: `T${ordered_on}`, external_userid: "t1", ordered_on }]),
      ),
    );
    const said = await anchorsOfOne("t1");
    expect(said).toEqual([
      expect.stringMatching(/^first_order:0 2026-05-10 /),
      "last_order:0 2026-05-21 20260521",
    ]);
  });
});

/** Stored anchors against those that follow from the data: kind, child, date and owner of each; "" when all agree. */
async function whatIsWrong(store: Store): Promise<string[]> {
  const ids = (await store.read.rows<{ id: number }>("SELECT id FROM customer")).map(({ id }) => id);
  const facts = await store.write((sql) => loadFacts(sql, ids, PARTS, limitsOn(today)));
  const wanted = facts.flatMap((one) =>
    anchorsOf(one, PARTS, limitsOn(today)).anchors.map((anchor) => {
      const cycle = CYCLIC_KINDS.includes(anchor.kind) ? cycleOf(anchor.onDate) : "";
      return `${one.customerId} ${anchor.kind}:${anchor.childNo} ${anchor.onDate} ${one.guideId} ${cycle}`;
    }),
  );
  const rows = (await store.read.rows<AnchorRow>(SELECT)).filter(({ onDate }) => onDate !== null);
  const stored = rows.map((row) => {
    const cycle = CYCLIC_KINDS.includes(row.kind) ? row.cycleOn : "";
    return `${row.customerId} ${row.kind}:${row.childNo} ${row.onDate} ${row.guideId} ${cycle}`;
  });
  return [
    ...wanted.filter((said) => !stored.includes(said)).map((said) => `missing ${said}`),
    ...stored.filter((said) => !wanted.includes(said)).map((said) => `too much ${said}`),
  ];
}
