// What goes out by the guide's approval here: words a bot sends as them.
import { type Answer, answer, unchanged } from "./answers.js";
import { timing } from "./backoff.js";
import { groupOutgoing, leaveReady, putHandOvers } from "./hand-overs.js";
import { isTerminal } from "./life.js";
import { acted, moveTasks } from "./moves.js";
import { ownTask } from "./queries.js";
import { sayOpening } from "./quiet.js";
import { quietAt } from "./quiet-hours.js";
import { channelFor, dayOf, needsApproval, type TaskSetup } from "./setup.js";
import { lacksWords, wordTask, written } from "./wording.js";

/** Approves tasks whose words then go out by themselves; for half a minute it can be taken back. */
export async function approve(
  setup: TaskSetup,
  guideId: number,
  taskIds: readonly number[],
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const taskId of new Set(taskIds)) answers.push(await approveOne(setup, guideId, taskId));
  return answers;
}

async function approveOne(setup: TaskSetup, guideId: number, taskId: number): Promise<Answer> {
  const own = await ownTask(setup.store.read, guideId, taskId);
  if (isTerminal(own.state)) return unchanged(taskId, own.state);
  const worded = await wordTask(setup, setup.store.read, own, dayOf(setup, setup.world.now()));
  const { task, touchpoint, text, attachments } = worded;
  const { send } = touchpoint.spec;
  const channel = channelFor(setup.channels, send);
  if (
    task.state === "handed_over" ||
    (task.state === "offered" && send === "mass" && !needsApproval(setup.channels, send))
  )
    return answer(setup, guideId, taskId, false, "请在企业微信的“群发助手”里确认发送。");
  if (!channel || !needsApproval(setup.channels, send))
    return answer(setup, guideId, taskId, false, "这个任务要您亲自完成，请打开任务页面。");
  if (lacksWords(worded) || text === null)
    return answer(setup, guideId, taskId, false, "这条消息缺少资料，请先补充。");
  if (task.state !== "offered") return unchanged(taskId, task.state);
  const at = setup.world.now();
  const { opens, ids: approved } = await setup.store.write(async (sql) => {
    const opens = await quietAt(setup, sql, at);
    const move = { actor: `guide:${guideId}`, at, set: acted(at) };
    const ids = await moveTasks(sql, [taskId], { from: ["offered"], to: "approved", ...move });
    // what would have gone by itself later goes now, once
    await leaveReady(sql, ids);
    const out = { words: text, attachments: written(attachments) };
    const draft = { channel: channel.name, way: "bot" as const, guideId, ...out };
    const when = { preparedOn: dayOf(setup, at), nextAt: Math.max(at + timing.takeBack, opens ?? 0) };
    const lines = ids.map(() => ({ ...draft, ...when, task }));
    await putHandOvers(sql, groupOutgoing(lines), () => setup.world.id());
    return { opens, ids };
  });
  const when = opens === null ? "半分钟后" : ` ${sayOpening(opens, at, setup.config.zone)} 后`;
  const message = approved.length > 0 ? `已确认，${when}发出；发“撤回”可以取消。` : "没有改动。";
  return answer(setup, guideId, taskId, approved.length > 0, message);
}

/** Takes back approvals whose words have not left yet: all of the guide's, or of those tasks; gives the tasks. */
export async function takeBackApprovals(
  setup: TaskSetup,
  guideId: number,
  taskIds?: readonly number[],
): Promise<Answer[]> {
  const at = setup.world.now();
  const ids = await setup.store.write(async (sql) => {
    const rows = await sql.rows<{ id: number }>(
      `SELECT t.task_id AS id FROM hand_over h JOIN hand_over_task t ON t.hand_over_id = h.id
       WHERE h.state = 'ready' AND h.way = 'bot' AND h.guide_id = ?${sql.dialect.forUpdate}`,
      [guideId],
    );
    const move = { from: ["approved"], to: "offered", actor: `guide:${guideId}`, at } as const;
    const moved = await moveTasks(
      sql,
      rows.map(({ id }) => id).filter((id) => taskIds?.includes(id) ?? true),
      { ...move, set: { acted_at: null, hand_over_id: null } },
    );
    await leaveReady(sql, moved);
    return moved;
  });
  return Promise.all(ids.map((id) => answer(setup, guideId, id, true, "已撤回。")));
}
