// Taking a whole run back: said beforehand, one at a time, going on where it broke off, written down with who did it.
import { recordChange } from "../../identity/audit.js";
import { shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import { heartOf } from "./heart.js";
import { claimPlace, type ImportRunLine, leavePlace, runOf, setRun } from "./run-rows.js";
import { ONE_AT_A_TIME, settled, type Workshop } from "./runs.js";
import { noCounts, previewUndo, type UndoCounts, undoRun } from "./undo.js";
import type { Undoing } from "./undo-words.js";

const DAY = 86_400_000;

/** Why a run cannot be taken back now; undefined: it can. */
export function whyNot(
  { state, changes, endedAt }: ImportRunLine,
  { undoRows, undoDays }: Workshop["limits"],
  now: number,
): string | undefined {
  if (["draft", "running", "stopping", "undoing"].includes(state)) return "这次导入还没有结束。";
  if (state === "undone" && changes === 0) return "已经撤销。";
  if (now > (endedAt ?? 0) + undoDays * DAY) return `超过 ${undoDays} 天，留底已经清除，不能撤销。`;
  if (changes === null) return `这次导入改动太多（超过 ${undoRows} 行），没有逐行留底，不能撤销。`;
  if (changes === 0) return "这次导入没有改动任何数据，不需要撤销。";
  return undefined;
}

/** What taking a run back would come to. Raises `conflict` where it cannot be. */
export async function previewRun(shop: Workshop, id: number): Promise<UndoCounts> {
  const run = await mayUndo(shop, id);
  return previewUndo(shop.store, undoingOf(shop, run, ""));
}

/** Takes a run back; it goes on by itself. Raises `conflict`. */
export async function undoOf(
  shop: Workshop,
  id: number,
  by: string,
): Promise<{ id: number; done: Promise<UndoCounts> }> {
  const { store, world, worker, atWork } = shop;
  const run = await mayUndo(shop, id);
  const at = world.now();
  await store.write(async (sql) => {
    if (!(await claimPlace(sql, id))) throw new Refusal("conflict", ONE_AT_A_TIME);
    await setRun(sql, id, { state: "undoing", beat_at: at, worker, undone_by: by.slice(0, 64), error: null });
    await recordChange(sql, { at, by, action: "import.undo", subject: `import:${id}` });
  });
  const heart = heartOf(shop, id);
  atWork.set(id, heart);
  const done = carryOut(shop, run, by).finally(async () => {
    await heart.stop();
    atWork.delete(id);
  });
  return { id, done };
}

async function mayUndo(shop: Workshop, id: number): Promise<ImportRunLine> {
  await settled(shop);
  const run = await runOf(shop.store.read, id);
  const why = whyNot(run, shop.limits, shop.world.now());
  if (why) throw new Refusal("conflict", why);
  return run;
}

function undoingOf({ world, zone, tasks }: Workshop, { id, onDay }: ImportRunLine, by: string): Undoing {
  const at = world.now();
  const today = shopDayOf(at, zone);
  return { ...{ runId: id, since: onDay, today, at, by, tasks }, pinned: new Map() };
}

async function carryOut(shop: Workshop, run: ImportRunLine, by: string): Promise<UndoCounts> {
  const { store, world } = shop;
  const { id } = run;
  let sum = run.undo ?? noCounts();
  let error: string | null = "撤销时出了意料之外的错误，已记入日志；已经撤销的部分有效，可以继续撤销。";
  try {
    sum = await undoRun(store, undoingOf(shop, run, by), sum, (sql, counts) =>
      setRun(sql, id, { undo_result: JSON.stringify(counts) }),
    );
    error = null;
    return sum;
  } finally {
    const at = world.now();
    await store.write(async (sql) => {
      await leavePlace(sql, id);
      await setRun(sql, id, { state: "undone", undone_at: at, error });
      // nothing is left to be taken back
      if (error === null) await setRun(sql, id, { changes: 0 });
      const { remove, restore, keep, tasks } = sum;
      const after = { removed: remove, restored: restore, leftAlone: keep, tasks };
      await recordChange(sql, { at, by, action: "import.undone", subject: `import:${id}`, after });
    });
  }
}
