// Siblings in one message: who leads, who comes along, and when they part again.
import type { Store } from "../../src/infra/store.js";
import { moveTasks } from "../../src/tasks/moves.js";
import { releaseDue } from "../../src/tasks/release.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { taskFaults } from "../support/invariants.js";
import {
  enrolCustomer,
  monday,
  openShop,
  type PlannedTask,
  planTask,
  type Stand,
  standOn,
} from "../support/task-stand.js";

describeOnEachDatabase("bundles", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await enrolCustomer(store, 11, { childName: "大宝" });
    await change("UPDATE touchpoint_version SET spec = REPLACE(spec, '{{child.name}}', '{{children}}')");
    for (const no of [2, 3]) {
      await change(
        `INSERT INTO child (customer_id, child_no, name, born_on) VALUES (11, ${no}, '${no}宝', '2025-09-02')`,
      );
      await change(
        `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (11, 'child_born', ${no}, '2025-09-02', 0, 1)`,
      );
    }
  });
  afterEach(async () => expect(await taskFaults(store)).toEqual([]));
  const change = (statement: string) => store.write((sql) => sql.run(statement));
  const plan = (childNo: number, rest: PlannedTask = {}) =>
    planTask(store, "baby", 11, { released: false, childNo, ...rest });
  const release = () => releaseDue(stand.setup);
  const move = (
    id: number,
    from: "planned" | "offered",
    to: "cancelled" | "planned" | "held",
    reason: "archived" | "anchor_corrected" | "superseded" | "guide_left" | null,
  ) => store.write((sql) => moveTasks(sql, [id], { from: [from], to, reason, actor: "system", at: monday }));
  const parts = async () => {
    const rows = await store.read.rows<{ lead: number; task: number }>(
      "SELECT lead_id AS `lead`, task_id AS task FROM bundle_part ORDER BY lead_id, task_id",
    );
    return rows.map(({ lead, task }) => [lead, task]);
  };
  const marked = () => store.read.rows("SELECT DISTINCT child_no FROM anchor_mark ORDER BY child_no");

  it("release: one leads and counts, the others point at it", async () => {
    const [one, two, three] = [await plan(1), await plan(2), await plan(3)];
    expect(await release()).toEqual({ released: 1, putOff: 0, skipped: 0, held: 0, merged: 2 });
    expect(await stand.states()).toEqual(["planned", "merged: merged", "merged: merged"]);
    expect(await parts()).toEqual([
      [one, two],
      [one, three],
    ]);
    expect(await release()).toMatchObject({ released: 0, merged: 0 });
  });

  it("words of one child: the cap decides", async () => {
    await change("UPDATE touchpoint_version SET spec = REPLACE(spec, '{{children}}', '{{child.name}}')");
    for (const no of [1, 2]) await plan(no);
    expect(await release()).toMatchObject({ released: 1, putOff: 1, merged: 0 });
  });

  it.each<["cancelled" | "planned", "anchor_corrected" | "superseded" | null]>([
    ["planned", null],
    ["planned", "anchor_corrected"],
    ["cancelled", "anchor_corrected"],
    ["cancelled", "superseded"],
  ])(
    "a lead that becomes %s (%s) lets the others go, to be judged by their own dates",
    async (to, reason) => {
      const [one] = [await plan(1), await plan(2), await plan(3)];
      await release();
      await move(one, "planned", to, reason);
      expect((await stand.states()).slice(1)).toEqual(["planned", "planned"]);
      expect(await parts()).toEqual([]);
      expect(await marked()).toEqual([{ child_no: 2 }, { child_no: 3 }]);
      expect(await release()).toMatchObject({ released: 1, merged: to === "planned" ? 2 : 1 });
    },
  );

  it.each<["cancelled" | "held", "archived" | "guide_left"]>([
    ["cancelled", "archived"],
    ["held", "guide_left"],
  ])("a lead that becomes %s: %s takes the others with it", async (to, reason) => {
    const one = await plan(1);
    await plan(2);
    await release();
    await move(one, "planned", to, reason);
    expect((await stand.states())[1]).toBe("merged: merged");
    expect(await marked()).toEqual([]);
  });

  it("one that led others and comes second itself brings them along", async () => {
    const [one, two] = [await plan(1), await plan(2)];
    await release();
    await change("UPDATE task SET released_on = '2026-03-01' WHERE state = 'planned'");
    const three = await plan(3, { dueOn: "2026-03-01", releaseOn: "2026-03-02" });
    expect(await release()).toMatchObject({ released: 1, merged: 1 });
    expect(await parts()).toEqual([
      [three, one],
      [three, two],
    ]);
  });

  it("the last check: a sibling whose date is another, or gone, takes the message apart", async () => {
    for (const [no, moved] of [
      [2, "UPDATE anchor SET on_date = '2025-09-05' WHERE child_no = 2"],
      [3, "UPDATE anchor SET on_date = NULL WHERE child_no = 3"],
    ] as const) {
      await change("DELETE FROM task_event");
      await change("DELETE FROM task");
      await change("DELETE FROM hand_over");
      const lead = await plan(1, { state: "offered", released: true });
      await change(`UPDATE task SET offered_at = 1 WHERE id = ${lead}`);
      const other = await plan(no);
      await store.write((sql) =>
        moveTasks(sql, [other], {
          from: ["planned"],
          to: "merged",
          reason: "merged",
          actor: "system",
          at: monday,
        }),
      );
      await change(`INSERT INTO bundle_part (lead_id, task_id) VALUES (${lead}, ${other})`);
      await change(
        `INSERT INTO hand_over (ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
         VALUES ('r${no}', 'notebook', 'mass', 1, '都', '2026-03-02', 1, 'ready', 0, 0)`,
      );
      await change(
        `INSERT INTO hand_over_task (task_id, hand_over_id, customer_id) SELECT ${lead}, MAX(id), 11 FROM hand_over`,
      );
      await change(moved);
      expect(await stand.sender.dispatchDue()).toMatchObject({ handedOver: 0 });
      expect(await stand.states()).toEqual(["planned: anchor_corrected", "planned"]);
    }
  });
});
