// The afternoon's nudge: who is told, when, what numbers mean in it, and what a channel out of reach does to it.
import { join } from "node:path";
import { ChannelError } from "../../src/channels/port.js";
import { projectRoot } from "../../src/infra/config.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { chatTexts } from "../../src/tasks/chat-texts.js";
import { guideHour } from "../../src/tasks/guide-hour.js";
import { nudgeDue } from "../../src/tasks/nudging.js";
import { offerDue } from "../../src/tasks/offering.js";
import { shownOn } from "../../src/tasks/showing.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  hour,
  openShop,
  planTask,
  type Stand,
  standOn,
  today,
  zone,
} from "../support/task-stand.js";

const texts = chatTexts(pageRenderer(join(projectRoot, "templates/cards")), "Asia/Shanghai");
const clock = (time: string) => instantOf(today, time, zone);

describeOnEachDatabase("the afternoon's nudge", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    for (const id of [11, 12, 13]) await enrolCustomer(store, id);
  });
  const told = (userid = "lan") =>
    stand.notebook.entries.flatMap((entry) =>
      entry.kind === "told" && entry.guideUserid === userid && entry.note.kind === "text"
        ? [entry.note.text]
        : [],
    );
  let ids: [number, number, number];
  const morning = async () => {
    ids = [
      await planTask(store, "bot", 11),
      await planTask(store, "bot", 12),
      await planTask(store, "greeting", 13),
    ];
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
  };
  const nudge = (time: string, one: Stand = stand) => {
    one.world.set(clock(time));
    return nudgeDue(one.setup, texts);
  };

  test("once a day, after the hour, under the numbers of the list", async () => {
    await morning();
    await stand.service.skip(1, ids[0], "busy");
    expect(await nudge("15:36")).toBe(0);
    expect(await nudge("15:50")).toBe(1);
    expect(await nudge("15:51")).toBe(0);
    expect(told()).toEqual([
      [
        "下午好，今天还有 2 位客户待跟进（已完成 1 位）：",
        "2. 客户12（豆豆） 加好友第7天【回复 发 2】",
        "3. 客户13（豆豆） 加好友第7天【群发助手待确认】",
        "1 位在群发助手里，打开企业微信点一下确认就会发出。",
        "回复「全部发送」，1 位一次发出。",
        "顾不上的，回复「稍后 号码」或「跳过 号码 原因」。",
      ].join("\n"),
    ]);
    stand.pass(day);
    expect(await nudgeDue(stand.setup, texts)).toBe(1);
  });

  test("nobody who is done, put it all off, is away or has left", async () => {
    await morning();
    for (const id of ids.slice(0, 2)) await stand.service.skip(1, id, "busy");
    await stand.service.later(1, ids[2]);
    expect(await nudge("15:50")).toBe(1);
    // what was put off in the morning is due again: two hours have passed
    await store.write((sql) => sql.run("DELETE FROM daily_note"));
    await store.write((sql) => sql.run("UPDATE task SET snoozed_until = ?", [clock("18:00")]));
    expect(await nudge("15:52")).toBe(0);
    await store.write(async (sql) => {
      await sql.run("DELETE FROM daily_note");
      await sql.run("UPDATE task SET snoozed_until = NULL");
      await sql.run(
        `INSERT INTO guide_leave (guide_id, from_on, to_on, said_by, said_on) VALUES (1, ?, ?, 'hq', ?)`,
        [today, today, today],
      );
    });
    expect(await nudge("15:54")).toBe(0);
    await store.write(async (sql) => {
      await sql.run("DELETE FROM guide_leave");
      await sql.run("UPDATE guide SET left_on = ? WHERE id = 1", [today]);
    });
    expect(await nudge("15:56")).toBe(0);
  });

  test("not in quiet hours, not after an emergency stop, and not in the evening any more", async () => {
    await morning();
    const quiet = standOn(store, { world: stand.world, quiet: { quiet_from: "15:00", quiet_to: "16:00" } });
    expect(await nudge("15:50", quiet)).toBe(0);
    expect(await nudge("20:37")).toBe(0);
    expect(await nudge("20:36")).toBe(1);
  });

  test("many processes at once tell it once", async () => {
    await morning();
    stand.world.set(clock("15:50"));
    const others = [1, 2, 3].map(() =>
      standOn(store, { world: movableWorld(clock("15:50")), channel: stand.notebook }),
    );
    const counts = await Promise.all(others.map(({ setup }) => nudgeDue(setup, texts)));
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(told()).toHaveLength(1);
  });

  test("a channel that takes nothing now is tried again; one without an answer is not", async () => {
    await morning();
    const { tell } = stand.setup.channels;
    const failing = (kind: "wait" | "unknown") => {
      stand.setup.channels.tell = Object.assign(Object.create(tell), {
        tellGuide: () => Promise.reject(new ChannelError(kind, "no")),
      });
    };
    failing("wait");
    expect(await nudge("15:50")).toBe(0);
    stand.setup.channels.tell = tell;
    expect(await nudge("15:51")).toBe(1);
    await store.write((sql) => sql.run("DELETE FROM daily_note"));
    failing("unknown");
    await nudge("15:52");
    stand.setup.channels.tell = tell;
    expect(await nudge("15:53")).toBe(0);
    expect(told()).toHaveLength(1);
  });

  test("who has seen no list today is shown one; what came since has numbers of its own", async () => {
    await planTask(store, "bot", 11, { expiresOn: "2026-03-09" });
    await offerDue(stand.setup);
    stand.pass(day);
    stand.world.set(clock("15:50") + day);
    expect(await nudgeDue(stand.setup, texts)).toBe(1);
    expect((await shownOn(store.read, 1, zone))?.day).toBe("2026-03-03");
    await store.write((sql) => sql.run("DELETE FROM daily_note"));
    const fresh = await planTask(store, "page", 12, { dueOn: "2026-03-03" });
    await store.write((sql) =>
      sql.run("UPDATE task SET state = 'offered', offered_at = ?, priority = -1 WHERE id = ?", [
        stand.world.now(),
        fresh,
      ]),
    );
    expect(await nudgeDue(stand.setup, texts)).toBe(1);
    expect(told().at(-1)).toContain("1. 客户11（豆豆）");
    expect(told().at(-1)).toContain("2. 客户12（豆豆）");
    expect((await shownOn(store.read, 1, zone))?.tasks.get(2)).toBe(fresh);
  });
});

test("by the settings nobody is told anything at a full or half hour", () => {
  for (const time of ["09:07", "15:37", "20:37"])
    for (let id = 1; id <= 500; id++) {
      const at = guideHour(id, today, { hour: time, jitterMinutes: 9, zone });
      const minute = Math.floor(at / 60_000) % 30;
      expect(minute).toBeGreaterThanOrEqual(5);
      expect(minute).toBeLessThanOrEqual(25);
      expect(at).toBeLessThan(clock(time) + hour);
    }
});
