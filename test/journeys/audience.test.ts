// Audiences: the condition on the database and the evaluator pick the same customers, and those the words mean.
import fc from "fast-check";
import { writeFigures } from "../../src/customers/figures.js";
import {
  BUYING_STAGES,
  CHILD_STAGES,
  type Figures,
  HABITS,
  type StageLimits,
  USUAL_LIMITS,
} from "../../src/customers/stages.js";
import type { Sql, Store } from "../../src/infra/store.js";
import { type Audience, changesDaily, isEveryone, type Range, tagsIn } from "../../src/journeys/audience.js";
import { parseAudience } from "../../src/journeys/audience-file.js";
import { inAudience, type Judging, type Member } from "../../src/journeys/audience-member.js";
import { readAudience } from "../../src/journeys/audience-schema.js";
import { audienceCondition } from "../../src/journeys/audience-sql.js";
import { sayAudience } from "../../src/journeys/say-audience.js";
import type { Askable } from "../../src/journeys/words.js";
import { addDays, addMonths, daysBetween, type ShopDay } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";

const regions: Record<string, number[]> = { 华东: [1, 11, 12], 上海市: [11], "华东/上海市": [11], 华南: [2] };
const regionIds = (names: readonly string[]) => names.flatMap((name) => regions[name] ?? []);
const day: ShopDay = "2026-03-31";
/** What 沉睡 is, and who is to be woken. */
const tagRules = new Map<string, Audience>([
  ["沉睡", { buying_stage: ["churned"] }],
  ["唤醒", { tag: ["沉睡", "早产"] }],
]);

/** Guides 101, 102, 103 of stores a, b, c in regions 11, 12, 2. */
const PLACES = [
  { guideId: null, regionId: null, storeCode: null },
  { guideId: 101, regionId: 11, storeCode: "a" },
  { guideId: 102, regionId: 12, storeCode: "b" },
  { guideId: 103, regionId: 2, storeCode: "c" },
];

interface Order {
  on: ShopDay;
  quantity: number;
  /** yuan; null: not known */
  amount: number | null;
  refunded: boolean;
}

/** A customer as the database gets them. */
interface Person extends Omit<Member, "figures" | "regionId" | "storeCode" | "lacks"> {
  place: (typeof PLACES)[number];
  orders: Order[];
}

/** What orders come to, said once more without a database. */
function figuresOf(orders: readonly Order[]): Figures {
  const counted = orders.filter(({ refunded, on }) => !refunded && on >= "1990-01-01");
  const days = [...new Set(counted.map(({ on }) => on))].sort();
  const [firstOn = null, lastOn = null] = [days[0], days.at(-1)];
  return {
    ...{ orders: counted.length, purchases: days.length, firstOn, lastOn },
    quantity: counted.reduce((sum, { quantity }) => sum + quantity, 0),
    amountCents: Math.round(counted.reduce((sum, { amount }) => sum + (amount ?? 0), 0) * 100),
    spanDays: firstOn && lastOn ? daysBetween(firstOn, lastOn) : 0,
  };
}

function memberOf({ place, orders, ...person }: Person): Member {
  const { regionId, storeCode } = place;
  const { children } = person;
  const isBorn = children.some(({ bornOn }) => bornOn !== null);
  const lacks: Askable[] = ["customer.phone", "customer.birthday", "child.name"];
  if (!isBorn) lacks.push("child.born_on");
  if (!isBorn && children.every(({ dueOn }) => dueOn === null)) lacks.push("child.due_on");
  return { ...person, regionId, storeCode, lacks, figures: figuresOf(orders) };
}

async function openPlaces(store: Store): Promise<void> {
  await store.write(async (sql) => {
    await sql.run(
      "INSERT INTO store (id, code, name, region_id) VALUES (1,'a','a',11),(2,'b','b',12),(3,'c','c',2)",
    );
    await sql.run(
      "INSERT INTO guide (id, userid, name, store_id) VALUES (101,'a','a',1),(102,'b','b',2),(103,'c','c',3)",
    );
  });
}

const SOURCES = ["manual", "import", "model"];

