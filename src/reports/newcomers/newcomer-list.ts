// The customers behind a figure of the first fourteen days.
import type { Viewer } from "../../identity/viewer.js";
import { marks } from "../../infra/dialect.js";
import type { Param, Store } from "../../infra/store.js";
import type { ShopDay } from "../../kernel/calendar.js";
import type { OrgTree } from "../../org/tree.js";
import { areasOf, pathTo, type Question, questionOf } from "../asking.js";
import { customersOf } from "../drill/drill-names.js";
import { namesOf } from "../queries.js";
import type { Report, ReportAsk } from "../report.js";
import { type Place, rootOf } from "../scope.js";
import { ownDays } from "./golden.js";

/** All who joined, or those with a message. */
export type NewcomersOf = "newcomers" | "spoke";

export interface NewcomerLine {
  id: number;
  joinedOn: ShopDay;
  lastOn: ShopDay;
  messages: number;
  customer: string;
  guideName: string;
  storeName: string;
}

/** A page of customers by their day of joining. */
export interface NewcomerPage {
  total: number;
  /** messages of all of them */
  messages: number;
  lines: NewcomerLine[];
  next: string | undefined;
  path: Report["path"];
}

export interface NewcomerAsk extends Pick<ReportAsk, "from" | "to" | "within"> {
  of: NewcomersOf;
  after?: string;
  limit: number;
}

/** Who joined in some days at a place. Raises as `report` does. */
export async function newcomerPage(store: Store, viewer: Viewer, ask: NewcomerAsk): Promise<NewcomerPage> {
  const question = await questionOf(store.read, viewer, ask);
  const { sql, tree, place } = question;
  const days = await ownDays(question);
  const sum = (key: "newcomers" | "spoke" | "messages") =>
    days.reduce((all, day) => all + Number(day[key]), 0);
  const rows = await rowsAfter(question, ask, [...new Set(days.map(({ day }) => day))].sort());
  const page = rows.slice(0, ask.limit);
  const last = page.at(-1);
  const ids = page.map((row) => row.id);
  const customers = await customersOf(sql, tree, await rootOf(sql, tree, viewer), ids);
  const guides = await namesOf(sql, "guide", [...new Set(page.map(({ guideId }) => guideId))]);
  const stores = await namesOf(sql, "store", [...new Set(page.map(({ storeId }) => storeId))]);
  return {
    ...{ total: sum(ask.of), messages: sum("messages") },
    lines: page.map(({ guideId, storeId, ...row }) => ({
      ...row,
      customer: customers.get(row.id) ?? "",
      guideName: guides.get(guideId) ?? "",
      storeName: stores.get(storeId) ?? "",
    })),
    next: rows.length > ask.limit && last ? `${last.joinedOn}_${last.id}` : undefined,
    path: await pathTo(sql, tree, viewer, place),
  };
}

type Found = Omit<NewcomerLine, "customer" | "guideName" | "storeName"> & Row;

/** The next customers after a page and one more, a day at a time: a day's are few whatever the span. */
async function rowsAfter(
  { sql, tree, place }: Question,
  { of, after, limit }: NewcomerAsk,
  days: readonly ShopDay[],
): Promise<Found[]> {
  const where = whereOf(tree, place, of);
  const [last = "", id = "0"] = after?.split("_") ?? [];
  const rows: Found[] = [];
  for (const day of days.filter((one) => one >= last)) {
    if (rows.length > limit) break;
    rows.push(
      ...(await sql.rows<Found>(
        `SELECT customer_id AS id, joined_on AS joinedOn, last_on AS lastOn, messages, guide_id AS guideId,
           store_id AS storeId FROM newcomer WHERE joined_on = ? AND customer_id > ? AND ${where.text}
         ORDER BY customer_id LIMIT ${limit + 1 - rows.length}`,
        [day, day === last ? Number(id) : 0, ...where.params],
      )),
    );
  }
  return rows;
}

interface Row {
  guideId: number;
  storeId: number;
}

/** All customers behind a figure, page by page, at most `most`. */
export async function* newcomersAll(
  store: Store,
  viewer: Viewer,
  ask: Omit<NewcomerAsk, "after" | "limit">,
  most: number,
): AsyncGenerator<NewcomerLine> {
  let after: string | undefined;
  for (let left = most; left > 0; ) {
    const page = await newcomerPage(store, viewer, {
      ...ask,
      ...(after && { after }),
      limit: Math.min(PAGE, left),
    });
    yield* page.lines;
    left -= page.lines.length;
    if (page.next === undefined) return;
    after = page.next;
  }
}

const PAGE = 500;

function whereOf(tree: OrgTree, place: Place, of: NewcomersOf): { text: string; params: Param[] } {
  const spoke = of === "spoke" ? " AND messages > 0" : "";
  if (place.kind === "brand") return { text: `1 = 1${spoke}`, params: [] };
  if (place.kind === "store") return { text: `store_id = ?${spoke}`, params: [place.id] };
  if (place.kind === "guide")
    return { text: `store_id = ? AND guide_id = ?${spoke}`, params: [place.storeId, place.id] };
  const areas = areasOf(tree, place);
  return { text: `region_id IN (${marks(areas.length)})${spoke}`, params: areas };
}
