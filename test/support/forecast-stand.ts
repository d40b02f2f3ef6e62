// A small shop whose coming days have everything in them: caps, hold-outs, leave, a quiet day, twins, missing names; and two
// ways to go through these days: foreseen, and lived with everybody doing all on the day.
import type { Store } from "../../src/infra/store.js";
import type { JourneySpec, TouchpointSpec } from "../../src/journeys/spec.js";
import { tagRuleService } from "../../src/journeys/tag-rules.js";
import { addDays, instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { expireDue } from "../../src/tasks/expiry.js";
import { foresee, type PublishDraft, type Span } from "../../src/tasks/forecast/days.js";
import { offerDue } from "../../src/tasks/offering.js";
import { releaseDue } from "../../src/tasks/release.js";
import type { TaskSetup } from "../../src/tasks/setup.js";
import { openPlanShop, type Planned, planStandOn, trigger } from "./plan-stand.js";
import { standOn, zone } from "./task-stand.js";

/** The first day of the shop. */
export const opening: ShopDay = "2026-03-02";

export const touchpoints: Record<string, Planned> = {
  "day-1": { ...trigger("joined", 1), send: "page", words: "{{customer.name}}，您好！" },
  "day-2": {
    ...trigger("joined", 2),
    send: "page",
    words: "{{child.name}}今天好吗？",
    priority: "milestone",
  },
  "day-3": { ...trigger("joined", 3), priority: "promotion", graceDays: 1 },
  "day-4": { ...trigger("joined", 4), send: "page", words: "明天见。", holdOut: 30 },
  month: { ...trigger("child_born", 1, "months"), send: "page", words: "{{children}}满月啦！", graceDays: 2 },
  lapse: {
    ...trigger("last_order", 5, "days", "each"),
    send: "page",
    words: "好久不见。",
    priority: "churn",
  },
  // its people are others every day, by stages and by the rule of a tag
  newborn: {
    ...trigger("joined", 5),
    audience: { tag: ["新手妈妈"], not: { buying_stage: ["trial"] } },
  },
  birthday: { ...trigger("customer_birthday", -1, "days", "yearly"), audience: { level: ["金卡"] } },
};

/** The shop's journey with these touchpoints. */
export function specOf(parts: Record<string, Planned>): JourneySpec {
  const touchpoints = Object.entries(parts).map(
    ([key, part]): TouchpointSpec => ({
      ...{ key, name: key, at: null, graceDays: 3, priority: "service", send: "hand", audience: {} },
      ...{ words: null, ...part },
    }),
  );
  return { key: "j", name: "旅程", touchpoints };
}

export type ForecastStand = Awaited<ReturnType<typeof forecastStandOn>>;

/** The shop with so many customers from its first day on, the same for the same ones. */
export async function forecastStandOn(store: Store, customers = 40, { first = opening, perMonth = 3 } = {}) {
  await openPlanShop(store);
  const shop = planStandOn(store, { piece: 7 });
  const tasks = standOn(store, { world: shop.world });
  const setup = {
    ...tasks.setup,
    config: {
      ...tasks.setup.config,
      caps: { customer_per_day: 1, customer_per_month: perMonth, guide_per_day: 6 },
    },
  };
  shop.on(first);
  const rule = { child_stage: ["0-3"], joined_days: { at_most: 5 } };
  await tagRuleService({ store, world: shop.world }).set("新手妈妈", rule, "hq");
  await shop.publish(touchpoints);
  await fill(shop, customers, first);
  return {
    ...{ ...shop, setup },
    /** Goes through a real day: everybody completes what is before them. */
    live: async (day: ShopDay) => {
      const at = (time: string) => shop.world.set(instantOf(day, time, zone));
      at("00:03");
      await expireDue(setup);
      at("05:10");
      await shop.plan.planDue();
      at("08:20");
      await releaseDue(setup);
      at("09:30");
      await offerDue(setup);
      const offered = await store.read.rows<{ id: number; guideId: number; spec: string }>(
        `SELECT t.id, t.guide_id AS guideId, v.spec FROM task t JOIN touchpoint_version v
           ON v.version_id = t.version_id AND v.touchpoint_id = t.touchpoint_id WHERE t.state = 'offered' ORDER BY t.id`,
      );
      for (const { id, guideId, spec } of offered)
        if (JSON.parse(spec).send === "hand") await tasks.service.doneByHand(guideId, id, "好");
        else await tasks.service.reportSent(guideId, id);
    },
    /** The rows as they stand, by identity. */
    rows: () => rowsIn(store),
    /** The rows foreseen, each as it was last seen. */
    foreseen: (span: Span, draft?: PublishDraft) => foreseenRows(setup, span, draft),
  };
}

async function fill(shop: ReturnType<typeof planStandOn>, customers: number, first: ShopDay): Promise<void> {
  const random = seeded(11);
  const some = (n: number) => Math.floor(random() * n);
  for (let n = 0; n < customers; n++) {
    const id = `c${n}`;
    const joined_on = addDays(first, -some(4));
    const birthday = addDays(first, 1 + some(6)).replace("2026", "1992");
    const level = n % 2 ? "金卡" : "银卡";
    await shop.customer(id, { joined_on, birthday, level, guide_userid: n % 3 ? "lan" : "mei" });
    const born = addDays(first, -31 + some(8));
    if (n % 4 !== 3) await shop.child(id, 1, { name: n % 5 ? `宝${n}` : null, born_on: born });
    if (n % 8 === 0) await shop.child(id, 2, { name: `贝${n}`, born_on: born });
    if (n % 3 === 1) await shop.order(id, `o${n}`, addDays(first, -some(5)));
  }
  await shop.store.write(async (sql) => {
    const [lan, mei] = ["lan", "mei"].map((id) => `(SELECT id FROM guide WHERE userid = '${id}')`);
    await sql.run(
      `INSERT INTO guide_leave (guide_id, from_on, to_on, deputy_id, said_by, said_on) VALUES (${mei}, ?, ?, ${lan}, 'hq', '2026-03-01')`,
      [addDays(first, 2), addDays(first, 3)],
    );
    // lan knows half of mei's customers
    await sql.run(
      `${sql.dialect.insertIgnore} INTO contact (customer_id, guide_id, began_on)
       SELECT customer_id, ${lan}, began_on FROM contact WHERE guide_id = ${mei} AND customer_id % 2 = 0`,
    );
    await sql.run("INSERT INTO calendar_day (on_day, kind, name) VALUES (?, 'quiet', '静')", [
      addDays(first, 5),
    ]);
    await sql.run("UPDATE customer SET opted_out = 1 WHERE external_userid IN ('c7', 'c18')");
    await sql.run(
      "UPDATE anchor SET guide_id = NULL WHERE customer_id IN (SELECT id FROM customer WHERE external_userid = 'c9')",
    );
    await sql.run("UPDATE customer SET guide_id = NULL WHERE external_userid = 'c9'");
  });
}

const COLUMNS = `t.touchpoint_id AS touchpoint, t.customer_id AS customer, t.child_no AS child, t.occurrence,
  t.due_on AS due, t.released_on AS released, t.guide_id AS guide, t.deputy_of AS deputy, t.state, t.reason`;

interface Row {
  touchpoint: number;
  customer: number;
  child: number;
  occurrence: number;
  due: ShopDay;
  released: ShopDay | null;
  guide: number | null;
  deputy: number | null;
  state: string;
  reason: string | null;
}

const nameOf = (row: Row) => [row.touchpoint, row.customer, row.child, row.occurrence].join(" ");

async function rowsIn(store: Store): Promise<Map<string, Row>> {
  const rows = await store.read.rows<Row>(`SELECT ${COLUMNS} FROM task t`);
  return new Map(rows.map((row) => [nameOf(row), row]));
}

async function foreseenRows(setup: TaskSetup, span: Span, draft?: PublishDraft): Promise<Map<string, Row>> {
  const seen = new Map<string, Row>();
  await foresee(
    { setup, calendarOn: () => ({ ensure: async () => {} }) },
    span,
    async ({ on, setup: { store } }) => {
      const byHand = new Set(
        (
          await store.read.rows<{ id: number; spec: string }>(
            `SELECT v.touchpoint_id AS id, v.spec FROM journey j JOIN touchpoint_version v ON v.version_id = j.live_version_id`,
          )
        )
          .filter(({ spec }) => JSON.parse(spec).send === "hand")
          .map(({ id }) => id),
      );
      const rows = await store.read.rows<Row>(
        `SELECT ${COLUMNS} FROM task t WHERE t.release_on > '2000-01-01'`,
      );
      for (const row of rows) {
        const gone = (row.state === "planned" && row.released === on) || row.state === "offered";
        const state = gone ? (byHand.has(row.touchpoint) ? "done_by_hand" : "sent") : row.state;
        seen.set(nameOf(row), { ...row, state, reason: gone ? null : row.reason });
      }
    },
    draft,
  );
  return seen;
}
