// When nobody listened to an account: one gap at a time, ended once, and known of after a process died without a word.
import { noteStop } from "../../src/channels/archive-stops.js";
import { forgetGaps, gapsOf } from "../../src/channels/gaps.js";
import { intakeService } from "../../src/channels/intake.js";
import { messageService } from "../../src/channels/messages.js";
import { gapsAfter, sayGap } from "../../src/console/operations/gap-lines.js";
import { archived, enrol } from "../support/chats.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const zone = "Asia/Shanghai";
const nine = Date.UTC(2026, 2, 2, 1);
const minute = 60_000;

describeOnEachDatabase("gaps", (store) => {
  const lan = () => gapsOf(store(), { channel: "wechaty", account: "lan" });
  const all = () => gapsAfter(store().read, nine - minute);
  beforeEach(() => emptied(store()));

  test("begin once and end once, each account's own", async () => {
    await lan().away({ at: nine, reason: "断了" });
    await lan().away({ at: nine + minute, reason: "还是断的" });
    await gapsOf(store(), { channel: "wechaty", account: "mei" }).away({ at: nine, reason: "x".repeat(400) });
    expect(await lan().missingSince()).toBe(nine);
    await lan().back({ since: nine, at: nine + 3 * minute, recovered: 2, unheard: null });
    expect(await lan().missingSince()).toBeNull();
    const [mei, own] = (await all()).sort((a, b) => Number(a.endedAt) - Number(b.endedAt));
    expect(own).toMatchObject({
      account: "lan",
      beganAt: nine,
      endedAt: nine + 3 * minute,
      reason: "断了",
      recovered: 2,
    });
    expect(mei).toMatchObject({ account: "mei", endedAt: null, reason: "x".repeat(250) });
  });

  test("a process that died left none: the last job tells since when", async () => {
    const job = "INSERT INTO job_run (job, scheduled_at, state, started_at) VALUES ('offer', ?, 'done', ?)";
    await store().write((sql) => sql.run(job, [nine, nine + 5]));
    expect(await lan().missingSince()).toBe(nine + 5);
    await lan().back({ since: nine + 5, at: nine + minute, recovered: null, unheard: null });
    expect(await all()).toMatchObject([{ beganAt: nine + 5, endedAt: nine + minute, recovered: null }]);
  });

  test("a stop longer than the archive keeps is written down once, however many processes start together", async () => {
    const job = "INSERT INTO job_run (job, scheduled_at, state, started_at) VALUES ('offer', ?, 'done', ?)";
    await store().write((sql) => sql.run(job, [nine, nine]));
    await enrol(store(), 1, 1);
    const messages = messageService({ store: store(), zone, log: { error: () => undefined } });
    await intakeService({ store: store(), world: { now: () => nine }, messages }).intake({
      messages: [archived("m1", "g1", "c1", nine, "早")],
    });
    for (const days of [6, 7]) {
      const now = nine + days * 24 * 60 * minute;
      const noted = await Promise.all(Array.from({ length: 4 }, () => noteStop(store(), now)));
      expect(noted.filter((isLost) => isLost)).toHaveLength(days === 6 ? 1 : 0);
    }
    expect(await all()).toMatchObject([
      { channel: "archive", account: "会话存档", beganAt: nine, endedAt: nine + 24 * 60 * minute },
    ]);
  });

  test("what goes on is shown however old, what ended long ago is forgotten", async () => {
    await lan().back({ since: nine, at: nine + minute, recovered: 0, unheard: null });
    await lan().away({ at: nine + 2 * minute, reason: "断了" });
    await forgetGaps(store(), nine + 10 * minute);
    expect(await gapsAfter(store().read, nine + 60 * minute)).toMatchObject([{ beganAt: nine + 2 * minute }]);
  });
});

test.each([
  [null, null, "还没有连上；连上之前不发送，任务不会丢失"],
  [nine + minute, null, "其间的客户消息没有记录，回复率可能偏低"],
  [nine + minute, 3, "其间的客户消息已补记 3 条"],
])("ended at %s with %s recovered: %s", (endedAt, recovered, cost) => {
  const gap = { channel: "wechaty", account: "lan", beganAt: nine, endedAt, reason: "断了", recovered };
  expect(sayGap(gap, zone).cost).toBe(cost);
});