/** Puts these people in the place of those there were; the first has id 1. */
async function settle(sql: Sql, people: readonly Person[]): Promise<void> {
  for (const table of [
    "customer",
    "child",
    "customer_tag",
    "customer_order",
    "customer_figure",
    "model_value",
  ])
    await sql.run(`DELETE FROM ${table}`);
  for (const [index, person] of people.entries()) {
    const id = index + 1;
    // a rule's tag of yesterday says nothing of today
    await sql.run("INSERT INTO customer_tag (customer_id, name, source) VALUES (?, '沉睡', 'rule')", [id]);
    const { place, source, level, brandPreference, joinedOn, stopped } = person;
    await sql.run(
      `INSERT INTO customer (id, external_userid, name, guide_id, source, level, brand_preference, joined_on, stopped, bucket)
       VALUES (?, ?, 'x', ?, ?, ?, ?, ?, ?, 0)`,
      [id, `wm${id}`, place.guideId, source, level, brandPreference, joinedOn, Number(stopped)],
    );
    for (const [at, name] of [...new Set(person.tags)].entries())
      await sql.run("INSERT INTO customer_tag (customer_id, name, source) VALUES (?, ?, ?)", [
        ...[id, name, SOURCES[at % 3] ?? ""],
      ]);
    for (const [at, { bornOn, dueOn }] of person.children.entries())
      await sql.run("INSERT INTO child (customer_id, child_no, born_on, due_on) VALUES (?, ?, ?, ?)", [
        ...[id, at + 1, bornOn, dueOn],
      ]);
    if (person.recovery)
      await sql.run(
        `INSERT INTO model_value (customer_id, last_on, purchases, span_days, quantity, model, low_on, computed_on)
         VALUES (?, ?, 1, 0, 1, 'bg_nbd', ?, ?)`,
        [id, person.recovery.lastOn, person.recovery.lowOn, day],
      );
    for (const [at, { on, quantity, amount, refunded }] of person.orders.entries())
      await sql.run(
        "INSERT INTO customer_order (order_no, customer_id, ordered_on, quantity, amount, status) VALUES (?, ?, ?, ?, ?, ?)",
        [`${id}-${at}`, id, on, quantity, amount, refunded ? "refunded" : "paid"],
      );
  }
  const buyers = people.flatMap(({ orders }, index) => (orders.length > 0 ? [index + 1] : []));
  await writeFigures(sql, buyers, day);
}

async function found(sql: Sql, audience: Audience, judging: Judging): Promise<number[]> {
  const condition = audienceCondition(audience, judging, judging.today);
  const rows = await sql.rows<{ id: number }>(
    `SELECT c.id FROM customer c WHERE ${condition.sql} ORDER BY c.id`,
    condition.params,
  );
  return rows.map(({ id }) => id);
}

const expected = (people: readonly Person[], audience: Audience, judging: Judging) =>
  people.flatMap((person, index) => (inAudience(audience, memberOf(person), judging) ? [index + 1] : []));

const nobody: Person = {
  ...{ source: null, level: null, brandPreference: null, tags: [], joinedOn: null, stopped: false },
  ...{ children: [], recovery: null, place: PLACES[0]!, orders: [] },
};
const order = (daysAgo: number, quantity = 2, more: Partial<Order> = {}): Order => ({
  ...{ on: addDays(day, -daysAgo), quantity, amount: 100, refunded: false },
  ...more,
});
const said = (daysAgo: number, lowOn: ShopDay | null) => ({ lastOn: addDays(day, -daysAgo), lowOn });
const born = (bornOn: ShopDay) => ({ bornOn, dueOn: null });

/** One customer for each thing that can be said of them, by a name. */
const people: Record<string, Person> = {
  nothing: nobody,
  shop: { ...nobody, source: "门店", level: "VIP", place: PLACES[1]!, tags: ["早产", "二胎"] },
  quote: { ...nobody, source: "it's", level: "vip", brandPreference: "甲", place: PLACES[2]! },
  south: { ...nobody, source: "电商", place: PLACES[3]!, joinedOn: addDays(day, -30) },
  expecting: { ...nobody, children: [{ bornOn: null, dueOn: addDays(day, 60) }] },
  overdue: { ...nobody, children: [{ bornOn: null, dueOn: addDays(day, -14) }] },
  forgotten: { ...nobody, children: [{ bornOn: null, dueOn: addDays(day, -15) }] },
  // three months on 31 March: of 31 December, and of all later days of no shorter month
  threeMonths: { ...nobody, children: [born("2025-12-31")] },
  almostThree: { ...nobody, children: [born("2026-01-01")] },
  twins: { ...nobody, children: [born("2025-03-31"), born("2025-03-31"), born("2020-01-01")] },
  stopped: { ...nobody, stopped: true, children: [born("2025-03-31")] },
  grown: { ...nobody, children: [born("2023-03-31")] },
  trial: { ...nobody, orders: [order(10, 1)] },
  new: { ...nobody, orders: [order(30, 2)] },
  active: { ...nobody, orders: [order(31, 2)] },
  refundedTwice: { ...nobody, orders: [order(5, 9, { refunded: true })] },
  lowSilent: { ...nobody, orders: [order(61)] },
  highSilent: { ...nobody, orders: [order(120), order(61, 6, { amount: null })] },
  hopeless: { ...nobody, orders: [order(61), order(90)], recovery: said(61, day) },
  hopeful: { ...nobody, orders: [order(61)], recovery: said(61, addDays(day, 1)) },
  // the model has not seen the last order
  unseen: { ...nobody, orders: [order(61)], recovery: said(70, null) },
  churned: { ...nobody, orders: [order(121), order(200)] },
  hoarder: { ...nobody, orders: [order(0, 6), order(45, 6)] },
  asNeeded: { ...nobody, orders: [order(0, 6), order(44, 6)] },
  sameDay: { ...nobody, orders: [order(0, 6), order(0, 6)] },
};
const names = Object.keys(people);

