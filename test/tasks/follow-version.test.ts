// Open tasks follow a published version: reworded, moved to another day or cancelled; what was offered keeps its words.
import type { Store } from "../../src/infra/store.js";
import { type JourneyService, journeyService } from "../../src/journeys/service.js";
import type { AnchorKind, JourneySpec, Repeat, TouchpointSpec, Unit } from "../../src/journeys/spec.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { followVersion } from "../../src/tasks/follow-version.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const zone = "Asia/Shanghai";
const trigger = (anchor: AnchorKind, n: number, unit: Unit = "days", repeat: Repeat = "once") => ({
  ...{ anchor, offset: { unit, n }, repeat },
});
const touchpoint = (changes: Partial<TouchpointSpec> = {}): TouchpointSpec => ({
  ...{
    key: "a",
    name: "a",
    at: null,
    graceDays: 3,
    priority: "service",
    send: "mass",
    audience: {},
    words: "早",
  },
  trigger: trigger("joined", 3),
  ...changes,
});
const journey = (...touchpoints: TouchpointSpec[]): JourneySpec => ({ key: "j", name: "旅程", touchpoints });
const today = "2026-03-10";
const how = { yes: true, by: "account:3" };

interface Row {
  customer_id: number;
  occurrence: number;
  state: string;
  reason: string | null;
  due_on: string;
  anchor_on: string;
  release_on: string;
  released_on: string | null;
  expires_on: string;
  late: number;
  priority: number;
  offered_at: number | null;
}

/** Due today, three days after its anchor. */
const task: Omit<Row, "customer_id"> = {
  ...{ occurrence: 0, state: "planned", reason: null, due_on: today, anchor_on: "2026-03-07" },
  ...{
    release_on: today,
    released_on: null,
    expires_on: "2026-03-13",
    late: 0,
    priority: 0,
    offered_at: null,
  },
};

