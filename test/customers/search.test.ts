// Search finds exactly what a plain walk over everybody finds, for everybody who may look; page after page, nobody twice.
import { customerDesk, type DeskAsk } from "../../src/customers/desk.js";
import { customerService } from "../../src/customers/service.js";
import type { Viewer } from "../../src/identity/viewer.js";
import { insertRows } from "../../src/infra/batches.js";
import type { Param } from "../../src/infra/store.js";
import { movableWorld, seeded } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

const secretKey = Buffer.alloc(32, 9);
const zone = "Asia/Shanghai";
const world = movableWorld(Date.UTC(2026, 2, 2, 4));

/** Two large regions; 6 cities; 12 stores; 240 guides: a large region has more than are gone through guide by guide. */
const GUIDES = 240;
const storeOf = (guide: number) => 1 + ((guide - 1) % 12);
const cityOf = (store: number) => 3 + ((store - 1) % 6);
const topOf = (city: number) => 1 + (city % 2);

interface Person {
  id: number;
  externalUserid: string;
  name: string;
  phone: string | null;
  /** the owner, and friends of today */
  guides: number[];
  isGone: boolean;
}

const person = (role: Viewer["role"], ids: Partial<Viewer> = {}): Viewer => ({
  ...{ accountId: 1, role, name: "", guideId: null, storeId: null, regionId: null, ...ids },
});

