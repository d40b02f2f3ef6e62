// One customer at the desk: a change looked at before it is made, made, and followed up in the chat system.
import { ownRow } from "../customers/card.js";
import { nobody } from "../customers/desk.js";
import { isInSight } from "../customers/sight.js";
import { subjectOf } from "../customers/subjects.js";
import { recordChange } from "../identity/audit.js";
import type { Viewer } from "../identity/viewer.js";
import type { Sql } from "../infra/store.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import type { ShopDay } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import { type CustomerAct, type Written, writeAct } from "./customer-acts.js";
import type { CustomerChanges } from "./customer-changes.js";
import { tasksOfCustomer } from "./customer-tasks.js";
import { findCustomer } from "./explain/customer.js";
import { entriesOf } from "./explain/entries.js";
import { planMarksOf } from "./marks.js";
import { takeBackOptedOut } from "./opting-out.js";
import { prepareAnew } from "./preparing.js";
import { later } from "./recheck.js";
import { recheckTasks, takeBackTasks } from "./rechecking.js";
import { tasksOf } from "./rows.js";
import { dayOf, type TaskSetup } from "./setup.js";
import { changesBetween, isToCome, type TimelineChanges } from "./timeline-changes.js";

/** What a change came to, or would come to. */
export interface ActOutcome {
  changes: TimelineChanges;
  /** follow-ups to come whose words speak of the child under another name now */
  renamed: number;
  /** that wait for a guide's tap in the chat system: those that no longer fit are taken back */
  waiting: number;
}

export interface CustomerDeskParts {
  setup: TaskSetup;
  changes: Pick<CustomerChanges, "erase">;
}

export type CustomerDeskWork = ReturnType<typeof customerDeskWork>;

/** The changes over one setup. All of them keep to the viewer's sight: everybody else is `not_found`. */
export function customerDeskWork({ setup, changes }: CustomerDeskParts) {
  return {
    /** What a change would come to: it is made, looked at and taken back. Raises what `act` would. */
    preview: async (viewer: Viewer, id: number, act: CustomerAct): Promise<ActOutcome> => {
      // the list of claims may have to be written first: inside of the transaction it would wait for its end
      await setup.claims.fresh?.();
      try {
        await setup.store.write(async (sql) => {
          throw new TakenBack((await change(setup, sql, viewer, id, act)).outcome);
        });
      } catch (error) {
        if (error instanceof TakenBack) return error.outcome;
        throw error;
      }
      throw new Error("a preview was kept");
    },

    /** Makes a change with all that follows from it. */
    act: async (viewer: Viewer, id: number, act: CustomerAct): Promise<ActOutcome> => {
      await setup.claims.fresh?.();
      const made = await setup.store.write((sql) => change(setup, sql, viewer, id, act));
      await followUp(setup, id, act, made.recall, `account:${viewer.accountId}`);
      return made.outcome;
    },

    /** Takes everything personal off a customer. `typed`: their name, to show that this one is meant; of one without a
     *  name the id. Raises `invalid` when it is another's. */
    erase: async (viewer: Viewer, id: number, typed: string): Promise<{ ended: number }> => {
      const row = await ownRow(setup.store.read, id);
      if (!row || row.mergedInto || !(await isInSight(setup.store.read, viewer, row))) throw nobody();
      const wanted = row.name || row.externalUserid;
      if (typed.trim() !== wanted.trim())
        throw new Refusal("invalid", "输入的和这位客户的姓名不一样，没有删除。", [
          { where: "姓名", value: typed, expected: wanted },
        ]);
      return changes.erase({ customer: row.externalUserid, by: `account:${viewer.accountId}` });
    },
  };
}

/** Carries the outcome out of a transaction that must leave nothing behind. */
class TakenBack extends Error {
  constructor(readonly outcome: ActOutcome) {
    super("taken back");
  }
}

async function change(
  setup: TaskSetup,
  sql: Sql,
  viewer: Viewer,
  id: number,
  act: CustomerAct,
): Promise<{ outcome: ActOutcome; recall: number[] }> {
  const at = setup.world.now();
  const today = dayOf(setup, at);
  // whoever changes the same customer waits
  await sql.row(`SELECT id FROM customer WHERE id = ?${sql.dialect.forUpdate}`, [id]);
  const row = await ownRow(sql, id);
  if (!row || row.mergedInto || !(await isInSight(sql, viewer, row))) throw nobody();
  const { externalUserid } = row;
  const before = await entriesOf(sql, await findCustomer(sql, externalUserid), today);
  const last = await sql.row<{ id: number | null }>("SELECT MAX(id) AS id FROM anchor_mark");
  const by = `account:${viewer.accountId}`;
  const written = await writeAct({ setup, sql, today, at, by }, row, act);
  const run = { store: setup.store, today, at, basis: await audienceBasis(sql) };
  await planMarksOf(sql, run, id, Number(last?.id ?? 0));
  const after = await entriesOf(sql, await findCustomer(sql, externalUserid), today);
  const changes = changesBetween(before, after);
  const coming = after.filter(isToCome);
  const isRenamed = act.act === "correct" && act.field === "child.name";
  const outcome = {
    changes,
    renamed: isRenamed ? coming.filter(({ childNo }) => childNo === act.childNo).length : 0,
    waiting: coming.filter(({ state }) => state === "handed_over").length,
  };
  await recordChange(sql, { at, by, subject: subjectOf(id), ...recorded(written, changes) });
  return { outcome, recall: written.recall };
}

function recorded({ action, before, after }: Written, { moved, dropped, added }: TimelineChanges) {
  return { action, before, after: { ...after, shifted: moved, dropped, added } };
}

/** What no transaction can do: words that waited for the fact are made, what waits in the chat system is looked at. */
async function followUp(
  setup: TaskSetup,
  customerId: number,
  act: CustomerAct,
  recall: readonly number[],
  actor: string,
): Promise<void> {
  await takeBackOptedOut(setup, recall);
  const { read } = setup.store;
  const today: ShopDay = dayOf(setup, setup.world.now());
  const all = (await tasksOfCustomer(read, customerId, today)).map(({ id }) => id);
  const tasks = await tasksOf(read, all);
  const renamed = act.act === "correct" && act.field === "child.name" ? act.childNo : null;
  const speaking = tasks.filter(({ childNo }) => renamed !== null && [0, renamed].includes(childNo));
  // words under a wrong name shall not be one tap away
  const tomorrow = ({ expiresOn }: { expiresOn: ShopDay }) => ({ ...later(expiresOn, today), reason: null });
  await takeBackTasks(setup, idsOf(speaking), tomorrow);
  await recheckTasks(setup, all);
  const waiting = tasks.filter(({ state }) => state === "needs_data");
  const offered = speaking.filter(({ state }) => state === "offered" || state === "sending");
  await prepareAnew(setup, idsOf([...waiting, ...offered]), { actor });
}

const idsOf = (tasks: readonly { id: number }[]) => tasks.map(({ id }) => id);
