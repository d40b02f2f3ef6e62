// What is known of the people of many tasks, read in a few statements: for their words, their lists and their checks.
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import type { AnchorKind } from "../journeys/spec.js";
import type { WordsContext } from "../journeys/words.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { TaskRow } from "./rows.js";

export interface CustomerFacts {
  id: number;
  externalUserid: string;
  name: string;
  ownerId: number | null;
  phoneCipher: string | null;
  birthday: ShopDay | null;
  level: string | null;
  brandPreference: string | null;
  optedOut: number;
  stopped: number;
}

export interface ChildFacts {
  customerId: number;
  childNo: number;
  name: string | null;
  bornOn: ShopDay | null;
  dueOn: ShopDay | null;
}

export interface GuideFacts {
  id: number;
  userid: string;
  name: string;
  storeId: number;
  storeName: string | null;
  regionId: number | null;
  leftOn: ShopDay | null;
}

export interface AnchorFacts {
  customerId: number;
  kind: AnchorKind;
  childNo: number;
  onDate: ShopDay;
  cycleOn: number;
}

/** People by id. */
export interface People {
  customers: ReadonlyMap<number, CustomerFacts>;
  children: ReadonlyMap<number, readonly ChildFacts[]>;
  guides: ReadonlyMap<number, GuideFacts>;
}

/** The customers, children and guides of these tasks, those on leave for whom others stand in among them. */
export async function peopleOf(
  sql: Sql,
  tasks: readonly (Pick<TaskRow, "customerId" | "guideId"> & Partial<Pick<TaskRow, "deputyOf">>)[],
): Promise<People> {
  const customerIds = distinct(tasks.map(({ customerId }) => customerId));
  const customers = await selectIn<CustomerFacts>(
    sql,
    `SELECT id, external_userid AS externalUserid, name, guide_id AS ownerId, phone_cipher AS phoneCipher, birthday,
       level, brand_preference AS brandPreference, opted_out AS optedOut, stopped FROM customer WHERE id IN`,
    customerIds,
  );
  const children = await selectIn<ChildFacts>(
    sql,
    `SELECT customer_id AS customerId, child_no AS childNo, name, born_on AS bornOn, due_on AS dueOn
     FROM child WHERE customer_id IN`,
    customerIds,
  );
  const guideIds = tasks.flatMap(({ guideId, deputyOf }) => (deputyOf ? [guideId, deputyOf] : [guideId]));
  const guides = await guidesOf(sql, distinct(guideIds));
  return {
    customers: byId(customers),
    children: grouped(children, ({ customerId }) => customerId),
    guides: byId(guides),
  };
}

/** Guides with their stores. */
export function guidesOf(sql: Sql, ids: readonly number[]): Promise<GuideFacts[]> {
  return selectIn<GuideFacts>(
    sql,
    `SELECT g.id, g.userid, g.name, g.store_id AS storeId, s.name AS storeName, s.region_id AS regionId,
       g.left_on AS leftOn FROM guide g LEFT JOIN store s ON s.id = g.store_id WHERE g.id IN`,
    ids,
  );
}

/** The anchors of customers, by customer. */
export async function anchorsOf(
  sql: Sql,
  customerIds: readonly number[],
): Promise<Map<number, AnchorFacts[]>> {
  const rows = await selectIn<AnchorFacts>(
    sql,
    `SELECT customer_id AS customerId, kind, child_no AS childNo, on_date AS onDate, cycle_on AS cycleOn
     FROM anchor WHERE on_date IS NOT NULL AND customer_id IN`,
    distinct(customerIds),
  );
  return grouped(rows, ({ customerId }) => customerId);
}

/** Orders as far as words speak of them; categories only when asked for. */
export async function ordersOf(
  sql: Sql,
  customerIds: readonly number[],
  categories: boolean,
): Promise<Map<number, Pick<WordsContext, "firstOrderOn" | "lastOrder">>> {
  const anchors = await anchorsOf(sql, customerIds);
  const category = categories ? await lastCategories(sql, customerIds) : new Map<number, string | null>();
  return new Map(
    [...anchors].map(([customerId, ofOne]) => {
      const on = (kind: AnchorKind) => ofOne.find((anchor) => anchor.kind === kind)?.onDate;
      const last = on("last_order");
      return [
        customerId,
        {
          firstOrderOn: on("first_order") ?? null,
          lastOrder: last ? { on: last, category: category.get(customerId) ?? null } : null,
        },
      ];
    }),
  );
}

async function lastCategories(sql: Sql, customerIds: readonly number[]): Promise<Map<number, string | null>> {
  const rows = await selectIn<{ customerId: number; category: string | null }>(
    sql,
    `SELECT customer_id AS customerId, category FROM customer_order WHERE status = 'paid' AND customer_id IN`,
    distinct(customerIds),
    { tail: " ORDER BY ordered_on, id" },
  );
  return new Map(rows.map(({ customerId, category }) => [customerId, category]));
}

/** The child a task is about: its own, else the customer's only one. */
export function childOf(
  task: Pick<TaskRow, "customerId" | "childNo">,
  people: People,
): ChildFacts | undefined {
  const children = people.children.get(task.customerId) ?? [];
  if (task.childNo === 0) return children.length === 1 ? children[0] : undefined;
  return children.find(({ childNo }) => childNo === task.childNo);
}

/** For whom a deputy does this: 代兰兰跟进. Empty for the owner's own. */
export function standsIn({ deputyOf }: Pick<TaskRow, "deputyOf">, people: People): string {
  return deputyOf === null ? "" : `代${people.guides.get(deputyOf)?.name ?? "同事"}跟进`;
}

/** Each value once. */
export function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

function byId<T extends { id: number }>(rows: readonly T[]): Map<number, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
