// The whole house with a small brand in it, and people of every role who ask: for the table of all routes.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import request from "supertest";
import { SESSION_COOKIE } from "../../src/identity/guard.js";
import type { Role } from "../../src/identity/viewer.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { freshDatabase } from "../support/databases.js";
import { openSandboxHouse, password } from "../support/house.js";

const EVE = "2026-03-08";
const DAY = "2026-03-09";
const ZONE = "Asia/Shanghai";
const JOINED = "2026-03-06";

/** Whose thing is asked for: of who asks, of a neighbour, or of nobody. */
export type Whose = "own" | "neighbour" | "none";

/** One thing of each kind, all of one place. */
export interface Place {
  whose: Whose;
  region: number;
  /** 华东 */
  regionName: string;
  store: number;
  storeCode: string;
  guide: number;
  userid: string;
  customer: number;
  externalUserid: string;
  firstTask: number;
  /** an offered task of the guide that nobody has touched; another one each time */
  task(): number;
}

/** Who asks. `nobody` has not signed in. */
export type Asker = Role | "nobody";

/** What is asked: the address as it stands for one thing, and what comes along. */
export interface Asked {
  path: string;
  query?: Record<string, string | number>;
  body?: object;
}

export type RouteStage = Awaited<ReturnType<typeof openStage>>;

/** What the brand's places, people and journeys are called. */
export interface Names {
  regions: readonly [own: string, neighbours: string];
  stores: readonly [own: string, neighbours: string];
  guides: readonly [lan: string, mei: string, ying: string];
  customer: string;
  journey: string;
  touchpoint: string;
  /** before a customer's name */
  hello: string;
}

const NAMES: Names = {
  regions: ["华东", "华南"],
  stores: ["徐汇店", "天河店"],
  guides: ["兰兰", "小美", "阿英"],
  ...{ customer: "妈妈", journey: "旅程", touchpoint: "第3天", hello: "您好，" },
};

/** Opens the house. Own place: 华东, S1, lan; the neighbour's: 华南, S2, ying. Each guide has forty customers. */
export async function openStage(names = NAMES) {
  const database = await freshDatabase("sqlite");
  const store = await database.open();
  const house = await openSandboxHouse(store, instantOf(EVE, "10:00", ZONE), { temperament: { refuses: 0 } });
  const { services } = house;
  await makeBrand(house, names);
  const accounts = await makeAccounts(house, names);
  const sessions = new Map<Asker, Signed>();
  for (const role of ["hq", "manager", "store_manager", "guide"] as const)
    sessions.set(role, await signIn(house.url, role));
  const { key } = await services.identity.keys.create("crm", house.world.now());
  let serial = 0;
  const rows = <T>(sql: string, ...params: (string | number)[]) => store.read.rows<T>(sql, params);
  const places = await placesOf(rows);
  return {
    ...{ house, services, store, accounts, key, places, rows, names },
    /** a number not given before, for names of things */
    fresh: () => ++serial,
    session: (asker: Asker) => sessions.get(asker),
    /** signs in once more: for what ends a session */
    signInAgain: async (role: Role) => sessions.set(role, await signIn(house.url, role)),
    /** an import that changed something and is over, another one each time; gives its number */
    imported: async (): Promise<number> => {
      const code = `N${++serial}`;
      const path = house.put(
        `imported/${code}/stores.csv`,
        `门店编码,门店名称,大区\n${code},${code} 1,${names.regions[0]}\n`,
      );
      // one at a time: an undo that an earlier request began goes on behind its answer
      while ((await services.imports.list()).some(({ state }) => state === "undoing")) await sleep(20);
      return (await services.imports.runHere(path, { trigger: false, by: "system" })).id;
    },
    /** an account to be changed, another one each time */
    spare: async (): Promise<number> => {
      const login = `spare${++serial}`;
      return services.identity.createAccount({ login, name: login, role: "hq", password });
    },
    /** a published journey, another one each time; gives its key */
    journey: async (): Promise<string> => {
      const key = `j${++serial}`;
      await services.drafts.save(key, journeyData(key, undefined, names), "system");
      await services.drafts.publish(key, { yes: true, by: "system" });
      return key;
    },
    /** an experiment that was judged without a winner, another one each time; gives its place */
    undecided: async (): Promise<string> => {
      const key = `x${++serial}`;
      const variants = ["plain", "warm"].map((arm) => ({ key: arm, share: 50, words: `Hello, ${arm}` }));
      const touchpoints = [
        { key: "day", name: names.touchpoint, after: "joined", days: 90, send: "page", variants },
      ];
      await services.drafts.save(key, { key, name: `${names.journey} ${key}`, touchpoints }, "system");
      await services.drafts.publish(key, { yes: true, by: "system" });
      await store.write((sql) =>
        sql.run(
          `UPDATE experiment SET state = 'undecided', winner = 1
           WHERE state = 'running' AND journey_id = (SELECT id FROM journey WHERE journey_key = ?)`,
          [key],
        ),
      );
      return `${key}/day`;
    },
    /** a stored draft of a new journey; gives its key */
    draft: async (): Promise<string> => {
      const key = `d${++serial}`;
      await services.drafts.save(key, journeyData(key, undefined, names), "system");
      return key;
    },
    close: async () => {
      await house.close();
      await database.drop();
    },
  };
}

