// The main job, whole: one customer from the brand's files to a regional reply rate, over real HTTP and the sandbox.
import { join } from "node:path";
import request from "supertest";
import { instantOf } from "../../src/kernel/calendar.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../support/house.js";

const zone = "Asia/Shanghai";
const at = (day: string, time: string) => instantOf(day, time, zone);
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区,省份,城市\nS1,徐汇店,华东,上海市,上海市\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\n",
  "customers.csv":
    "客户ID,姓名,导购账号,加入日期,来源\nwm1,林悦,lan,2026-02-27,门店\nwm2,何佳,lan,2026-13-20,门店\n",
  "children.csv": "客户ID,宝宝序号,宝宝姓名,出生日期\nwm1,1,糖糖,2026-01-15\n",
  "orders.csv": "订单号,客户ID,下单日期,数量\nD1,wm1,2026-02-27,2\n",
};
const journey = `
key: care
name: 新客关怀
touchpoints:
  - key: day-3
    name: 第3天关怀
    after: joined
    days: 3
    send: mass
    words: "{{customer.name}}您好，我是{{store.name}}的{{guide.name}}，{{child.name}}今天吃得好吗？"
`;

describeOnEachDatabase("one customer", (store) => {
  let house: SandboxHouse;
  let world: SandboxHouse["world"];
  let sandbox: SandboxHouse["sandbox"];
  let services: SandboxHouse["services"];
  let url: string;
  let key: string;

  beforeAll(async () => {
    house = await openSandboxHouse(store(), at("2026-02-28", "10:00"));
    ({ world, sandbox, services, url } = house);
    key = (await services.identity.keys.create("crm", world.now())).key;
    sandbox.connect({
      callbackUrl: `${url}/wecom/callback`,
      intake: { url: `${url}/api/intake/messages`, key },
    });
    sandbox.enrol({
      guides: [{ userid: "lan", name: "兰兰", skill: 0 }],
      customers: [{ externalUserid: "wm1", name: "林悦" }],
      contacts: [{ guideUserid: "lan", externalUserid: "wm1", createdAt: at("2026-02-27", "11:00") }],
    });
  });

  afterAll(() => house.close());

  const states = () => store().read.rows<{ state: string }>("SELECT state FROM task ORDER BY id");

  test("from her dates to the reply rate of her region", async () => {
    for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
    house.put("care.yaml", journey);

    const tables = await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    expect(tables.map(({ table, new: added, refused }) => [table, added, refused])).toEqual([
      ["stores", 1, 0],
      ["guides", 1, 0],
      ["customers", 1, 1],
      ["children", 1, 0],
      ["orders", 1, 0],
    ]);
    const applied = await services.applyJourney(join(house.folder, "care.yaml"), {
      yes: false,
      by: "system",
    });
    expect(applied.published).toBe(true);

    world.set(at("2026-03-02", "05:10"));
    await services.passes.plan();
    expect(await states()).toEqual([{ state: "planned" }]);
    world.set(at("2026-03-02", "08:20"));
    await services.passes.release();
    world.set(at("2026-03-02", "09:20"));
    await services.passes.offer();
    await services.passes.dispatch();
    expect(await states()).toEqual([{ state: "handed_over" }]);

    const phone = sandbox.phone("lan");
    const [mass] = phone?.masses ?? [];
    expect(mass?.text).toBe("林悦您好，我是徐汇店的兰兰，糖糖今天吃得好吗？");
    expect(JSON.stringify(phone?.messages.at(-1)?.shown)).toContain("1 位客户");

    world.set(at("2026-03-02", "10:05"));
    expect(await sandbox.guideConfirms("lan", mass?.msgid ?? "")).toBe(true);
    world.set(at("2026-03-02", "10:30"));
    await services.passes.poll();
    expect(await states()).toEqual([{ state: "sent" }]);

    world.set(at("2026-03-02", "11:00"));
    await sandbox.customerSays("wm1", "lan", "吃得很好，谢谢兰兰！");
    await services.passes.credit();
    await services.passes.figures();
    const [message] = await store().read.rows(
      "SELECT sender, text, task_id FROM message WHERE sender = 'customer'",
    );
    const [task] = await store().read.rows<{ id: number }>("SELECT id, observed, replied_at FROM task");
    expect(message).toMatchObject({ text: "吃得很好，谢谢兰兰！", task_id: task?.id });
    expect(task).toMatchObject({ observed: 1, replied_at: at("2026-03-02", "11:00") });
  });

  test("the manager reads it over HTTP, a neighbour does not", async () => {
    await store().write((sql) =>
      sql.run("INSERT INTO region (parent_id, name, depth, trail) VALUES (0, '华南', 0, '/99/')"),
    );
    const regions = await store().read.rows<{ id: number; name: string }>(
      "SELECT id, name FROM region WHERE depth = 0",
    );
    const ids = new Map(regions.map(({ id, name }) => [name, id]));
    for (const [login, name] of [
      ["east", "华东"],
      ["south", "华南"],
    ] as const)
      await services.identity.createAccount({
        ...{ login, name, role: "manager", password },
        regionId: ids.get(name) ?? 0,
      });
    const asked = `/api/reports?from=2026-03-01&to=2026-03-31&by=below`;
    const east = await signedIn(url, "east");
    const report = await east.get(asked).expect(200);
    expect(report.body.total).toMatchObject({
      issued: 1,
      completed: 1,
      onTime: 1,
      delivered: 1,
      observed: 1,
      replied: 1,
    });
    expect(report.body.rows[0]).toMatchObject({ name: "上海市", replied: 1 });
    const south = await signedIn(url, "south");
    expect((await south.get(asked).expect(200)).body.total).toMatchObject({ issued: 0 });
    await south.get(`${asked}&within=region:${ids.get("华东")}`).expect(404);
    await south.get(`${asked}&within=${encodeURIComponent("华东")}`).expect(404);
    const written = await east.get(`${asked}&within=${encodeURIComponent("华东")}`).expect(200);
    expect(written.body).toEqual(report.body);
    await request(url).get(asked).expect(401);
    const described = await request(url).get("/api/openapi.json").expect(200);
    for (const path of ["/api/customers", "/api/orders", "/api/intake/messages", "/api/reports"])
      expect(Object.keys(described.body.paths)).toContain(path);
  });

  test("all of it again changes nothing", async () => {
    const before = await store().read.rows("SELECT * FROM task");
    const tables = await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    expect(tables.reduce((sum, table) => sum + table.new + table.changed, 0)).toBe(0);
    const applied = await services.applyJourney(join(house.folder, "care.yaml"), {
      yes: false,
      by: "system",
    });
    expect(applied.published).toBe(false);
    for (const pass of Object.values(services.passes)) await pass();
    await services.planByHand({ from: "2026-03-02", to: "2026-03-02", dryRun: false });
    expect(await store().read.rows("SELECT * FROM task")).toEqual(before);
    expect(sandbox.phone("lan")?.masses).toHaveLength(1);
  });
});
