// Mass sends guides made without us, polled in: they use up what customers may receive. Young ones are read often, old
// ones rarely, those of half a month ago no more.
import { type Channel, ChannelError, type GuideMass, type HandOverOutcome } from "../channels/port.js";
import { grouped, insertRows, selectIn } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Param, Sql } from "../infra/store.js";
import { firstOfMonth, instantOf, shopDayOf } from "../kernel/calendar.js";
import { pollDelay, timing } from "./backoff.js";
import { dayOf, type TaskSetup } from "./setup.js";

/** What a pass did: mass sends seen first, read, and messages to customers they brought. */
export interface MassesRead {
  seen: number;
  read: number;
  received: number;
}

const BATCH = 100;

/** Asks for new mass sends of guides, then for the results of those that are due. */
export async function readGuideMasses(setup: TaskSetup): Promise<MassesRead> {
  const { mass: channel } = setup.channels;
  const done: MassesRead = { seen: 0, read: 0, received: 0 };
  if (!channel.guideMasses) return done;
  try {
    done.seen = await listNew(setup, channel.guideMasses.bind(channel));
    for (;;) {
      const due = await dueMasses(setup.store.read, setup.world.now());
      if (due.length === 0) break;
      done.received += await readResults(setup, channel, due);
      done.read += due.length;
    }
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ err: error.message }, "guides' own mass sends could not be read");
  }
  return done;
}

/** From a little before the last one known: a list may lag. At first, from the month's beginning: its quota counts. */
async function listNew(
  { store, world, config }: TaskSetup,
  list: (from: number, until: number) => Promise<GuideMass[]>,
): Promise<number> {
  const now = world.now();
  const newest = await store.read.row<{ at: number | null }>("SELECT MAX(created_at) AS at FROM guide_mass");
  const month = instantOf(firstOfMonth(shopDayOf(now, config.zone)), "00:00", config.zone);
  const from = newest?.at == null ? month : Math.max(month, Number(newest.at) - timing.listLag);
  const masses = await list(from, now);
  if (masses.length === 0) return 0;
  return store.write(async (sql) => {
    const userids = [...new Set(masses.map(({ guideUserid }) => guideUserid))];
    const guides = await selectIn<{ id: number; userid: string }>(
      sql,
      "SELECT id, userid FROM guide WHERE userid IN",
      userids,
    );
    const idOf = new Map(guides.map(({ id, userid }) => [userid.toLowerCase(), id]));
    const rows = masses.flatMap(({ providerRef, guideUserid, createdAt }): Param[][] => {
      const guideId = idOf.get(guideUserid.toLowerCase());
      return guideId === undefined ? [] : [[providerRef, guideId, createdAt, "waiting", now]];
    });
    if (rows.length === 0) return 0;
    const head = `${sql.dialect.insertIgnore} INTO guide_mass (ref, guide_id, created_at, state, next_at)`;
    return insertRows(sql, head, rows);
  });
}

interface Due {
  ref: string;
  guideId: number;
  userid: string;
  createdAt: number;
}

function dueMasses(sql: Sql, now: number): Promise<Due[]> {
  return sql.rows<Due>(
    `SELECT m.ref, m.guide_id AS guideId, g.userid, m.created_at AS createdAt
     FROM guide_mass m JOIN guide g ON g.id = m.guide_id
     WHERE m.state = 'waiting' AND m.next_at <= ? ORDER BY m.next_at, m.ref LIMIT ${BATCH}`,
    [now],
  );
}

async function readResults(setup: TaskSetup, channel: Channel, due: readonly Due[]): Promise<number> {
  const asked = due.map(({ ref, userid }) => ({ ref, providerRef: ref, guideUserid: userid }));
  const outcomes = new Map((await channel.outcomes(asked)).map((outcome) => [outcome.ref, outcome]));
  const now = setup.world.now();
  return setup.store.write(async (sql) => {
    let received = 0;
    for (const one of due) {
      const outcome = outcomes.get(one.ref);
      received += outcome ? await putReceipts(setup, sql, one, outcome) : 0;
    }
    for (const [isOver, some] of grouped(due, (one) => isSettled(outcomes.get(one.ref), now - one.createdAt)))
      for (const [delay, alike] of grouped(some, (one) => pollDelay(now - one.createdAt)))
        await sql.run(`UPDATE guide_mass SET state = ?, next_at = ? WHERE ref IN (${marks(alike.length)})`, [
          isOver ? "read" : "waiting",
          now + delay,
          ...alike.map(({ ref }) => ref),
        ]);
    return received;
  });
}

/** Nothing more will come of it. */
function isSettled(outcome: HandOverOutcome | undefined, age: number): boolean {
  if (age > timing.horizon) return true;
  if (!outcome || outcome.state === "waiting") return false;
  return outcome.state !== "confirmed" || outcome.customers.every(({ result }) => result !== "open");
}

/** Only of customers we know. */
async function putReceipts(
  setup: TaskSetup,
  sql: Sql,
  mass: Due,
  { customers, confirmedAt }: HandOverOutcome,
): Promise<number> {
  const got = new Map(
    customers.flatMap(({ externalUserid, result, at }) =>
      result === "sent" ? [[externalUserid, at ?? confirmedAt ?? mass.createdAt] as const] : [],
    ),
  );
  const known = await selectIn<{ id: number; externalUserid: string }>(
    sql,
    "SELECT id, external_userid AS externalUserid FROM customer WHERE external_userid IN",
    [...got.keys()],
  );
  const rows = known.map(({ id, externalUserid }): Param[] => [
    ...[id, dayOf(setup, got.get(externalUserid) ?? mass.createdAt), mass.ref, mass.guideId],
  ]);
  if (rows.length === 0) return 0;
  const head = `${sql.dialect.insertIgnore} INTO mass_receipt (customer_id, sent_on, ref, guide_id)`;
  return insertRows(sql, head, rows);
}