const cases: [string, Audience, string[]][] = [
  ["everyone", {}, names],
  ["one source", { source: ["门店"] }, ["shop"]],
  ["two sources, one of them with a quote", { source: ["电商", "it's"] }, ["quote", "south"]],
  ["letters as written", { level: ["VIP"] }, ["shop"]],
  ["brand preference", { brand_preference: ["甲"] }, ["quote"]],
  ["any of the tags, each customer once", { tag: ["早产", "二胎", "过敏"] }, ["shop"]],
  ["a tag by rule", { tag: ["沉睡"] }, ["churned"]],
  ["a tag by a rule that asks for another", { tag: ["唤醒", "过敏"] }, ["shop", "churned"]],
  ["a region with all below it", { region: ["华东"] }, ["shop", "quote"]],
  ["a region by its path", { region: ["华东/上海市"] }, ["shop"]],
  ["a region nobody knows", { region: ["西北"] }, []],
  ["a store", { store: ["b", "c"] }, ["quote", "south"]],
  ["no value at all", { source: [] }, []],
  ["expecting, up to two weeks past the date", { child_stage: ["pregnant"] }, ["expecting", "overdue"]],
  ["0–3 months", { child_stage: ["0-3"] }, ["almostThree"]],
  ["3–6 months, from a clamped month's end", { child_stage: ["3-6"] }, ["threeMonths"]],
  ["12–24 months, by one of three children", { child_stage: ["12-24"] }, ["twins"]],
  ["no stage after three years", { child_stage: ["24-36"] }, []],
  ["on trial", { buying_stage: ["trial"] }, ["trial"]],
  ["new, the thirtieth day among it", { buying_stage: ["new"] }, ["new", "sameDay"]],
  ["active", { buying_stage: ["active"] }, ["active", "hoarder", "asNeeded"]],
  ["silent, and not expected back", { buying_stage: ["pre_churn_low"] }, ["lowSilent", "hopeless", "unseen"]],
  ["silent, but expected back", { buying_stage: ["pre_churn_high"] }, ["highSilent", "hopeful"]],
  ["churned", { buying_stage: ["churned"] }, ["churned"]],
  ["hoarding", { habit: ["hoarder"] }, ["hoarder"]],
  ["buying as needed", { habit: ["as_needed"] }, ["highSilent", "hopeless", "churned", "asNeeded"]],
  [
    "two orders or more",
    { orders: { at_least: 2 } },
    ["highSilent", "hopeless", "churned", "hoarder", "asNeeded", "sameDay"],
  ],
  [
    "at most 100 yuan, with an order",
    { amount: { at_most: 100 }, orders: { at_least: 1 } },
    ["trial", "new", "active", "lowSilent", "highSilent", "hopeful", "unseen"],
  ],
  [
    "days since the last order",
    { last_order_days: { at_least: 31, at_most: 61 } },
    ["active", "lowSilent", "highSilent", "hopeless", "hopeful", "unseen"],
  ],
  ["days since joining", { joined_days: { at_least: 30, at_most: 30 } }, ["south"]],
  ["all fields together", { source: ["门店"], level: ["VIP"], tag: ["二胎"], region: ["华东"] }, ["shop"]],
  [
    "not, of what is not known too",
    { not: { source: ["门店", "it's"] } },
    names.filter((name) => !["shop", "quote"].includes(name)),
  ],
  ["one or the other", { any: [{ level: ["VIP"] }, { joined_days: { at_most: 30 } }] }, ["shop", "south"]],
  ["each of them, not the third", { all: [{ region: ["华东"] }, { not: { tag: ["早产"] } }] }, ["quote"]],
  ["of none of none", { any: [] }, []],
];

