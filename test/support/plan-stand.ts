// A shop whose customers, journeys and planner are the real ones, for tests of what falls due: days go by as told.
import { customerService } from "../../src/customers/service.js";
import type { Store } from "../../src/infra/store.js";
import { journeyService } from "../../src/journeys/service.js";
import type { AnchorKind, Repeat, TouchpointSpec } from "../../src/journeys/spec.js";
import { instantOf, type ShopDay, shopDayOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { followVersion } from "../../src/tasks/follow-version.js";
import { planner } from "../../src/tasks/planner.js";
import { emptied } from "./databases.js";

const zone = "Asia/Shanghai";
const secretKey = Buffer.alloc(32, 7);
/** Rows fit to be pushed. */
type Row = Record<string, string | number | boolean | string[] | null>;

/** A touchpoint of a test: what is not said is as in a plain file. */
export type Planned = Partial<TouchpointSpec> & Pick<TouchpointSpec, "trigger">;

/** "3 days after joined": a trigger by its anchor, n, unit and repeat. */
export function trigger(
  anchor: AnchorKind,
  n: number,
  unit: TouchpointSpec["trigger"]["offset"]["unit"] = "days",
  repeat: Repeat = "once",
): Planned {
  return { trigger: { anchor, offset: { unit, n }, repeat } };
}

/** Empties the tables and opens 一店 in 华东/上海 and 二店 in 华南/广州, guides lan there and mei here. */
export async function openPlanShop(store: Store): Promise<void> {
  await emptied(store);
  const { customers } = planStandOn(store);
  await customers.push("stores", [
    { store_code: "S1", store_name: "一店", 大区: "华东", 城市: "上海" },
    { store_code: "S2", store_name: "二店", 大区: "华南", 城市: "广州" },
  ]);
  await customers.push("guides", [
    { guide_userid: "lan", guide_name: "兰兰", store_code: "S1" },
    { guide_userid: "mei", guide_name: "梅梅", store_code: "S2" },
  ]);
}

export type PlanStand = ReturnType<typeof planStandOn>;

/** The shop's customers, journeys and planner on a day that `on` moves. */
export function planStandOn(store: Store, { piece }: { piece?: number } = {}) {
  const world = movableWorld(instantOf("2026-03-02", "06:00", zone));
  const customers = customerService({ store, world, zone, secretKey });
  const journeys = journeyService({ store, world, zone, onPublish: followVersion });
  const plan = planner({ store, world, zone, ...(piece ? { piece } : {}) });
  const push = async (table: "customers" | "children" | "orders", rows: Row[]) => {
    for (const { status, faults } of await customers.push(table, rows))
      if (status === "refused") throw new Error(JSON.stringify(faults));
  };
  return {
    ...{ store, world, customers, plan },
    /** another day, at 06:00 */
    on: (day: ShopDay) => world.set(instantOf(day, "06:00", zone)),
    today: () => shopDayOf(world.now(), zone),
    /** Publishes the journey with these touchpoints; they plan from today, or from a day long ago. */
    publish: async (touchpoints: Record<string, Planned>, { from }: { from?: ShopDay } = {}) => {
      const specs = Object.entries(touchpoints).map(
        ([key, part]): TouchpointSpec => ({
          ...{ key, name: key, at: null, graceDays: 3, priority: "service", send: "hand", audience: {} },
          ...{ words: null, ...part },
        }),
      );
      const spec = { key: "j", name: "旅程", touchpoints: specs };
      const { counts } = await journeys.apply(spec, "", { yes: true, by: "system" });
      if (from) await store.write((sql) => sql.run("UPDATE touchpoint SET plans_from = ?", [from]));
      return counts;
    },
    /** Writes a customer, by default of lan's and joined today. */
    customer: (id: string, row: Row = {}) =>
      push("customers", [
        {
          external_userid: id,
          name: id,
          guide_userid: "lan",
          joined_on: shopDayOf(world.now(), zone),
          ...row,
        },
      ]),
    child: (id: string, childNo: number, row: Row) =>
      push("children", [{ external_userid: id, child_no: childNo, ...row }]),
    order: (id: string, no: string, day: ShopDay, status = "paid") =>
      push("orders", [{ order_no: no, external_userid: id, ordered_on: day, quantity: 1, status }]),
    idOf: async (id: string) => {
      const found = "SELECT id FROM customer WHERE external_userid = ?";
      return (await store.read.row<{ id: number }>(found, [id]))?.id ?? 0;
    },
    /** The tasks as lines: "touchpoint customer[/child] due state[: reason] …", in that order. */
    tasks: () => tasksOf(store),
    /** Columns of one customer's task of a touchpoint. */
    task: async (key: string, id: string) => {
      const row = await store.read.row<Record<string, string | number | null>>(
        `SELECT k.*, g.userid AS guide FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id JOIN customer c ON c.id = k.customer_id
           LEFT JOIN guide g ON g.id = k.guide_id
         WHERE t.touchpoint_key = ? AND c.external_userid = ?`,
        [key, id],
      );
      if (!row) throw new Error(`no task ${key} of ${id}`);
      return row;
    },
    events: () =>
      store.read.rows<{ from_state: string; to_state: string; reason: string | null; note: string | null }>(
        "SELECT from_state, to_state, reason, note FROM task_event ORDER BY id",
      ),
  };
}

async function tasksOf(store: Store): Promise<string[]> {
  const rows = await store.read.rows<Record<"tp" | "id" | "due" | "state", string> & TaskTail>(
    `SELECT t.touchpoint_key AS tp, c.external_userid AS id, k.child_no AS child, k.due_on AS due, k.state, k.reason,
       k.late FROM task k JOIN touchpoint t ON t.id = k.touchpoint_id JOIN customer c ON c.id = k.customer_id
     ORDER BY k.due_on, t.touchpoint_key, c.external_userid, k.child_no, k.occurrence`,
  );
  return rows.map(({ tp, id, child, due, state, reason, late }) => {
    const who = child === 0 ? id : `${id}/${child}`;
    return `${tp} ${who} ${due} ${state}${reason ? `: ${reason}` : ""}${late ? " late" : ""}`;
  });
}

interface TaskTail {
  child: number;
  reason: string | null;
  late: number;
}
