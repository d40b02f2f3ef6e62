// What the list of stuck tasks says: why nobody can follow a customer up, where that is mended, what a click came to.
import { type HeldCustomer, sayHeld } from "../../../src/console/operations/held-customers.js";
import type { Store } from "../../../src/infra/store.js";
import { describeOnEachDatabase } from "../../support/databases.js";
import { type DeskHouse, openDeskHouse } from "../../support/desk-house.js";
import { enrolCustomer, openShop, planTask } from "../../support/task-stand.js";

const today = "2026-03-02";
const nobody: HeldCustomer = {
  ...{ id: 1, owner: null, ownerLeftOn: null, transfer: null, declined: null, friends: 1, friendsNow: 0 },
};
const gone = { owner: "兰兰", ownerLeftOn: today };

it.each<[Partial<HeldCustomer>, string]>([
  [{}, "好友关系已结束"],
  [{ declined: 0 }, "好友关系已结束"],
  [{ declined: 1 }, "客户拒绝了接替的导购"],
  [{ friends: 0 }, "还没有加过任何导购"],
  [{ friendsNow: 1 }, "是导购的好友，但没有指定负责导购"],
  [gone, "导购已离职，还没有交接"],
  [{ ...gone, transfer: "waiting" }, "导购已离职，正在交接，等客户 24 小时"],
  [{ ...gone, transfer: "full" }, "导购已离职，交接没有成功：接替导购的客户已满"],
  [{ ...gone, ownerLeftOn: "2026-03-03" }, "负责导购现在是兰兰，能跟进时自动继续"],
])("why nobody follows up %j: %s", (more, said) => {
  expect(sayHeld({ ...nobody, ...more }, today)).toBe(said);
});

describeOnEachDatabase("stuck tasks", (open) => {
  let store: Store;
  let house: DeskHouse;
  beforeEach(async () => {
    store = open();
    house = await openDeskHouse(store, today);
    await openShop(store);
    await house.account("hq", "hq");
  });
  afterEach(() => house.close());
  const run = (sql: string) => store.write((db) => db.run(sql));
  const examples = async (reason: string) => {
    const path = `/operations/tasks/examples?trouble=held&reason=${reason}`;
    return (await (await house.as("hq")).get(path)).text;
  };

  test("say why nobody can follow up, and lead to the customer and to where it is mended", async () => {
    for (const id of [11, 12, 13]) {
      await enrolCustomer(store, id, { guideId: id === 13 ? 2 : 1 });
      await planTask(store, "page", id, { state: "held", guideId: id === 13 ? 2 : 1 });
    }
    await planTask(store, "call", 13, { state: "held", guideId: 2 });
    await run("UPDATE task SET reason = 'no_guide', guide_id = NULL WHERE customer_id < 13");
    await run("UPDATE task SET reason = 'guide_left' WHERE customer_id = 13");
    await run("UPDATE customer SET guide_id = NULL WHERE id < 13");
    await run("UPDATE contact SET ended_on = '2026-03-01' WHERE customer_id = 11");
    await run("DELETE FROM contact WHERE customer_id = 12");
    await run("UPDATE guide SET left_on = '2026-03-01' WHERE id = 2");

    const { text } = await (await house.as("hq")).get("/operations/tasks");
    expect(text).toContain('id="trouble-held"');
    expect(text).toMatch(/客户没有负责导购[\s\S]*请门店导购加客户为好友[\s\S]*href="\/org\/import"/);
    expect(text).toMatch(
      /导购已离职，客户还没有交接[\s\S]*href="\/org\/guides\/2#leaver">交接梅梅的客户（2 个任务）/,
    );
    expect(text).not.toContain("交接兰兰的客户");

    const unowned = await examples("no_guide");
    expect(unowned).toMatch(/href="\/customers\/12">客户12<[\s\S]*还没有加过任何导购/);
    expect(unowned).toMatch(/href="\/customers\/11">客户11<[\s\S]*好友关系已结束/);
    expect(await examples("guide_left")).toMatch(
      /href="\/customers\/13">客户13<[\s\S]*href="\/org\/guides\/2#leaver">万达店 · 梅梅<[\s\S]*导购已离职，还没有交接/,
    );
    const guide = await (await house.as("hq")).get("/org/guides/2");
    expect(guide.text).toMatch(/id="leaver"[\s\S]*接替导购账号/);
  });

  test("looked for at once, stay on the list until there is a result, and the answer says so", async () => {
    await enrolCustomer(store, 11);
    const id = await planTask(store, "personal", 11, { state: "unknown" });
    await run(
      `INSERT INTO hand_over (ref, channel, way, guide_id, words, prepared_on, customers, state, called_at, next_at)
       VALUES ('r', 'wecom', 'mass', 1, '好', '${today}', 1, 'unknown', 0, ${Number.MAX_SAFE_INTEGER})`,
    );
    await run(`UPDATE task SET hand_over_id = (SELECT MAX(id) FROM hand_over) WHERE id = ${id}`);
    const hq = await house.as("hq");
    const tap = async () => {
      const answer = await hq.tap("/operations/tasks/again", { trouble: "unknown" }, "/operations/tasks");
      const { notice } = JSON.parse(answer.headers["hx-trigger"] ?? "{}") as { notice: { text: string } };
      expect(answer.text).toContain("没有回音，待核实");
      return notice.text;
    };
    expect(await tap()).toBe("1 个任务下一轮就处理，有结果前还在这里。");
    await run("UPDATE hand_over SET state = 'waiting'");
    expect(await tap()).toBe("1 个任务都没有动：已经有了结果。");
  });
});
