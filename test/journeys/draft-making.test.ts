// Drafts made of what is there, on both databases: an earlier version, a copy, a YAML text; none over somebody's work.
import { digestOf } from "../../src/journeys/spec.js";
import { versionAt, versionsOf } from "../../src/journeys/version-history.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import type { Services } from "../../src/wire.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { type House, openHouse } from "../support/house.js";
import { png } from "../support/pictures.js";

const YAML = `# 为什么有这个旅程
key: care
name: 关怀
touchpoints:
  - key: day-3
    name: 第3天
    after: joined
    days: 3
    words: |
      {{customer.name}}您好，
      第3天了。
  - key: month-6
    name: 六个月
    after: child_born
    months: 6
    send: page
    audience: { source: [门店] }
    variants:
      - { key: plain, share: 50, words: "六个月了" }
      - { key: warm, share: 50, words: "{{child.name}}六个月了" }
    attachments:
      - { kind: picture, file: card.png }
`;

describeOnEachDatabase("drafts made of what is there", (store) => {
  let house: House;
  let services: Services;
  const by = "account:1";
  beforeEach(async () => {
    await emptied(store());
    house = openHouse(store(), movableWorld(instantOf("2026-03-09", "10:00", "Asia/Shanghai")));
    services = house.services;
    house.put("j/card.png", png());
    await services.applyJourney(house.put("j/care.yaml", YAML), { yes: true, by });
    const { live } = await services.drafts.show("care");
    const [, month6] = (live?.touchpoints ?? []) as object[];
    await services.drafts.save("care", { ...live, touchpoints: [{ ...month6, months: 7 }] }, by);
    await services.drafts.publish("care", { yes: true, by });
  });
  afterEach(() => house.close());
  const making = () => services.draftMaking;
  const specOf = async (key = "care") => (await services.drafts.read(key)).spec;
  const version = async (number: number) => (await versionAt(store().read, "care", number)).spec;

  it("lists versions, and reads each as it was", async () => {
    expect(await versionsOf(store().read, "care")).toMatchObject([
      { number: 2, touchpoints: 1, publishedBy: by },
      { number: 1, touchpoints: 2 },
    ]);
    expect((await version(1)).touchpoints.map(({ key }) => key)).toEqual(["day-3", "month-6"]);
    await expect(version(3)).rejects.toMatchObject({ kind: "not_found" });
  });

  it("makes an earlier version the draft, and writes no history anew", async () => {
    await making().restore("care", 1, undefined, by);
    expect(digestOf(await specOf())).toBe(digestOf(await version(1)));
    expect((await services.drafts.show("care")).draft).toMatchObject({ basedOn: 2, isOld: false });
    expect(await versionsOf(store().read, "care")).toHaveLength(2);
    await services.drafts.publish("care", { yes: true, by });
    expect(digestOf(await version(3))).toBe(digestOf(await version(1)));
  });

  it("overwrites a draft only as it was seen", async () => {
    await making().restore("care", 1, undefined, by);
    const seen = (await services.drafts.show("care")).draft?.changedAt;
    await expect(making().restore("care", 2, undefined, by)).rejects.toMatchObject({ kind: "conflict" });
    await expect(making().restore("care", 2, 1, by)).rejects.toMatchObject({ kind: "conflict" });
    await making().restore("care", 2, seen, by);
    expect(digestOf(await specOf())).toBe(digestOf(await version(2)));
  });

  it.each([1, 2])("exports version %d so that importing it says the same", async (number) => {
    const text = await making().exportYaml("care", number);
    expect(await making().importYaml(text, {}, by)).toEqual({ key: "care", name: "关怀" });
    expect(digestOf(await specOf())).toBe(digestOf(await version(number)));
    expect(text.includes("为什么有这个旅程")).toBe(number === 1);
    const draft = await making().exportYaml("care", "draft");
    const seen = (await services.drafts.show("care")).draft?.changedAt;
    await making().importYaml(draft, { key: "care", replace: seen }, by);
    expect(digestOf(await specOf())).toBe(digestOf(await version(number)));
  });

  it("tells every fault of a YAML text with its line, and keeps nothing", async () => {
    const text = YAML.replace("days: 3", "days: tomorrow")
      .replace("第3天了。", "我们最好。")
      .replace("after: child_born", "after: birth");
    const refused = making().importYaml(text, {}, by);
    await expect(refused).rejects.toMatchObject({ kind: "invalid" });
    const faults = await refused.catch(({ faults: all }) => all as { line: number; value?: string }[]);
    expect((faults as { line: number; value?: string }[]).map(({ line, value }) => [line, value])).toEqual(
      expect.arrayContaining([
        [8, "tomorrow"],
        [11, "最好"],
        [14, "birth"],
        [22, expect.anything()],
      ]),
    );
    expect((await services.drafts.show("care")).draft).toBeNull();
    await expect(making().importYaml("a: [", {}, by)).rejects.toMatchObject({ kind: "invalid" });
    await expect(making().importYaml("key: care", { key: "other" }, by)).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  it("copies a journey under another key, pictures and all, and none over another", async () => {
    await making().copy("care", 1, { key: "care-2", name: "另一个" }, by);
    const copy = await specOf("care-2");
    expect(copy).toEqual({ ...(await version(1)), key: "care-2", name: "另一个" });
    await expect(making().copy("care", 1, { key: "care-2", name: "再一个" }, by)).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(making().copy("care", 1, { key: "care", name: "自己" }, by)).rejects.toMatchObject({
      kind: "conflict",
    });
    await expect(making().copy("care", 1, { key: "大写", name: "错" }, by)).rejects.toMatchObject({
      kind: "invalid",
    });
    await expect(making().copy("care", "draft", { key: "c", name: "无" }, by)).rejects.toMatchObject({
      kind: "not_found",
    });
  });
});
