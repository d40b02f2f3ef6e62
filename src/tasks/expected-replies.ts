// How many answers a touchpoint's follow-ups bring: reckoned from figures once a day, read when room is scarce.
import { insertRows } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";

/** What came back of a touchpoint's follow-ups. */
export interface Answers {
  touchpointId: number;
  /** delivered, and the chat could be heard */
  observed: number;
  replied: number;
}

/** As many imagined sends of the average touchpoint stand beside the real ones, so that few say little. */
const IMAGINED = 30;

/** Answers of a thousand, by touchpoint, drawn towards the average of all the more the fewer were seen. Pure. */
export function expectationOf(all: readonly Answers[]): Map<number, number> {
  const sum = (key: "observed" | "replied") => all.reduce((total, one) => total + one[key], 0);
  const average = sum("observed") === 0 ? 0 : sum("replied") / sum("observed");
  return new Map(
    all.map(({ touchpointId, observed, replied }) => [
      touchpointId,
      Math.round((1000 * (replied + IMAGINED * average)) / (observed + IMAGINED)),
    ]),
  );
}

/** Keeps what is expected, in place of what was. */
export async function putExpectations(sql: Sql, all: readonly Answers[]): Promise<void> {
  const expected = expectationOf(all);
  await sql.run("DELETE FROM reply_expectation");
  await insertRows(
    sql,
    "INSERT INTO reply_expectation (touchpoint_id, observed, replied, per_mille)",
    all.map(({ touchpointId: id, observed, replied }) => [id, observed, replied, expected.get(id) ?? 0]),
  );
}

/** Answers of a thousand follow-ups, by touchpoint (id); none is known of the others. */
export async function expectedReplies(sql: Sql): Promise<Map<number, number>> {
  const rows = await sql.rows<{ id: number; perMille: number }>(
    "SELECT touchpoint_id AS id, per_mille AS perMille FROM reply_expectation",
  );
  return new Map(rows.map(({ id, perMille }) => [id, perMille]));
}
