// A customer's wish to get no more messages: who said so, and who may take it back.
import type { Sql } from "../infra/store.js";

/** Whose word an opt-out is. `chat`: the customer's own; `person`: somebody of ours wrote it down; `import`: a file or
 *  another system told it. */
export type OptOutSource = "chat" | "person" | "import";

/** Whether a customer wants messages. */
export interface Consent {
  optedOut: number;
  optedOutBy: OptOutSource | null;
  /** epoch ms */
  optedOutAt: number | null;
}

/** Nothing was said against messages. */
export const CONSENTS: Consent = { optedOut: 0, optedOutBy: null, optedOutAt: null };

/** What a file or push makes of it; undefined: it does not say. It may take back what one like it told, never what the
 *  customer or a person here has said: its list may simply not know of that. Pure. */
export function consentTold(
  told: number | null | undefined,
  { optedOut, optedOutBy, optedOutAt }: Consent = CONSENTS,
  at: number,
): Consent {
  const before = { optedOut, optedOutBy, optedOutAt };
  if (told === undefined) return before;
  if (told === 1) return optedOut === 1 ? before : { optedOut: 1, optedOutBy: "import", optedOutAt: at };
  return optedOut === 1 && optedOutBy !== "import" ? before : CONSENTS;
}

const WEIGHT: Record<OptOutSource, number> = { import: 1, person: 2, chat: 3 };

/** What two records of one person come to: a no of either, by whose word weighs more. Pure. */
export function mergedConsent(a: Consent, b: Consent): Consent {
  const [first, second] = [a, b].map(({ optedOut, optedOutBy, optedOutAt }) => {
    return { optedOut, optedOutBy, optedOutAt };
  }) as [Consent, Consent];
  if (first.optedOut !== second.optedOut) return first.optedOut === 1 ? first : second;
  const weight = ({ optedOutBy }: Consent) => (optedOutBy === null ? 0 : WEIGHT[optedOutBy]);
  return weight(second) > weight(first) ? second : first;
}

/** Writes the wish down; false when it was known. The customer's own word takes the place of another's. Whatever sends
 *  asks for it again before it sends. */
export async function optOut(
  sql: Sql,
  customerId: number,
  { by, at }: { by: OptOutSource; at: number },
): Promise<boolean> {
  const { affected } = await sql.run(
    "UPDATE customer SET opted_out = 1, opted_out_by = ?, opted_out_at = ? WHERE id = ? AND opted_out = 0",
    [by, at, customerId],
  );
  if (affected === 0 && by !== "import")
    await sql.run(
      `UPDATE customer SET opted_out_by = ?, opted_out_at = ?
       WHERE id = ? AND (opted_out_by IS NULL OR opted_out_by = 'import' OR (opted_out_by = 'person' AND ? = 'chat'))`,
      [by, at, customerId, by],
    );
  return affected > 0;
}

/** Takes the wish back, at a person's word; false when there was none. */
export async function optIn(sql: Sql, customerId: number): Promise<boolean> {
  const { affected } = await sql.run(
    "UPDATE customer SET opted_out = 0, opted_out_by = NULL, opted_out_at = NULL WHERE id = ? AND opted_out = 1",
    [customerId],
  );
  return affected > 0;
}
