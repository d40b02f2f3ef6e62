// HQ's list of forbidden claims on both databases: begun from the file, changed by hand, the same in every process.

import { claimsFound, sentencesWith } from "../../src/journeys/claims-found.js";
import { claimsList } from "../../src/journeys/claims-list.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const world = movableWorld(1_000);
const seeds = [
  {
    key: "absolute",
    name: "绝对化用语",
    reason: "广告法第九条",
    terms: ["最好", "第一"],
    except: ["第一次"],
  },
];
const founds = (list: ReturnType<typeof claimsList>, text: string) =>
  list.check(text).map(({ found }) => found);

describeOnEachDatabase("the list of forbidden claims", (open) => {
  const openList = () => claimsList({ store: open(), world, seeds });
  beforeEach(() =>
    open().write(async (sql) => {
      for (const table of ["claim_term", "audit_entry"]) await sql.run(`DELETE FROM ${table}`);
    }),
  );

  it("is the file's before it was read, and then what HQ made of it, in another process too", async () => {
    const [list, other] = [openList(), openList()];
    expect(founds(list, "我们最好，第一次来")).toEqual(["最好"]);
    await other.check.fresh?.();
    expect(await list.add({ category: "absolute", kind: "term", phrase: "顶呱呱" }, "account:1")).toBe(true);
    expect(await list.remove({ category: "absolute", kind: "term", phrase: "最好" }, "account:1")).toBe(true);
    expect(founds(list, "最好的顶呱呱")).toEqual(["顶呱呱"]);
    expect(founds(other, "最好的顶呱呱")).toEqual(["最好"]);
    await other.check.fresh?.();
    expect(founds(other, "最好的顶呱呱")).toEqual(["顶呱呱"]);
  });

  it("keeps out what was taken out, when the house starts again, and takes in what the file adds", async () => {
    await openList().remove({ category: "absolute", kind: "term", phrase: "最好" }, "account:1");
    const again = claimsList({
      ...{ store: open(), world },
      seeds: [{ ...seeds[0], terms: ["最好", "第一", "顶级"] } as (typeof seeds)[0]],
    });
    await again.check.fresh?.();
    expect(founds(again, "最好的顶级第一")).toEqual(["顶级", "第一"]);
  });

  it("keeps exceptions, and a category of the brand's own", async () => {
    const list = openList();
    await list.add({ category: "absolute", kind: "except", phrase: "最好先" }, "account:1");
    await list.add({ category: "own", kind: "term", phrase: "亲亲" }, "account:1");
    expect(founds(list, "最好先问医生，亲亲")).toEqual(["亲亲"]);
    expect((await list.list()).map(({ key, terms, except }) => [key, terms.length, except.length])).toEqual([
      ["absolute", 2, 2],
      ["own", 1, 0],
    ]);
  });

  it("writes down who changed it, once", async () => {
    const list = openList();
    const phrase = { category: "absolute", kind: "term", phrase: "顶呱呱" };
    expect(await list.add(phrase, "account:7")).toBe(true);
    expect(await list.add(phrase, "account:8")).toBe(false);
    await list.remove(phrase, "account:8");
    const rows = await open().read.rows(
      "SELECT done_by AS `by`, action, subject FROM audit_entry ORDER BY id",
    );
    expect(rows).toEqual([
      { by: "account:7", action: "claims.add", subject: "claims:absolute" },
      { by: "account:8", action: "claims.remove", subject: "claims:absolute" },
    ]);
  });

  it.each([
    [{ category: "nothing", kind: "term", phrase: "顶级" }, "类别"],
    [{ category: "absolute", kind: "word", phrase: "顶级" }, "kind"],
    [{ category: "absolute", kind: "term", phrase: "好" }, "说法"],
    [{ category: "absolute", kind: "term", phrase: "…母乳" }, "说法"],
    [{ category: "absolute", kind: "term", phrase: "a\nb" }, "说法"],
    [{ category: "absolute", kind: "term", phrase: "长".repeat(61) }, "说法"],
    [undefined, "类别"],
  ])("refuses %j", async (phrase, where) => {
    const refused = openList().add(phrase, "account:1");
    await expect(refused).rejects.toMatchObject({ kind: "invalid" });
    await expect(refused).rejects.toHaveProperty(
      "faults",
      expect.arrayContaining([expect.objectContaining({ where })]),
    );
  });

  it("knows what was never there", async () => {
    await expect(
      openList().remove({ category: "absolute", kind: "term", phrase: "没有的" }, "account:1"),
    ).rejects.toMatchObject({ kind: "not_found" });
  });
});

describe("a claim in its sentence", () => {
  const check = claimsList({ store: undefined as never, world, seeds }).check;

  it("is cut where it stands; values are dots", () => {
    expect(sentencesWith("您好。{{child.name}}喝最好的奶粉！再见", check)).toEqual([
      { before: "…喝", found: "最好", after: "的奶粉！", category: "绝对化用语", reason: "广告法第九条" },
    ]);
  });

  it("is found in variants, in drafts nobody has read, and in words that cannot be read", () => {
    const draft = {
      touchpoints: [
        { key: "a", name: "甲", words: "我们最好" },
        { key: "b", variants: [{ key: "warm", words: "第一名" }] },
        { key: "c", name: "丙", words: "{{#if 最好" },
        { key: "d", name: "丁" },
        null,
      ],
    };
    expect(
      claimsFound(draft, check).map(({ touchpoint, variant, found }) => [touchpoint, variant, found]),
    ).toEqual([
      ["甲", null, "最好"],
      ["b", "warm", "第一"],
      ["丙", null, "最好"],
    ]);
    expect(claimsFound({}, check)).toEqual([]);
  });
});
