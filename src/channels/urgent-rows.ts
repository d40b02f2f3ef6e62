// Urgent messages into their table, in the transaction that keeps the message: whoever works them off finds each once.
import { insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import type { ReplyRules } from "./reply-rules.js";

/** `new`: to be looked at · `raised`: its task is there, the guide is to be told · `told` · `taken_back`: so did the
 *  customer with the message, and what it raised is to be taken back · `done`: nothing more, `reason` says why. */
export type UrgentState = "new" | "raised" | "told" | "taken_back" | "done";

/** A message as far as it may be urgent. */
interface Kept {
  msgid: string;
  customerId: number;
  guideId: number;
  /** epoch ms */
  at: number;
  sender: string;
  source: string;
  text: string | null;
}

/** Writes down which of these messages somebody must look after; a message told again changes nothing. */
export async function keepUrgent(
  sql: Sql,
  messages: readonly Kept[],
  rules: Pick<ReplyRules, "judge">,
  dayOf: (ms: number) => ShopDay,
): Promise<void> {
  const found = messages.flatMap((message) => {
    const { msgid, customerId, guideId, at, sender, source, text } = message;
    // a guide's own report is known to the guide
    if (sender !== "customer" || source === "guide_report" || text === null) return [];
    const finding = rules.judge(text);
    if (!finding) return [];
    const { kind, word, optOut } = finding;
    return [[msgid, customerId, guideId, at, dayOf(at), kind, word, optOut ? 1 : 0, "new"]];
  });
  await insertRows(
    sql,
    `${sql.dialect.insertIgnore} INTO urgent_reply (msgid, customer_id, guide_id, said_at, said_on, kind, word, opt_out, state)`,
    found,
  );
}

/** Leaves word that these messages were taken back. */
export async function takeBackUrgent(sql: Sql, msgids: readonly string[]): Promise<void> {
  const rows = await selectIn<{ id: number }>(
    sql,
    "SELECT id FROM urgent_reply WHERE state <> 'taken_back' AND COALESCE(reason, '') <> 'taken_back' AND msgid IN",
    msgids,
  );
  if (rows.length === 0) return;
  await sql.run(
    `UPDATE urgent_reply SET state = 'taken_back', next_at = 0 WHERE id IN (${marks(rows.length)})`,
    rows.map(({ id }) => id),
  );
}
