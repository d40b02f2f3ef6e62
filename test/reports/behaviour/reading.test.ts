// WeCom's own figures of guides, read over HTTP from the sandbox: not before they are counted, one guide a call, again
// until they are final; and shown by place to who may see it.
import { WecomChannel } from "../../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../../src/channels/wecom/token.js";
import type { Viewer } from "../../../src/identity/viewer.js";
import { instantOf } from "../../../src/kernel/calendar.js";
import { readBehaviour } from "../../../src/reports/behaviour/reading.js";
import { firstToRead, isFinal, latestReadable } from "../../../src/reports/behaviour/ripeness.js";
import { behaviourService } from "../../../src/reports/behaviour/service.js";
import { behaviourText } from "../../../src/reports/behaviour/words.js";
import type { Exchange } from "../../../src/sandbox/settings.js";
import { app, type OpenSandbox, openSandbox } from "../../sandbox/open.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { openShop } from "../../support/task-stand.js";

const at = (day: string, time: string) => instantOf(day, time, "Asia/Shanghai");
const viewer = (role: Viewer["role"], more: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, name: "", guideId: null, storeId: null, regionId: null, role },
  ...more,
});

describe("ripeness", () => {
  it.each([
    ["02:32", "2026-03-01"],
    ["05:59", "2026-03-01"],
    ["06:00", "2026-03-02"],
    ["23:59", "2026-03-02"],
  ])("on 3 March at %s the latest day to read is %s", (time, day) => {
    expect(latestReadable(at("2026-03-03", time))).toBe(day);
  });

  it("a day is read again on its morning, at noon and on the next morning, then no more", () => {
    const known = (readAt: number) => {
      const days = Array.from({ length: 31 }, (_, n) => `2026-02-${String(n).padStart(2, "0")}`);
      return new Map([
        ...days.map((day) => [day, at("2026-03-02", "23:00")] as const),
        ["2026-03-01", at("2026-03-04", "07:00")],
        ["2026-03-02", readAt],
      ]);
    };
    const morning = at("2026-03-03", "07:17");
    expect(firstToRead(new Map(), morning)).toBe("2026-02-01");
    expect(isFinal("2026-03-02", morning)).toBe(false);
    expect(firstToRead(known(morning), morning + 60_000)).toBeUndefined();
    expect(firstToRead(known(morning), at("2026-03-03", "12:17"))).toBe("2026-03-02");
    expect(isFinal("2026-03-02", at("2026-03-04", "07:17"))).toBe(true);
  });
});

