// Credit in the database: whatever comes first, and however often, the same stands there in the end.
import fc from "fast-check";
import { intakeService } from "../../src/channels/intake.js";
import { messageService } from "../../src/channels/messages.js";
import { markPairs } from "../../src/channels/pairs.js";
import { type ReplyService, replyService } from "../../src/tasks/replies.js";
import { archived, enrol, putDelivery, putTask, recallOf } from "../support/chats.js";
import { describeOnEachDatabase } from "../support/databases.js";

const hour = 3_600_000;
const at = Date.parse("2026-03-02T02:00:00Z");
const log = { error: () => undefined };
const windowMs = 72 * hour;

describeOnEachDatabase("credit kept in the database", (store) => {
  let replies: ReplyService;
  let intake: (messages: unknown[]) => Promise<unknown>;
  beforeAll(async () => {
    await enrol(store(), 2, 3);
    replies = replyService({ store: store(), windowMs, log });
    const onMessages = () => replies.settle();
    const messages = messageService({ store: store(), zone: "Asia/Shanghai", log, onMessages });
    intake = (some) =>
      intakeService({ store: store(), world: { now: () => at }, messages }).intake({ messages: some });
  });
  beforeEach(() => clean());

  const clean = () =>
    store().write(async (sql) => {
      for (const table of ["message", "delivery", "task", "credit_mark", "rollup_mark"])
        await sql.run(`DELETE FROM ${table}`);
    });
  const rows = <T>(sql: string) => store().read.rows<T>(sql);
  const tasks = async () =>
    (
      await rows<{ id: number; replied_at: number | null; observed: number; proven: number }>(
        "SELECT id, replied_at, observed, proven FROM task ORDER BY id",
      )
    ).map((row) => [
      Number(row.id),
      row.replied_at === null ? null : Number(row.replied_at) - at,
      row.observed,
      row.proven,
    ]);
  const credited = async () =>
    (
      await rows<{ msgid: string; task_id: number | null }>(
        "SELECT msgid, task_id FROM message ORDER BY msgid",
      )
    ).map(({ msgid, task_id }) => [msgid, task_id === null ? null : Number(task_id)]);
  const day = (task: number) => `2026-03-0${(task % 9) + 1}`;
  /** A task that was sent, with its pair's mark in the same transaction. */
  async function sent(taskId: number, after: number, words = `第${taskId}条`, guideId = 1, customerId = 1) {
    await putTask(store(), {
      id: taskId,
      guideId,
      customerId,
      state: "sent",
      day: day(taskId),
      offeredAt: at,
    });
    await putDelivery(store(), { taskId, guideId, customerId, at: at + after, on: day(taskId), words });
    await store().write((sql) => markPairs(sql, [{ guideId, customerId }]));
    await replies.settle();
  }

  test("a reply before the delivery is known, then moved by a later send that becomes known late", async () => {
    await intake([archived("m1", "c1", "g1", at + 2 * hour, "好的")]);
    expect(await credited()).toEqual([["m1", null]]);
    await sent(1, 0);
    expect(await tasks()).toEqual([[1, 2 * hour, 0, 0]]);
    await store().write((sql) => sql.run("DELETE FROM rollup_mark"));
    await sent(2, hour);
    // the chat was not heard at the first send; by the second one it still was not
    expect(await tasks()).toEqual([
      [1, null, 0, 0],
      [2, 2 * hour, 0, 0],
    ]);
    expect(await credited()).toEqual([["m1", 2]]);
    const marks = await rows("SELECT on_day, guide_id FROM rollup_mark ORDER BY on_day");
    expect(marks).toEqual([
      { on_day: day(1), guide_id: 1 },
      { on_day: day(2), guide_id: 1 },
    ]);
    expect(await rows("SELECT * FROM credit_mark")).toEqual([]);
  });

  test("a replay of everything changes nothing and marks nothing", async () => {
    const said = [
      archived("m0", "g1", "c1", at + 1_000, "第1条"),
      archived("m1", "c1", "g1", at + hour, "好的"),
    ];
    await sent(1, 0);
    await intake(said);
    expect(await tasks()).toEqual([[1, hour, 1, 1]]);
    await store().write((sql) => sql.run("DELETE FROM rollup_mark"));
    await intake(said);
    expect(await replies.recompute([{ guideId: 1, customerId: 1 }])).toBe(0);
    expect(await rows("SELECT * FROM rollup_mark")).toEqual([]);
  });

  test("another guide's chat with the same customer is another chat", async () => {
    await sent(1, 0);
    await sent(2, 0, "早", 2, 1);
    await intake([archived("m1", "c1", "g2", at + hour, "好的")]);
    expect(await tasks()).toEqual([
      [1, null, 0, 0],
      [2, hour, 0, 0],
    ]);
  });

  test("a message taken back gives its credit to the next", async () => {
    const first = archived("m1", "c1", "g1", at + hour, "好");
    await sent(1, 0);
    await intake([first, archived("m2", "c1", "g1", at + 2 * hour, "好的")]);
    expect(await tasks()).toEqual([[1, hour, 0, 0]]);
    await intake([recallOf(first, at + hour + 1)]);
    expect(await tasks()).toEqual([[1, 2 * hour, 0, 0]]);
    expect(await credited()).toEqual([
      ["m1", null],
      ["m2", 1],
    ]);
  });

  test("to a guide the customer has since left, and to one who has left us, it still answers what that guide sent", async () => {
    await sent(1, 0);
    await store().write(async (sql) => {
      await sql.run("UPDATE customer SET guide_id = 2 WHERE id = 1");
      await sql.run("INSERT INTO contact (customer_id, guide_id, ended_on) VALUES (1, 1, '2026-03-02')");
      await sql.run("UPDATE guide SET left_on = '2026-03-02' WHERE id = 1");
    });
    await intake([
      archived("m1", "c1", "g1", at + hour, "好的"),
      archived("m2", "c1", "g2", at + hour, "你好"),
    ]);
    expect(await tasks()).toEqual([[1, hour, 0, 0]]);
    expect(await credited()).toEqual([
      ["m1", 1],
      ["m2", null],
    ]);
    await store().write(async (sql) => {
      await sql.run("UPDATE customer SET guide_id = 1 WHERE id = 1");
      await sql.run("DELETE FROM contact");
      await sql.run("UPDATE guide SET left_on = NULL");
    });
  });

  test.each([
    "image",
    "voice",
    "video",
    "emotion",
    "location",
    "link",
    "weapp",
    "file",
    "card",
    "sphfeed",
    "mixed",
  ])("%s is an answer like words, and keeps its type", async (msgtype) => {
    await sent(1, 0);
    await intake([{ ...archived("m1", "c1", "g1", at + hour, ""), msgtype, text: undefined }]);
    expect(await tasks()).toEqual([[1, hour, 0, 0]]);
    expect(await rows("SELECT type, text FROM message")).toEqual([{ type: msgtype, text: null }]);
  });

  test("in a group, from the chat system, or before anything was sent it is no answer", async () => {
    await sent(1, 0);
    await intake([
      { ...archived("m1", "c1", "g1", at + hour, "好的"), roomid: "room" },
      archived("m2", "c1", "g1", at + hour, "我通过了你的联系人验证请求，现在我们可以开始聊天了"),
      archived("m3", "c1", "g1", at - hour, "在吗"),
      archived("m4", "c1", "g1", at + 73 * hour, "在吗"),
    ]);
    expect(await tasks()).toEqual([[1, null, 1, 0]]);
    expect((await credited()).map(([msgid]) => msgid)).toEqual(["m2", "m3", "m4"]);
  });

  test("what the channel has proven stays proven, and a guide's own report credits nothing", async () => {
    await sent(1, 0);
    await store().write((sql) => sql.run("UPDATE task SET proven = 1"));
    const messages = messageService({ store: store(), zone: "Asia/Shanghai", log });
    await messages.record([
      {
        msgid: "r1",
        guideUserid: "g1",
        externalUserid: "c1",
        from: "customer",
        at: at + hour,
        type: "text",
        text: "说好的",
        source: "guide_report",
      },
    ]);
    await replies.settle();
    expect(await tasks()).toEqual([[1, null, 0, 1]]);
  });

  test("marks that nobody worked off are worked off by the next", async () => {
    await sent(1, 0);
    const silent = messageService({
      store: store(),
      zone: "Asia/Shanghai",
      log,
      onMessages: () => Promise.reject(new Error("killed")),
    });
    await intakeService({ store: store(), world: { now: () => at }, messages: silent }).intake({
      messages: [archived("m1", "c1", "g1", at + hour, "好的")],
    });
    expect(await tasks()).toEqual([[1, null, 0, 0]]);
    await Promise.all([
      replies.settle(),
      replies.settle(),
      replyService({ store: store(), windowMs, log }).settle(),
    ]);
    expect(await tasks()).toEqual([[1, hour, 0, 0]]);
  });

  test("any order of arrival, alone or at once, leaves the same", async () => {
    const times = [0, 1, 2, 5, 30, 71, 73, 80];
    const happenings = [
      ...times.slice(0, 4).map((n, index) => ({ kind: "sent" as const, task: index + 1, after: n * hour })),
      ...times.map((n, index) => ({
        kind: "said" as const,
        record: archived(`m${index}`, "c1", "g1", at + n * hour + 60_000, "嗯"),
      })),
      { kind: "said" as const, record: archived("m8", "g1", "c1", at + hour + 1_000, "第2条") },
      { kind: "said" as const, record: recallOf(archived("m2", "c1", "g1", at, "嗯"), at + 3 * hour) },
    ];
    const play = async (some: readonly (typeof happenings)[number][], atOnce: boolean) => {
      const one = (what: (typeof happenings)[number]) =>
        what.kind === "sent" ? sent(what.task, what.after) : intake([what.record]);
      if (atOnce) await Promise.all(some.map(one));
      else for (const what of some) await one(what);
      const result = { tasks: await tasks(), credited: await credited() };
      await clean();
      return result;
    };
    const expected = await play(happenings, false);
    expect(expected.tasks.some(([, repliedAt]) => repliedAt !== null)).toBe(true);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(happenings, { minLength: happenings.length }),
        fc.boolean(),
        async (some, atOnce) => expect(await play(some, atOnce)).toEqual(expected),
      ),
      { numRuns: 12 },
    );
  });
});