interface Signed {
  cookie: string;
  csrf: string;
}

/** A journey as data. */
export function journeyData(key: string, words?: string, { journey, touchpoint, hello } = NAMES) {
  const day = { key: "day", name: touchpoint, after: "joined", days: 90, send: "page" };
  const touchpoints = [{ ...day, words: words ?? `${hello}{{customer.name}}` }];
  return { key, name: `${journey} ${key}`, touchpoints };
}

/** What a role's request comes back with. `word`: the session's, unless another is given. */
export async function send(
  stage: RouteStage,
  { method, asker, asked, word, key, headers = {} }: Sending,
): Promise<request.Response> {
  const session = stage.session(asker);
  const verb = method.toLowerCase() as "get" | "post" | "put" | "delete";
  let one = request(stage.house.url)
    [verb](encodeURI(asked.path))
    .query(asked.query ?? {});
  const isApi = asked.path.startsWith("/api/");
  one = one.set("Accept", isApi ? "application/json" : "text/html").redirects(0);
  if (session) one = one.set("Cookie", session.cookie);
  if (key) one = one.set("X-Api-Key", key);
  for (const [name, value] of Object.entries(headers)) one = one.set(name, value);
  if (method === "GET") return one;
  const csrf = word ?? session?.csrf ?? "";
  if (isApi) return one.set("X-CSRF-Token", csrf).send(asked.body ?? {});
  return one.type("form").send({ _csrf: csrf, ...asked.body });
}

interface Sending {
  method: string;
  asker: Asker;
  asked: Asked;
  word?: string;
  key?: string;
  headers?: Record<string, string>;
}

async function signIn(url: string, login: string): Promise<Signed> {
  const answer = await request(url).post("/sign-in").type("form").send({ login, password });
  const cookies = answer.headers["set-cookie"] as unknown as string[] | undefined;
  const cookie = cookies?.find((one) => one.startsWith(SESSION_COOKIE))?.split(";")[0] ?? "";
  const page = await request(url).get("/settings/password").set("Cookie", cookie).set("Accept", "text/html");
  return { cookie, csrf: /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "" };
}

type StageHouse = Awaited<ReturnType<typeof openSandboxHouse>>;

