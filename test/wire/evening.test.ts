// The evening's summary: who is told what, once, and what a channel that fails or shows no pictures does to it.
import { join } from "node:path";
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import { ChannelError, type GuideNote } from "../../src/channels/port.js";
import { projectRoot } from "../../src/infra/config.js";
import { pictureOf } from "../../src/infra/pictures.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { reportService } from "../../src/reports/service.js";
import { type EveningParts, tellEvenings } from "../../src/wire/evening.js";
import { at, makeOrg, makeTask, zone } from "../reports/support.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const cards = pageRenderer(join(projectRoot, "templates/cards"));
const day = "2026-03-02";

describeOnEachDatabase("the evening's summary", (open) => {
  let store: Store;
  let world: MovableWorld;
  let notebook: NotebookChannel;
  let warned: object[];
  beforeEach(async () => {
    store = open();
    await emptied(store);
    await makeOrg(store);
    world = movableWorld(at(day, "20:50"));
    notebook = new NotebookChannel(world);
    warned = [];
    await store.write(async (sql) => {
      const accounts: [number, string, string, number | null, number | null, number | null, number][] = [
        [1, "east", "manager", 1, null, null, 0],
        [2, "east2", "manager", 1, null, null, 0],
        [3, "south", "manager", 2, null, null, 0],
        [4, "shop", "store_manager", null, 1, 2, 0],
        [5, "gone", "manager", 1, null, null, 1],
        [6, "hq", "hq", null, null, null, 0],
        [7, "g1", "guide", null, null, 1, 0],
      ];
      for (const [id, login, role, region, shop, guide, disabled] of accounts)
        await sql.run(
          `INSERT INTO account (id, login, name, role, password_hash, region_id, store_id, guide_id, disabled)
           VALUES (?, ?, ?, ?, '', ?, ?, ?, ?)`,
          [id, login, login, role, region, shop, guide, disabled],
        );
    });
    const sent = { state: "sent", acted_at: at(day, "10:00"), sent_at: at(day, "10:00") };
    for (let n = 0; n < 3; n++) await makeTask(store, sent);
    await makeTask(store, { guide_id: 3, ...sent });
    await makeTask(store, { guide_id: 3 });
    await makeTask(store, { ...sent, release_on: "2026-03-01", acted_at: at("2026-03-01", "10:00") });
    await makeTask(store, { release_on: "2026-03-01" });
  });
  const parts = (more: Partial<EveningParts> = {}): EveningParts => ({
    ...{ store, world, cards, channel: notebook },
    config: {
      zone,
      day: {
        ...{ plan: "05:10", release: "08:20", guide_hour: "09:07", guide_jitter_minutes: 9 },
        ...{
          nudge_hour: "15:37",
          summary_hour: "20:37",
          weekly_hour: "09:37",
          card_hour: "20:30",
          quiet_from: "21:30",
          quiet_to: "08:00",
        },
      },
    },
    log: { warn: (one: object) => warned.push(one), error: (one: object) => warned.push(one) } as never,
    reports: reportService({ store, world, replyWindowHours: 72 }),
    ...more,
  });
  const notes = () =>
    notebook.entries.flatMap((entry) =>
      entry.kind === "told" ? [{ userid: entry.guideUserid, note: entry.note }] : [],
    );
  const kinds = () =>
    notes()
      .map(({ userid, note }) => `${userid} ${note.kind}`)
      .sort();
  const wordsTo = (userid: string) => {
    const one = notes().find((sent) => sent.userid === userid && sent.note.kind === "text");
    return one?.note.kind === "text" ? one.note.text.split("\n") : [];
  };

  test("regions' and stores' managers, by their userid; nobody without tasks, nobody else", async () => {
    expect(await tellEvenings(parts())).toBe(3);
    expect(kinds()).toEqual(
      ["east", "east2", "g2"].flatMap((userid) => [`${userid} picture`, `${userid} text`]),
    );
    expect(wordsTo("east").slice(0, 5)).toEqual([
      "华东 3月2日 小结",
      "下发 5，完成 4（80%，比昨天 +30.0 个百分点），准时 80%",
      "送达 4，回复率 —，客户消息 0 条",
      "可以帮一把的：杭州 50%",
      "还没完成的：1 位导购、1 位客户；最多的：导购3 1 位",
    ]);
    expect(wordsTo("g2").slice(0, 4)).toEqual([
      "店1 3月2日 小结",
      "下发 3，完成 3（100%，比昨天 +50.0 个百分点），准时 100%",
      "送达 3，回复率 —，客户消息 0 条",
      "今天都跟进完了。",
    ]);
  });

  test("the same figures are the same file: uploaded once for all who are shown it", async () => {
    await tellEvenings(parts());
    const files = notes().flatMap(({ userid, note }) =>
      note.kind === "picture" ? [{ userid, ...note.file, file: note.file }] : [],
    );
    const of = (userid: string) => files.find((one) => one.userid === userid);
    expect(of("east")?.digest).toBe(of("east2")?.digest);
    expect(of("g2")?.digest).not.toBe(of("east")?.digest);
    const bytes = await of("east")?.file.read();
    expect(pictureOf(bytes ?? Buffer.alloc(0))).toMatchObject({ type: "png", width: 1080 });
    expect(bytes?.length).toBeLessThan(2 * 1024 * 1024);
  });

  test("not before its hour, not when it is quiet, and once a day", async () => {
    world.set(at(day, "20:36"));
    expect(await tellEvenings(parts())).toBe(0);
    world.set(at(day, "21:31"));
    expect(await tellEvenings(parts())).toBe(0);
    world.set(at(day, "21:00"));
    const counts = await Promise.all([tellEvenings(parts()), tellEvenings(parts()), tellEvenings(parts())]);
    expect(await tellEvenings(parts())).toBe(0);
    expect(notes()).toHaveLength(6);
    expect(counts.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(3);
    world.set(at("2026-03-03", "21:00"));
    await makeTask(store, { release_on: "2026-03-03" });
    await tellEvenings(parts());
    expect(notes().length).toBe(12);
  });

  test("where no pictures can be shown only the words go", async () => {
    notebook.promises.pictures = false;
    expect(await tellEvenings(parts())).toBe(3);
    expect(kinds()).toEqual(["east text", "east2 text", "g2 text"]);
  });

  test("a picture the channel takes later is told later, and the words are not told again", async () => {
    const failing = (kind: "wait" | "unknown") =>
      Object.assign(Object.create(notebook), {
        tellGuide: async (userid: string, note: GuideNote) => {
          if (note.kind === "picture") throw new ChannelError(kind, "no");
          return notebook.tellGuide(userid, note);
        },
      });
    await tellEvenings(parts({ channel: failing("wait") }));
    expect(kinds()).toEqual(["east text", "east2 text", "g2 text"]);
    expect(warned).toHaveLength(3);
    await tellEvenings(parts());
    expect(notes()).toHaveLength(6);
    await store.write((sql) => sql.run("DELETE FROM daily_note WHERE kind = 'picture'"));
    await tellEvenings(parts({ channel: failing("unknown") }));
    await tellEvenings(parts());
    expect(notes()).toHaveLength(6);
  });
});
