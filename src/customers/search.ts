// Finding customers among millions by what somebody types, inside what they may see: never a count of all, never a walk
// over more than a page needs.
import { marks } from "../infra/dialect.js";
import { decrypt } from "../infra/secrets.js";
import type { Param, Sql } from "../infra/store.js";
import { phoneIndex } from "./phone-index.js";
import { type Found, PAGE, type Scanned, type Span, scanPage } from "./search-scan.js";
import {
  type Asked,
  askedBy,
  beginningWith,
  namesBeginningWith,
  type SearchBy,
  type TextRange,
} from "./search-text.js";
import type { Sight } from "./sight.js";

/** What is looked for. */
export interface Search {
  /** as it was typed */
  text: string;
  sight: Sight;
  secretKey: Buffer;
  /** of another page: what the text was taken for, and whom the last page ended with */
  by?: SearchBy | undefined;
  after?: number | undefined;
}

/** One page of what was found. */
export interface SearchFound extends Found {
  /** what the text was taken for; `place`: no text, all customers in sight; null: nothing was asked */
  by: SearchBy | "place" | null;
}

/** Up to so many guides all their customers are gone through: for a name in a key that holds it, for an id row by row. */
const FEW_GUIDES = { name: 100, id: 30 };

const NOTHING: Found = { ids: [], next: null, isCut: false };

/** Finds customers, a page at a time. A text that may mean several things is taken for the first that finds anybody. */
export async function searchCustomers(sql: Sql, search: Search): Promise<SearchFound> {
  const { text, by, sight } = search;
  const isNarrow = sight !== null && sight.size <= FEW_GUIDES.name;
  const meanings = askedBy(text).filter((one) => by === undefined || one.by === by);
  if (meanings.length === 0)
    return isNarrow
      ? { by: "place", ...(await namedOfGuides(sql, sight, [["", null]], search.after)) }
      : { by: null, ...NOTHING };
  for (const asked of meanings) {
    const found = await find(sql, search, asked);
    if (found.ids.length > 0 || found.isCut) return { by: asked.by, ...found };
  }
  return { by: meanings[0]?.by ?? null, ...NOTHING };
}

async function find(sql: Sql, search: Search, { by, text }: Asked): Promise<Found> {
  const { sight, after, secretKey } = search;
  if (by === "phone" || by === "tail") {
    const index = phoneIndex(secretKey);
    const [first, last] = by === "phone" ? [index.of(text), index.of(text)] : index.endingIn(text);
    // the index only says that it may be this number
    const accepts = ({ cipher }: Scanned) => {
      const phone = cipher === null ? undefined : decrypt(secretKey, cipher);
      return by === "phone" ? phone === text : phone?.endsWith(text) === true;
    };
    const spans: Span[] = [[first, last + 1]];
    return scanPage(sql, { column: "phone_index", spans, sight, guides: 0, after, accepts });
  }
  const column = by === "id" ? "external_userid" : "name";
  const spans = by === "id" ? [beginningWith(text)] : namesBeginningWith(text);
  const merged = by === "id" && after === undefined ? await mergedId(sql, text) : undefined;
  if (merged !== undefined) return scanMerged(sql, merged, sight);
  if (sight !== null && by === "name" && sight.size <= FEW_GUIDES.name)
    return namedOfGuides(sql, sight, spans, after);
  if (sight !== null && by === "id" && sight.size <= FEW_GUIDES.id)
    return withIdsOfGuides(sql, sight, spans, after);
  const guides = sight === null ? 0 : await guideCount(sql);
  return scanPage(sql, { column, spans, sight, guides, after });
}

/** Whom an id that was given up belongs to now. */
async function mergedId(sql: Sql, externalUserid: string): Promise<string | undefined> {
  const row = await sql.row<{ externalUserid: string }>(
    `SELECT i.external_userid AS externalUserid FROM customer o JOIN customer i ON i.id = o.merged_into
     WHERE o.external_userid = ?`,
    [externalUserid],
  );
  return row?.externalUserid;
}

async function scanMerged(sql: Sql, id: string, sight: Sight): Promise<Found> {
  const accepts = ({ at }: Scanned) => at === id;
  return scanPage(sql, { column: "external_userid", spans: [beginningWith(id)], sight, guides: 0, accepts });
}

