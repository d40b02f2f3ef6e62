// Monday's summary: once a manager and week, against the week before, their own reach, with a picture and a link.
import { join } from "node:path";
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import { ChannelError, type GuideNote } from "../../src/channels/port.js";
import { projectRoot } from "../../src/infra/config.js";
import { pictureOf } from "../../src/infra/pictures.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { reportService } from "../../src/reports/service.js";
import { tellWeeks, type WeeklyParts } from "../../src/wire/weekly.js";
import { at, makeOrg, makeTask, zone } from "../reports/support.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const cards = pageRenderer(join(projectRoot, "templates/cards"));
const monday = "2026-03-09";

describeOnEachDatabase("the week's summary", (open) => {
  let store: Store;
  let world: MovableWorld;
  let notebook: NotebookChannel;
  beforeEach(async () => {
    store = open();
    await emptied(store);
    await makeOrg(store);
    world = movableWorld(at(monday, "09:50"));
    notebook = new NotebookChannel(world);
    await store.write(async (sql) => {
      const accounts: [number, string, string, number | null, number | null][] = [
        [1, "east", "manager", 1, null],
        [2, "south", "manager", 2, null],
        [3, "shop", "store_manager", null, 1],
        [4, "hq", "hq", null, null],
      ];
      for (const [id, login, role, region, shop] of accounts)
        await sql.run(
          `INSERT INTO account (id, login, name, role, password_hash, region_id, store_id, disabled)
           VALUES (?, ?, ?, ?, '', ?, ?, 0)`,
          [id, login, login, role, region, shop],
        );
    });
    const sentOn = (day: string) => ({
      ...{ release_on: day, state: "sent", observed: 1 },
      ...{ acted_at: at(day, "10:00"), sent_at: at(day, "10:01") },
    });
    for (let n = 0; n < 40; n++) await makeTask(store, { ...sentOn("2026-03-04"), guide_id: 1 + (n % 4) });
    for (let n = 0; n < 10; n++) await makeTask(store, { release_on: "2026-03-08", guide_id: 3 });
    for (let n = 0; n < 30; n++) await makeTask(store, { ...sentOn("2026-02-25"), guide_id: 1 });
    for (let n = 0; n < 30; n++) await makeTask(store, { release_on: "2026-02-26", guide_id: 1 });
  });
  const parts = (more: Partial<WeeklyParts> = {}): WeeklyParts => ({
    ...{ store, world, cards, channel: notebook, publicUrl: "https://guide.example.com" },
    config: {
      zone,
      day: {
        ...{ plan: "05:10", release: "08:20", guide_hour: "09:07", guide_jitter_minutes: 9 },
        ...{ nudge_hour: "15:37", summary_hour: "20:37", weekly_hour: "09:37", card_hour: "20:30" },
        ...{ quiet_from: "21:30", quiet_to: "08:00" },
      },
    },
    log: { warn: () => {}, error: () => {} } as never,
    reports: reportService({ store, world, replyWindowHours: 72 }),
    ...more,
  });
  const notes = () =>
    notebook.entries.flatMap((entry) =>
      entry.kind === "told" ? [{ userid: entry.guideUserid, note: entry.note }] : [],
    );
  const kinds = () => notes().map(({ userid, note }) => `${userid} ${note.kind}`);
  const wordsTo = (userid: string) => {
    const one = notes().find((sent) => sent.userid === userid && sent.note.kind === "text");
    return one?.note.kind === "text" ? one.note.text.split("\n") : [];
  };

  test("each manager's own week against the week before, with a picture; nobody without tasks, not HQ", async () => {
    expect(await tellWeeks(parts())).toBe(2);
    expect(kinds().sort()).toEqual(["east picture", "east text", "shop picture", "shop text"]);
    expect(wordsTo("east")).toEqual([
      "华东 上周小结（3月2日 – 3月8日）",
      "下发 50，完成 40（80%，比前一周 +30.0 个百分点）",
      "送达 40，回复率 0%（与前一周持平），可观察 100%",
      "客户消息 0 条，前一周 0 条",
      "可以先帮一把：杭州（完成 67%）",
      "上周末发出的还在等客户回复，回复率会继续变化。",
      "看明细：https://guide.example.com/report?from=2026-03-02&to=2026-03-08",
    ]);
    expect(wordsTo("shop")[0]).toBe("店1 上周小结（3月2日 – 3月8日）");
    const picture = notes().find(({ note }) => note.kind === "picture")?.note;
    const bytes = picture?.kind === "picture" ? await picture.file.read() : Buffer.alloc(0);
    expect(pictureOf(bytes)).toMatchObject({ type: "png", width: 1080 });
  });

  test("once a manager and week, however many ask at once and again", async () => {
    await Promise.all([tellWeeks(parts()), tellWeeks(parts()), tellWeeks(parts())]);
    expect(await tellWeeks(parts())).toBe(0);
    world.set(at(monday, "18:00"));
    expect(await tellWeeks(parts())).toBe(0);
    world.set(at("2026-03-10", "09:50"));
    expect(await tellWeeks(parts())).toBe(0);
    expect(kinds()).toHaveLength(4);
    world.set(at("2026-03-16", "09:50"));
    await makeTask(store, { release_on: "2026-03-11", guide_id: 5 });
    await tellWeeks(parts());
    expect(kinds().slice(4).sort()).toEqual(["south picture", "south text"]);
  });

  test("not before its hour, and not while it is quiet", async () => {
    world.set(at(monday, "09:36"));
    expect(await tellWeeks(parts())).toBe(0);
    world.set(at(monday, "21:40"));
    expect(await tellWeeks(parts())).toBe(0);
    world.set(at(monday, "09:37"));
    const early = await tellWeeks(parts());
    world.set(at(monday, "09:46"));
    // the rest follow within the spread
    expect(early + (await tellWeeks(parts()))).toBe(2);
  });

  test("a picture the channel takes later is told later, and the words are not told again", async () => {
    const failing = Object.assign(Object.create(notebook), {
      tellGuide: async (userid: string, note: GuideNote) => {
        if (note.kind === "picture") throw new ChannelError("wait", "no");
        return notebook.tellGuide(userid, note);
      },
    });
    await tellWeeks(parts({ channel: failing }));
    expect(kinds().sort()).toEqual(["east text", "shop text"]);
    await tellWeeks(parts());
    expect(kinds().sort()).toEqual(["east picture", "east text", "shop picture", "shop text"]);
  });
});
