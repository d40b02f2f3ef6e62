// What counts, said in SQL once: of one task, and of sums over cells. The words are those of the measures.

/** The guide acted, or the product did not take the task back before they could. A row waiting to be offered
 *  once more counts when it is. */
const ISSUED = `(state <> 'planned' AND (acted_at IS NOT NULL OR NOT (state IN ('cancelled', 'merged', 'held', 'failed')
  OR (state = 'skipped' AND reason NOT LIKE 'guide!_skipped!_%' ESCAPE '!'))))`;
const COMPLETED = "(acted_at IS NOT NULL AND state IN ('sent', 'done_by_hand', 'skipped', 'failed'))";
/** Delivered in a chat that is observed. */
export const OBSERVED = "(state = 'sent' AND observed = 1)";
const CONFIRMED = `(${COMPLETED} AND state <> 'done_by_hand')`;
/** The guide said go: what is confirmed, and what was tapped here and nothing came back yet. A mass send on its way to
 *  WeCom has not been tapped. */
export const TAPPED = `(${COMPLETED} OR state = 'approved' OR (state IN ('sending', 'unknown')
  AND EXISTS (SELECT 1 FROM hand_over h WHERE h.id = task.hand_over_id AND h.way <> 'mass')))`;
const OPEN = "(state IN ('offered', 'approved', 'sending', 'handed_over', 'needs_data', 'unknown'))";

/** What a task must be to count; `onTime` takes the end of its day (epoch ms) as a parameter. */
export const CONDITIONS = {
  issued: ISSUED,
  completed: COMPLETED,
  onTime: `(${COMPLETED} AND acted_at < ?)`,
  delivered: "state = 'sent'",
  observed: OBSERVED,
  replied: `(${OBSERVED} AND replied_at IS NOT NULL)`,
  tapped: TAPPED,
  confirmed: CONFIRMED,
  proven: "(state = 'sent' AND proven = 1)",
  unproven: "(state = 'sent' AND proven = 0)",
  notFriend: "(state = 'skipped' AND reason = 'not_a_friend')",
  late: "(state = 'sent' AND late = 1)",
  open: OPEN,
} as const;

const count = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;

/** The counts of a cell, as columns. */
export const CELL_COLUMNS = `issued, completed, on_time, delivered, observed, replied, messages, open_tasks, last_sent_at, \
tapped, confirmed, proven, capped, not_friend, late`;

/** Sums over offered tasks of one day, in the order of `CELL_COLUMNS`. */
const TASK_COUNTS = [
  count(CONDITIONS.issued),
  count(CONDITIONS.completed),
  count(CONDITIONS.onTime),
  count(CONDITIONS.delivered),
  count(CONDITIONS.observed),
  count(CONDITIONS.replied),
  "0",
  count(CONDITIONS.open),
  "COALESCE(MAX(CASE WHEN state = 'sent' THEN sent_at END), 0)",
  count(CONDITIONS.tapped),
  count(CONDITIONS.confirmed),
  count(CONDITIONS.proven),
  "0",
  count(CONDITIONS.notFriend),
  count(CONDITIONS.late),
];

/** The same under the columns' names. One parameter: the day's end, epoch ms. */
export const NAMED_COUNTS = CELL_COLUMNS.split(", ")
  .map((column, at) => `${TASK_COUNTS[at]} AS ${column}`)
  .join(",\n  ");

/** Sums over cells, in the order of `CELL_COLUMNS`. */
export const CELL_SUMS = CELL_COLUMNS.split(", ")
  .map((column) => (column === "last_sent_at" ? "MAX(last_sent_at)" : `SUM(${column})`))
  .join(", ");

/** The same sums under the names of `Counts`. */
export const NAMED_SUMS = `SUM(issued) AS issued, SUM(completed) AS completed, SUM(on_time) AS onTime,
  SUM(delivered) AS delivered, SUM(observed) AS observed, SUM(replied) AS replied, SUM(messages) AS messages,
  SUM(open_tasks) AS openTasks, MAX(last_sent_at) AS lastSentAt, SUM(tapped) AS tapped, SUM(confirmed) AS confirmed,
  SUM(proven) AS proven, SUM(capped) AS capped, SUM(not_friend) AS notFriend, SUM(late) AS late`;

/** How many columns a cell has. */
const WIDTH = CELL_COLUMNS.split(", ").length;

/** A cell's columns with one count, and nothing of all others. */
export function only(column: string, value: string): string {
  const at = CELL_COLUMNS.split(", ").indexOf(column);
  return Array.from({ length: WIDTH }, (_, one) => (one === at ? value : "0")).join(", ");
}
