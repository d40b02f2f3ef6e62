// The library on both databases: begun with what is published, changed by hand, nobody's change lost to another's.
import { changesOf } from "../../../src/identity/audit.js";
import { instantOf } from "../../../src/kernel/calendar.js";
import { movableWorld } from "../../../src/kernel/world.js";
import type { Services } from "../../../src/wire.js";
import { describeOnEachDatabase, emptied } from "../../support/databases.js";
import { type House, openHouse } from "../../support/house.js";

const touchpoint = (key: string, words: string, more: object = {}) => ({
  ...{ key, name: `触点${key}`, after: "joined", days: 3, send: "mass", words },
  ...more,
});
const journey = (...touchpoints: object[]) => ({ key: "care", name: "关怀", touchpoints });
const by = "account:1";
const first = "第一段您好，欢迎来到我们家".replace("第一", "头一");

describeOnEachDatabase("the library of words", (store) => {
  let house: House;
  let services: Services;
  const publish = async (...touchpoints: object[]) => {
    await services.drafts.save("care", journey(...touchpoints), by);
    await services.drafts.publish("care", { yes: true, by });
  };
  beforeEach(async () => {
    await emptied(store());
    house = openHouse(store(), movableWorld(instantOf("2026-03-09", "10:00", "Asia/Shanghai")));
    services = house.services;
  });
  afterEach(() => house.close());
  const library = () => services.library;
  const all = async (query: object = {}) => (await library().find({ size: 50, ...query })).entries;
  const titles = async (query: object = {}) => (await all(query)).map(({ title }) => title);

  it("is empty before anything is published, then begins with its words, each once, and never again", async () => {
    expect(await all()).toEqual([]);
    const variants = [
      { key: "plain", share: 50, words: "平常的话您好" },
      { key: "warm", share: 50, words: "温暖的话您好" },
    ];
    const { words, ...split } = touchpoint("c", "", { variants });
    await publish(touchpoint("a", first), touchpoint("b", ` ${first}\n`), split);
    expect(await all()).toMatchObject([
      { folder: "关怀", title: "触点a", words: first, revision: 1, changedBy: "system" },
      { title: "触点c · plain" },
      { title: "触点c · warm" },
    ]);
    for (const { id, revision } of await all()) await library().remove(id, revision, by);
    expect(await all()).toEqual([]);
    expect((await library().missing()).map(({ touchpointKey }) => touchpointKey)).toEqual(["a", "c", "c"]);
    expect(await library().collect(by)).toBe(3);
    expect(await library().collect(by)).toBe(0);
  });

  it("finds by folder and by every word typed, whatever stands in them", async () => {
    await library().add({ folder: "节日", title: "春节 100%", words: "新年好，年货节到了" }, by);
    await library().add({ folder: "节日", title: "元宵", words: "汤圆 Tangyuan" }, by);
    await library().add({ folder: "日常", title: "问候", words: "早上好" }, by);
    expect(await titles({ folder: "节日" })).toEqual(["春节 100%", "元宵"]);
    expect(await titles({ text: "100%" })).toEqual(["春节 100%"]);
    expect(await titles({ text: "%" })).toEqual(["春节 100%"]);
    expect(await titles({ text: "tangyuan" })).toEqual(["元宵"]);
    expect(await titles({ text: "节日 年货" })).toEqual(["春节 100%"]);
    expect(await titles({ text: "_" })).toEqual([]);
    expect(await library().find({ size: 2, page: 2 })).toMatchObject({ total: 3, entries: [{}] });
    expect(await library().folders()).toEqual([
      { folder: "日常", entries: 1 },
      { folder: "节日", entries: 2 },
    ]);
  });

  it("knows what uses an entry, and goes on knowing it when the entry is changed", async () => {
    await publish(touchpoint("a", first), touchpoint("b", "别的话在这里说"));
    const [entry] = await all({ text: "触点a" });
    if (!entry) throw new Error("no entry");
    const uses = async () => (await library().uses([await library().entry(entry.id)])).get(entry.id);
    expect(await uses()).toMatchObject([{ touchpointKey: "a", isLive: true, isChanged: false }]);
    await library().change(entry.id, 1, { ...entry, words: `${first}，今天怎么样` }, by);
    expect(await uses()).toEqual([]);
    await library().change(entry.id, 2, { ...entry, words: `${first}。今天怎么样` }, by);
    expect(await uses()).toMatchObject([{ touchpointKey: "a", isLive: true, isChanged: true }]);
    await library().used(entry.id, "care", "b");
    expect(await uses()).toHaveLength(1);
    await expect(library().used(9_999, "care", "b")).rejects.toMatchObject({ kind: "not_found" });
  });

  it("tells since when words are live, over versions that say the same", async () => {
    await publish(touchpoint("a", first));
    house.clock("2026-03-12", "10:00");
    await publish(touchpoint("a", first), touchpoint("b", "别的话在这里说"));
    house.clock("2026-03-15", "10:00");
    await publish(touchpoint("a", first), touchpoint("b", "又一段别的话在这里"));
    const since = (await library().inUse()).map(({ touchpointKey, live }) => [touchpointKey, live?.since]);
    const on = (day: string) => instantOf(day, "10:00", "Asia/Shanghai");
    expect(since).toEqual([
      ["a", on("2026-03-09")],
      ["b", on("2026-03-15")],
    ]);
  });

  it("tells the second of two who write at once, and loses neither", async () => {
    const id = await library().add({ folder: "日常", title: "问候", words: "早上好" }, by);
    const text = { folder: "日常", title: "问候" };
    await library().change(id, 1, { ...text, words: "早上好呀" }, "account:2");
    const late = library().change(id, 1, { ...text, words: "晚上好" }, by);
    await expect(late).rejects.toMatchObject({
      kind: "conflict",
      theirs: { words: "早上好呀", revision: 2 },
    });
    await expect(library().remove(id, 1, by)).rejects.toMatchObject({ kind: "conflict" });
    await library().remove(id, 2, by);
    await expect(library().change(id, 2, { ...text, words: "中午好" }, by)).rejects.toMatchObject({
      theirs: undefined,
    });
    const { lines } = await changesOf(store().read, { subject: `words:${id}`, limit: 9 });
    expect(lines.map((line) => [line.action, line.by])).toEqual(
      expect.arrayContaining([
        ["words.add", by],
        ["words.change", "account:2"],
        ["words.remove", by],
      ]),
    );
    expect(lines.find(({ action }) => action === "words.change")).toMatchObject({
      before: { words: "早上好" },
      after: { words: "早上好呀" },
    });
  });

  it("moves a folder's entries under another name, into one that is there too", async () => {
    await library().add({ folder: "旧", title: "甲", words: "早上好" }, by);
    await library().add({ folder: "新", title: "乙", words: "晚上好" }, by);
    expect(await library().renameFolder("旧", " 新 ", by)).toBe(1);
    expect(await titles({ folder: "新" })).toEqual(["甲", "乙"]);
    await expect(library().renameFolder("旧", "新", by)).rejects.toMatchObject({ kind: "not_found" });
    await expect(library().renameFolder("新", "", by)).rejects.toMatchObject({ kind: "invalid" });
  });

  it.each([
    ["no folder", { folder: " " }, "文件夹"],
    ["a title too long", { title: "长".repeat(61) }, "标题"],
    ["no words", { words: " \n" }, "话术"],
    ["words too long", { words: "长".repeat(1_400) }, "话术"],
    ["words that cannot be read", { words: "{{child.nam}}好" }, "话术"],
    ["a claim", { words: "我们的奶粉最好" }, "话术"],
  ])("refuses %s, telling where", async (_what, part, where) => {
    const refused = library().add({ folder: "日常", title: "问候", words: "早上好", ...part }, by);
    await expect(refused).rejects.toMatchObject({ kind: "invalid", faults: [{ where }] });
    expect(await all()).toEqual([]);
  });
});
