// Every figure opened: as many lines as it says, whichever measure, level, touchpoint, way or step; nobody past their reach.
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld } from "../../src/kernel/world.js";
import { type DrillAsk, type DrillOf, MEASURE_NAMES, type Measure } from "../../src/reports/drill/drill.js";
import { drill, drillAll } from "../../src/reports/drill/drill-service.js";
import type { ArmPart } from "../../src/reports/experiments/arm-sql.js";
import { countVariants } from "../../src/reports/experiments/queries.js";
import { upliftOf } from "../../src/reports/experiments/uplift.js";
import { funnel } from "../../src/reports/funnel/funnel-service.js";
import { STAGES } from "../../src/reports/funnel/stages.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import type { ReportBy, ReportNode } from "../../src/reports/report.js";
import { reportService } from "../../src/reports/service.js";
import { openTasks } from "../../src/reports/standing.js";
import { touchpointsOfWay } from "../../src/reports/ways.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { FROM, makePlayed, TO } from "./brand.js";
import { at, zone } from "./support.js";

const viewer = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, name: "测试", guideId: null, storeId: null, regionId: null },
  ...ids,
  role,
});
const hq = viewer("hq");
const span = { from: FROM, to: "2026-03-22" };
// what is open is a state of now: no row of a report shows it
const measures = (Object.keys(MEASURE_NAMES) as Measure[]).filter((measure) => measure !== "open");