describeOnEachDatabase("WeCom's statistics", (store) => {
  let opened: OpenSandbox;
  let channel: WecomChannel;
  let exchanges: Exchange[];
  const log = { warn: () => undefined };
  const read = () => readBehaviour({ store: store(), world: opened.world, log, source: channel });
  const asks = () => exchanges.filter(({ path }) => path.endsWith("get_user_behavior_data"));
  const ask = (by: "below" | "guide" | "day", from = "2026-03-02", to = "2026-03-02") => ({ from, to, by });
  const figures = (by: "below" | "guide" | "day", who = viewer("hq")) =>
    behaviourService({ store: store() }).behaviour(who, ask(by));

  beforeAll(async () => {
    await openShop(store());
    exchanges = [];
    opened = await openSandbox({ onExchange: (one) => exchanges.push(one) });
    channel = new WecomChannel(
      { ...app, baseUrl: opened.sandbox.url, archive: true, busyPause: 5 },
      memoryTokenStore(),
      opened.world,
    );
    const { sandbox, world } = opened;
    world.set(at("2026-03-02", "10:00"));
    await sandbox.customerSays("wm-1", "lan", "在吗");
    await sandbox.customerSays("wm-2", "lan", "有货吗");
    world.set(at("2026-03-02", "10:10"));
    await sandbox.guideWrites("lan", "wm-1", "在的");
    await sandbox.guideWrites("mei", "wm-6", "您好");
    await sandbox.guideWrites("mei", "wm-6", "新到一批");
    await sandbox.customerLeaves("wm-6", "mei");
  });
  afterAll(async () => {
    channel.close();
    await opened.sandbox.close();
  });

  test("at night yesterday is not asked for; in the morning it is there", async () => {
    opened.world.set(at("2026-03-03", "02:32"));
    expect(await read()).toMatchObject({ guides: 2, failed: 0 });
    expect(await figures("guide")).toMatchObject({ rows: [], readThrough: null });
    expect(behaviourText(await figures("guide"))).toContain("还没有读到数据");
    opened.world.set(at("2026-03-03", "07:17"));
    expect(await read()).toEqual({ guides: 2, days: 4, failed: 0 });
    const { rows, total, readThrough, provisional } = await figures("guide");
    expect(rows).toMatchObject([
      { name: "兰兰", chats: 0, messages: 1, lost: 0, answered: 0.5, answerMinutes: 10, answeredDays: 1 },
      { name: "梅梅", chats: 1, messages: 2, lost: 1, answered: null, answerMinutes: null },
    ]);
    expect(total).toMatchObject({ guideDays: 2, chats: 1, messages: 3, lost: 1, answered: 0.5 });
    expect([readThrough, provisional]).toEqual(["2026-03-02", true]);
  });

  test("each call names one guide: several would come back as one sum", () => {
    expect(new Set(asks().map(({ body }) => (body as { userid: string[] }).userid.length))).toEqual(
      new Set([1]),
    );
    expect(asks()).toHaveLength(4);
  });

  test("what was just read is left alone; what is final is not asked for again", async () => {
    const before = asks().length;
    expect(await read()).toEqual({ guides: 0, days: 0, failed: 0 });
    opened.world.set(at("2026-03-04", "07:17"));
    expect((await read()).days).toBe(4);
    expect((await figures("day")).provisional).toBe(false);
    opened.world.set(at("2026-03-05", "07:17"));
    await read();
    const starts = asks()
      .slice(before)
      .map(({ body }) => (body as { start_time: number }).start_time * 1000);
    expect([...new Set(starts)]).toEqual([at("2026-03-02", "00:00"), at("2026-03-03", "00:00")]);
  });

  test("a limit stops the asking, a guide out of sight does not; the next reading gets the rest", async () => {
    opened.world.set(at("2026-03-06", "07:17"));
    opened.sandbox.faults.add({ path: "externalcontact/get_user_behavior_data", kind: "limit", times: 2 });
    expect(await read()).toMatchObject({ guides: 0, failed: 2 });
    opened.sandbox.faults.clear();
    opened.sandbox.faults.add({ path: "externalcontact/get_user_behavior_data", kind: "code", code: 60111 });
    expect(await read()).toMatchObject({ guides: 1, failed: 1 });
    expect(await read()).toMatchObject({ guides: 1, failed: 0 });
  });

  test("everybody sees their own part", async () => {
    expect((await figures("below")).rows.map(({ name }) => name)).toEqual(["华东"]);
    expect((await figures("below", viewer("store_manager", { storeId: 3 }))).rows).toHaveLength(2);
    const own = await figures("guide", viewer("guide", { guideId: 2, storeId: 3 }));
    expect(own.rows.map(({ name }) => name)).toEqual(["梅梅"]);
    await expect(figures("below", viewer("manager", { regionId: 99 }))).rejects.toMatchObject({
      kind: "forbidden",
    });
    const wrong = behaviourService({ store: store() }).behaviour(
      viewer("hq"),
      ask("day", "2026-03-09", "2026-03-01"),
    );
    await expect(wrong).rejects.toMatchObject({ kind: "invalid" });
  });

  test("the words say that it is another measure", async () => {
    const text = behaviourText(await figures("guide"));
    expect(text).toContain("不是客户对触达的回复率");
    expect(text).toMatch(/兰兰 .* 50\.0%/);
  });
});
