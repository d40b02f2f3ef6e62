// HQ's pages of how the house runs: jobs run by hand, failed tasks made anew or closed, the chat system's health.
import type { Store } from "../../../src/infra/store.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";
import { enrolCustomer, openShop, planTask } from "../../support/task-stand.js";

const today = "2026-03-02";

describeOnEachDatabase("operations", (open) => {
  let store: Store;
  let house: DeskHouse;
  /** account:1 */
  let by: string;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    by = `account:${await house.account("hq", "hq")}`;
    await house.account("boss", "manager", { regionId: 5 });
  });
  afterEach(() => house.close());

  const audits = () =>
    store.read.rows<{ action: string; subject: string; done_by: string }>(
      "SELECT action, subject, done_by FROM audit_entry ORDER BY id",
    );

  test("every page answers, empty as the house is", async () => {
    const hq = await house.as("hq");
    for (const path of ["/operations", "/operations/tasks", "/operations/channel", "/operations/data"])
      expect([path, (await hq.get(path)).status]).toEqual([path, 200]);
    expect((await hq.get("/operations/tasks")).text).toContain("没有失败，也没有积压");
    const boss = await house.as("boss");
    for (const path of [
      "/operations",
      "/operations/tasks",
      "/operations/channel",
      "/operations/data",
      "/stop",
    ])
      expect([path, (await boss.get(path)).status]).toEqual([path, 403]);
  });

  describe("a job run by hand", () => {
    test("runs, is written down with whose it was, and is audited", async () => {
      const hq = await house.as("hq");
      await house.services.timed.board?.runNow("tidy", by).then(({ ended }) => ended);
      const answer = await hq.post("/operations/jobs/figures/run", {}, "/operations");
      expect(answer.status).toBe(303);
      const rows = await store.read.rows<{ job: string; state: string; run_by: string }>(
        "SELECT job, state, run_by FROM job_run ORDER BY job",
      );
      expect(rows.map((row) => ({ ...row }))).toEqual([
        { job: "figures", state: "done", run_by: by },
        { job: "tidy", state: "done", run_by: by },
      ]);
      expect((await audits()).map((row) => ({ ...row }))).toEqual([
        { action: "job.run", subject: "job:tidy", done_by: by },
        { action: "job.run", subject: "job:figures", done_by: by },
      ]);
      const page = await hq.get("/operations/jobs/figures");
      expect(page.text).toContain("手动");
    });

    test("is refused while one is under way, and for a name that is none", async () => {
      const now = house.world.now();
      await store.write((sql) =>
        sql.run(
          "INSERT INTO job_run (job, scheduled_at, state, started_at, beat_at) VALUES ('figures', 1, 'running', ?, ?)",
          [now - 3_600_000, now - 60_000],
        ),
      );
      const hq = await house.as("hq");
      const answer = await hq.post("/operations/jobs/figures/run", {}, "/operations");
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining("正在运行")]);
      expect((await hq.post("/operations/jobs/none/run", {}, "/operations")).status).toBe(404);
      expect((await hq.get("/operations/jobs/none")).status).toBe(404);
      // whose process died long ago is no run under way
      await store.write((sql) => sql.run("UPDATE job_run SET beat_at = ?", [now - 600_000]));
      expect((await hq.get("/operations")).text).toContain("中途断开");
      expect((await hq.post("/operations/jobs/figures/run", {}, "/operations")).status).toBe(303);
    });

    test("two clicks at once are one run", async () => {
      const { board } = house.services.timed;
      const asked = await Promise.allSettled(
        ["account:1", "account:2"].map((by) => board?.runNow("tidy", by)),
      );
      expect(asked.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      for (const one of asked) if (one.status === "fulfilled") await one.value?.ended;
      expect(await store.read.rows("SELECT job FROM job_run")).toHaveLength(1);
    });

    test("by htmx gives the row as it is then", async () => {
      const hq = await house.as("hq");
      const answer = await hq.tap("/operations/jobs/figures/run", {}, "/operations");
      expect([answer.status, answer.text]).toEqual([200, expect.stringContaining('id="job-figures"')]);
      expect((await hq.get("/operations/jobs/figures/row")).text).toContain("更新报表");
      const picture = await hq.get("/operations/jobs/figures/runs.svg");
      expect(picture.headers["content-type"]).toContain("svg");
    });
  });

  describe("failed tasks", () => {
    /** A task whose hand-over ended so. */
    async function failed(
      customer: number,
      handOver: string,
      more: { from?: string; expiresOn?: string } = {},
    ) {
      await enrolCustomer(store, customer);
      const id = await planTask(store, "personal", customer, { expiresOn: more.expiresOn ?? "2026-03-05" });
      await store.write(async (sql) => {
        const { insertedId } = await sql.run(
          `INSERT INTO hand_over (ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at,
             error) VALUES (?, 'wecom', 'mass', 1, '好', ?, 1, ?, 0, 0, ?)`,
          [`ref-${id}`, today, handOver, `WeCom add_msg_template: 40058 a parameter is wrong (hint ${id})`],
        );
        await sql.run("INSERT INTO hand_over_task (task_id, hand_over_id, customer_id) VALUES (?, ?, ?)", [
          ...[id, insertedId, customer],
        ]);
        await sql.run(
          "UPDATE task SET state = 'failed', reason = 'channel_refused', hand_over_id = ?, offered_at = 1 WHERE id = ?",
          [insertedId, id],
        );
        await sql.run(
          `INSERT INTO task_event (task_id, at, actor, from_state, to_state, reason)
           VALUES (?, 0, 'system', ?, 'failed', 'channel_refused')`,
          [id, more.from ?? "sending"],
        );
      });
      return id;
    }
    const states = async () =>
      (await store.read.rows<{ state: string }>("SELECT state FROM task ORDER BY id")).map(
        ({ state }) => state,
      );
    const group = {
      trouble: "refused",
      reason: "channel_refused",
      error: "WeCom add_msg_template: 40058 a parameter is wrong",
    };

    test("stand together by what the channel said, with examples", async () => {
      for (const customer of [11, 12]) await failed(customer, "failed");
      const hq = await house.as("hq");
      const { text } = await hq.get("/operations/tasks");
      expect(text).toContain("渠道拒绝发送：WeCom add_msg_template: 40058 a parameter is wrong");
      const query = new URLSearchParams(group);
      expect((await hq.get(`/operations/tasks/examples?${query}`)).text).toContain("客户11");
      expect((await hq.get("/operations/tasks/examples?trouble=else")).status).toBe(422);
    });

    test("are made anew where nothing was sent, and left alone where that is not sure", async () => {
      await failed(11, "failed");
      await failed(12, "stopped", { from: "handed_over" });
      await failed(13, "confirmed", { from: "handed_over" });
      await failed(14, "failed", { expiresOn: "2026-03-01" });
      const hq = await house.as("hq");
      const answer = await hq.tap("/operations/tasks/again", group, "/operations/tasks");
      expect(answer.status).toBe(200);
      expect(await states()).toEqual(["planned", "planned", "failed", "failed"]);
      const released = await store.read.rows(
        "SELECT id FROM task WHERE state = 'planned' AND released_on IS NULL AND release_on = ?",
        [today],
      );
      expect(released).toHaveLength(2);
      expect((await audits()).map((row) => ({ ...row }))).toEqual([
        { action: "task.retry", subject: "task:refused", done_by: by },
      ]);
      const events = await store.read.rows<{ actor: string; from_state: string }>(
        "SELECT actor, from_state FROM task_event WHERE to_state = 'planned'",
      );
      expect(events.map((row) => ({ ...row }))).toEqual([
        { actor: by, from_state: "failed" },
        { actor: by, from_state: "failed" },
      ]);
      // twice is as good as once
      await hq.post("/operations/tasks/again", group, "/operations/tasks");
      expect(await states()).toEqual(["planned", "planned", "failed", "failed"]);
    });

    test("with words on another way are not made anew", async () => {
      const id = await failed(11, "failed");
      await store.write(async (sql) => {
        const { insertedId } = await sql.run(
          `INSERT INTO hand_over (ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
           VALUES ('other', 'wecom', 'mass', 1, '好', ?, 1, 'unknown', 0, 0)`,
          [today],
        );
        await sql.run("INSERT INTO hand_over_task (task_id, hand_over_id, customer_id) VALUES (?, ?, 11)", [
          ...[id, insertedId],
        ]);
      });
      const hq = await house.as("hq");
      await hq.post("/operations/tasks/again", group, "/operations/tasks");
      expect(await states()).toEqual(["failed"]);
    });

    test("one alone is closed, and leaves the list with its state", async () => {
      const [first] = [await failed(11, "failed"), await failed(12, "failed")];
      const hq = await house.as("hq");
      await hq.post("/operations/tasks/close", { ...group, task: first }, "/operations/tasks");
      expect(await states()).toEqual(["failed", "failed"]);
      const { text } = await hq.get(`/operations/tasks/examples?${new URLSearchParams(group)}`);
      expect([text.includes("客户11"), text.includes("客户12")]).toEqual([false, true]);
    });

    test("what nobody can follow up is closed for good; what is being looked for cannot be", async () => {
      await enrolCustomer(store, 11);
      await planTask(store, "page", 11, { state: "held" });
      await store.write((sql) => sql.run("UPDATE task SET reason = 'no_guide'"));
      const hq = await house.as("hq");
      expect((await hq.get("/operations/tasks")).text).toContain("没有导购可以跟进");
      await hq.post("/operations/tasks/close", { trouble: "held", reason: "no_guide" }, "/operations/tasks");
      expect(await states()).toEqual(["skipped"]);
      const refused = await hq.post("/operations/tasks/close", { trouble: "unknown" }, "/operations/tasks");
      expect(refused.status).toBe(409);
    });
  });

  test("the channel's page tells of calls, queues and gaps", async () => {
    const now = house.world.now();
    await store.write(async (sql) => {
      await sql.run(
        `INSERT INTO channel_call (channel, api, hour_at, calls, failed, done_at, failed_at, error)
         VALUES ('notebook', 'message/send', ?, 40, 10, ?, ?, 'WeCom message/send: 60020')`,
        [now - (now % 3_600_000), now - 120_000, now - 60_000],
      );
      await sql.run(
        "INSERT INTO callback (digest, channel, body, received_at, state) VALUES ('d', 'notebook', '', ?, 'stored')",
        [now - 700_000],
      );
    });
    const { text } = await (await house.as("hq")).get("/operations/channel");
    expect(text).toContain("25.0%");
    expect(text).toContain("WeCom message/send: 60020");
    expect(text).toContain("最早的 11 分钟前收到");
  });
});
