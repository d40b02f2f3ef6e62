// One call for customers to be handed over, written down before it is made.
import { ChannelError } from "../channels/port.js";
import { marks } from "../infra/dialect.js";
import type { Param } from "../infra/store.js";
import type { ContactParts } from "./members.js";
import type { TransferSet } from "./transfer-rows.js";

/** under way already: as good as begun by us */
const BEGUN = [0, 40100, 40129];
const minute = 60_000;
const REST = 10 * minute;
/** by then a call has ended, however it ended */
const ANSWERED = 2 * minute;
const MOST_TRIES = 30;

/** Asks for at most 100 customers. Gives how many are on their way. */
export async function askTransfer(
  parts: ContactParts,
  { pair, message, customers }: TransferSet,
): Promise<number> {
  const { store, world, directory, log } = parts;
  const claimed = await store.write(async (sql) => {
    const mine: (typeof customers)[number][] = [];
    for (const one of customers) {
      const { affected } = await sql.run(
        `UPDATE contact_transfer SET state = 'calling', next_at = ?, tries = tries + 1
         WHERE customer_id = ? AND state = 'asked'`,
        [world.now() + ANSWERED, one.customerId],
      );
      if (affected === 1) mine.push(one);
    }
    return mine;
  });
  if (claimed.length === 0) return 0;
  const ids = claimed.map(({ externalUserid }) => externalUserid);
  try {
    const answers = await directory.transfer(pair, ids, message);
    const begun = claimed.filter(({ externalUserid }) => BEGUN.includes(answers.get(externalUserid) ?? 0));
    await set(parts, begun, { state: "waiting", next_at: world.now() + REST, error: null });
    for (const one of claimed) {
      const code = answers.get(one.externalUserid) ?? 0;
      if (!BEGUN.includes(code)) await set(parts, [one], { state: "failed", error: `WeCom ${code}` });
    }
    return begun.length;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    log.warn({ err: error.message }, "a transfer could not be asked for");
    await bookError(parts, claimed, error);
    return 0;
  }
}

/** `unknown` stays `calling`: the results say whether it began. */
async function bookError(
  parts: ContactParts,
  claimed: TransferSet["customers"],
  { kind, message, retryAfter }: ChannelError,
): Promise<void> {
  const error = message.slice(0, 250);
  if (kind === "unknown") return set(parts, claimed, { error });
  if (kind === "fix") return set(parts, claimed, { state: "failed", error });
  const next_at = parts.world.now() + Math.max(retryAfter ?? 0, REST);
  await set(parts, claimed, { state: "asked", next_at, error });
  await parts.store.write((sql) =>
    sql.run(`UPDATE contact_transfer SET state = 'failed' WHERE state = 'asked' AND tries >= ${MOST_TRIES}`),
  );
}

async function set(
  { store }: ContactParts,
  customers: TransferSet["customers"],
  change: Record<string, Param>,
): Promise<void> {
  if (customers.length === 0) return;
  const columns = Object.keys(change).map((column) => `${column} = ?`);
  const ids = customers.map(({ customerId }) => customerId);
  await store.write((sql) =>
    sql.run(
      `UPDATE contact_transfer SET ${columns.join(", ")}
       WHERE state = 'calling' AND customer_id IN (${marks(ids.length)})`,
      [...Object.values(change), ...ids],
    ),
  );
}
