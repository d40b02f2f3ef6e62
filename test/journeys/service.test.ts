// Publishing on both databases: versions never change, identity outlives them, a live journey is changed only with a yes.
import type { Store } from "../../src/infra/store.js";
import { journeyOverviews } from "../../src/journeys/overviews.js";
import { liveTouchpoints, touchpointAt } from "../../src/journeys/queries.js";
import { type JourneyService, journeyService, type Publication } from "../../src/journeys/service.js";
import type { JourneySpec, TouchpointSpec } from "../../src/journeys/spec.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { instantOf, type ShopDay } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const zone = "Asia/Shanghai";
const touchpoint = (key: string, n: number, words: string | null = `第${n}天好`): TouchpointSpec => ({
  ...{
    key,
    name: key,
    at: null,
    graceDays: 3,
    priority: "service",
    send: words ? "mass" : "hand",
    audience: {},
  },
  trigger: { anchor: "joined", offset: { unit: "days", n }, repeat: "once" },
  words,
});
const day3 = touchpoint("day-3", 3);
const day7 = touchpoint("day-7", 7);
const journey = (...touchpoints: TouchpointSpec[]): JourneySpec => ({ key: "j", name: "旅程", touchpoints });
const yes = { yes: true, by: "account:3" };

describeOnEachDatabase("publishing a journey", (open) => {
  const world = movableWorld(0);
  let store: Store;
  let service: JourneyService;
  let published: Publication[];
  const on = (day: ShopDay) => world.set(instantOf(day, "10:00", zone));
  beforeEach(async () => {
    store = open();
    await store.write(async (sql) => {
      for (const table of ["journey", "journey_version", "touchpoint", "touchpoint_version"])
        await sql.run(`DELETE FROM ${table}`);
    });
    on("2026-03-01");
    published = [];
    const onPublish = async (_sql: unknown, publication: Publication) => {
      published.push(publication);
      return { rerendered: 2, moved: 1, cancelled: 0, newToday: 5, newInsideGrace: 1_204 };
    };
    service = journeyService({ store, world, zone, onPublish });
  });
  const count = async (table: string) =>
    Number((await store.read.row<{ n: number }>(`SELECT COUNT(*) AS n FROM ${table}`))?.n);

  it("publishes the first version without a yes, and the same again not at all", async () => {
    const first = await service.apply(journey(day3, day7), "text", { yes: false, by: "system" });
    expect(first).toMatchObject({ published: true, version: 1, counts: { touchpoints: 2 } });
    expect(first.lines[0]).toBe("新增「day-3」：加好友后第3天，企业微信群发");
    const again = await service.apply(journey(day7, day3), "other text", { yes: false, by: "system" });
    expect(again).toMatchObject({
      published: false,
      version: 1,
      lines: [],
      counts: { touchpoints: 0, moved: 0 },
    });
    expect(await count("journey_version")).toBe(1);
    expect(await liveTouchpoints(store.read)).toMatchObject([
      {
        key: "day-3",
        name: "day-3",
        journeyKey: "j",
        journeyName: "旅程",
        plansFrom: "2026-03-01",
        spec: day3,
      },
      { key: "day-7", spec: day7 },
    ]);
  });

  it("tells what a change does and asks for a yes; nothing is written before", async () => {
    await service.apply(journey(day3), "text", yes);
    published = [];
    const changed = journey({ ...day3, words: "早" }, day7);
    const refused = await service.apply(changed, "text", { ...yes, yes: false }).catch((error) => error);
    expect(refused).toMatchObject({ kind: "conflict" });
    expect(refused.message.split("\n")).toEqual([
      "旅程「旅程」已在运行，这次改动还没有发布。",
      "re-rendered 2, moved 1, cancelled 0, new 5",
      "未发送的任务：换新话术 2，改期 1，取消 0；马上生成任务 5（新增触点 1 个）；若包括宽限期内已到期的，马上生成 1,204",
      "- 修改「day-3」：话术改写",
      "- 新增「day-7」：加好友后第7天，企业微信群发",
      "确认发布请加 --yes 再执行一次。",
    ]);
    expect(await count("touchpoint")).toBe(1);
    expect(published.map(({ version }) => version)).toEqual([null]);
    const preview = await service.preview(changed);
    expect(preview).toMatchObject({ differs: true, needsYes: true, version: 1 });
    const applied = await service.apply(changed, "text", yes);
    expect(applied).toMatchObject({ published: true, version: 2 });
    expect(applied.counts).toEqual(preview.counts);
    expect(published.at(-1)).toMatchObject({
      version: { number: 2 },
      today: "2026-03-01",
      actor: "account:3",
      touchpoints: [{ before: { words: "第3天好" }, after: { words: "早" } }],
    });
  });

  it("keeps a touchpoint's identity through versions, away and back", async () => {
    await service.apply(journey(day3, day7), "text", yes);
    const [was] = await liveTouchpoints(store.read);
    on("2026-03-05");
    await service.apply(journey({ ...day3, name: "三天" }), "text", yes);
    expect(await liveTouchpoints(store.read)).toMatchObject([
      { id: was?.id, name: "三天", plansFrom: "2026-03-01" },
    ]);
    expect(published.at(-1)?.touchpoints.map(({ after }) => after?.key)).toEqual(["day-3", undefined]);
    on("2026-03-09");
    const back = await service.apply(journey(day7, day3), "text", yes);
    expect(back).toMatchObject({ version: 3, counts: { touchpoints: 1 } });
    expect(await liveTouchpoints(store.read)).toMatchObject([
      { key: "day-7", plansFrom: "2026-03-09" },
      { key: "day-3", plansFrom: "2026-03-01" },
    ]);
    expect(await count("touchpoint")).toBe(2);
    expect(await touchpointAt(store.read, was?.versionId ?? 0, was?.id ?? 0)).toMatchObject({
      name: "day-3",
    });
  });

  it("undoes the version when the open tasks cannot follow", async () => {
    const failing = journeyService({
      ...{ store, world, zone },
      onPublish: () => Promise.reject(new Error("no")),
    });
    await expect(failing.apply(journey(day3), "text", yes)).rejects.toThrow("no");
    expect(await count("journey")).toBe(0);
    expect(await count("touchpoint_version")).toBe(0);
  });

  it("gives two who publish at once one journey", async () => {
    const both = await Promise.all([
      service.apply(journey(day3), "text", { yes: false, by: "system" }),
      service.apply(journey(day3), "text", { yes: false, by: "system" }),
    ]);
    expect(both.map(({ published }) => published).sort()).toEqual([false, true]);
    expect(await count("journey_version")).toBe(1);
  });

  it("plans nothing of an archived journey, goes on with a paused one, and lists both", async () => {
    await service.apply(journey(day3, touchpoint("call", 9, null)), "text", yes);
    await store.write((sql) => sql.run("UPDATE journey SET state = 'archived'"));
    expect(await liveTouchpoints(store.read)).toEqual([]);
    await store.write((sql) => sql.run("UPDATE journey SET state = 'paused'"));
    expect(await liveTouchpoints(store.read)).toHaveLength(2);
    expect(await journeyOverviews(store.read)).toMatchObject([
      {
        ...{ key: "j", name: "旅程", stateName: "已暂停", version: 1, publishedBy: "account:3" },
        publishedAt: world.now(),
        versions: [{ number: 1 }],
        touchpoints: [
          { key: "day-3", when: "加好友后第3天", way: "企业微信群发", words: "第3天好" },
          { key: "call", way: "人工跟进", words: null },
        ],
      },
    ]);
  });

  it("compiles words once a version and keeps only so many", async () => {
    await service.apply(
      journey(touchpoint("a", 1, "{{customer.name}}好"), touchpoint("b", 2, null)),
      "text",
      yes,
    );
    const [a, b] = await liveTouchpoints(store.read);
    const cache = wordsCache(store, 1);
    const words = await cache.touchpoint(a?.versionId ?? 0, a?.id ?? 0);
    expect(words).toMatchObject({ id: a?.id, name: "a", journeyName: "旅程" });
    expect(words.words?.render({ "customer.name": "王女士" })).toEqual({ text: "王女士好" });
    expect(await cache.touchpoint(a?.versionId ?? 0, a?.id ?? 0)).toBe(words);
    expect((await cache.touchpoint(b?.versionId ?? 0, b?.id ?? 0)).words).toBeNull();
    expect(await cache.touchpoint(a?.versionId ?? 0, a?.id ?? 0)).not.toBe(words);
    await expect(cache.touchpoint(0, 0)).rejects.toThrow("no touchpoint");
  });
});
