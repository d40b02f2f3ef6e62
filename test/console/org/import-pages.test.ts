// Imports over HTTP, as the page's form does them without any script: received, recognised, run, its refusals taken away,
// undone; one at a time; a broken-off process is settled; an erased customer is in no record of it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import exceljs from "exceljs";
import type request from "supertest";
import type { Store } from "../../../src/infra/store.js";
import { instantOf } from "../../../src/kernel/calendar.js";
import { movableWorld } from "../../../src/kernel/world.js";
import { freshDatabase, type TestDatabase } from "../../support/databases.js";
import { openHouse, password, serve, signedIn } from "../../support/house.js";

const TODAY = "2026-03-09";

describe("imports by the page", () => {
  let database: TestDatabase;
  let store: Store;
  let house: ReturnType<typeof openHouse>;
  let server: Awaited<ReturnType<typeof serve>>;
  let hq: Awaited<ReturnType<typeof signedIn>>;
  let csrf: string;

  beforeAll(async () => {
    database = await freshDatabase("sqlite");
    store = await database.open();
    house = openHouse(store, movableWorld(instantOf(TODAY, "10:00", "Asia/Shanghai")));
    await house.services.identity.createAccount({ login: "hq", name: "陈总监", role: "hq", password });
    server = await serve(house.services);
    hq = await signedIn(server.url, "hq");
    csrf = /name="_csrf" value="([^"]+)"/.exec((await page("/org/import")).text)?.[1] ?? "";
  });
  afterAll(async () => {
    await server.close();
    await house.close();
    await database.drop();
  });

  const page = (path: string) => hq.get(path).set("Accept", "text/html");
  const post = (path: string, body: object = {}) =>
    hq
      .post(path)
      .set("Accept", "text/html")
      .type("form")
      .redirects(0)
      .send({ _csrf: csrf, ...body });
  const upload = async (files: Record<string, string | Buffer>, word = csrf): Promise<request.Response> => {
    let asked = hq.post("/org/import/files").set("Accept", "text/html").redirects(0).field("_csrf", word);
    for (const [name, content] of Object.entries(files))
      asked = asked.attach("files", Buffer.from(content as string), name);
    return asked;
  };
  const imported = async (files: Record<string, string | Buffer>, body: object = {}): Promise<string> => {
    const { headers } = await upload(files);
    const path = String(headers.location);
    expect((await post(`${path}/start`, body)).status).toBe(303);
    await over(path);
    return path;
  };
  const over = async (path: string): Promise<void> => {
    while (/正在导入|正在停止|正在撤销/.test((await page(path)).text)) await sleep(20);
  };
  const rows = <T>(sql: string) => store.read.rows<T>(sql);
  const received = () => {
    const home = join(house.folder, "imports");
    return existsSync(home)
      ? readdirSync(home, { recursive: true, encoding: "utf8" }).filter((f) => /\.\w+$/.test(f))
      : [];
  };

  test("a workbook, a CSV under any name, one nobody knows; the row refused in Chinese; then undone, and on record", async () => {
    const book = new exceljs.Workbook();
    book.addWorksheet("门店").addRows([
      ["门店编码", "门店名称", "大区"],
      ["S1", "徐汇店", "华东"],
    ]);
    const path = await imported({
      "八月.xlsx": Buffer.from(await book.xlsx.writeBuffer()),
      "人员名单.csv": "导购账号,导购姓名,门店编码,入职日期\nlan,兰兰,S1,2026-01-01\nmei,小美,S1,一月\n",
      "笔记.csv": "想法,日子\n好,今天\n",
    });
    const done = (await page(path)).text;
    for (const said of [
      "完成",
      "陈总监",
      "人员名单.csv",
      "入职日期",
      "日期，如 2026-03-02",
      "下载退回的 1 行",
    ])
      expect(done).toContain(said);
    const refused = await page(`${path}/refused/1`);
    expect(refused.headers["content-disposition"]).toContain("refused-guides.csv");
    expect(String(refused.text)).toContain("第 3 行「入职日期」为“一月”：应为日期，如 2026-03-02");
    // people's data do not lie about: what came in is in
    expect(received()).toEqual([expect.stringContaining("refused-guides.csv")]);
    expect((await page(`${path}/undo`)).text).toContain("撤销这次导入");
    expect((await post(`${path}/undo`)).status).toBe(303);
    await over(path);
    expect((await page(path)).text).toContain("陈总监 于 3月9日 10:00 撤销");
    expect([await rows("SELECT id FROM store"), await rows("SELECT id FROM guide")]).toEqual([[], []]);
    const record = await rows<{ action: string }>(
      "SELECT action FROM audit_entry WHERE subject LIKE 'import:%' ORDER BY id",
    );
    expect(record.map(({ action }) => action)).toEqual([
      "import.start",
      "import.end",
      "import.undo",
      "import.undone",
    ]);
  });

  test("what was received is looked at before anything is written, and nothing of it is kept", async () => {
    const guides =
      "导购账号,导购姓名,门店编码,入职日期\nlan,兰兰,S1,2026-01-01\nmei,小美,S1,一月\nfei,菲菲\n";
    const path = String(
      (await upload({ "人员.csv": guides, "店.csv": "门店编码,门店名称,大区\nS1,一店,华东\n" })).headers
        .location,
    );
    const { text } = await page(path);
    expect(text).toContain("前 3 行里有 2 行写法不对，会退回");
    expect(text).toContain("第 3 行「入职日期」应为：日期，如 2026-03-02");
    expect(text).toContain("第 4 行应为：与第一行一样的 4 列，这一行有 2 列");
    expect(text).toContain("前 1 行的写法都对");
    const [run] = await rows<{ files: string }>("SELECT files FROM import_run ORDER BY id DESC LIMIT 1");
    expect(run?.files).not.toContain("一月");
    expect((await post(`${path}/discard`)).status).toBe(303);
    expect(received().join()).not.toMatch(/人员|店\.csv/);
  });

  test("an empty id, a date of joining to come and a customer named twice are said as what they are", async () => {
    const lines = ["wm70,甲,2026-03-01", ",乙,2026-03-01", "wm71,丙,2026-03-10", "wm70,丁,"];
    const path = await imported({ "客户.csv": `客户ID,姓名,加入日期\n${lines.join("\n")}\n` });
    const { text } = await page(path);
    expect(text).toContain("不能为空，要填不超过 64 个字的文字");
    expect(text).toContain("不晚于今天（2026-03-09）的日期");
    expect(text).toContain("1 行和前面的行重复（编号相同）：填了的内容以后面的行为准");
    expect((await page(`${path}/refused/0`)).text).toContain("第 3 行「客户ID」不能为空，要填");
    expect(await rows("SELECT name, joined_on AS joined FROM customer ORDER BY external_userid")).toEqual([
      { name: "丁", joined: "2026-03-01" },
    ]);
    expect((await post(`${path}/undo`)).status).toBe(303);
    await over(path);
  });

  test("files without our word are thrown away; none, and a file of another kind, are said", async () => {
    const before = received().length;
    expect(
      (await upload({ "stores.csv": "门店编码,门店名称,大区\nS1,店,华东\n" }, "not the word")).status,
    ).toBe(403);
    expect(received()).toHaveLength(before);
    const none = await upload({});
    expect([none.status, none.text.includes("还没有选文件")]).toEqual([422, true]);
    const { headers } = await upload({ "名单.csv": Buffer.from([0, 1, 2, 3]) });
    const path = String(headers.location);
    expect((await page(path)).text).toContain("认不出");
    expect((await post(`${path}/start`)).status).toBe(422);
    expect((await post(`${path}/discard`)).status).toBe(303);
    expect(received()).toHaveLength(before);
    const [told] = await rows("SELECT action, subject FROM audit_entry ORDER BY id DESC LIMIT 1");
    expect(told).toEqual({ action: "import.remove", subject: `import:${path.split("/").at(-1)}` });
  });

  test("one at a time: another waits, also one of another process; a worker that died is settled", async () => {
    const { headers } = await upload({ "stores.csv": "门店编码,门店名称,大区\nS8,店,华东\n" });
    const path = String(headers.location);
    const id = Number(path.split("/").at(-1));
    await store.write(async (sql) => {
      await sql.run("INSERT INTO setting (name, value) VALUES ('import.running', '9999')");
      await sql.run(
        `INSERT INTO import_run (id, state, said_by, made_at, started_at, beat_at, worker, on_day, files)
         VALUES (9999, 'running', 'command line', ?, ?, ?, 'elsewhere 77 x', ?, '[]')`,
        [house.world.now(), house.world.now(), house.world.now(), TODAY],
      );
    });
    const busy = await post(`${path}/start`);
    expect([busy.status, busy.text.includes("另一次导入或撤销正在进行")]).toEqual([409, true]);
    house.world.set(house.world.now() + 61_000);
    expect((await page("/org/import/9999")).text).toContain("导入的进程中断了");
    expect((await post(`${path}/start`)).status).toBe(303);
    await over(path);
    expect(await rows(`SELECT state FROM import_run WHERE id IN (${id}, 9999) ORDER BY id`)).toEqual([
      { state: "done" },
      { state: "interrupted" },
    ]);
  });

  test("tasks nobody has seen go with their customers; with a task under way the customer stays", async () => {
    await imported({
      "stores.csv": "门店编码,门店名称,大区\nS2,店,华东\n",
      "guides.csv": "导购账号,导购姓名,门店编码\nying,阿英,S2\nqin,小琴,S2\n",
    });
    const touchpoint = { key: "d1", name: "次日", after: "joined", days: 1, send: "page", words: "您好。" };
    await house.services.drafts.save(
      "hello",
      { key: "hello", name: "问候", touchpoints: [touchpoint] },
      "system",
    );
    await house.services.drafts.publish("hello", { yes: true, by: "system" });
    const day = "2026-03-10";
    const lines = ["wm1", "wm2"].map((id, n) => `${id},妈妈,${n ? "qin" : "ying"},${TODAY}`);
    const path = await imported({
      "customers.csv": `external_userid,name,guide_userid,joined_on\n${lines.join("\n")}\n`,
    });
    house.clock(day, "05:15");
    await house.services.passes.plan();
    // nobody stays signed in over night
    house.clock(TODAY, "12:00");
    await store.write((sql) =>
      sql.run(
        "UPDATE task SET state = 'offered', offered_at = 1 WHERE customer_id = (SELECT id FROM customer WHERE external_userid = 'wm2')",
      ),
    );
    expect(await rows("SELECT state FROM task ORDER BY state")).toEqual([
      { state: "offered" },
      { state: "planned" },
    ]);
    expect((await page(`${path}/undo`)).text).toMatch(/随客户移除的任务<\/dt><dd>1</);
    await post(`${path}/undo`);
    await over(path);
    expect(await rows("SELECT external_userid AS id FROM customer")).toEqual([{ id: "wm2" }]);
    expect(await rows("SELECT state FROM task")).toEqual([{ state: "offered" }]);
  });

  test("what an import keeps of a customer goes when the customer is erased", async () => {
    await imported({ "customers.csv": "external_userid,name\nwm7,要忘掉的人\n" });
    const kept = () => rows<{ n: number }>("SELECT COUNT(*) AS n FROM import_change WHERE row_key = 'wm7'");
    expect(Number((await kept())[0]?.n)).toBe(1);
    await house.services.changes.erase({ customer: "wm7", by: "system" });
    expect(Number((await kept())[0]?.n)).toBe(0);
  });
});
