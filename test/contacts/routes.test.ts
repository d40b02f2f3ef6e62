// Keeping in step over HTTP: what HQ asks for comes back as the API says, faults are told, nobody else is let in.
import type { Role } from "../../src/identity/viewer.js";
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { freshDatabase, type TestDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../support/house.js";

const at = (day: string, time: string) => instantOf(day, time, "Asia/Shanghai");

describe("the API of contacts", () => {
  let database: TestDatabase;
  let store: Store;
  let house: SandboxHouse;
  let hq: Awaited<ReturnType<typeof signedIn>>;
  let csrf: string;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    store = await database.open();
    house = await openSandboxHouse(store, at("2026-03-09", "10:00"), {
      temperament: { refuses: 0 },
    });
    const guides = ["lan", "mei"].map((userid) => ({ userid, name: `${userid}姐`, skill: 0 }));
    house.sandbox.enrol({
      guides,
      customers: ["wm1", "wm2"].map((externalUserid) => ({ externalUserid, name: externalUserid })),
      contacts: ["wm1", "wm2"].map((externalUserid) => ({
        ...{ guideUserid: "lan", externalUserid, createdAt: at("2026-03-01", "09:00") },
      })),
    });
    const { identity } = house.services;
    for (const role of ["hq", "manager"] as const satisfies Role[])
      await identity.createAccount({
        login: role,
        name: role,
        role,
        password,
        ...(role === "hq" ? {} : { regionId: 1 }),
      });
    hq = await signedIn(house.url, "hq");
    const page = await hq.get("/settings/password").set("Accept", "text/html");
    csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
  });
  afterAll(async () => {
    await house.close();
    await database.drop();
  });

  type Method = "get" | "post" | "put" | "delete";
  const ask = (method: Method, path: string, body?: object) => {
    const asked = hq[method](`/api/${path}`).set("X-CSRF-Token", csrf);
    return body === undefined ? asked : asked.send(body);
  };

  test("the sync: never, then what it came to", async () => {
    expect((await ask("get", "sync")).body).toEqual({ last: null, running: null });
    const done = await ask("post", "sync", {}).expect(200);
    expect(done.body).toMatchObject({ members: 2, newGuides: 2, contacts: 2, newCustomers: 2, failed: [] });
    expect((await ask("get", "sync")).body).toMatchObject({ last: { contacts: 2 }, running: null });
    expect((await ask("post", "sync", { end_all: "maybe" })).status).toBe(422);
  });

  test("codes: made for the stores named, listed with their guides, taken back; a store nobody knows is told", async () => {
    const made = await ask("post", "contact-ways", { campaign: "618", stores: ["unassigned"] }).expect(200);
    expect(made.body).toMatchObject({
      made: 1,
      failed: 0,
      ways: [{ campaign: "618", guides: ["lan", "mei"] }],
    });
    expect((await ask("get", "contact-ways?campaign=618")).body.ways).toHaveLength(1);
    const missing = await ask("post", "contact-ways", { campaign: "618", stores: ["S9"] });
    expect([missing.status, missing.body.error.faults[0].value]).toEqual([404, "S9"]);
    expect((await ask("delete", "contact-ways?campaign=618")).body).toEqual({ removed: 1 });
    expect((await ask("delete", "contact-ways?campaign=618")).status).toBe(404);
  });

  test("welcome words: set, said back, refused with every fault, taken away", async () => {
    await ask("put", "welcome-words", { scope: "default", words: "您好，我是{{guide.name}}。" }).expect(200);
    expect((await ask("get", "welcome-words")).body).toMatchObject({
      words: [{ scope: "default", words: "您好，我是{{guide.name}}。", attachments: [] }],
      latest: [],
    });
    expect((await ask("put", "welcome-words", { scope: "everybody", words: "您好" })).status).toBe(422);
    expect((await ask("put", "welcome-words", { scope: "default", words: "全国第一" })).status).toBe(422);
    expect((await ask("put", "welcome-words", { scope: "default", words: "{{nobody}}" })).status).toBe(422);
    expect((await ask("delete", "welcome-words?scope=default")).body).toEqual({ removed: true });
    expect((await ask("delete", "welcome-words?scope=default")).status).toBe(404);
  });

  test("tags and remarks", async () => {
    expect((await ask("post", "wecom-tags", { name: "沉睡" })).body).toMatchObject({
      tags: [{ name: "沉睡" }],
    });
    expect((await ask("get", "wecom-tags")).body.tags).toHaveLength(1);
    expect((await ask("delete", `wecom-tags?name=${encodeURIComponent("沉睡")}`)).body).toEqual({
      removed: true,
    });
    const remark = { guide_userid: "lan", external_userid: "wm1", remark: "糖糖妈" };
    await ask("put", "contacts/remark", remark).expect(200);
    // under the customer's own number, with nothing that says who it is: being erased takes it along
    const [customer] = await store.read.rows<{ id: number }>(
      "SELECT id FROM customer WHERE external_userid = 'wm1'",
    );
    expect(
      await store.read.rows(
        "SELECT subject, before_json, after_json FROM audit_entry WHERE action = 'contact.remark'",
      ),
    ).toEqual([{ subject: `customer:${customer?.id}`, before_json: null, after_json: '{"guide":"lan"}' }]);
    expect((await ask("put", "contacts/remark", { ...remark, guide_userid: "mei" })).status).toBe(404);
    expect((await ask("put", "contacts/remark", { ...remark, remark: "长".repeat(21) })).status).toBe(422);
  });

  test("transfers: asked for and listed; to oneself or of a stranger they are refused", async () => {
    const begun = await ask("post", "contact-transfers", { from: "lan", to: "mei", customers: ["wm1"] });
    expect(begun.body).toEqual({ asked: 1 });
    expect((await ask("get", "contact-transfers")).body.transfers).toMatchObject([
      { customer: "wm1", from: "lan", to: "mei", kind: "onjob", state: "waiting" },
    ]);
    expect((await ask("post", "contact-transfers", { from: "lan", to: "lan" })).status).toBe(422);
    expect((await ask("post", "contact-transfers", { from: "lan", to: "nobody" })).status).toBe(404);
    expect((await ask("get", "contact-transfers?all=perhaps")).status).toBe(422);
  });

  test.each(["sync", "contact-ways", "welcome-words", "wecom-tags", "contact-transfers"])(
    "%s is HQ's alone",
    async (path) => {
      const manager = await signedIn(house.url, "manager");
      expect((await manager.get(`/api/${path}`)).status).toBe(403);
    },
  );
});
