// When nobody listened to an account: one gap at a time, ended once, and known of after a process died without a word.
import { forgetGaps, gapsOf } from "../../src/channels/gaps.js";
import { gapsAfter, sayGap } from "../../src/console/gap-lines.js";
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
    await lan().back({ since: nine, at: nine + 3 * minute, recovered: 2 });
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
    await lan().back({ since: nine + 5, at: nine + minute, recovered: null });
    expect(await all()).toMatchObject([{ beganAt: nine + 5, endedAt: nine + minute, recovered: null }]);
  });

  test("what goes on is shown however old, what ended long ago is forgotten", async () => {
    await lan().back({ since: nine, at: nine + minute, recovered: 0 });
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
