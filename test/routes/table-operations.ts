// The routes of overview, operations, one-off tasks, the stop switch and the manager's view.
import { jobBoard } from "../../src/schedule/board.js";
import { jobsOf } from "../../src/schedule/jobs.js";
import type { Place, RouteStage } from "./stage.js";
import type { RouteLine } from "./table.js";

const HQ = ["hq"] as const;
const MANAGERS = ["manager", "store_manager"] as const;
const FORM = { name: "Visit", until: "2026-03-12", send: "hand" };

/** The timed jobs, to be run by hand. */
function withJobs({ services, store }: RouteStage, path: string) {
  const { world, log, config } = services;
  services.timed.board ??= jobBoard({ store, world, log, zone: config.zone }, jobsOf(services));
  return { path };
}

/** A task of who asks that nobody can follow up any more. */
async function heldTask({ store }: RouteStage, { firstTask: task }: Place) {
  await store.write((sql) =>
    sql.run("UPDATE task SET state = 'held', reason = 'no_guide' WHERE id = ?", [task]),
  );
  return { trouble: "held", reason: "no_guide", task };
}

/** One whose words the channel surely refused. */
async function refusedTask({ store, fresh }: RouteStage, { firstTask: task, guide }: Place) {
  await store.write(async (sql) => {
    const { insertedId } = await sql.run(
      `INSERT INTO hand_over (ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
       VALUES (?, 'wecom', 'mass', ?, 'good', '2026-03-09', 1, 'failed', 0, 0)`,
      [`refused-${fresh()}`, guide],
    );
    await sql.run(
      `UPDATE task SET state = 'failed', reason = 'channel_refused', hand_over_id = ?, acted_at = NULL WHERE id = ?`,
      [insertedId, task],
    );
    await sql.run(
      `INSERT INTO task_event (task_id, at, actor, from_state, to_state, reason)
       VALUES (?, 0, 'system', 'sending', 'failed', 'channel_refused')`,
      [task],
    );
  });
  return { trouble: "refused", reason: "channel_refused", task };
}

async function oneoff(stage: RouteStage, verb = "") {
  const key = `visit${stage.fresh()}`;
  await stage.services.oneoffs.create(await stage.services.readOneoffData({ ...FORM, key }), "system");
  return { path: `/oneoffs/${key}${verb}` };
}

export const operationsLines: RouteLine[] = [
  { route: "GET /overview", may: HQ },

  {
    ...{ route: "GET /operations/jobs/:name", may: HQ },
    ask: (stage) => withJobs(stage, "/operations/jobs/figures"),
  },
  {
    ...{ route: "GET /operations/jobs/:name/row", may: HQ },
    ask: (stage) => withJobs(stage, "/operations/jobs/figures/row"),
  },
  {
    ...{ route: "GET /operations/jobs/:name/runs.svg", may: HQ },
    ask: (stage) => withJobs(stage, "/operations/jobs/figures/runs.svg"),
  },
  {
    ...{ route: "POST /operations/jobs/:name/run", may: HQ, leaves: "audit" },
    ask: (stage) => withJobs(stage, "/operations/jobs/figures/run"),
  },
  { route: "GET /operations/tasks", may: HQ },
  {
    ...{ route: "GET /operations/tasks/examples", may: HQ },
    ask: () => ({ path: "/operations/tasks/examples", query: { trouble: "held", reason: "no_guide" } }),
  },
  {
    ...{ route: "POST /operations/tasks/again", may: HQ, leaves: "audit" },
    ask: async (stage, place) => ({ path: "/operations/tasks/again", body: await refusedTask(stage, place) }),
  },
  {
    ...{ route: "POST /operations/tasks/close", may: HQ, leaves: "audit" },
    ask: async (stage, place) => ({ path: "/operations/tasks/close", body: await heldTask(stage, place) }),
  },
  { route: "GET /operations/channel", may: HQ },
  { route: "GET /operations/data", may: HQ },

  { route: "GET /oneoffs", may: HQ },
  { route: "GET /oneoffs/new", may: HQ },
  { ...{ route: "GET /oneoffs/:key", may: HQ }, ask: (stage) => oneoff(stage) },
  {
    ...{ route: "POST /oneoffs", may: HQ, leaves: "audit" },
    ask: (stage) => ({ path: "/oneoffs", body: { ...FORM, key: `made${stage.fresh()}` } }),
  },
  { route: "POST /oneoffs/audience", may: HQ, leaves: "nothing: it only counts" },
  {
    ...{ route: "POST /oneoffs/:key/close", may: HQ, leaves: "audit" },
    ask: (stage) => oneoff(stage, "/close"),
  },

  {
    ...{ route: "GET /team", may: MANAGERS, scoped: true },
    ask: (_stage, { store }) => ({ path: "/team", query: { in: `store:${store}` } }),
  },
  {
    ...{ route: "POST /team/urge", may: MANAGERS, scoped: true, leaves: "audit" },
    ask: async ({ store }, { store: at }) => {
      await store.write((sql) => sql.run("DELETE FROM guide_urge"));
      return { path: "/team/urge", body: { in: `store:${at}` } };
    },
  },
  {
    ...{ route: "POST /team/picture", may: MANAGERS, ok: [303, 409] },
    leaves: "nothing: figures that stand already, shown to who asks",
  },

  { route: "GET /stop", may: HQ },
  { route: "GET /stop/report", may: HQ },
  {
    ...{ route: "POST /stop", may: HQ, leaves: "audit" },
    ask: async ({ services }) => {
      await services.resume("system");
      return { path: "/stop", body: { reason: "演练" } };
    },
  },
  {
    ...{ route: "POST /stop/resume", may: HQ, leaves: "audit" },
    ask: async ({ services }) => {
      await services.stopEverything("system");
      return { path: "/stop/resume" };
    },
  },
];