const words = (all: readonly string[]) =>
  fc.uniqueArray(fc.constantFrom(...all), { minLength: 1, maxLength: 3 });
const range = (most: number): fc.Arbitrary<Range> =>
  fc
    .tuple(fc.option(fc.integer({ min: 0, max: most })), fc.option(fc.integer({ min: 0, max: most })))
    .map(([one, other]) => {
      if (one === null) return { at_most: other ?? most };
      return other === null
        ? { at_least: one }
        : { at_least: Math.min(one, other), at_most: Math.max(one, other) };
    });
const leaf: fc.Arbitrary<Audience> = fc.oneof(
  ...[
    { source: words(["门店", "电商", "it's"]) },
    { level: words(["VIP", "vip"]) },
    { brand_preference: words(["甲", "乙"]) },
    { tag: words(["早产", "二胎", "过敏", "沉睡"]) },
    { region: words(["华东", "上海市", "华南", "西北"]) },
    { store: words(["a", "b", "c"]) },
    { child_stage: words(CHILD_STAGES) },
    { buying_stage: words(BUYING_STAGES) },
    { habit: words(HABITS) },
    { lacks: words(["customer.name", "customer.phone", "child.born_on", "child.due_on"]) },
    { orders: range(4) },
    { amount: range(400) },
    { last_order_days: range(150) },
    { joined_days: range(150) },
  ].map(
    (fields) =>
      fc.record(fields as unknown as Record<string, fc.Arbitrary<unknown>>) as fc.Arbitrary<Audience>,
  ),
);
const { audience: anyAudience } = fc.letrec<{ audience: Audience }>((tie) => ({
  audience: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: fc.tuple(leaf, leaf).map(([one, other]) => ({ ...one, ...other })) },
    {
      weight: 1,
      arbitrary: fc.array(tie("audience"), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    },
    {
      weight: 1,
      arbitrary: fc.array(tie("audience"), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    },
    { weight: 1, arbitrary: fc.tuple(leaf, tie("audience")).map(([one, not]) => ({ ...one, not })) },
  ),
}));

const anyDay = fc.constantFrom("2026-03-31", "2026-02-28", "2024-02-29", "2026-03-01", "2026-06-30");
/** Days around the edges: ends of months, and so many days or months before. */
const near = (today: ShopDay) =>
  fc.oneof(
    fc.integer({ min: -20, max: 200 }).map((n) => addDays(today, -n)),
    fc
      .tuple(fc.constantFrom(0, 3, 6, 12, 24, 36), fc.integer({ min: -4, max: 4 }))
      .map(([months, days]) => addDays(addMonths(today, -months), days)),
  );
const anyPerson = (today: ShopDay): fc.Arbitrary<Person> =>
  fc
    .record({
      ...{
        source: fc.option(fc.constantFrom("门店", "电商", "it's")),
        level: fc.option(fc.constantFrom("VIP", "vip")),
      },
      brandPreference: fc.option(fc.constantFrom("甲", "乙")),
      tags: fc.uniqueArray(fc.constantFrom("早产", "二胎", "过敏", "沉睡"), { maxLength: 2 }),
      joinedOn: fc.option(near(today)),
      stopped: fc.boolean(),
      children: fc
        .array(fc.record({ bornOn: fc.option(near(today)), dueOn: fc.option(near(today)) }), { maxLength: 2 })
        .chain((children) => fc.boolean().map((twins) => (twins ? [...children, ...children] : children))),
      place: fc.constantFrom(...PLACES),
      orders: fc.array(
        fc.record({
          on: fc.oneof(
            { weight: 9, arbitrary: near(today) },
            { weight: 1, arbitrary: fc.constant("1970-01-01") },
          ),
          quantity: fc.integer({ min: 0, max: 9 }),
          amount: fc.option(fc.integer({ min: 0, max: 20_000 }).map((cents) => cents / 100)),
          refunded: fc.boolean(),
        }),
        { maxLength: 4 },
      ),
      recovery: fc.option(fc.record({ lastOn: near(today), lowOn: fc.option(near(today)) })),
    })
    .chain((person) =>
      fc.boolean().map((isFresh) => {
        const { lastOn } = figuresOf(person.orders);
        return {
          ...person,
          recovery: person.recovery && isFresh && lastOn ? { ...person.recovery, lastOn } : person.recovery,
        };
      }),
    );
