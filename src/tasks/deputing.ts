// Before the day's release: what guides on leave would have to do goes to deputies who know the customer, and back.
import { chunked, grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql, Store } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { Leaves } from "../org/leaves.js";
import { type Acquaintance, deputyFor } from "./deputies.js";
import { distinct } from "./facts.js";
import { moveTasks } from "./moves.js";

/** Guides on leave looked at in one transaction. */
const GUIDES = 12;

/** One day on which guides are on leave. */
export interface LeaveDay {
  leaves: Leaves;
  /** days of release_on on which anything is planned */
  days: readonly ShopDay[];
  today: ShopDay;
  /** epoch ms */
  at: number;
}

/** Gives what is planned for guides on leave to their deputies, to be released with what these have themselves; what
 *  has none stays, and is no longer let go. */
export async function depute(store: Store, leaveDay: LeaveDay): Promise<void> {
  const guides = [...leaveDay.leaves.keys()].sort((a, b) => a - b);
  for (const some of chunked(leaveDay.days.length > 0 ? guides : [], GUIDES))
    await store.write((sql) => deputeFor(sql, some, leaveDay));
}

interface Planned {
  id: number;
  customerId: number;
  guideId: number;
  releasedOn: ShopDay | null;
}

async function deputeFor(sql: Sql, guides: readonly number[], { leaves, days, today, at }: LeaveDay) {
  const planned = await sql.rows<Planned>(
    `SELECT id, customer_id AS customerId, guide_id AS guideId, released_on AS releasedOn FROM task
     WHERE release_on IN (${marks(days.length)}) AND guide_id IN (${marks(guides.length)})
       AND COALESCE(state, '') = 'planned' AND deputy_of IS NULL${sql.dialect.forUpdate}`,
    [...days, ...guides],
  );
  if (planned.length === 0) return;
  const contacts = await acquaintances(sql, distinct(planned.map(({ customerId }) => customerId)), today);
  const deputyOf = ({ customerId, guideId }: Planned) =>
    deputyFor(
      (contacts.get(customerId) ?? []).filter((contact) => contact.guideId !== guideId),
      leaves.get(guideId) ?? null,
      (id) => !leaves.has(id),
    );
  for (const [deputy, group] of grouped(planned, deputyOf)) {
    const ids = group.map(({ id }) => id);
    if (deputy !== null)
      await moveTasks(sql, ids, {
        ...{ from: ["planned"], to: "planned", actor: "system", at, note: "deputy" },
        // whom for is read before the guide is another
        set: { deputy_of: { sql: "guide_id" }, guide_id: deputy, released_on: null },
      });
    else
      await forget(
        sql,
        group.filter(({ releasedOn }) => releasedOn === today),
      );
  }
}

/** Let go this morning, before the leave was known, and not offered yet: it is decided anew. */
async function forget(sql: Sql, tasks: readonly Planned[]): Promise<void> {
  const ids = tasks.map(({ id }) => id);
  if (ids.length > 0)
    await sql.run(`UPDATE task SET released_on = NULL WHERE id IN (${marks(ids.length)})`, ids);
}

/** The guides of today whom each customer knows. */
export async function acquaintances(
  sql: Sql,
  customerIds: readonly number[],
  today: ShopDay,
): Promise<Map<number, (Acquaintance & { customerId: number })[]>> {
  const rows = await selectIn<Acquaintance & { customerId: number }>(
    sql,
    `SELECT k.customer_id AS customerId, k.guide_id AS guideId, k.began_on AS beganOn
     FROM contact k JOIN guide g ON g.id = k.guide_id
     WHERE k.ended_on IS NULL AND (g.left_on IS NULL OR g.left_on > ?) AND k.customer_id IN`,
    customerIds,
    { params: [today] },
  );
  return grouped(rows, ({ customerId }) => customerId);
}

/** Gives deputies' tasks back to the owners, to be released anew. */
export async function returnToOwners(sql: Sql, ids: readonly number[], at: number): Promise<void> {
  await moveTasks(sql, ids, {
    ...{ from: ["planned"], to: "planned", actor: "system", at, note: "owner" },
    set: { guide_id: { sql: "deputy_of" }, deputy_of: null, released_on: null },
  });
}
