// A customer's card: everything of their own guide, nothing of another's chat, and nobody else's customer at all.
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  enrolCustomer,
  hour,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
} from "../support/task-stand.js";

describeOnEachDatabase("a customer's card", (open) => {
  let store: Store;
  let stand: Stand;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await enrolCustomer(store, 11, { name: "林悦" });
    await enrolCustomer(store, 21, { guideId: 2 });
  });
  const message = (n: number, guideId: number, sender: string, text: string | null, more = {}) =>
    store.write((sql) => {
      const row = {
        ...{ msgid: `m${n}`, guide_id: guideId, customer_id: 11, sender, sent_at: monday - n * hour },
        ...{
          sent_on: "2026-03-02",
          type: text === null ? "image" : "text",
          text,
          source: "archive",
          ...more,
        },
      };
      const names = Object.keys(row);
      return sql.run(
        `INSERT INTO message (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`,
        Object.values(row),
      );
    });

  it("holds who they are, what they bought, and the guide's own tasks", async () => {
    await store.write(async (sql) => {
      await sql.run(
        "UPDATE customer SET level = '金卡', brand_preference = '启赋', opted_out = 1 WHERE id = 11",
      );
      for (const source of ["manual", "rule"])
        await sql.run("INSERT INTO customer_tag (customer_id, name, source) VALUES (11, '新手妈妈', ?)", [
          source,
        ]);
      for (let n = 0; n < 7; n++)
        await sql.run(
          `INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, amount, status, category)
           VALUES (?, 11, ?, 2, 298.5, 'paid', '奶粉')`,
          [`o${n}`, `2026-02-0${n + 1}`],
        );
    });
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    const card = await stand.service.customerCard(1, 11);
    expect(card).toMatchObject({
      ...{ name: "林悦", level: "金卡", optedOut: true, stopped: false, isFriend: true, orderCount: 7 },
      ...{ children: ["豆豆（6个月）"], tags: ["新手妈妈"] },
    });
    expect(card.orders.map(({ on }) => on)).toEqual([7, 6, 5, 4, 3].map((n) => `2026-02-0${n}`));
    expect(card.orders[0]).toMatchObject({ amount: 298.5, quantity: 2, category: "奶粉" });
    expect(card.items.map(({ taskId }) => taskId)).toEqual([id]);
  });

  it("holds what went out and what came back, and how the last call went", async () => {
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    await stand.service.takeWords(1, id, "a");
    await stand.service.reportSent(1, id);
    await message(1, 1, "customer", "谢谢惦记", { task_id: id });
    await store.write((sql) => sql.run("UPDATE task SET replied_at = ? WHERE id = ?", [monday, id]));
    await store.write((sql) =>
      sql.run(
        `INSERT INTO task_outcome (task_id, customer_id, guide_id, at, outcome, note) VALUES (99, 11, 1, ?, '接通', '想试二段')`,
        [monday],
      ),
    );
    const card = await stand.service.customerCard(1, 11);
    expect(card.past).toEqual([
      { on: "2026-03-02", touchpoint: "page", words: "林悦，页面问候。", replied: true, reply: "谢谢惦记" },
    ]);
    expect(card.outcomes).toEqual([
      { on: "2026-03-02", outcome: "接通", note: "想试二段", nextTouchOn: null },
    ]);
  });

  it("holds the chat with this guide alone, oldest first, without what chat systems write by themselves", async () => {
    await message(1, 1, "customer", null);
    await message(2, 1, "guide", "早上好");
    await message(3, 1, "auto", "我通过了你的好友请求");
    await message(4, 2, "customer", "给小梅的悄悄话");
    await message(5, 1, "customer", "说错了", { recalled: 1 });
    const { chat } = await stand.service.customerCard(1, 11);
    expect(chat.map(({ from, type, text, recalled }) => [from, type, text, recalled])).toEqual([
      ["customer", "text", "说错了", true],
      ["guide", "text", "早上好", false],
      ["customer", "image", null, false],
    ]);
  });

  it("of somebody else's customer does not exist; of one whose task a deputy has, it does", async () => {
    await expect(stand.service.customerCard(2, 11)).rejects.toMatchObject({ kind: "not_found" });
    await expect(stand.service.customerCard(1, 999)).rejects.toMatchObject({ kind: "not_found" });
    const id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    await store.write((sql) => sql.run("UPDATE task SET guide_id = 2, deputy_of = 1 WHERE id = ?", [id]));
    expect(await stand.service.customerCard(2, 11)).toMatchObject({ name: "林悦", isFriend: false });
  });

  it("goes when the friendship ends and another owns them", async () => {
    await store.write(async (sql) => {
      await sql.run("UPDATE contact SET ended_on = '2026-03-01' WHERE customer_id = 11");
      await sql.run("UPDATE customer SET guide_id = 2 WHERE id = 11");
    });
    await expect(stand.service.customerCard(1, 11)).rejects.toMatchObject({ kind: "not_found" });
  });
});