const anyLimits: fc.Arbitrary<StageLimits> = fc.record({
  ...{ newDays: fc.integer({ min: 1, max: 90 }), activeDays: fc.integer({ min: 1, max: 90 }) },
  ...{ churnedDays: fc.integer({ min: 91, max: 150 }), trialQuantity: fc.integer({ min: 1, max: 5 }) },
  hoardQuantity: fc.integer({ min: 1, max: 6 }),
  hoardDays: fc.integer({ min: 1, max: 60 }),
});

describeOnEachDatabase("audience", (store) => {
  beforeAll(() => openPlaces(store()));

  describe("of known people", () => {
    beforeAll(() => store().write((sql) => settle(sql, Object.values(people))));

    it.each(cases)("%s", async (_name, audience, inside) => {
      const judging = { regionIds, limits: USUAL_LIMITS, tagRules, today: day };
      const ids = await found(store().read, audience, judging);
      expect(ids.map((id) => names[id - 1])).toEqual(inside);
      expect(expected(Object.values(people), audience, judging)).toEqual(ids);
    });
  });

  it("is the same by the database and by the evaluator, whoever the customers and whatever the rule", async () => {
    const world = anyDay.chain((today) =>
      fc.record({
        ...{ today: fc.constant(today), limits: anyLimits },
        drawn: fc.array(anyPerson(today), { minLength: 12, maxLength: 12 }),
        // a rule of no tags, and one that asks for a tag others give
        ruled: fc
          .tuple(
            leaf.filter((rule) => !rule.tag),
            leaf.filter((rule) => !rule.tag),
          )
          .map(([one, other]) => [
            ["沉睡", one] as const,
            ["过敏", { any: [other, { tag: ["沉睡"] }] }] as const,
          ]),
        audiences: fc.array(anyAudience, { minLength: 12, maxLength: 12 }),
      }),
    );
    let inside = 0;
    await fc.assert(
      fc.asyncProperty(world, async ({ today, limits, ruled, drawn, audiences }) => {
        const judging = { regionIds, limits, today, tagRules: new Map(ruled) };
        await store().write(async (sql) => {
          await settle(sql, drawn);
          for (const audience of audiences) {
            const ids = await found(sql, audience, judging);
            inside += ids.length;
            expect({ audience, ids }).toEqual({ audience, ids: expected(drawn, audience, judging) });
          }
        });
      }),
      { numRuns: 40 },
    );
    expect(inside).toBeGreaterThan(500);
  });
});

it.each(cases)("only the empty audience is everyone: %s", (_name, audience) => {
  expect(isEveryone(audience)).toBe(Object.keys(audience).length === 0);
});

