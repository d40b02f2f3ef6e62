// A CRM pushes rows over HTTP: each is answered, the same push again changes nothing, no key no entry.
import { bodyParser } from "@koa/bodyparser";
import Koa from "koa";
import request from "supertest";
import { customerPaths } from "../../src/customers/api-paths.js";
import { customerRoutes } from "../../src/customers/routes.js";
import { customerService } from "../../src/customers/service.js";
import { openApiDocument, openApiRoutes } from "../../src/infra/openapi.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("pushes over HTTP", (db) => {
  const app = () => {
    const world = movableWorld(instantOf("2026-11-22", "12:00", "Asia/Shanghai"));
    const customers = customerService({
      store: db(),
      zone: "Asia/Shanghai",
      secretKey: Buffer.alloc(32, 7),
      world,
    });
    const koa = new Koa();
    koa.use(async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        ctx.status = error.kind === "not_signed_in" ? 401 : 422;
        ctx.body = { error: { message: error.message } };
      }
    });
    const apiKey: Koa.Middleware = (ctx, next) => {
      if (ctx.get("Authorization") !== "Bearer key") throw new Refusal("not_signed_in", "A key, please.");
      return next();
    };
    koa
      .use(bodyParser({ jsonLimit: "5mb" }))
      .use(customerRoutes({ customers, apiKey, guard: apiKey }).routes());
    koa.use(openApiRoutes(openApiDocument("1.0.0", [customerPaths()])).routes());
    return request(koa.callback());
  };
  const post = (table: string, rows: unknown) =>
    app()
      .post(`/api/${table}`)
      .set("Authorization", "Bearer key")
      .send(rows as object);

  test("a brand comes in table by table", async () => {
    const stores = [
      { store_code: "S1", store_name: "一店", regions: ["华东", "上海市"] },
      { 门店编码: "S2", 门店名称: "二店", 大区: "华北" },
    ];
    expect((await post("stores", stores)).body.counts).toEqual({
      new: 2,
      changed: 0,
      unchanged: 0,
      refused: 0,
    });
    await post("guides", [{ guide_userid: "g1", guide_name: "张三", store_code: "S1" }]);
    const customers = [
      {
        external_userid: "wm1",
        name: "王女士",
        guide_userid: "g1",
        joined_on: "2026-01-01",
        opted_out: false,
        tags: ["a"],
      },
      { external_userid: "wm2", guide_userid: "g404" },
      { external_userid: "wm3", joined_on: "2026-02-30", age: 3 },
    ];
    const answer = await post("customers", customers);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      counts: { new: 1, changed: 0, unchanged: 0, refused: 2 },
      results: [
        { row: 1, status: "new", faults: [] },
        {
          row: 2,
          status: "refused",
          faults: [
            {
              where: "customers",
              line: 2,
              field: "guide_userid",
              value: "g404",
              expected: "the userid of a guide we know",
            },
          ],
        },
        {
          row: 3,
          status: "refused",
          faults: [
            {
              where: "customers",
              line: 3,
              field: "joined_on",
              value: "2026-02-30",
              expected: "a date YYYY-MM-DD",
            },
            {
              where: "customers",
              line: 3,
              field: "age",
              expected: expect.stringContaining("one of external_userid, name"),
            },
          ],
        },
      ],
    });
    expect((await post("customers", customers)).body.counts).toEqual({
      new: 0,
      changed: 0,
      unchanged: 1,
      refused: 2,
    });
    const children = [{ external_userid: "wm1", child_no: 1, due_on: "2027-01-01" }];
    expect((await post("children", children)).body.results[0].status).toBe("new");
    const orders = [
      { order_no: "T1", external_userid: "wm1", ordered_on: "2026-03-01", quantity: 2, amount: 99.9 },
    ];
    expect((await post("orders", orders)).body.results[0].status).toBe("new");
    expect((await post("orders", [{ ...orders[0], status: "refunded" }])).body.results[0].status).toBe(
      "changed",
    );
  });

  test("what a push writes may fall due: its anchors are loud and marked", async () => {
    const row = await db().read.row(
      "SELECT COUNT(*) AS n, SUM(CASE WHEN quiet_through IS NULL THEN 1 ELSE 0 END) AS loud FROM anchor WHERE on_date IS NOT NULL",
    );
    expect(row).toEqual({ n: 3, loud: 3 });
    expect(await db().read.row("SELECT COUNT(*) AS n FROM anchor_mark WHERE was_cycle = 0")).toEqual({
      n: 5,
    });
  });

  test("a thousand rows at once, more are refused", async () => {
    const rows = Array.from({ length: 1000 }, (_, n) => ({
      external_userid: `many${n}`,
      guide_userid: "g1",
      joined_on: "2026-01-01",
    }));
    expect((await post("customers", rows)).body.counts.new).toBe(1000);
    expect((await post("customers", [...rows, rows[0]])).status).toBe(422);
  });

  test.each([
    ["an object", { a: 1 }],
    ["rows that are none", [1, null, "x", []]],
  ])("%s", async (_name, body) => {
    const answer = await post("orders", body);
    if (Array.isArray(body)) expect(answer.body.counts.refused).toBe(4);
    else expect(answer.body.error.message).toBe("A push of orders is a JSON array of at most 1,000 objects.");
  });

  test("without a key nothing is taken", async () => {
    expect((await app().post("/api/customers").send([])).status).toBe(401);
  });

  test("the description names every table's fields", async () => {
    const { body } = await app().get("/api/openapi.json");
    expect(body.openapi).toBe("3.1.0");
    const schema = (table: string) =>
      body.paths[`/api/${table}`].post.requestBody.content["application/json"].schema.items;
    expect(Object.keys(schema("children").properties)).toEqual([
      "external_userid",
      "child_no",
      "name",
      "born_on",
      "due_on",
      "sex",
    ]);
    expect(schema("orders").required).toEqual(["order_no", "external_userid", "ordered_on"]);
    expect(schema("customers").additionalProperties).toBe(false);
    expect(schema("stores").properties.regions.type).toBe("array");
  });

  test("two slices cannot claim one path", () => {
    expect(() => openApiDocument("1", [customerPaths(), customerPaths()])).toThrow(
      "post /api/stores is described twice",
    );
  });
});