describeOnEachDatabase("following a version", (open) => {
  const world = movableWorld(instantOf(today, "10:00", zone));
  let store: Store;
  let service: JourneyService;
  beforeEach(async () => {
    store = open();
    await emptied(store);
    service = journeyService({ store, world, zone, onPublish: followVersion });
  });

  /** Publishes `before`, plans tasks of its first touchpoint, publishes `after`: what came of it. */
  async function follow(before: JourneySpec, rows: Partial<Row>[], after: JourneySpec) {
    await service.apply(before, "", how);
    await store.write(async (sql) => {
      const first = await sql.row<{ id: number }>("SELECT MIN(id) AS id FROM touchpoint");
      for (const [index, changes] of rows.entries()) {
        const row = { customer_id: index + 1, ...task, ...changes };
        const columns = Object.keys(row);
        await sql.run(
          `INSERT INTO task (touchpoint_id, version_id, guide_id, child_no, variant, ${columns.join(", ")})
           VALUES (?, 0, 7, 0, 0, ${columns.map(() => "?").join(", ")})`,
          [first?.id ?? 0, ...Object.values(row)],
        );
      }
    });
    const preview = await service.preview(after);
    const untouched = await store.read.rows(
      "SELECT id FROM task WHERE version_id <> 0 OR state = 'cancelled'",
    );
    expect(untouched).toEqual([]);
    const { counts } = await service.apply(after, "", how);
    expect(counts).toEqual(preview.counts);
    const live = await store.read.row<{ id: number }>("SELECT live_version_id AS id FROM journey");
    const tasks = await store.read.rows<Row & { version_id: number }>(
      "SELECT * FROM task ORDER BY customer_id",
    );
    const follows = tasks.map(({ version_id }) => version_id === live?.id);
    const events = await store.read.rows("SELECT from_state, to_state, reason, note, actor FROM task_event");
    return { counts, tasks, follows, events };
  }
  const none = {
    rerendered: 0,
    moved: 0,
    cancelled: 0,
    newToday: 0,
    newInsideGrace: 0,
    new: 0,
    touchpoints: 0,
  };

  it("gives open tasks the new words and no event; the others keep what they had", async () => {
    const rows = [
      {},
      { state: "held", reason: "no_guide" },
      { state: "needs_data", reason: "no_data", offered_at: 1 },
      { state: "offered", offered_at: 1 },
      { state: "sent", offered_at: 1 },
      { state: "expired", reason: "missed_run" },
    ];
    const { counts, follows, events, tasks } = await follow(
      journey(touchpoint()),
      rows,
      journey(touchpoint({ words: "晚", priority: "churn" }), touchpoint({ key: "b" })),
    );
    expect(counts).toEqual({ ...none, rerendered: 4, touchpoints: 1 });
    expect(follows).toEqual([true, true, true, true, false, false]);
    expect(tasks.map(({ priority }) => priority)).toEqual([2, 2, 2, 2, 0, 0]);
    expect(events).toEqual([]);
  });

  it("follows without being counted when nothing of it changed", async () => {
    const { counts, follows } = await follow(
      journey(touchpoint()),
      [{}],
      journey(touchpoint(), touchpoint({ key: "b" })),
    );
    expect(counts).toEqual({ ...none, touchpoints: 1 });
    expect(follows).toEqual([true]);
  });

  it("cancels the tasks of a touchpoint that is gone, save what a channel has", async () => {
    const { counts, tasks, events } = await follow(
      journey(touchpoint(), touchpoint({ key: "b" })),
      [
        {},
        { state: "held", reason: "no_guide" },
        { state: "offered", offered_at: 1 },
        { state: "handed_over", offered_at: 1 },
      ],
      journey(touchpoint({ key: "b" })),
    );
    expect(counts).toEqual({ ...none, cancelled: 3 });
    expect(tasks.map(({ state, reason }) => [state, reason])).toEqual([
      ["cancelled", "archived"],
      ["cancelled", "archived"],
      ["cancelled", "archived"],
      ["handed_over", null],
    ]);
    expect(events).toContainEqual({
      ...{ from_state: "held", to_state: "cancelled", reason: "archived", note: "第2版", actor: "account:3" },
    });
  });

  it.each<[string, Partial<TouchpointSpec>, Partial<Row>, Partial<Row>, "moved" | "cancelled" | null]>([
    [
      "later",
      { trigger: trigger("joined", 5), words: "晚" },
      { released_on: today },
      {
        due_on: "2026-03-12",
        release_on: "2026-03-12",
        released_on: null,
        expires_on: "2026-03-15",
        late: 0,
      },
      "moved",
    ],
    [
      "earlier, let go today already",
      { trigger: trigger("joined", 1) },
      { released_on: today },
      { due_on: "2026-03-08", release_on: today, released_on: today, expires_on: "2026-03-11", late: 1 },
      "moved",
    ],
    [
      "held all the same",
      { trigger: trigger("joined", 2) },
      { state: "held", reason: "no_guide" },
      { state: "held", reason: "no_guide", due_on: "2026-03-09", late: 1 },
      "moved",
    ],
    [
      "put off by the caps, with more grace",
      { graceDays: 5 },
      { release_on: "2026-03-11" },
      { due_on: today, release_on: "2026-03-11", expires_on: "2026-03-15" },
      "moved",
    ],
    [
      "outside the grace",
      { graceDays: 0, trigger: trigger("joined", 2) },
      {},
      { state: "cancelled", reason: "anchor_corrected", due_on: today },
      "cancelled",
    ],
    [
      "the same said otherwise",
      { trigger: trigger("joined", 3, "weeks") },
      { due_on: "2026-03-28", expires_on: "2026-03-31" },
      { due_on: "2026-03-28" },
      null,
    ],
    [
      "offered once, waiting again",
      { trigger: trigger("joined", 5) },
      { offered_at: 1, release_on: "2026-03-11" },
      { due_on: today, release_on: "2026-03-11" },
      null,
    ],
    [
      "another anchor the customer has",
      { trigger: trigger("first_order", 3) },
      {},
      { anchor_on: "2026-03-09", due_on: "2026-03-12" },
      "moved",
    ],
    [
      "another anchor the customer has not",
      { trigger: trigger("child_born", 3) },
      {},
      { state: "cancelled", reason: "anchor_corrected" },
      "cancelled",
    ],
    [
      "numbered otherwise",
      { trigger: trigger("customer_birthday", 0, "days", "yearly") },
      {},
      { state: "cancelled", reason: "anchor_corrected" },
      "cancelled",
    ],
  ])("%s", async (_what, changes, row, expected, counted) => {
    await store.write((sql) =>
      sql.run(
        `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on)
         VALUES (1, 'first_order', 0, '2026-03-09', 0), (2, 'child_born', 0, '2026-03-09', 0)`,
      ),
    );
    const { counts, tasks, events } = await follow(
      journey(touchpoint()),
      [row],
      journey(touchpoint(changes)),
    );
    expect(tasks[0]).toMatchObject(expected);
    expect(counts).toEqual(counted === null ? none : { ...none, [counted]: 1 });
    expect(events).toHaveLength(counted === null ? 0 : 1);
  });

  it("keeps a yearly task in its own year", async () => {
    const birthday = (n: number) =>
      touchpoint({ trigger: trigger("customer_birthday", n, "days", "yearly") });
    const row = { occurrence: 2026, anchor_on: "1992-03-10" };
    const { tasks, counts } = await follow(journey(birthday(0)), [row], journey(birthday(2)));
    expect(tasks[0]).toMatchObject({ due_on: "2026-03-12", occurrence: 2026 });
    expect(counts).toEqual({ ...none, moved: 1 });
  });

  it("keeps a task of each order in its own cycle", async () => {
    const quiet = (anchor: AnchorKind, n: number) =>
      touchpoint({ trigger: trigger(anchor, n, "days", "each") });
    await store.write((sql) =>
      sql.run(
        `INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on)
         VALUES (1, 'at_risk', 0, '2026-03-11', 20260307), (2, 'at_risk', 0, '2026-03-11', 20260309)`,
      ),
    );
    const row = { occurrence: 20260307 };
    const after = journey(quiet("at_risk", 0));
    const { tasks, counts } = await follow(journey(quiet("last_order", 3)), [row, row], after);
    expect(tasks.map(({ state, due_on }) => [state, due_on])).toEqual([
      ["planned", "2026-03-11"],
      ["cancelled", today],
    ]);
    expect(counts).toEqual({ ...none, moved: 1, cancelled: 1 });
  });
});