describeOnEachDatabase("a figure opened", (store) => {
  beforeAll(async () => {
    await makePlayed(store(), 480);
    await refreshMarked({ store: store(), zone });
  });
  const parts = () => ({ store: store(), zone });
  const reports = () =>
    reportService({ store: store(), world: movableWorld(at("2026-03-20", "12:00")), replyWindowHours: 72 });
  const open = async (of: DrillOf, more: Partial<DrillAsk> = {}, who = hq) => {
    const ask = { ...span, of, ...more };
    const { total } = await drill(parts(), who, { ...ask, limit: 1 });
    const lines = [];
    for await (const line of drillAll(parts(), who, ask, 100_000)) lines.push(line);
    return { total, lines };
  };
  const measureOf = (measure: Measure) => ({ kind: "measure", measure }) as const;

  test.each(measures)("%s counts as many lines as each cell of each level says", async (measure) => {
    let sum = 0;
    for (const by of ["region", "area", "store", "guide"] as const) {
      const { rows } = await reports().report(hq, { ...span, by });
      for (const row of rows) {
        const within = { kind: row.kind, id: row.id } as ReportNode;
        const { total, lines } = await open(measureOf(measure), { within });
        expect([by, row.name, total, lines.length]).toEqual([by, row.name, row[measure], row[measure]]);
        sum += total;
      }
    }
    expect(sum).toBeGreaterThan(0);
  });

  test.each(measures)("%s: so do the whole, each day, and each page of it once", async (measure) => {
    const { total } = await reports().report(hq, { ...span, by: "region" });
    const all = await open(measureOf(measure));
    expect([all.total, all.lines.length]).toEqual([total[measure], total[measure]]);
    const { rows } = await reports().report(hq, { ...span, by: "day" });
    for (const row of rows) {
      const day = await open(measureOf(measure), { from: row.name, to: row.name });
      expect([row.name, day.lines.length]).toEqual([row.name, row[measure]]);
    }
    const paged = [];
    for (let after: string | undefined; ; ) {
      const page = await drill(parts(), hq, {
        ...{ ...span, of: measureOf(measure), limit: 7 },
        ...(after && { after }),
      });
      paged.push(...page.lines);
      if (!page.next) break;
      after = page.next;
    }
    const key = (line: { id: number; day: string }) => `${line.id} ${line.day}`;
    expect(new Set(paged.map(key)).size).toBe(paged.length);
    expect(paged.map(key)).toEqual(all.lines.map(key));
  });

  const counted = measures.filter((measure) => measure !== "messages");
  test.each(counted)("%s by touchpoint, variant and way", async (measure) => {
    const by = async (of: ReportBy) => (await reports().report(hq, { ...span, by: of })).rows;
    for (const row of await by("touchpoint"))
      expect((await open(measureOf(measure), { touchpoints: [row.id ?? 0] })).lines).toHaveLength(
        row[measure],
      );
    for (const row of await by("variant")) {
      const [touchpoint, variant] = row.key.slice("variant:".length).split("/").map(Number);
      const found = await open(measureOf(measure), { touchpoints: [touchpoint ?? 0], variant: variant ?? 0 });
      expect(found.lines).toHaveLength(row[measure]);
    }
    for (const row of await by("way")) {
      const touchpoints = await touchpointsOfWay(store().read, row.key.slice("way:".length) as "mass");
      expect((await open(measureOf(measure), { touchpoints })).lines).toHaveLength(row[measure]);
    }
  });

  test("what is open is as many as the home page says, for each who looks", async () => {
    let sum = 0;
    for (const who of [hq, viewer("manager", { regionId: 1 }), viewer("store_manager", { storeId: 1 })]) {
      const { total, lines } = await open({ kind: "measure", measure: "open" }, {}, who);
      expect([total, lines.length]).toEqual(Array(2).fill(await openTasks(store().read, who, span)));
      expect(lines.filter(({ state }) => state === "sent" || state === "expired")).toEqual([]);
      sum += total;
    }
    expect(sum).toBeGreaterThan(0);
  });

  test("every step and leak of the funnel, at every level", async () => {
    const places: (ReportNode | undefined)[] = [
      undefined,
      { kind: "region", id: 1 },
      { kind: "region", id: 3 },
      { kind: "store", id: 1 },
      { kind: "guide", id: 2 },
    ];
    let leaks = 0;
    for (const within of places) {
      const { steps } = await funnel(store(), hq, { ...span, ...(within && { within }) });
      for (const step of steps) {
        const found = await open({ kind: "stage", stage: step.stage }, { ...(within && { within }) });
        expect([within, step.key, found.total, found.lines.length]).toEqual([
          ...[within, step.key, step.tasks, step.tasks],
        ]);
        for (const { why, tasks } of step.leaks) {
          const leaked = await open({ kind: "stage", stage: step.stage, why }, { ...(within && { within }) });
          expect([why, leaked.lines.length]).toEqual([why, tasks]);
          leaks++;
        }
      }
    }
    expect(leaks).toBeGreaterThan(30);
  });

  test("the funnel adds up: what reached a step and did not leak reached the next", async () => {
    const { steps, provisional } = await funnel(store(), hq, span);
    expect(steps.map(({ key }) => key)).toEqual(STAGES.map(({ key }) => key));
    for (const [index, step] of steps.entries()) {
      const lost = step.leaks.reduce((sum, { tasks }) => sum + tasks, 0);
      if (index < steps.length - 1) expect(step.tasks - lost).toBe(steps[index + 1]?.tasks);
    }
    expect(provisional).toBe(true);
    const { total } = await reports().report(hq, { ...span, by: "region" });
    const of = (key: string) => steps.find((step) => step.key === key)?.tasks;
    expect([of("delivered"), of("replied")]).toEqual([total.delivered, total.replied]);
    const inside = await funnel(store(), viewer("manager", { regionId: 1 }), span);
    const other = await funnel(store(), hq, { ...span, within: { kind: "region", id: 2 } });
    // nobody's tasks stand in no region
    expect((inside.steps[0]?.tasks ?? 0) + (other.steps[0]?.tasks ?? 0) + 3).toBe(steps[0]?.tasks);
  });

  const arm = (part: ArmPart) => ({ kind: "arm", part }) as const;
  test.each(["assigned", "sent", "replied"] as const)("%s of each arm, by the due days", async (part) => {
    const variants = ["a", "b"].map((key) => ({ key, share: 50 }));
    const days = { from: FROM, until: "2026-03-13" };
    let sum = 0;
    for (const { key, variant, ...counts } of await countVariants(store().read, 1, variants, days)) {
      const more = { to: "2026-03-12", touchpoints: [1], variant: variant ?? 0 };
      const { total, lines } = await open(arm(part), more);
      expect([key, total, lines.length]).toEqual([key, counts[part], counts[part]]);
      expect(lines.every(({ touchpointId, dueOn }) => touchpointId === 1 && (dueOn ?? "") < days.until)).toBe(
        true,
      );
      sum += total;
    }
    expect(sum).toBeGreaterThan(0);
  });

  test("what an uplift compares: all that was drawn, and all held out, each once over the pages", async () => {
    const place = { touchpointId: 1, key: "", name: "" };
    const { assigned, held_out } = await upliftOf(store().read, place, span, "2026-05-01");
    for (const [part, n] of [
      ["drawn", assigned.occurrences],
      ["held", held_out.occurrences],
    ] as const) {
      expect(n).toBeGreaterThan(5);
      const ids: number[] = [];
      for (let after: string | undefined; ; ) {
        const ask = { ...span, of: arm(part), touchpoints: [1], limit: 4, ...(after && { after }) };
        const page = await drill(parts(), hq, ask);
        expect(page.total).toBe(n);
        ids.push(...page.lines.map(({ id }) => id));
        if (!page.next) break;
        after = page.next;
      }
      expect([part, ids.length, new Set(ids).size]).toEqual([part, n, n]);
    }
  });

  test("an experiment is the whole brand's, and a touchpoint's", async () => {
    const manager = viewer("manager", { regionId: 1 });
    const more = { touchpoints: [1] };
    await expect(open(arm("held"), more, manager)).rejects.toMatchObject({ kind: "not_found" });
    const within = { kind: "region", id: 1 } as const;
    await expect(open(arm("held"), { ...more, within })).rejects.toMatchObject({ kind: "not_found" });
    await expect(open(arm("held"))).rejects.toMatchObject({ kind: "invalid" });
  });

  test("a guide who came from elsewhere brings none of its tasks along", async () => {
    const elsewhere = viewer("manager", { regionId: 2 });
    const move = (to: number) =>
      store().write((sql) => sql.run("UPDATE guide SET store_id = ? WHERE id = 1", [to]));
    const [home] = await store().read.rows<{ id: number }>("SELECT store_id AS id FROM guide WHERE id = 1");
    const [there] = await store().read.rows<{ id: number }>("SELECT store_id AS id FROM guide WHERE id = 6");
    const within = { kind: "guide", id: 1 } as const;
    const stage = { kind: "stage", stage: 1 } as const;
    expect((await open(measureOf("issued"), { within })).total).toBeGreaterThan(0);
    await move(there?.id ?? 0);
    for (const what of [measureOf("issued"), stage])
      expect(await open(what, { within }, elsewhere)).toEqual({ total: 0, lines: [] });
    expect((await open(measureOf("issued"), { within })).total).toBeGreaterThan(0);
    await move(home?.id ?? 0);
  });

  test("nobody opens past their reach, and customers who are others' now are not named", async () => {
    const manager = viewer("manager", { regionId: 1 });
    const of = measureOf("issued");
    await expect(open(of, { within: { kind: "region", id: 2 } }, manager)).rejects.toMatchObject({
      kind: "not_found",
    });
    const keeper = viewer("store_manager", { storeId: 1 });
    await expect(open(of, { within: { kind: "guide", id: 6 } }, keeper)).rejects.toMatchObject({
      kind: "not_found",
    });
    const { lines } = await open(of, {}, manager);
    const regions = new Set(lines.map(({ region }) => region));
    expect([...regions].sort()).toEqual([3, 4]);
    const masked = lines.filter(({ customer }) => customer.endsWith("**"));
    expect(masked.length).toBeGreaterThan(0);
    expect(lines.some(({ customer }) => /^客户\d+$/.test(customer))).toBe(true);
    const whole = await open(of);
    expect(whole.lines.every(({ customer }) => !customer.includes("*"))).toBe(true);
    await expect(drill(parts(), hq, { ...span, of, limit: 5, after: "x" })).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  test("a rebuild yields the very same funnel, and wipes what has no source", async () => {
    const tables = () =>
      Promise.all(
        ["rollup_funnel_guide", "rollup_funnel_region"].map((table) =>
          store().read.rows(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4, 5`),
        ),
      );
    const before = await tables();
    expect(before[0]?.length).toBeGreaterThan(50);
    await store().write(async (sql) => {
      await sql.run("UPDATE rollup_funnel_guide SET tasks = tasks + 3");
      await sql.run("DELETE FROM rollup_funnel_region WHERE region_id = 1");
      await sql.run(
        "INSERT INTO rollup_funnel_region (region_id, on_day, stage, why, tasks) VALUES (5, '2026-01-20', 1, '', 9)",
      );
      await sql.run(
        `INSERT INTO rollup_funnel_guide (on_day, region_id, store_id, guide_id, stage, why, tasks)
         VALUES ('2026-01-21', 5, 9, 77, 1, '', 9)`,
      );
    });
    expect(await tables()).not.toEqual(before);
    await rebuild({ store: store(), zone });
    expect(await tables()).toEqual(before);
    expect(TO < span.to).toBe(true);
  });
});
