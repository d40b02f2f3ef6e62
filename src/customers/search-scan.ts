// Customers in the order of one of their keys, from where the last page ended: an index read a few rows at a time, and
// of those the ones in sight.
import { selectIn } from "../infra/batches.js";
import type { Param, Sql } from "../infra/store.js";
import type { Sight } from "./sight.js";

/** Hits on a page. */
export const PAGE = 20;

/** Most rows of an index looked at for one page: somebody whose customers are few among many of a name goes on by a tap. */
const MOST_LOOKED_AT = 8_000;

/** Most rows read together. */
const CHUNK = 2_000;

/** The columns by which customers are found. */
export type KeyColumn = "name" | "external_userid" | "phone_index";

/** Part of a key's order: from a value (included) up to another (not included; null: to the end). */
export type Span = readonly [from: string | number, before: string | number | null];

/** A customer as an index gives them. */
export interface Scanned {
  id: number;
  /** the key's value */
  at: string | number;
  guideId: number | null;
  cipher: string | null;
}

export interface Scan {
  column: KeyColumn;
  /** apart, in order */
  spans: readonly Span[];
  sight: Sight;
  /** how many guides there are in all: what of the rows will be in sight */
  guides: number;
  /** the customer the last page ended with */
  after?: number | undefined;
  /** whether a row is meant, beyond its key; without: every one is */
  accepts?: (row: Scanned) => boolean;
}

/** Customers found, in order; `next`: where another page begins. */
export interface Found {
  ids: number[];
  next: number | null;
  /** so many rows were looked at that this page ended before it was full */
  isCut: boolean;
}

/** One read: the rows of one key value, or between two. */
interface Segment {
  sql: string;
  params: Param[];
}

/** The next page of a scan. */
export async function scanPage(sql: Sql, scan: Scan): Promise<Found> {
  const ids: number[] = [];
  const { sight } = scan;
  const size = firstChunk(scan);
  let place = scan.after === undefined ? null : await placeOf(sql, scan.column, scan.after);
  let segments = segmentsOf(scan, place);
  for (let looked = 0, most = size; segments.length > 0; ) {
    const rows = await readSegment(sql, scan.column, segments[0] as Segment, most);
    looked += rows.length;
    const meant = scan.accepts ? rows.filter(scan.accepts) : rows;
    for (const { id } of await inSight(sql, meant, sight)) if (!ids.includes(id)) ids.push(id);
    if (ids.length > PAGE) return { ids: ids.slice(0, PAGE), next: ids[PAGE - 1] ?? null, isCut: false };
    place = rows.at(-1) ?? place;
    if (rows.length < most) segments.shift();
    else {
      if (looked >= MOST_LOOKED_AT) return { ids, next: place?.id ?? null, isCut: true };
      segments = segmentsOf(scan, place);
    }
    most = Math.min(CHUNK, most * 2);
  }
  return { ids, next: null, isCut: false };
}

/** As many rows as a page should need when customers lie evenly. */
function firstChunk({ sight, guides, accepts }: Scan): number {
  if (sight === null) return accepts ? CHUNK : PAGE + 1;
  const share = Math.max(sight.size, 1) / Math.max(guides, 1);
  return Math.min(CHUNK, Math.ceil(((PAGE + 1) * 1.3) / Math.min(1, share)));
}

/** Reads after a place: first the rest of its own key value, by id, then what lies beyond it. */
function segmentsOf({ column, spans }: Scan, place: Pick<Scanned, "id" | "at"> | null): Segment[] {
  return spans.flatMap(([from, before]): Segment[] => {
    const ends: Segment =
      before === null ? { sql: "", params: [] } : { sql: ` AND c.${column} < ?`, params: [before] };
    const isAhead = place === null || compare(place.at, from) < 0;
    if (isAhead) return [{ sql: `c.${column} >= ?${ends.sql}`, params: [from, ...ends.params] }];
    if (before !== null && compare(place.at, before) >= 0) return [];
    return [
      { sql: `c.${column} = ? AND c.id > ?`, params: [place.at, place.id] },
      { sql: `c.${column} > ?${ends.sql}`, params: [place.at, ...ends.params] },
    ];
  });
}

/** As the databases compare: numbers as numbers, texts by their bytes. */
function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return Buffer.compare(Buffer.from(String(a)), Buffer.from(String(b)));
}

async function placeOf(sql: Sql, column: KeyColumn, id: number): Promise<Pick<Scanned, "id" | "at"> | null> {
  const row = await sql.row<{ at: string | number | null }>(
    `SELECT ${column} AS at FROM customer WHERE id = ?`,
    [id],
  );
  return row?.at == null ? null : { id, at: keyValue(column, row.at) };
}

const keyValue = (column: KeyColumn, at: string | number) => (column === "phone_index" ? Number(at) : at);

const INDEX: Record<KeyColumn, string> = {
  name: "customer_name",
  external_userid: "external_userid",
  phone_index: "customer_phone",
};

async function readSegment(sql: Sql, column: KeyColumn, segment: Segment, most: number): Promise<Scanned[]> {
  const rows = await sql.rows<Scanned>(
    `SELECT c.id, c.${column} AS at, c.guide_id AS guideId, c.phone_cipher AS cipher
     FROM customer c${sql.dialect.force(INDEX[column])}
     WHERE ${segment.sql} AND c.merged_into IS NULL ORDER BY c.${column}, c.id LIMIT ${most}`,
    segment.params,
  );
  return rows.map((row) => ({ ...row, at: keyValue(column, row.at) }));
}

/** Those of these whose owner, or a guide they are friends with, is in sight. */
async function inSight(sql: Sql, rows: readonly Scanned[], sight: Sight): Promise<readonly Scanned[]> {
  if (sight === null || rows.length === 0) return rows;
  const isOwned = ({ guideId }: Scanned) => guideId !== null && sight.has(guideId);
  const others = rows.filter((row) => !isOwned(row)).map(({ id }) => id);
  const contacts = await selectIn<{ customerId: number; guideId: number }>(
    sql,
    `SELECT customer_id AS customerId, guide_id AS guideId FROM contact${sql.dialect.force("PRIMARY")}
     WHERE ended_on IS NULL AND customer_id IN`,
    others,
    { forced: true },
  );
  const friends = new Set(contacts.filter(({ guideId }) => sight.has(guideId)).map((row) => row.customerId));
  return rows.filter((row) => isOwned(row) || friends.has(row.id));
}
