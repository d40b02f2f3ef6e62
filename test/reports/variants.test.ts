// Figures by the variants of a touchpoint's words; the touchpoint's own row is their sum.
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld } from "../../src/kernel/world.js";
import { refreshMarked } from "../../src/reports/refresh.js";
import { reportService } from "../../src/reports/service.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at, makeOrg, makeTask, zone } from "./support.js";

describeOnEachDatabase("figures by variant", (store) => {
  const hq: Viewer = {
    ...{ accountId: 1, name: "测试", role: "hq", guideId: null, storeId: null, regionId: null },
  };
  const ask = async (by: "variant" | "touchpoint") => {
    const world = movableWorld(at("2026-03-20", "12:00"));
    const reports = reportService({ store: store(), world, replyWindowHours: 72 });
    const { rows, total } = await reports.report(hq, { from: "2026-03-01", to: "2026-03-31", by });
    return { total, rows: rows.map(({ key, name, delivered, replied }) => [key, name, delivered, replied]) };
  };

  test("apart and together", async () => {
    await makeOrg(store());
    await store().write((sql) =>
      sql.run(
        "INSERT INTO touchpoint_variant (touchpoint_id, number, variant_key) VALUES (1, 1, 'plain'), (1, 2, 'warm')",
      ),
    );
    const sent = {
      state: "sent",
      observed: 1,
      sent_at: at("2026-03-02", "10:00"),
      acted_at: at("2026-03-02", "10:00"),
    };
    await makeTask(store(), { ...sent });
    await makeTask(store(), { ...sent, variant: 1, replied_at: at("2026-03-02", "11:00") });
    await makeTask(store(), { ...sent, variant: 1, guide_id: 3 });
    await makeTask(store(), { ...sent, variant: 2, guide_id: 5 });
    await makeTask(store(), { ...sent, touchpoint_id: 2 });
    await refreshMarked({ store: store(), zone });
    const byVariant = await ask("variant");
    expect(byVariant.rows).toEqual([
      ["variant:1/0", "触点1 · 实验之外", 1, 0],
      ["variant:1/1", "触点1 · plain", 2, 1],
      ["variant:1/2", "触点1 · warm", 1, 0],
    ]);
    expect((await ask("touchpoint")).rows).toEqual([
      ["touchpoint:1", "触点1", 4, 1],
      ["touchpoint:2", "触点2", 1, 0],
    ]);
    expect(byVariant.total).toMatchObject({ delivered: 5, replied: 1 });
  });
});
