// A guide and a customer who write to each other: found by the chat system's ids, and marked when their credit is owed.
import { chunked, selectIn } from "../infra/batches.js";
import { rowMarks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";

/** One chat of two. */
export interface ChatPair {
  guideId: number;
  customerId: number;
}

/** Our ids by the chat system's. */
export interface People {
  guides: ReadonlyMap<string, number>;
  customers: ReadonlyMap<string, number>;
}

const PART = 1_000;

/** Who of these ids is a guide of ours, and who a customer. The same id may be asked for as both. */
export async function findPeople(
  sql: Sql,
  userids: Iterable<string>,
  externalUserids: Iterable<string>,
): Promise<People> {
  return {
    guides: await idsBy(sql, "SELECT id, userid AS word FROM guide WHERE userid", userids),
    customers: await idsBy(
      sql,
      "SELECT COALESCE(merged_into, id) AS id, external_userid AS word FROM customer WHERE external_userid",
      externalUserids,
    ),
  };
}

async function idsBy(sql: Sql, select: string, words: Iterable<string>): Promise<Map<string, number>> {
  const rows = await selectIn<{ id: number; word: string }>(sql, `${select} IN`, [...new Set(words)]);
  return new Map(rows.map(({ id, word }) => [word, id]));
}

/**
 * Marks pairs whose credit must be computed anew. Call it in the transaction that gives a pair a delivery or a
 * message: whatever happens afterwards, the credit will follow.
 */
export async function markPairs(sql: Sql, pairs: readonly ChatPair[]): Promise<void> {
  const once = distinctPairs(pairs);
  for (const part of chunked(once, PART))
    await sql.run(
      `INSERT INTO credit_mark (customer_id, guide_id) VALUES ${rowMarks(part.length, 2)}`,
      part.flatMap(({ customerId, guideId }) => [customerId, guideId]),
    );
}

/** Each pair once, by customer and then guide. */
export function distinctPairs(pairs: readonly ChatPair[]): ChatPair[] {
  const byKey = new Map(pairs.map((pair) => [keyOfPair(pair), pair]));
  return [...byKey.values()].sort((a, b) => a.customerId - b.customerId || a.guideId - b.guideId);
}

/** The same text for the same pair. */
export function keyOfPair({ guideId, customerId }: ChatPair): string {
  return `${customerId} ${guideId}`;
}