it("puts no value into the statement itself", () => {
  const basis = { regionIds, limits: USUAL_LIMITS, tagRules };
  const { sql, params } = audienceCondition({ source: ["x' OR 1 = 1 --"], tag: ["y"] }, basis, day);
  expect(sql).not.toMatch(/OR 1|y'/);
  expect(params).toEqual(["x' OR 1 = 1 --", "y"]);
});

it("knows what changes with the day and which tags are asked for, however deep", () => {
  const deep = {
    any: [{ tag: ["a"] }, { not: { all: [{ tag: ["b", "a"] }, { joined_days: { at_most: 3 } }] } }],
  };
  expect(changesDaily(deep, tagRules)).toBe(true);
  expect(changesDaily({ any: [{ orders: { at_least: 1 } }], tag: ["a"] }, tagRules)).toBe(false);
  expect(changesDaily({ not: { tag: ["沉睡"] } }, tagRules)).toBe(true);
  expect(tagsIn(deep)).toEqual(["a", "b"]);
});

it.each<[Audience, string]>([
  [{}, "全部客户"],
  [{ source: ["门店", "电商"], tag: ["二胎"] }, "来源：门店、电商；标签：二胎"],
  [{ child_stage: ["pregnant", "0-3"], habit: ["hoarder"] }, "宝宝阶段：孕期、0–3个月；购买习惯：囤货"],
  [{ buying_stage: ["pre_churn_high"], store: ["S1"] }, "门店：S1；购买阶段：将流失（易挽回）"],
  [{ orders: { at_least: 2 }, amount: { at_most: 99.5 } }, "订单数至少2单；消费金额至多99.5元"],
  [
    { last_order_days: { at_least: 30, at_most: 60 }, joined_days: { at_least: 7, at_most: 7 } },
    "距上次购买30至60天；加入7天",
  ],
  [
    { level: ["金卡"], any: [{ orders: { at_least: 3 } }, { not: { tag: ["投诉"] } }] },
    "等级：金卡；满足任一：（订单数至少3单）或（不是（标签：投诉））",
  ],
  [{ all: [{ tag: ["a"] }, { tag: ["b"] }] }, "同时满足：（标签：a）且（标签：b）"],
])("%j is said in Chinese: %s", (audience, words) => {
  expect(sayAudience(audience)).toBe(words);
});

describe("an audience of plain data", () => {
  it("is kept in one form", () => {
    const given = { any: [{ source: "门店" }, { tag: ["b", "a", "b"], orders: { at_least: 2 } }] };
    expect(readAudience(given)).toEqual({
      any: [{ source: ["门店"] }, { tag: ["a", "b"], orders: { at_least: 2 } }],
    });
    fc.assert(
      fc.property(anyAudience, (audience) => {
        const kept = readAudience(audience);
        expect(readAudience(JSON.parse(JSON.stringify(kept)))).toEqual(kept);
      }),
    );
  });

  it.each<[string, unknown, string, string]>([
    ["no map", "门店", "audience", "key: value pairs"],
    ["an unknown key", { city: ["上海"] }, "audience.city", "one of the keys source, level"],
    ["numbers for texts", { level: [1] }, "audience.level[0]", "a list of texts"],
    ["an empty list", { source: [] }, "audience.source", "a list of texts"],
    [
      "an unknown stage",
      { any: [{ tag: ["a"] }, { buying_stage: ["old"] }] },
      "audience.any[1].buying_stage[0]",
      "one or more of new, active",
    ],
    ["a range without bounds", { orders: {} }, "audience.orders", "at_least: and at_most:"],
    ["a range upside down", { orders: { at_least: 3, at_most: 2 } }, "audience.orders", "at_least no larger"],
    ["half an order", { orders: { at_least: 1.5 } }, "audience.orders.at_least", "a whole number"],
    ["a tenth of a cent", { amount: { at_least: 1.001 } }, "audience.amount.at_least", "two decimals"],
    ["rules that are no list", { any: { tag: ["a"] } }, "audience.any", "a list of rules"],
    ["not of nothing", { not: {} }, "audience.not", "a condition"],
    ["an abyss", deepRule(9), "audience.not.not.not.not.not.not.not.not", "at most 8 rules"],
  ])("%s is refused with its place", (_name, value, where, wanted) => {
    expect(() => readAudience(value)).toThrow("人群规则不对。");
    const faults = faultsOf(() => readAudience(value));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ where, expected: expect.stringContaining(wanted) });
  });
});

describe("an audience alone in a file", () => {
  it("is read as YAML or JSON", () => {
    expect(parseAudience("a.yaml", "any:\n  - tag: a\n  - orders: { at_least: 2 }\n")).toEqual({
      any: [{ tag: ["a"] }, { orders: { at_least: 2 } }],
    });
    expect(parseAudience("a.json", '{"not": {"source": ["门店"]}}')).toEqual({ not: { source: ["门店"] } });
  });

  it.each<[string, string, object]>([
    ["a key nobody knows", "any:\n  - tag: a\n  - city: b\n", { line: 3, column: 5, value: "city" }],
    ["half an order", "orders:\n  at_least: 1.5\n", { line: 2, column: 13, value: "1.5" }],
    ["no rule", "- a\n", { line: 1, expected: "key: value pairs" }],
    ["no YAML", "a: [", { line: 1, expected: expect.stringContaining("YAML that can be read") }],
  ])("%s is refused with its line", (_name, text, fault) => {
    expect(faultsOf(() => parseAudience("a.yaml", text))[0]).toMatchObject({ where: "a.yaml", ...fault });
  });
});

function deepRule(deep: number): unknown {
  return deep === 0 ? { tag: ["a"] } : { not: deepRule(deep - 1) };
}

function faultsOf(read: () => unknown): unknown[] {
  try {
    read();
    return [];
  } catch (error) {
    return (error as { faults: unknown[] }).faults;
  }
}
