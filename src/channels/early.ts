// Early messages: told before their customer is known. They wait, and join the log as soon as the customer is there.
import { chunked, insertRows } from "../infra/batches.js";
import { marks } from "../infra/dialect.js";
import type { Store } from "../infra/store.js";
import { LONGEST_TEXT, type LoggedMessage, typeWord } from "./message-rows.js";

/** A message of a guide of ours and somebody who is not known yet. */
export interface EarlyMessage extends Omit<LoggedMessage, "customerId"> {
  externalUserid: string;
}

type Waiting = Omit<LoggedMessage, "recalled"> & { id: number; recalled: number };

const CHUNK = 500;

export interface EarlyDeps {
  store: Store;
  /** takes messages into the log, once each */
  keep(messages: readonly LoggedMessage[]): Promise<unknown>;
  /** those of these external ids who were erased: nothing of theirs is kept */
  erased: (externalUserids: readonly string[]) => Promise<ReadonlySet<string>>;
}

/** Where early messages wait. Waiting twice is waiting once. */
export function earlyMessages({ store, keep, erased }: EarlyDeps) {
  /** Takes in what waited for customers who are known by now: these alone, by external id, or whoever it is. Gives how
   *  many. Who dies between leaves them to be kept again, which changes nothing. */
  async function takeIn(of?: readonly string[]): Promise<number> {
    let taken = 0;
    for (const ids of of ? chunked([...new Set(of)], CHUNK) : [undefined])
      for (;;) {
        // read anew each time: who is merged or erased meanwhile must not get what was theirs before
        const some = await knownByNow(store, ids);
        if (some.length === 0) break;
        await keep(some.map(({ id: _id, ...message }) => ({ ...message, recalled: message.recalled === 1 })));
        const gone = some.map(({ id }) => id);
        await store.write((sql) =>
          sql.run(`DELETE FROM early_message WHERE id IN (${marks(gone.length)})`, gone),
        );
        taken += some.length;
      }
    return taken;
  }

  return {
    takeIn,

    /** Lets messages wait from `now` on, epoch ms; those of people who were erased are given back. Whoever became
     *  known in the meantime has theirs taken in at once. */
    async wait(messages: readonly EarlyMessage[], now: number) {
      if (messages.length === 0) return { waiting: 0, turnedAway: [] };
      const of = messages.map(({ externalUserid }) => externalUserid);
      const gone = await erased(of);
      const waiting = messages.filter(({ externalUserid }) => !gone.has(externalUserid));
      await write(store, waiting, now);
      await takeIn(of);
      const turnedAway = messages.filter(({ externalUserid }) => gone.has(externalUserid));
      return { waiting: waiting.length, turnedAway };
    },

    /** Forgets what has waited in vain since before an instant. */
    async forgetWaiting(before: number): Promise<void> {
      await store.write((sql) => sql.run("DELETE FROM early_message WHERE kept_at < ?", [before]));
    },
  };
}

async function write(store: Store, messages: readonly EarlyMessage[], now: number): Promise<void> {
  const inOrder = [...messages].sort((a, b) => (a.msgid < b.msgid ? -1 : 1));
  for (const some of chunked(inOrder, CHUNK))
    await store.write((sql) =>
      insertRows(
        sql,
        `${sql.dialect.insertIgnore} INTO early_message
           (msgid, guide_id, external_userid, sender, sent_at, type, text, source, recalled, kept_at)`,
        some.map((one) => [
          ...[one.msgid, one.guideId, one.externalUserid, one.sender, one.at, typeWord(one.type)],
          ...[one.text?.slice(0, LONGEST_TEXT) ?? null, one.source, one.recalled ? 1 : 0, now],
        ]),
      ),
    );
}

/** Some of those whose customers are known, the oldest first. */
async function knownByNow(store: Store, of: readonly string[] | undefined): Promise<Waiting[]> {
  const whose = of ? ` AND e.external_userid IN (${marks(of.length) || "NULL"})` : "";
  const rows = await store.read.rows<Waiting>(
    `SELECT e.id, e.msgid, e.guide_id AS guideId, COALESCE(c.merged_into, c.id) AS customerId, e.sender,
       e.sent_at AS at, e.type, e.text, e.source, e.recalled
     FROM early_message e JOIN customer c ON c.external_userid = e.external_userid
     WHERE e.id > 0${whose} ORDER BY e.id LIMIT ${CHUNK}`,
    of,
  );
  return rows.map((row) => ({ ...row, id: Number(row.id), at: Number(row.at) }));
}
