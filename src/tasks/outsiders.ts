// Which tasks stand outside their touchpoint's audience. Each is judged on its own due day, as it was when it was made: the
// days that go by while a task waits take nobody away.
import { grouped, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { type Audience, changesDaily, isEveryone } from "../journeys/audience.js";
import { type AudienceBasis, audienceCondition } from "../journeys/audience-sql.js";
import type { ShopDay } from "../kernel/calendar.js";
import { CORRECTABLE } from "./corrections.js";
import { OF_TOUCHPOINT } from "./version-dates.js";

/** A touchpoint as far as its audience. */
export interface Addressed {
  id: number;
  audience: Audience;
}

/** The tasks of a touchpoint that no channel has and whose customers are not in its audience. */
export async function outsideOf(
  sql: Sql,
  { id, audience }: Addressed,
  basis: AudienceBasis,
): Promise<number[]> {
  const open = `task.state IN (${marks(CORRECTABLE.length)}) AND ${OF_TOUCHPOINT} = ?`;
  const params: Param[] = [...CORRECTABLE, id];
  const days = await sql.rows<{ day: ShopDay }>(
    `SELECT DISTINCT task.due_on AS day FROM task WHERE ${open}`,
    params,
  );
  const judged = changesDaily(audience, basis.tagRules) ? days : days.slice(0, 1);
  const left: number[] = [];
  for (const { day } of judged) {
    const inside = audienceCondition(audience, basis, day);
    const rows = await sql.rows<{ id: number }>(
      `SELECT task.id FROM task JOIN customer c ON c.id = task.customer_id
       WHERE ${open} ${judged.length < days.length ? "" : "AND task.due_on = ? "}AND NOT COALESCE(${inside.sql}, 0)`,
      [...params, ...(judged.length < days.length ? [] : [day]), ...inside.params],
    );
    for (const row of rows) left.push(Number(row.id));
  }
  return left;
}

/** A task, and the day it is due by its anchor now. */
interface Due {
  id: number;
  touchpointId: number;
  customerId: number;
  dueOn: ShopDay;
}

/** The ids of those of these tasks whose customers are not in the audience of their touchpoint. */
export async function outsidersAmong(
  sql: Sql,
  tasks: readonly Due[],
  audienceOf: (touchpointId: number) => Audience,
  basis: AudienceBasis,
): Promise<Set<number>> {
  const outsiders = new Set<number>();
  const asked = tasks.filter(({ touchpointId }) => !isEveryone(audienceOf(touchpointId)));
  const groups = grouped(asked, ({ touchpointId, dueOn }) =>
    changesDaily(audienceOf(touchpointId), basis.tagRules) ? `${touchpointId} ${dueOn}` : `${touchpointId}`,
  );
  for (const group of groups.values()) {
    const [{ touchpointId, dueOn }] = group as [Due, ...Due[]];
    const { sql: inside, params } = audienceCondition(audienceOf(touchpointId), basis, dueOn);
    const customers = [...new Set(group.map(({ customerId }) => customerId))];
    const head = `SELECT c.id FROM customer c WHERE ${inside} AND c.id IN`;
    const rows = await selectIn<{ id: number }>(sql, head, customers, { params });
    const insiders = new Set(rows.map((row) => row.id));
    for (const task of group) if (!insiders.has(task.customerId)) outsiders.add(task.id);
  }
  return outsiders;
}
