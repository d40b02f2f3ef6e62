// New customers of the brand to look at, some of whom wrote; and what ended before any guide was given it.
import type { Store } from "../../src/infra/store.js";
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { rebuild } from "../../src/reports/refresh.js";
import { addTask, at, insert, TODAY, ZONE } from "./brand.js";
import type { OpenedBrand } from "./open.js";

/** Three new customers a guide and week for four weeks, and tasks that leaked before the offer. */
export async function addPeople(store: Store, { guides }: OpenedBrand): Promise<void> {
  const random = seeded(14);
  await store.write(async (sql) => {
    for (const [n, guide] of guides.entries())
      for (let k = 0; k < 12; k++) {
        const id = 500_000 + n * 100 + k;
        const joined = addDays(TODAY, -1 - Math.floor(random() * 28));
        await insert(sql, "customer", {
          ...{ id, external_userid: `wmnew${id}`, name: `${"糖果豆米"[k % 4]}妈${n}`, guide_id: guide.id },
          ...{ joined_on: joined, bucket: 0 },
        });
        await sql.run(
          "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (?, 'joined', 0, ?, 0, ?)",
          [id, joined, guide.id],
        );
        if (random() < 0.4)
          await insert(sql, "message", {
            ...{ msgid: `new${id}`, guide_id: guide.id, customer_id: id, sender: "customer", type: "text" },
            ...{ sent_at: at(joined, "12:00"), sent_on: joined, text: "你好", source: "archive" },
            ...{ store_id: guide.storeId, region_id: guide.regionId },
          });
        const day = addDays(TODAY, -1 - (k % 10));
        const [state, reason] = [
          ["skipped", "cap"],
          ["held_out", "held_out"],
          ["cancelled", "bought_already"],
          ["expired", "missed_run"],
        ][k % 4] ?? ["merged", "merged"];
        await addTask(sql, guide, day, {
          ...{ touchpoint_id: 1, customer_id: id, state: state ?? "", reason: reason ?? null },
          ...{ offered_at: null, released_on: null },
        });
      }
  });
  await rebuild({ store, zone: ZONE });
}
