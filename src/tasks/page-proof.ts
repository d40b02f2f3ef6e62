// Words a page claimed and never reported: where the archive shows them in the chat, they are sent, and nobody need be asked.
import { grouped, selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { plainWords, proofAfter, proofBefore } from "./credit.js";
import { type Delivery, deliver } from "./deliver.js";
import { changeHandOver } from "./hand-over-changes.js";
import type { HandOverState } from "./hand-overs.js";
import type { TaskSetup } from "./setup.js";

/** A claim whose words may or may not be in the chat. */
interface Claim {
  id: number;
  taskId: number;
  guideId: number;
  customerId: number;
  words: string;
  calledAt: number;
}

interface Said {
  guideId: number;
  customerId: number;
  at: number;
  text: string;
}

const OPEN: readonly HandOverState[] = ["creating", "asking"];
const BATCH = 200;

/** Ends every open claim whose words the guide is on record with since the tap. Gives how many. */
export async function provePages(setup: Pick<TaskSetup, "store" | "config" | "log">): Promise<number> {
  const { store } = setup;
  const claims = await store.read.rows<Claim>(
    `SELECT h.id, l.task_id AS taskId, h.guide_id AS guideId, l.customer_id AS customerId, h.words,
       h.called_at AS calledAt
     FROM hand_over h JOIN hand_over_task l ON l.hand_over_id = h.id
     WHERE h.state IN ('creating', 'asking') AND h.way = 'page' ORDER BY h.called_at, h.id LIMIT ${BATCH}`,
  );
  if (claims.length === 0) return 0;
  const found = matchesOf(claims, await freeRecords(store.read, claims));
  let proven = 0;
  for (const [claim, sentAt] of found)
    proven += await store.write(async (sql) => {
      const confirmed = { state: "confirmed" as const, confirmedAt: sentAt };
      if (!(await changeHandOver(sql, Number(claim.id), OPEN, confirmed))) return 0;
      const one = {
        taskId: Number(claim.taskId),
        way: "page" as const,
        words: claim.words,
        sentAt,
        actedAt: Number(claim.calledAt),
      };
      return (await deliver(setup, sql, [one], { actor: "archive", at: sentAt })).length;
    });
  return proven;
}

/** Each claim with the first record of its words since its tap; one record proves one claim. Pure. */
export function matchesOf(claims: readonly Claim[], records: readonly Said[]): [Claim, number][] {
  const byWords = grouped(
    [...records].sort((a, b) => a.at - b.at),
    keyOf,
  );
  return claims.flatMap((claim) => {
    const said = byWords.get(keyOf({ ...claim, text: claim.words })) ?? [];
    const first = said.findIndex(({ at }) => at >= Number(claim.calledAt) - proofBefore);
    const [record] = first < 0 ? [] : said.splice(first, 1);
    return record ? [[claim, record.at] as [Claim, number]] : [];
  });
}

/** What guides are on record with towards these customers, without what proves a delivery already. */
async function freeRecords(sql: Sql, claims: readonly Claim[]): Promise<Said[]> {
  const customers = [...new Set(claims.map(({ customerId }) => customerId))];
  const since = Math.min(...claims.map(({ calledAt }) => Number(calledAt))) - proofBefore;
  const said = await selectIn<Said>(
    sql,
    `SELECT guide_id AS guideId, customer_id AS customerId, sent_at AS at, text FROM message
     WHERE sender = 'guide' AND recalled = 0 AND text IS NOT NULL AND source <> 'guide_report'
       AND sent_at >= ? AND customer_id IN`,
    customers,
    { params: [since] },
  );
  const sent = await selectIn<Pick<Delivery, "sentAt" | "words"> & Pick<Claim, "guideId" | "customerId">>(
    sql,
    `SELECT guide_id AS guideId, customer_id AS customerId, sent_at AS sentAt, words FROM delivery
     WHERE sent_at >= ? AND customer_id IN`,
    customers,
    { params: [since - proofAfter] },
  );
  const taken = grouped(sent, ({ words, ...pair }) => keyOf({ ...pair, text: words }));
  return said
    .map((one) => ({ ...one, at: Number(one.at) }))
    .filter((one) => {
      const times = taken.get(keyOf(one)) ?? [];
      const near = times.findIndex(
        ({ sentAt }) => one.at >= Number(sentAt) - proofBefore && one.at <= Number(sentAt) + proofAfter,
      );
      if (near >= 0) times.splice(near, 1);
      return near < 0;
    });
}

function keyOf({ guideId, customerId, text }: Pick<Said, "guideId" | "customerId" | "text">): string {
  return `${guideId} ${customerId} ${plainWords(text)}`;
}
