// One guide's list of today: a card of every kind, from the journey as a file.
import type { Store } from "../../src/infra/store.js";
import { addDays, addMonths } from "../../src/kernel/calendar.js";
import { addTask, at, insert, TODAY, type Unit } from "./brand.js";

/** A journey with a touchpoint of every way. */
export const JOURNEY = `
key: look
name: 新客育儿旅程
touchpoints:
  - { key: day-3, name: 第3天关怀, after: joined, days: 3, send: mass, words: "您好呀，我是{{store.name}}的{{guide.name}}。奶粉开罐三天了，宝宝喝得还习惯吗？冲调、睡眠、便便有任何疑问，随时问我～" }
  - { key: month-6, name: 满6个月, after: child_born, months: 6, send: page, words: "{{customer.name}}，{{child.name}}今天满6个月啦！可以开始尝试第一口高铁米粉了，从一小勺、单一食材开始，连吃三天观察有没有不适。要不要我发一份一周辅食安排给您？" }
  - { key: no-order-30, name: 30天未复购, after: last_order, days: 30, repeat: each, priority: churn, send: page, words: "{{customer.name}}，距离上次带奶粉有一阵子了，家里的还够喝吗？店里这周到了新批次，需要的话我给您留两罐，顺路来取就好。" }
  - { key: visit, name: 新客回访, after: joined, days: 7, send: hand, priority: service }
  - { key: birthday, name: 宝宝周岁, after: child_born, days: 0, repeat: yearly, send: page, words: "{{child.name}}一周岁生日快乐！" }
`;

interface Person {
  name: string;
  child?: { name: string | null; born: string };
}

/** Puts today's tasks before a guide. `touchpoints` by their place in the journey. */
export async function makeToday(
  store: Store,
  guide: Unit,
  touchpoints: readonly number[],
): Promise<number[]> {
  const [day3 = 0, month6 = 0, noOrder = 0, visit = 0, birthday = 0] = touchpoints;
  const halfYear = addMonths(TODAY, -6);
  const ids: number[] = [];
  const kinds = new Map([
    [day3, "joined"],
    [month6, "child_born"],
    [noOrder, "last_order"],
    [visit, "joined"],
    [birthday, "child_born"],
  ]);
  const add = async (person: Person, touchpoint: number, values: Record<string, string | number | null>) => {
    const customerId = await addCustomer(store, guide, person, 900 + ids.length);
    const anchor = {
      ...{ customer_id: customerId, kind: kinds.get(touchpoint) ?? "", child_no: person.child ? 1 : 0 },
      ...{ on_date: values.anchor_on ?? TODAY, cycle_on: 0, guide_id: guide.id },
    };
    await store.write((sql) => insert(sql, "anchor", anchor));
    const task = {
      touchpoint_id: touchpoint,
      customer_id: customerId,
      child_no: person.child ? 1 : 0,
      ...values,
    };
    ids.push(await store.write((sql) => addTask(sql, guide, TODAY, task)));
  };
  const offered = { state: "offered", reason: null };
  await add({ name: "林悦", child: { name: "糖糖", born: halfYear } }, month6, {
    ...offered,
    anchor_on: halfYear,
  });
  await add({ name: "周晓彤" }, visit, { ...offered, anchor_on: addDays(TODAY, -7), expires_on: TODAY });
  await add({ name: "许婷" }, noOrder, { ...offered, anchor_on: addDays(TODAY, -30) });
  await add({ name: "何佳", child: { name: null, born: addMonths(TODAY, -12) } }, birthday, {
    ...{ state: "needs_data", reason: null, anchor_on: addMonths(TODAY, -12), occurrence: 2026 },
  });
  const waiting = await store.write((sql) =>
    insert(sql, "hand_over", {
      ...{
        ref: `look-${guide.id}`,
        channel: "notebook",
        way: "mass",
        guide_id: guide.id,
        state: "waiting",
        customers: 1,
      },
      ...{ words: "您好呀，奶粉开罐三天了，宝宝喝得还习惯吗？", prepared_on: TODAY, provider_ref: "n1" },
      ...{ called_at: at(TODAY, "09:08"), next_at: at(TODAY, "16:00") },
    }),
  );
  const anchor = { anchor_on: addDays(TODAY, -3) };
  await add({ name: "梁雨薇" }, day3, {
    ...anchor,
    state: "handed_over",
    reason: null,
    hand_over_id: waiting,
  });
  const sent = { acted_at: at(TODAY, "09:30"), sent_at: at(TODAY, "09:30"), observed: 1 };
  await add({ name: "高敏", child: { name: "安安", born: halfYear } }, month6, {
    ...{ ...sent, state: "sent", reason: null, anchor_on: halfYear, replied_at: at(TODAY, "09:52") },
  });
  await add({ name: "沈丽" }, noOrder, {
    ...sent,
    state: "sent",
    reason: null,
    anchor_on: addDays(TODAY, -30),
  });
  await add({ name: "蒋欣" }, visit, { ...anchor, state: "skipped", reason: "guide_skipped_already_spoke" });
  return ids;
}

async function addCustomer(
  store: Store,
  guide: Unit,
  { name, child }: Person,
  serial: number,
): Promise<number> {
  return store.write(async (sql) => {
    const joined = addDays(TODAY, -60);
    const row = {
      external_userid: `wm${guide.id}-${serial}`,
      name,
      guide_id: guide.id,
      joined_on: joined,
      bucket: serial,
    };
    const id = await insert(sql, "customer", row);
    await insert(sql, "contact", { customer_id: id, guide_id: guide.id, began_on: joined });
    if (child)
      await insert(sql, "child", { customer_id: id, child_no: 1, name: child.name, born_on: child.born });
    return id;
  });
}
