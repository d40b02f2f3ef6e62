// What became of words by their way: each count as its meaning says, by every level, the same after a rebuild.
import type { Viewer } from "../../src/identity/viewer.js";
import { movableWorld } from "../../src/kernel/world.js";
import { rebuild, refreshMarked } from "../../src/reports/refresh.js";
import { reportService } from "../../src/reports/service.js";
import { waysText } from "../../src/reports/text.js";
import { noteLimits } from "../../src/tasks/receipts.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { at, makeOrg, makeTask, zone } from "./support.js";

const hq: Viewer = { accountId: 1, name: "", guideId: null, storeId: null, regionId: null, role: "hq" };
const march = { from: "2026-03-01", to: "2026-03-31" };
const acted = { acted_at: at("2026-03-02", "10:00") };
const sent = { state: "sent", ...acted, sent_at: at("2026-03-02", "10:01") };

describeOnEachDatabase("ways", (store) => {
  const report = (by: "way" | "store" | "day") =>
    reportService({
      ...{ store: store(), replyWindowHours: 72 },
      world: movableWorld(at("2026-03-20", "12:00")),
    }).report(hq, { ...march, by });
  const counts = async (by: "way" | "store" | "day") =>
    (await report(by)).rows.map(({ key, tapped, confirmed, delivered, proven, capped, notFriend, late }) => [
      ...[key, tapped, confirmed, delivered, proven, capped, notFriend, late],
    ]);

  beforeAll(async () => {
    await makeOrg(store());
    await store().write(async (sql) => {
      for (const [id, send] of [
        [1, "mass"],
        [2, "page"],
      ] as const)
        await sql.run("UPDATE touchpoint_version SET spec = ? WHERE touchpoint_id = ?", [
          ...[JSON.stringify({ send }), id],
        ]);
      await sql.run(
        `INSERT INTO hand_over (id, ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at,
           tries, looks) VALUES (1, 'm', 'wecom', 'mass', 1, '', '2026-03-02', 1, 'unknown', 0, 0, 1, 0),
           (2, 'p', 'wecom', 'page', 1, '', '2026-03-02', 1, 'asking', 0, 0, 1, 0)`,
      );
    });
    const page = { touchpoint_id: 2 };
    const tasks: Parameters<typeof makeTask>[1][] = [
      { ...sent, proven: 1 },
      { ...sent, proven: 1, late: 1 },
      { state: "handed_over" },
      // WeCom has not answered: nobody tapped anything
      { state: "unknown", hand_over_id: 1 },
      { state: "skipped", reason: "not_a_friend", ...acted },
      // put off by the limit: planned again for tomorrow
      { state: "planned", reason: "receive_limit", release_on: "2026-03-03" },
      { ...sent, ...page },
      { ...sent, ...page, proven: 1, guide_id: 3 },
      // tapped on the page, and never reported
      { state: "unknown", ...page, hand_over_id: 2 },
      { state: "done_by_hand", ...page, ...acted },
    ];
    for (const task of tasks) await makeTask(store(), task);
    const limited = await store().read.row<{ id: number }>(
      "SELECT id FROM task WHERE reason = 'receive_limit'",
    );
    const note = () => store().write((sql) => noteLimits(sql, [limited?.id ?? 0], "2026-03-02", "channel"));
    await note();
    await note();
    await refreshMarked({ store: store(), zone });
  });

  const byWay = [
    ["way:mass", 3, 3, 2, 2, 1, 1, 1],
    ["way:page", 4, 2, 2, 1, 0, 0, 0],
  ];

  test("are counted as their meanings say", async () => {
    expect(await counts("way")).toEqual(byWay);
    const { total } = await report("way");
    expect(total).toMatchObject({
      tapped: 7,
      confirmed: 5,
      delivered: 4,
      proven: 3,
      capped: 1,
      notFriend: 1,
      late: 1,
    });
  });

  test("what a limit kept back stands on the day of the limit, once", async () => {
    const capped = (await report("day")).rows.map(({ key, capped: n }) => [key, n]);
    expect(capped).toContainEqual(["2026-03-02", 1]);
    expect(capped).not.toContainEqual(["2026-03-03", 1]);
  });

  test("levels add up, and a rebuild changes nothing", async () => {
    const stores = await counts("store");
    expect(stores).toEqual([
      ["store:1", 6, 4, 3, 2, 1, 1, 1],
      ["store:2", 1, 1, 1, 1, 0, 0, 0],
      ["store:3", 0, 0, 0, 0, 0, 0, 0],
    ]);
    await rebuild({ store: store(), zone });
    expect([await counts("way"), await counts("store")]).toEqual([byWay, stores]);
  });

  test("the words beside the figures say what each means", async () => {
    const text = waysText(await report("way"));
    expect(text).toMatch(/群发助手 +\d+ +3 +3 +2 +2 +0 +1 +1 +1/);
    // two reported by the page, one of them seen in the archive
    expect(text).toMatch(/页面／侧边栏 +\d+ +4 +2 +2 +1 +1 /);
    expect(text).toContain("已证实：有凭据的送达");
    expect(text).toContain("未核实：送达里只有页面或机器人自己说发出了的");
    expect((await report("way")).rows.map(({ key, unproven }) => [key, unproven])).toEqual([
      ["way:mass", 0],
      ["way:page", 1],
    ]);
  });
});
