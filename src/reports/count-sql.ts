// What counts, said in SQL once: of one task, and of sums over cells. The words are those of the measures.

/** The guide acted, or the product did not take the task back before they could. A row waiting to be offered
 *  once more counts when it is. */
const ISSUED = `(state <> 'planned' AND (acted_at IS NOT NULL OR NOT (state IN ('cancelled', 'merged', 'held', 'failed')
  OR (state = 'skipped' AND reason NOT LIKE 'guide!_skipped!_%' ESCAPE '!'))))`;
const COMPLETED = "(acted_at IS NOT NULL AND state IN ('sent', 'done_by_hand', 'skipped', 'failed'))";
const OBSERVED = "(state = 'sent' AND observed = 1)";
const OPEN = "(state IN ('offered', 'approved', 'sending', 'handed_over', 'needs_data', 'unknown'))";

const count = (condition: string) => `SUM(CASE WHEN ${condition} THEN 1 ELSE 0 END)`;

/** Sums over offered tasks of one day, in the order of `CELL_COLUMNS`. One parameter: the day's end, epoch ms. */
export const TASK_COUNTS = [
  count(ISSUED),
  count(COMPLETED),
  count(`${COMPLETED} AND acted_at < ?`),
  count("state = 'sent'"),
  count(OBSERVED),
  count(`${OBSERVED} AND replied_at IS NOT NULL`),
  "0",
  count(OPEN),
  "COALESCE(MAX(CASE WHEN state = 'sent' THEN sent_at END), 0)",
].join(",\n  ");

/** The counts of a cell, as columns. */
export const CELL_COLUMNS =
  "issued, completed, on_time, delivered, observed, replied, messages, open_tasks, last_sent_at";

/** Sums over cells, in the order of `CELL_COLUMNS`. */
export const CELL_SUMS = CELL_COLUMNS.split(", ")
  .map((column) => (column === "last_sent_at" ? "MAX(last_sent_at)" : `SUM(${column})`))
  .join(", ");

/** The same sums under the names of `Counts`. */
export const NAMED_SUMS = `SUM(issued) AS issued, SUM(completed) AS completed, SUM(on_time) AS onTime,
  SUM(delivered) AS delivered, SUM(observed) AS observed, SUM(replied) AS replied, SUM(messages) AS messages,
  SUM(open_tasks) AS openTasks, MAX(last_sent_at) AS lastSentAt`;