async function makeBrand(
  { services, sandbox, put, folder, morning, clock }: StageHouse,
  { regions, stores, guides: called, customer, journey, touchpoint: what, hello }: Names,
): Promise<void> {
  const ids = (guide: string) => Array.from({ length: 40 }, (_one, n) => `${guide}-${n + 1}`);
  const people = ["lan", "ying"].flatMap((guide) => ids(guide).map((id) => ({ guide, id })));
  put(
    "brand/stores.csv",
    `门店编码,门店名称,大区\nS1,${stores[0]},${regions[0]}\nS2,${stores[1]},${regions[1]}\n`,
  );
  const [lan, mei, ying] = called;
  put("brand/guides.csv", `导购账号,导购姓名,门店编码\nlan,${lan},S1\nmei,${mei},S1\nying,${ying},S2\n`);
  const lines = people.map(({ guide, id }) => `${id},${customer}${id},${guide},${JOINED}`);
  put("brand/customers.csv", `external_userid,name,guide_userid,joined_on\n${lines.join("\n")}\n`);
  const guides = ["lan", "mei", "ying"].map((userid) => ({ userid, name: userid, skill: 0 }));
  sandbox.enrol({
    guides,
    customers: people.map(({ id }) => ({ externalUserid: id, name: `${customer}${id}` })),
    contacts: people.map(({ guide, id }) => ({
      ...{ guideUserid: guide, externalUserid: id, createdAt: instantOf(JOINED, "09:00", ZONE) },
    })),
  });
  await services.customers.importFrom(join(folder, "brand"), { trigger: true });
  const touchpoint = { key: "day-3", name: what, after: "joined", days: 3, send: "page" };
  const care = {
    key: "care",
    name: journey,
    touchpoints: [{ ...touchpoint, words: `${hello}{{customer.name}}` }],
  };
  await services.drafts.save("care", care, "system");
  await services.drafts.publish("care", { yes: true, by: "system", insideGrace: true });
  await morning(DAY);
  clock(DAY, "10:00");
}

async function makeAccounts({ services }: StageHouse, { regions }: Names): Promise<Map<Role, number>> {
  const { identity, store } = services;
  const idOf = async (table: string, column: string, value: string) => {
    const found = await store.read.row<{ id: number }>(`SELECT id FROM ${table} WHERE ${column} = ?`, [
      value,
    ]);
    return found?.id ?? 0;
  };
  const reach: Record<Role, object> = {
    hq: {},
    manager: { regionId: await idOf("region", "name", regions[0]) },
    store_manager: { storeId: await idOf("store", "code", "S1") },
    guide: { guideId: await idOf("guide", "userid", "lan") },
  };
  const made = new Map<Role, number>();
  for (const [role, place] of Object.entries(reach) as [Role, object][])
    made.set(role, await identity.createAccount({ login: role, name: role, role, password, ...place }));
  return made;
}

type Rows = <T>(sql: string, ...params: (string | number)[]) => Promise<T[]>;

async function placesOf(rows: Rows): Promise<Record<Whose, Place>> {
  const place = async (whose: Whose, userid: string): Promise<Place> => {
    const [one] = await rows<Omit<Place, "whose" | "task" | "firstTask" | "customer" | "externalUserid">>(
      `SELECT r.id AS region, r.name AS regionName, s.id AS store, s.code AS storeCode, g.id AS guide, g.userid
       FROM guide g JOIN store s ON s.id = g.store_id JOIN region r ON r.id = s.region_id WHERE g.userid = ?`,
      userid,
    );
    if (!one) throw new Error(`no guide ${userid}`);
    const customers = await rows<{ id: number; externalUserid: string }>(
      "SELECT id, external_userid AS externalUserid FROM customer WHERE guide_id = ? ORDER BY id DESC",
      one.guide,
    );
    const tasks = await rows<{ id: number }>(
      "SELECT id FROM task WHERE guide_id = ? AND state = 'offered' ORDER BY id",
      one.guide,
    );
    const { id: customer = 0, externalUserid = "" } = customers[0] ?? {};
    const firstTask = tasks.shift()?.id ?? 0;
    return { ...one, whose, customer, externalUserid, firstTask, task: () => tasks.shift()?.id ?? 0 };
  };
  const nothing = 999_999;
  return {
    own: await place("own", "lan"),
    neighbour: await place("neighbour", "ying"),
    none: {
      ...{
        whose: "none",
        region: nothing,
        regionName: "无",
        store: nothing,
        storeCode: "none",
        guide: nothing,
      },
      ...{
        userid: "nobody",
        customer: nothing,
        externalUserid: "nobody",
        firstTask: nothing,
        task: () => nothing,
      },
    },
  };
}
