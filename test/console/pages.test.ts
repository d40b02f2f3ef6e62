// The pages over real services on both databases: who sees what, what a tap does, what a page weighs.
import request, { type Test } from "supertest";
import { type OpenedBrand, openBrand, PASSWORD } from "../browser/open.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("pages", (store) => {
  let brand: OpenedBrand;
  const cookies: Record<string, string> = {};

  beforeAll(async () => {
    brand = await openBrand(store());
    for (const login of ["hq", "manager", "keeper", "guide"]) {
      const signIn = request(brand.url).post("/sign-in").type("form").send({ login, password: PASSWORD });
      cookies[login] = String((await signIn).headers["set-cookie"]?.[0]).split(";")[0] ?? "";
    }
  });
  afterAll(() => brand.close());

  const get = (login: string, path: string) =>
    request(brand.url)
      .get(path)
      .set("Cookie", cookies[login] ?? "")
      .set("Accept", "text/html");

  /** A tap on the guide's page, as htmx sends it. */
  async function tap(task: number | undefined, verb: string, form: object = {}): Promise<Test> {
    const page = await get("guide", "/g/today");
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
    return request(brand.url)
      .post(`/g/tasks/${task}/${verb}`)
      .set("Cookie", cookies.guide ?? "")
      .set("HX-Request", "true")
      .type("form")
      .send({ _csrf: csrf, ...form });
  }

  it("says on each page that a demo's past is being played, as long as it is", async () => {
    brand.plays({ done: 9, of: 36 });
    for (const [who, path] of [
      ["hq", "/overview"],
      ["manager", "/team"],
      ["guide", "/g/today"],
    ] as const)
      expect((await get(who, path)).text).toContain("历史正在播放：9/36 天");
    brand.plays(undefined);
    expect((await get("hq", "/overview")).text).not.toContain("历史正在播放");
  });

  describe("who sees what", () => {
    it.each([
      ["hq", "/report", 200],
      ["hq", "/journeys", 200],
      ["hq", "/operations", 200],
      ["hq", "/experiments", 200],
      ["hq", "/experiments/nowhere/day-3", 404],
      ["manager", "/experiments", 403],
      ["hq", "/g/today", 403],
      ["manager", "/report", 200],
      ["manager", "/operations", 403],
      ["keeper", "/report", 200],
      ["guide", "/g/today", 200],
      ["guide", "/report", 403],
      ["guide", "/report.csv", 403],
      ["guide", "/report/trend.svg", 403],
      ["nobody", "/report", 302],
      ["nobody", "/g/today", 302],
    ])("%s asks for %s: %i", async (login, path, status) => {
      await get(login, path).expect(status);
    });

    it.each(["/report", "/report.csv", "/report/trend.svg"])(
      "a neighbour's region, store and guide do not exist at %s",
      async (path) => {
        const [own, other] = [brand.guides.at(-1), brand.guides[0]];
        const last = brand.regions.at(-1);
        await get("manager", `${path}?in=region:${last}`).expect(200);
        await get("manager", `${path}?in=store:${own?.storeId}`).expect(200);
        const places = [
          `region:${brand.regions[0]}`,
          `store:${other?.storeId}`,
          `guide:${other?.id}`,
          "store:99999",
        ];
        for (const place of places) await get("manager", `${path}?in=${place}`).expect(404);
        await get("keeper", `${path}?in=region:${last}`).expect(404);
        await get("keeper", `${path}?in=store:${other?.storeId}`).expect(404);
      },
    );

    it("what the calendar lacks stands on the page of the house", async () => {
      await store().write((sql) => sql.run("DELETE FROM calendar_day WHERE kind IN ('off', 'work')"));
      const page = await get("hq", "/operations");
      expect(page.text).toContain("日历提醒");
      expect(page.text).toMatch(/20\d\d 年的日历没有法定节假日/);
    });

    it("a manager's page names nobody else's places", async () => {
      const { text } = await get("manager", "/report?by=guide&from=2026-03-01&to=2026-03-12").expect(200);
      expect(text).toContain("重庆");
      expect(text).not.toMatch(/上海|杭州|广州|华东|华南/);
    });

    it("a store manager sees the guides of the store, by name", async () => {
      const waysAndTheirTotal = 4;
      const { text } = await get("keeper", "/report?from=2026-03-01&to=2026-03-12").expect(200);
      expect(text).toContain("导购表现");
      expect(text.match(/<th scope="row" class="name">/g)?.length).toBe(2 + 1 + 5 + waysAndTheirTotal);
    });

    it("a query that cannot be is told, not run", async () => {
      const { text } = await get("hq", "/report?from=2026-02-30").expect(422);
      expect(text).toContain("开始日期：应为日期，如 2026-03-01");
      const long = await get("hq", "/report?from=2024-01-01&to=2026-03-01").expect(422);
      expect(long.text).toContain("开始到结束：应为不超过 400 天");
    });
  });

  describe("a guide's tap", () => {
    it.each(["take", "sent", "approve", "later", "edit", "skip", "done", "supply", "answer", "take-back"])(
      "on a neighbour's task finds nothing (%s)",
      async (verb) => {
        const form = {
          words: "您好",
          reason: "busy",
          outcome: "已电话联系",
          field: "child.name",
          value: "豆",
          sent: "yes",
        };
        for (const task of [brand.neighbourTasks[0], 999_999]) {
          const answer = await tap(task, verb, form);
          expect([verb, answer.status]).toEqual([verb, 404]);
        }
      },
    );

    it("needs the page's word", async () => {
      await request(brand.url)
        .post(`/g/tasks/${brand.tasks[2]}/skip`)
        .set("Cookie", cookies.guide ?? "")
        .type("form")
        .send({ reason: "busy" })
        .expect(403);
    });

    it("twice is as good as once", async () => {
      const task = brand.tasks[2];
      const first = await tap(task, "take");
      expect(first.text).toContain("已发送");
      const sent = await Promise.all([tap(task, "sent"), tap(task, "sent"), tap(task, "sent")]);
      expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
      const [row] = await store().read.rows<{ n: number }>(
        "SELECT COUNT(*) AS n FROM delivery WHERE task_id = ?",
        [task ?? 0],
      );
      expect(Number(row?.n)).toBe(1);
      expect((await tap(task, "skip", { reason: "busy" })).text).toContain("已发送");
    });

    it("with a reason or outcome that is none is answered on the card", async () => {
      const skip = await tap(brand.tasks[0], "skip", { reason: "bored" });
      expect([skip.status, skip.text]).toEqual([422, expect.stringContaining("请选一个原因")]);
      const done = await tap(brand.tasks[1], "done", { outcome: "" });
      expect([done.status, done.text]).toEqual([422, expect.stringContaining("请选一个结果")]);
    });

    it("words without a receipt: the guide is asked, and either answer moves the task", async () => {
      const task = brand.tasks[0] ?? 0;
      const loseReceipt = () =>
        store().write(async (sql) => {
          await sql.run("UPDATE task SET state = 'unknown' WHERE id = ?", [task]);
          await sql.run(
            "UPDATE hand_over SET state = 'asking' WHERE id = (SELECT hand_over_id FROM task WHERE id = ?)",
            [task],
          );
        });
      const state = async () => (await store().read.rows("SELECT state FROM task WHERE id = ?", [task]))[0];
      for (const [answer, after] of [
        ["no", "offered"],
        ["yes", "sent"],
      ]) {
        await tap(task, "take");
        await loseReceipt();
        const { text } = await get("guide", "/g/today");
        for (const words of ["没有收到回执", ">没有发出<", ">已发出<"]) expect(text).toContain(words);
        expect((await tap(task, "answer", { sent: answer })).status).toBe(200);
        expect(await state()).toEqual({ state: after });
      }
    });

    it("without scripts comes back to the list", async () => {
      const page = await get("guide", "/g/today");
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
      const answer = await request(brand.url)
        .post(`/g/tasks/${brand.tasks[1]}/done`)
        .set("Cookie", cookies.guide ?? "")
        .type("form")
        .send({ _csrf: csrf, outcome: "已到店接待", note: "<b>很好</b>" });
      expect([answer.status, answer.headers.location]).toEqual([303, "/g/today"]);
      const [event] = await store().read.rows<{ note: string }>(
        "SELECT note FROM task_event WHERE task_id = ?",
        [brand.tasks[1] ?? 0],
      );
      expect(event?.note).toBe("已到店接待：<b>很好</b>");
    });

    it("a link in the list's own address leads through its door", async () => {
      const answer = await get("nobody", "/g/today?t=1.abc").expect(302);
      expect(answer.headers.location).toBe("/g/open?t=1.abc");
      expect((await get("nobody", "/g/open?t=1.abc").expect(200)).text).toContain("链接已失效");
    });
  });

  describe("HQ's operations", () => {
    const press = async (login: string, word: string) => {
      const page = await get(login, "/operations");
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? "";
      const key = /operations\/journeys\/([^/]+)\//.exec((await get("hq", "/operations")).text)?.[1];
      return request(brand.url)
        .post(`/operations/journeys/${key}/${word}`)
        .set("Cookie", cookies[login] ?? "")
        .type("form")
        .send({ _csrf: csrf });
    };

    it("pause a journey and let it go on; nobody else may", async () => {
      expect((await get("hq", "/operations")).text).toContain("暂停</button>");
      expect((await press("manager", "pause")).status).toBe(403);
      expect((await press("hq", "pause")).status).toBe(303);
      const paused = (await get("hq", "/operations")).text;
      expect(paused).toContain("已暂停");
      expect(paused).not.toContain("暂停</button>");
      expect((await press("hq", "resume")).status).toBe(303);
      expect((await get("hq", "/operations")).text).toContain("运行中");
    });

    it("the list of faults is a file of lines, with what to do on the page", async () => {
      await store().write((sql) =>
        sql.run(
          `INSERT INTO data_fault (customer_id, child_no, field, value, reason, seen_on)
           SELECT MIN(id), 0, 'birthday', '2999-01-01', '晚得不可信', '2026-03-01' FROM customer`,
        ),
      );
      expect((await get("hq", "/operations/data")).text).toContain("向客户核实生日");
      const file = await get("hq", "/operations/faults.csv").expect(200);
      expect(file.headers["content-type"]).toContain("text/csv");
      expect(file.text).toMatch(/^\ufeff客户ID,.*\r\n.*客户生日,2999-01-01,晚得不可信,2026-03-01\r\n/);
      await get("manager", "/operations/faults.csv").expect(403);
    });
  });

  describe("what is sent", () => {
    it("the CSV holds the rows of the page in their order, safe to open", async () => {
      await store().write((sql) =>
        sql.run("UPDATE guide SET name = '=HYPERLINK(\"http://a\")' WHERE id = ?", [
          brand.guides[1]?.id ?? 0,
        ]),
      );
      const query = "by=guide&sort=-completionRate&from=2026-03-01&to=2026-03-12";
      const csv = await get("hq", `/report.csv?${query}`).expect(200);
      expect(csv.type).toBe("text/csv");
      expect(csv.text.startsWith("\uFEFF导购,下发,")).toBe(true);
      expect(csv.text).toContain(`"'=HYPERLINK(""http://a"")"`);
      const lines = csv.text.trim().split("\r\n");
      expect(lines).toHaveLength(28 + 2);
      // two guides of one name are told apart by their stores
      expect(lines[0]).toMatch(/,所属,备注$/);
      expect(lines[1]).toMatch(/店,[^,]*$/);
    });

    it("the chart is a picture that can run nothing", async () => {
      const answer = await get("hq", "/report/trend.svg?from=2026-03-01&to=2026-03-12").expect(200);
      expect(answer.type).toBe("image/svg+xml");
      expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
      expect(String(answer.body)).not.toContain("<script");
    });

    it.each([
      ["hq", "/report?from=2026-03-01&to=2026-03-12"],
      ["guide", "/g/today"],
      ["nobody", "/sign-in"],
    ])("the first page of %s weighs less than 110 KB, compressed", async (login, path) => {
      const page = await get(login, path).set("Accept-Encoding", "gzip");
      const parts = [...page.text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, url]) => url ?? "");
      const sizes = [sizeOf(page)];
      for (const url of new Set(parts))
        sizes.push(sizeOf(await get(login, url).set("Accept-Encoding", "gzip")));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(110_000);
    });
  });
});

function sizeOf(answer: { headers: Record<string, string> }): number {
  return Number(answer.headers["content-length"]);
}
