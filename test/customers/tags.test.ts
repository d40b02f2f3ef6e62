// Tags: each from its source, with who and when; what is taken away stays on record.
import { customerService } from "../../src/customers/service.js";
import { tagService } from "../../src/customers/tag-service.js";
import { giveTag, takeTag } from "../../src/customers/tags.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("tags", (open) => {
  const world = movableWorld(1_000);
  const tags = () => tagService({ store: open(), world });
  const push = (row: object) =>
    customerService({ store: open(), world, zone: "Asia/Shanghai", secretKey: Buffer.alloc(32, 7) }).push(
      "customers",
      [row],
    );
  const idOf = async (id: string) =>
    (await open().read.row<{ id: number }>("SELECT id FROM customer WHERE external_userid = ?", [id]))?.id ??
    0;
  const marked = async () => {
    const rows = await open().read.rows<{ id: string }>(
      "SELECT DISTINCT c.external_userid AS id FROM customer_mark m JOIN customer c ON c.id = m.customer_id ORDER BY 1",
    );
    await open().write((sql) => sql.run("DELETE FROM customer_mark"));
    return rows.map(({ id }) => id);
  };
  const given = { source: "manual", by: "import" };

  beforeAll(async () => {
    await push({ external_userid: "a", tags: ["早产", "二胎"] });
    await push({ external_userid: "b" });
    await marked();
  });

  it("come with files and pushes, and go with them", async () => {
    expect(await tags().show("a")).toEqual({
      tags: [
        { name: "二胎", ...given, at: 1_000 },
        { name: "早产", ...given, at: 1_000 },
      ],
      past: [],
    });
    world.set(2_000);
    await push({ external_userid: "a", tags: ["二胎", "过敏"] });
    expect(await tags().show("a")).toEqual({
      tags: [
        { name: "二胎", ...given, at: 1_000 },
        { name: "过敏", ...given, at: 2_000 },
      ],
      past: [{ name: "早产", ...given, at: 1_000, takenAt: 2_000, takenBy: "import" }],
    });
    expect(await marked()).toEqual(["a"]);
  });

  it("are given by hand, which no file takes away", async () => {
    expect(await tags().add(["a", "b"], "过敏", "account:3")).toBe(2);
    expect(await tags().add(["a"], "过敏", "account:4")).toBe(0);
    await push({ external_userid: "a", tags: null });
    expect((await tags().show("a")).tags).toEqual([
      { name: "过敏", source: "manual", by: "account:3", at: 2_000 },
    ]);
    expect(await marked()).toEqual(["a", "b"]);
  });

  it("are taken by hand, whether people or files gave them", async () => {
    world.set(3_000);
    await push({ external_userid: "a", tags: ["过敏", "早产"] });
    await marked();
    expect(await tags().remove(["a"], "过敏", "account:4")).toBe(1);
    const { tags: now, past } = await tags().show("a");
    expect(now.map(({ name }) => name)).toEqual(["早产"]);
    expect(past.slice(0, 2)).toEqual([
      { name: "过敏", ...given, at: 3_000, takenAt: 3_000, takenBy: "account:4" },
      { name: "过敏", source: "manual", by: "account:3", at: 2_000, takenAt: 3_000, takenBy: "account:4" },
    ]);
    expect(await marked()).toEqual(["a"]);
    expect(await tags().remove(["a"], "过敏", "account:4")).toBe(0);
  });

  it("of a rule or model are theirs alone, beside those of people", async () => {
    const b = await idOf("b");
    await open().write(async (sql) => {
      const change = { by: "bg_nbd", at: 4_000 };
      expect(await giveTag(sql, { ...change, name: "高价值", source: "model" }, [b])).toBe(1);
      expect(await giveTag(sql, { ...change, name: "过敏", source: "rule" }, [b])).toBe(1);
    });
    await expect(tags().remove(["b"], "高价值", "account:3")).rejects.toThrow("由模型给出");
    expect((await tags().show("b")).tags).toEqual([
      { name: "过敏", source: "manual", by: "account:3", at: 2_000 },
      { name: "过敏", source: "rule", by: "bg_nbd", at: 4_000 },
      { name: "高价值", source: "model", by: "bg_nbd", at: 4_000 },
    ]);
    expect(await tags().uses()).toEqual([
      { name: "早产", source: "manual", customers: 1 },
      { name: "过敏", source: "manual", customers: 1 },
      { name: "过敏", source: "rule", customers: 1 },
      { name: "高价值", source: "model", customers: 1 },
    ]);
    await open().write(async (sql) => {
      const change = { name: "过敏", source: "rule", by: "rule", at: 5_000 } as const;
      expect(await takeTag(sql, change, [b])).toBe(1);
      expect(await takeTag(sql, change, [b])).toBe(0);
    });
    expect((await tags().show("b")).tags.map(({ source }) => source)).toEqual(["manual", "model"]);
  });

  it.each([
    ["nobody we know", ["a", "zz"], "甜", "not_found"],
    ["a tag of nothing", ["a"], " ", "invalid"],
    ["a tag with a bar", ["a"], "a|b", "invalid"],
  ])("%s is refused whole", async (_what, ids, name, kind) => {
    await expect(tags().add(ids, name, "account:3")).rejects.toMatchObject({ kind });
    expect((await tags().show("a")).tags.map((tag) => tag.name)).toEqual(["早产"]);
  });
});
