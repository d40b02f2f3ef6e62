// One-off tasks on HQ's pages: made by a form that says what is wrong beside its field, counted, ended.
import { audienceOf, dataOf, readForm } from "../../../src/console/oneoffs/form.js";
import type { Store } from "../../../src/infra/store.js";
import { Refusal } from "../../../src/kernel/refusals.js";
import { rebuild } from "../../../src/reports/refresh.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";
import { enrolCustomer, openShop, zone } from "../../support/task-stand.js";

const today = "2026-03-02";

describe("the form's data", () => {
  test.each<[string, object, object]>([
    ["nothing chosen is everybody", {}, {}],
    ["one region alone", { regions: "华东" }, { region: ["华东"] }],
    [
      "all fields",
      {
        regions: ["华东", "华南/广州"],
        child_stage: ["0-3", "none"],
        buying_stage: "new",
        tags: "VIP、重点，",
        levels: "金卡",
      },
      {
        region: ["华东", "华南/广州"],
        tag: ["VIP", "重点"],
        level: ["金卡"],
        child_stage: ["0-3"],
        buying_stage: ["new"],
      },
    ],
    [
      "a rule stands instead of the fields",
      { tags: "VIP", rule: "any:\n  - level: [金卡]" },
      { any: [{ level: ["金卡"] }] },
    ],
    ["JSON is YAML too", { rule: '{"tag": ["VIP"]}' }, { tag: ["VIP"] }],
  ])("%s", (_name, body, audience) => {
    expect(audienceOf(readForm(body))).toEqual(audience);
  });

  test.each(["- a\n- b", "just words", "a: [b"])("a rule that is none is refused: %s", (rule) => {
    expect(() => audienceOf(readForm({ rule }))).toThrow(Refusal);
  });

  test("a key is made up where none was typed", () => {
    const typed = { name: " 回访 ", until: "2026-03-05", send: "hand" };
    expect(dataOf(readForm(typed), "fresh")).toEqual({
      ...{ key: "fresh", name: "回访", send: "hand", until: "2026-03-05" },
    });
  });
});

describeOnEachDatabase("one-off tasks", (open) => {
  let store: Store;
  let house: DeskHouse;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    await house.account("hq", "hq");
    await house.account("boss", "manager", { regionId: 5 });
    for (const id of [11, 12]) await enrolCustomer(store, id);
  });
  afterEach(() => house.close());
  const form = {
    name: "三月回访",
    key: "visit",
    until: "2026-03-06",
    send: "page",
    words: "{{customer.name}}，您好！",
  };

  test("empty, the list says what to do", async () => {
    const hq = await house.as("hq");
    expect((await hq.get("/oneoffs")).text).toContain("还没有一次性任务");
    expect((await (await house.as("boss")).get("/oneoffs")).status).toBe(403);
    expect((await hq.get("/oneoffs/none")).status).toBe(404);
  });

  test("its words take variables with a click", async () => {
    const { text } = await (await house.as("hq")).get("/oneoffs/new");
    expect(text).toContain('data-insert-into="f-words"');
    expect(text).toContain('data-insert="{{customer.name}}"');
  });

  test("counts whom it reaches while it is written", async () => {
    const hq = await house.as("hq");
    const all = await hq.tap("/oneoffs/audience", form, "/oneoffs/new");
    expect(all.text).toContain("2 位客户");
    const none = await hq.tap("/oneoffs/audience", { ...form, tags: "没有的标签" }, "/oneoffs/new");
    expect([none.text, none.text]).toEqual([
      expect.stringContaining("0 位客户"),
      expect.stringContaining("没有的标签"),
    ]);
    const bad = await hq.tap("/oneoffs/audience", { ...form, rule: "levels: [x]" }, "/oneoffs/new");
    expect([bad.status, bad.text]).toEqual([200, expect.stringContaining("人群规则不对")]);
  });

  test("is made, shown with its own figures, and ended once", async () => {
    const hq = await house.as("hq");
    const made = await hq.post("/oneoffs", form, "/oneoffs/new");
    expect(made.headers.location).toBe("/oneoffs/visit?made=1");
    expect((await hq.get("/oneoffs/visit?made=1")).text).toContain("已建立，2 位客户各有一个任务");
    await house.services.passes.release();
    await house.services.passes.offer();
    await store.write((sql) =>
      sql.run("UPDATE task SET state = 'sent', acted_at = 1, sent_at = 1 WHERE customer_id = 11"),
    );
    await rebuild({ store, zone });
    const list = await hq.get("/oneoffs");
    expect(list.text).toMatch(/三月回访[\s\S]*<td>2<\/td><td>1<small class="place">50\.0%/);
    const { text } = await hq.get("/oneoffs/visit");
    expect(text).toContain("华东");
    expect(text).toContain('<span class="gap">客户称呼</span>，您好！');
    expect(text).not.toContain("{{");
    expect((await hq.post("/oneoffs", form, "/oneoffs/new")).status).toBe(409);
    await hq.post("/oneoffs/visit/close", {}, "/oneoffs/visit");
    await hq.post("/oneoffs/visit/close", {}, "/oneoffs");
    const rows = await store.read.rows<{ state: string }>("SELECT state FROM task ORDER BY id");
    expect(rows.map(({ state }) => state)).toEqual(["sent", "cancelled"]);
    expect((await hq.get("/oneoffs")).text).toContain("已结束");
    const audits = await store.read.rows<{ action: string }>(
      "SELECT action FROM audit_entry WHERE action LIKE 'oneoff.%' ORDER BY id",
    );
    expect(audits.map(({ action }) => action).slice(0, 2)).toEqual(["oneoff.create", "oneoff.close"]);
  });

  test("what is wrong is said beside its field, and nothing typed is lost", async () => {
    const hq = await house.as("hq");
    const answer = await hq.post(
      "/oneoffs",
      { ...form, until: "2026-02-01", words: "最好的奶粉", tags: "重点" },
      "/oneoffs/new",
    );
    expect(answer.status).toBe(422);
    expect(answer.text).toMatch(/id="fault-until">2026-03-02 到 2026-\d\d-\d\d 之间的日期/);
    expect(answer.text).toContain("三月回访");
    expect(answer.text).toContain("最好的奶粉");
    expect(answer.text).toContain('value="重点"');
    expect(await store.read.rows("SELECT id FROM task")).toEqual([]);
  });
});