async function guideCount(sql: Sql): Promise<number> {
  return Number((await sql.row<{ n: number }>("SELECT COUNT(*) AS n FROM guide"))?.n ?? 0);
}

/** A page of the customers of some guides by name: their own out of the key that holds it, and those they are only
 *  friends with. Most friends are their own: these are left out before anybody's row is read. */
async function namedOfGuides(
  sql: Sql,
  guides: ReadonlySet<number>,
  spans: readonly TextRange[],
  after: number | undefined,
): Promise<Found> {
  if (guides.size === 0) return NOTHING;
  const here = [...guides];
  const list = marks(here.length);
  const { force, thenJoin } = sql.dialect;
  const condition = await conditionOf(sql, "name", spans, after);
  const own = `customer c${force("customer_guide_name")} WHERE c.guide_id IN (${list})`;
  const rows = await sql.rows<{ id: number }>(
    `SELECT id FROM (
       SELECT c.id, c.name FROM ${own} AND c.merged_into IS NULL AND ${condition.sql}
       UNION SELECT c.id, c.name FROM contact k${force("contact_of_guide")} ${thenJoin} customer c${force("PRIMARY")}
       WHERE k.guide_id IN (${list}) AND k.ended_on IS NULL AND k.customer_id NOT IN (SELECT c.id FROM ${own})
         AND c.id = k.customer_id AND c.merged_into IS NULL AND ${condition.sql}
     ) n ORDER BY name, id LIMIT ${PAGE + 1}`,
    [...here, ...condition.params, ...here, ...here, ...condition.params],
  );
  return pageOf(rows);
}

/** A page of the customers of a few guides by id: their own, and those they are friends with. */
async function withIdsOfGuides(
  sql: Sql,
  guides: ReadonlySet<number>,
  spans: readonly TextRange[],
  after: number | undefined,
): Promise<Found> {
  if (guides.size === 0) return NOTHING;
  const here = [...guides];
  const list = marks(here.length);
  const condition = await conditionOf(sql, "external_userid", spans, after);
  const rows = await sql.rows<{ id: number }>(
    `SELECT c.id FROM (
       SELECT id FROM customer WHERE guide_id IN (${list})
       UNION SELECT customer_id FROM contact WHERE ended_on IS NULL AND guide_id IN (${list})
     ) n ${sql.dialect.thenJoin} customer c${sql.dialect.force("PRIMARY")}
     WHERE c.id = n.id AND c.merged_into IS NULL AND ${condition.sql}
     ORDER BY c.external_userid, c.id LIMIT ${PAGE + 1}`,
    [...here, ...here, ...condition.params],
  );
  return pageOf(rows);
}

/** A customer `c` in one of these ranges of a column, beyond the one a page before ended with. */
async function conditionOf(
  sql: Sql,
  column: "name" | "external_userid",
  spans: readonly TextRange[],
  after: number | undefined,
): Promise<{ sql: string; params: Param[] }> {
  const inSpans = spans.map(
    ([, before]) => `(c.${column} >= ?${before === null ? "" : ` AND c.${column} < ?`})`,
  );
  const params: Param[] = spans.flatMap((span) => span.filter((one) => one !== null));
  const within = `(${inSpans.join(" OR ")})`;
  const last = after === undefined ? undefined : await keyOf(sql, column, after);
  if (last === undefined) return { sql: within, params };
  const beyond = ` AND (c.${column} > ? OR (c.${column} = ? AND c.id > ?))`;
  return { sql: within + beyond, params: [...params, last, last, after ?? 0] };
}

function pageOf(rows: readonly { id: number }[]): Found {
  const ids = rows.slice(0, PAGE).map(({ id }) => id);
  return { ids, next: rows.length > PAGE ? (ids.at(-1) ?? null) : null, isCut: false };
}

async function keyOf(sql: Sql, column: string, id: number): Promise<string | undefined> {
  const row = await sql.row<{ at: string }>(`SELECT ${column} AS at FROM customer WHERE id = ?`, [id]);
  return row?.at;
}