describeOnEachDatabase("search", (db) => {
  const people: Person[] = [];
  const desk = () => customerDesk({ store: db(), world, secretKey });

  beforeAll(async () => {
    await db().write(async (sql) => {
      const regions = [1, 2].map((id): Param[] => [id, 0, `大区${id}`, 0, `/${id}/`]);
      for (let city = 3; city <= 8; city++)
        regions.push([city, topOf(city), `城市${city}`, 1, `/${topOf(city)}/${city}/`]);
      await insertRows(sql, "INSERT INTO region (id, parent_id, name, depth, trail)", regions);
      const stores = Array.from({ length: 12 }, (_, at) => [
        at + 1,
        `S${at + 1}`,
        `第${at + 1}店`,
        cityOf(at + 1),
      ]);
      await insertRows(sql, "INSERT INTO store (id, code, name, region_id)", stores);
      const guides = Array.from({ length: GUIDES }, (_, at) => [
        at + 1,
        `g${at + 1}`,
        `导购${at + 1}`,
        storeOf(at + 1),
      ]);
      await insertRows(sql, "INSERT INTO guide (id, userid, name, store_id)", guides);
    });
    await fill(600);
  });

  /** Pushed as a CRM would, then given second friends, ends, erasures and merges. */
  async function fill(count: number): Promise<void> {
    const random = seeded(3);
    const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T;
    const customers = customerService({ store: db(), world, zone, secretKey });
    const rows = Array.from({ length: count }, (_, at) => {
      const name = `${pick(["张", "张", "李", "lily", "Lily", "🌸"])}${pick(["", "小", "小米", "1"])}${pick(["", "妈", "%"])}`;
      const phone =
        random() < 0.8
          ? `138${String(Math.floor(random() * 1e5)).padStart(5, "0")}${pick(["123", "999"])}`
          : null;
      return {
        ...{ external_userid: `wm${pick(["AA", "AB", "ab"])}${String(at).padStart(4, "0")}`, name },
        ...{ guide_userid: random() < 0.9 ? `g${1 + Math.floor(random() * GUIDES)}` : null, phone },
        joined_on: "2026-01-01",
      };
    });
    for (let at = 0; at < count; at += 200) await customers.push("customers", rows.slice(at, at + 200));
    const stored = await db().read.rows<{ id: number; externalUserid: string; guideId: number | null }>(
      "SELECT id, external_userid AS externalUserid, guide_id AS guideId FROM customer ORDER BY id",
    );
    const of = new Map(rows.map((row) => [row.external_userid, row]));
    for (const { id, externalUserid, guideId } of stored) {
      const row = of.get(externalUserid);
      const friend = random() < 0.2 ? 1 + Math.floor(random() * GUIDES) : null;
      const isOver = random() < 0.5;
      const isGone = random() < 0.05;
      if (friend !== null && friend !== guideId)
        await db().write((sql) =>
          sql.run(
            "INSERT INTO contact (customer_id, guide_id, began_on, ended_on) VALUES (?, ?, '2026-01-02', ?)",
            [...[id, friend, isOver ? "2026-02-01" : null]],
          ),
        );
      if (isGone)
        await db().write((sql) => sql.run("UPDATE customer SET merged_into = 1 WHERE id = ?", [id]));
      people.push({
        ...{ id, externalUserid, name: row?.name ?? "", phone: row?.phone ?? null, isGone },
        guides: [...(guideId === null ? [] : [guideId]), ...(friend !== null && !isOver ? [friend] : [])],
      });
    }
  }

  const viewers: [string, Viewer, (guide: number) => boolean][] = [
    ["HQ", person("hq"), () => true],
    [
      "a large region's manager",
      person("manager", { regionId: 1 }),
      (guide) => topOf(cityOf(storeOf(guide))) === 1,
    ],
    ["a city's manager", person("manager", { regionId: 4 }), (guide) => cityOf(storeOf(guide)) === 4],
    ["a store's manager", person("store_manager", { storeId: 5 }), (guide) => storeOf(guide) === 5],
    ["a guide", person("guide", { guideId: 7 }), (guide) => guide === 7],
    ["a manager of nowhere", person("manager", { regionId: 99 }), () => false],
    ["a guide of nowhere", person("guide"), () => false],
  ];

  /** All pages of a search, and what the text was taken for. */
  async function all(viewer: Viewer, ask: Partial<DeskAsk>) {
    const found: number[] = [];
    let by: string | null = null;
    let page = await desk().search(viewer, { text: "", store: "", guide: "", ...ask });
    for (let pages = 0; ; pages++) {
      by ??= page.by;
      found.push(...page.hits.map(({ id }) => id));
      if (page.next === null) return { found, by };
      if (pages > 100) throw new Error("pages without end");
      const kind = page.by === "place" || page.by === null ? {} : { by: page.by };
      page = await desk().search(viewer, {
        text: "",
        store: "",
        guide: "",
        ...ask,
        ...kind,
        after: page.next,
      });
    }
  }

  /** The same, the plain way. */
  const plainly = (by: string | null, text: string) => (one: Person) => {
    if (one.isGone) return false;
    if (by === "phone") return one.phone === text;
    if (by === "tail") return one.phone?.endsWith(text) === true;
    if (by === "id") return one.externalUserid.startsWith(text);
    const ways = [
      text,
      text.toLowerCase(),
      text.toUpperCase(),
      text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
    ];
    return ways.some((way) => one.name.startsWith(way));
  };

  const texts = [
    "张",
    "张小",
    "张小米",
    "lily",
    "LILY",
    "🌸",
    "%",
    "张%",
    "_",
    "蘑",
    "wmAA",
    "wmAB01",
    "wm",
    "9999",
    "0123",
    "4123",
  ];

  describe.each(viewers)("of %s", (_who, viewer, sees) => {
    it.each(texts)("for %j finds what a walk over everybody finds", async (text) => {
      const { found, by } = await all(viewer, { text });
      const wanted = people
        .filter(({ guides }) => viewer.role === "hq" || guides.some(sees))
        .filter(plainly(by, text));
      expect(found.toSorted((a, b) => a - b)).toEqual(wanted.map(({ id }) => id));
    });

    it("by whole phone finds the one it is, when in sight", async () => {
      for (const one of people.filter(({ phone, isGone }) => phone !== null && !isGone).slice(0, 40)) {
        const { found } = await all(viewer, { text: one.phone ?? "" });
        const isSeen = viewer.role === "hq" || one.guides.some(sees);
        expect(found.includes(one.id)).toBe(isSeen);
      }
    });

    it("in a store stays in that store and in sight", async () => {
      for (const [ask, isOf] of [
        [{ store: "S5" }, (guide: number) => storeOf(guide) === 5],
        [{ store: "第4" }, (guide: number) => storeOf(guide) === 4],
        [{ guide: "g7" }, (guide: number) => guide === 7],
        [{ guide: "g7", store: "S5" }, () => false],
      ] as const) {
        const { found } = await all(viewer, ask);
        const wanted = people.filter(
          ({ guides, isGone }) => !isGone && guides.some((guide) => isOf(guide) && sees(guide)),
        );
        expect(found.toSorted((a, b) => a - b)).toEqual(wanted.map(({ id }) => id));
      }
    });
  });

  it("without a text says nothing where that would be everybody", async () => {
    expect(await desk().search(person("hq"), { text: " ", store: "", guide: "" })).toMatchObject({
      ...{ by: null, hits: [], next: null, nowhere: null },
    });
  });

  it("says which place there is not", async () => {
    const ask = { text: "张", store: "", guide: "" };
    const hq = person("hq");
    expect((await desk().search(hq, { ...ask, store: "S99" })).nowhere).toBe("store");
    expect((await desk().search(hq, { ...ask, guide: "nobody" })).nowhere).toBe("guide");
    const manager = person("manager", { regionId: 4 });
    expect((await desk().search(manager, { ...ask, store: "S5" })).nowhere).toBe("store");
  });

  it("shows phones masked, whose the customers are and their state", async () => {
    const one = people.find(({ phone, guides, isGone }) => phone && guides.length > 0 && !isGone) as Person;
    const { hits } = await desk().search(person("hq"), { text: one.externalUserid, store: "", guide: "" });
    expect(hits).toEqual([
      {
        ...{ id: one.id, name: one.name, externalUserid: one.externalUserid, joinedOn: "2026-01-01" },
        phone: `${one.phone?.slice(0, 3)}****${one.phone?.slice(-4)}`,
        ...{ guide: `导购${one.guides[0]}`, store: `第${storeOf(one.guides[0] ?? 0)}店`, lastOrderOn: null },
        ...{ optedOut: false, stopped: false, children: [] },
      },
    ]);
  });

  it("goes on after a page that ended early", async () => {
    const text = "张";
    const cut = await all(person("manager", { regionId: 3 }), { text });
    expect(new Set(cut.found).size).toBe(cut.found.length);
  });
});
