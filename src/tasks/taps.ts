// Taps of a page that may be offline: each carries a key of its own. Told twice it is done once, and answered the same.
import type { Sql, Store } from "../infra/store.js";
import { type Fault, Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";

/** One tap. `key` "": from a page without scripts; nothing is remembered of it. */
export interface Tap {
  guideId: number;
  key: string;
  /** what was tapped: the verb and whom it concerns */
  what: string;
}

/** What a tap was answered. */
interface Kept {
  message: string;
  refused?: { kind: "conflict" | "invalid"; faults: readonly Fault[] };
}

type TapParts = { store: Store; world: Pick<World, "now"> };

/** Whoever has not answered within this has died over it: the tap is done by the next who tells it. */
const PATIENCE = 60_000;

/**
 * Does what was tapped, unless it was done by this key before: then it only answers the same. Raises `too_many` while
 * somebody else is at it. What cannot be answered now (a fault, somebody not allowed) leaves no trace and may be told again.
 */
export async function tapOnce(
  parts: TapParts,
  tap: Tap,
  act: () => Promise<{ message?: string }>,
): Promise<{ message: string }> {
  if (tap.key === "") return { message: (await act()).message ?? "" };
  const known = await begin(parts, tap);
  const kept = known ?? (await doOnce(parts, tap, act));
  if (kept.refused) throw new Refusal(kept.refused.kind, kept.message, kept.refused.faults);
  return { message: kept.message };
}

async function doOnce(
  { store }: TapParts,
  { guideId, key }: Tap,
  act: () => Promise<{ message?: string }>,
): Promise<Kept> {
  let kept: Kept;
  try {
    kept = { message: (await act()).message ?? "" };
  } catch (error) {
    if (!(error instanceof Refusal) || (error.kind !== "conflict" && error.kind !== "invalid")) {
      await store.write((sql) =>
        sql.run("DELETE FROM guide_tap WHERE guide_id = ? AND tap = ? AND answer IS NULL", [guideId, key]),
      );
      throw error;
    }
    kept = { message: error.message, refused: { kind: error.kind, faults: error.faults } };
  }
  await store.write((sql) =>
    sql.run("UPDATE guide_tap SET answer = ? WHERE guide_id = ? AND tap = ?", [
      JSON.stringify(kept),
      guideId,
      key,
    ]),
  );
  return kept;
}

/** The answer given before; null when the tap is ours to do. */
function begin({ store, world }: TapParts, { guideId, key, what }: Tap): Promise<Kept | null> {
  const now = world.now();
  return store.write(async (sql) => {
    let row = await locked(sql, guideId, key);
    if (!row) {
      // only where there is none yet: an ignored insert keeps a shared lock, and two who then want the row wait for each other
      const { affected } = await sql.run(
        `${sql.dialect.insertIgnore} INTO guide_tap (guide_id, tap, what, at) VALUES (?, ?, ?, ?)`,
        [guideId, key, what, now],
      );
      if (affected > 0) return null;
      row = await locked(sql, guideId, key);
    }
    if (row && row.what !== what)
      throw new Refusal("invalid", "这个点按的编号已经用在别处。", [
        { where: "tap", value: key, expected: "a key of its own for each tap" },
      ]);
    if (row?.answer) return JSON.parse(row.answer) as Kept;
    if (!row || Number(row.at) > now - PATIENCE)
      throw new Refusal("too_many", "刚才的点按还在处理，请稍等。");
    await sql.run("UPDATE guide_tap SET at = ? WHERE guide_id = ? AND tap = ?", [now, guideId, key]);
    return null;
  });
}

function locked(sql: Sql, guideId: number, key: string) {
  return sql.row<{ what: string; at: number; answer: string | null }>(
    `SELECT what, at, answer FROM guide_tap WHERE guide_id = ? AND tap = ?${sql.dialect.forUpdate}`,
    [guideId, key],
  );
}

/** Forgets taps told before an instant (epoch ms). */
export async function forgetTaps(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM guide_tap WHERE at < ?", [before]));
}
