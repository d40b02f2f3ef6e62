// Urgent replies worked off: each becomes a task, its guide is told at once, and what the customer takes back goes again.
import { ChannelError } from "../channels/port.js";
import type { PageRenderer } from "../infra/templates-pages.js";
import { guidesOf, peopleOf } from "./facts.js";
import { shownList } from "./listing.js";
import { moveTasks } from "./moves.js";
import { takeBackOptedOut } from "./opting-out.js";
import { tasksOf } from "./rows.js";
import type { TaskSetup } from "./setup.js";
import { raiseUrgent, urgentTouchpoint } from "./urgent-raising.js";
import { changeUrgent, dueUrgent, lockUrgent, type UrgentChange, type UrgentRow } from "./urgent-rows.js";
import { urgentNote } from "./urgent-texts.js";

export interface UrgentDeps {
  setup: TaskSetup;
  cards: PageRenderer;
  /** publishes the built-in touchpoint where HQ has never had it */
  publishBuiltIn(): Promise<void>;
}

export type UrgentService = ReturnType<typeof urgentService>;

const MINUTE = 60_000;
const BATCH = 100;
/** With a platform that takes nothing from us for a while, the guide is told later, and not for ever. */
const MOST_TRIES = 30;

/** The service over one setup. Messages come by channels/messages, which writes down what is urgent as it keeps them. */
export function urgentService(deps: UrgentDeps) {
  const { setup } = deps;
  let running: Promise<number> | undefined;
  let again = false;

  async function workAll(): Promise<number> {
    let done = 0;
    try {
      for (;;) {
        again = false;
        const due = await dueUrgent(setup.store.read, setup.world.now(), BATCH);
        for (const row of due) await look(deps, row);
        done += due.length;
        if (due.length === 0 && !again) return done;
      }
    } finally {
      running = undefined;
    }
  }

  return {
    /** Works off all that is due; callers at the same time share one pass. Gives how many were looked at. */
    work(): Promise<number> {
      again = true;
      running ??= workAll();
      return running;
    },
  };
}

/** A fault of one keeps nobody else waiting: it is looked at again a minute later. */
async function look(deps: UrgentDeps, row: UrgentRow): Promise<void> {
  const { store, world, log } = deps.setup;
  try {
    if (row.state === "taken_back") return await takeBack(deps.setup, row);
    if (row.state === "new") return await raiseAndTell(deps, row);
    await tell(deps, row);
  } catch (error) {
    log.error({ urgentReply: row.id, error }, "an urgent reply waits for the next pass");
    const nextAt = world.now() + MINUTE;
    await store.write((sql) => changeUrgent(sql, row.id, row.state, { next_at: nextAt }));
  }
}

async function raiseAndTell(deps: UrgentDeps, row: UrgentRow): Promise<void> {
  const { setup } = deps;
  if (!(await urgentTouchpoint(setup.store.read))) await deps.publishBuiltIn();
  const optedOut = await raiseUrgent(setup, row.id);
  await takeBackOptedOut(setup, optedOut);
  const raised = await setup.store.write((sql) => lockUrgent(sql, row.id, "raised"));
  if (raised) await tell(deps, raised);
}

/** Tells the guide, whoever of the processes comes first; no answer: again later, and the platform drops a repeat. */
async function tell(deps: UrgentDeps, row: UrgentRow): Promise<void> {
  const { store, world } = deps.setup;
  const now = world.now();
  const mine = await store.write(async (sql) => {
    const one = await lockUrgent(sql, row.id, "raised");
    const isFree = one !== undefined && one.tries === row.tries;
    if (isFree) await changeUrgent(sql, row.id, "raised", { tries: row.tries + 1, next_at: now + MINUTE });
    return isFree;
  });
  if (!mine) return;
  const told = await tellOne(deps, row, now);
  if (told === "later" && row.tries < MOST_TRIES) return;
  const reason = told === "handled" ? "handled" : "unreachable";
  const change: UrgentChange = told === "told" ? { state: "told" } : { state: "done", reason };
  await store.write((sql) => changeUrgent(sql, row.id, "raised", change));
}

async function tellOne(
  { setup, cards }: UrgentDeps,
  row: UrgentRow,
  now: number,
): Promise<"told" | "later" | "handled" | "unreachable"> {
  const { read } = setup.store;
  const [task] = await tasksOf(read, [row.taskId ?? 0]);
  const [guide] = await guidesOf(read, [row.toldGuide ?? 0]);
  if (task?.state !== "offered" || task.guideId !== guide?.id) return "handled";
  const { customers, children } = await peopleOf(read, [task]);
  const message = await read.row<{ text: string | null }>("SELECT text FROM message WHERE msgid = ?", [
    row.msgid,
  ]);
  const shown = [...(await shownList(read, guide.id))].find(([, id]) => id === task.id);
  const { form } = (await setup.touchpoint(task.versionId, task.touchpointId)).spec;
  const text = urgentNote(cards, {
    reply: { ...row, text: message?.text ?? null },
    customer: customers.get(row.customerId)?.name ?? "",
    child: children.get(row.customerId)?.find(({ name }) => name)?.name ?? null,
    ...{ position: shown?.[0] ?? 0, outcomes: form?.outcomes ?? [], now, zone: setup.config.zone },
  });
  try {
    return (await setup.channels.tell.tellGuide(guide.userid, { kind: "text", text }))
      ? "told"
      : "unreachable";
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    setup.log.warn({ guideId: guide.id, err: error.message }, "a guide was not told of an urgent reply");
    return error.kind === "fix" ? "unreachable" : "later";
  }
}

/** The customer took the message back: its task goes, unless another message stands behind it or the guide has acted. */
async function takeBack(setup: TaskSetup, { id }: UrgentRow): Promise<void> {
  const at = setup.world.now();
  await setup.store.write(async (sql) => {
    const row = await lockUrgent(sql, id, "taken_back");
    if (!row) return;
    await changeUrgent(sql, id, "taken_back", { state: "done", reason: "taken_back" });
    if (row.taskId === null) return;
    const other = await sql.row(
      `SELECT u.id FROM urgent_reply u JOIN message m ON m.msgid = u.msgid WHERE u.task_id = ? AND m.recalled = 0 LIMIT 1`,
      [row.taskId],
    );
    if (other) return;
    await moveTasks(sql, [row.taskId], {
      ...{ from: ["planned", "held", "offered"], to: "cancelled", reason: "superseded", actor: "system", at },
      note: "客户撤回了这条消息",
    });
  });
}
