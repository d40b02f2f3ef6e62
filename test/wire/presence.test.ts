// What a guide is told after nobody listened: at once or after the night, their own words where they are known, never twice.
import { gapsOf } from "../../src/channels/gaps.js";
import { movableWorld } from "../../src/kernel/world.js";
import { presenceOf, sayGaps } from "../../src/wire/presence.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const zone = "Asia/Shanghai";
const nine = Date.UTC(2026, 2, 2, 1);
const minute = 60_000;

describeOnEachDatabase("after a gap", (store) => {
  const world = movableWorld(nine);
  let told: string[];
  let quiet: number | null;
  const presence = () =>
    presenceOf({
      ...{ world, zone, gaps: gapsOf(store(), { channel: "wechaty", account: "lan" }) },
      quiet: async () => quiet,
      tell: async (text) => {
        told.push(text);
      },
    });
  beforeEach(async () => {
    await emptied(store());
    world.set(nine);
    told = [];
    quiet = null;
  });
  const back = (ms: number, unheard: { at: number; text: string }[] | null) => {
    const since = world.now();
    world.set(since + ms);
    return presence().back({ since, at: world.now(), recovered: unheard && 0, unheard });
  };

  test("a guide reads which of their words were not heard, however short it was", async () => {
    await back(1000, [{ at: nine, text: "发 3" }]);
    expect(told).toEqual(["我刚才不在线，这几句没有照做：\n09:00「发 3」\n还要做的，请再发一次，谢谢！"]);
    expect(await presence().tellGaps()).toBe(0);
  });

  test("nothing is said where nothing was said", async () => {
    await back(30 * minute, []);
    expect(told).toEqual([]);
  });

  test("where nobody can tell, how long it was", async () => {
    await back(20_000, null);
    expect(told).toEqual([
      "我刚才断线了 不到 1 分钟，其间你发来的话没有收到。\n还要做的，请再发一次，谢谢！",
    ]);
  });

  test("a moment in which nobody types is not told of", async () => {
    await back(1500, null);
    expect(told).toEqual([]);
  });

  test("at night it waits for the morning", async () => {
    quiet = nine + 60 * minute;
    await back(5 * minute, null);
    expect(told).toEqual([]);
    quiet = null;
    expect(await presence().tellGaps()).toBe(1);
    expect(told).toHaveLength(1);
  });

  test("a link that breaks again and again is told of once in ten minutes, and all of it", async () => {
    await back(3 * minute, null);
    await back(2 * minute, null);
    await back(minute, [{ at: nine + 5 * minute, text: "任务" }]);
    expect(told).toHaveLength(1);
    world.set(world.now() + 10 * minute);
    await presence().tellGaps();
    expect(told[1]).toContain("「任务」");
    expect(told[1]).toContain("断线了 2 分钟");
  });

  test("what could not be told is told the next time", async () => {
    const fails = presenceOf({
      ...{ world, zone, gaps: gapsOf(store(), { channel: "wechaty", account: "lan" }) },
      quiet: async () => null,
      tell: () => Promise.reject(new Error("out of reach")),
    });
    await expect(
      fails.back({ since: nine - minute, at: nine, recovered: null, unheard: null }),
    ).rejects.toThrow();
    expect(await presence().tellGaps()).toBe(1);
  });
});

test("many words are cut, the latest stand", () => {
  const unheard = Array.from({ length: 7 }, (_, n) => ({ at: nine, text: `${n}${"长".repeat(40)}` }));
  const text = sayGaps([{ id: 1, beganAt: nine, endedAt: nine, unheard }], zone);
  expect(text).toContain("还有更早的 2 句。");
  expect(text).not.toContain("「0");
  expect(text.length).toBeLessThan(300);
});
