// The report's tabs over real services: who may, what each says, files with the page's own numbers, figures that open.
import { parse } from "csv-parse/sync";
import exceljs from "exceljs";
import request from "supertest";
import type { Store } from "../../../src/infra/store.js";
import { movableWorld } from "../../../src/kernel/world.js";
import { keepNewcomers } from "../../../src/reports/newcomers/keeping.js";
import { NOW, TODAY, ZONE } from "../../browser/brand.js";
import { type OpenedBrand, openBrand, PASSWORD } from "../../browser/open.js";
import { addPeople } from "../../browser/report-people.js";
import { describeOnEachDatabase } from "../../support/databases.js";

const DAYS = "from=2026-03-01&to=2026-03-12";
const TABS = ["", "/heat", "/league", "/golden", "/months", "/funnel", "/uplift", "/models"];

describeOnEachDatabase("the report's tabs", (store) => {
  let brand: OpenedBrand;
  const cookies: Record<string, string> = {};
  beforeAll(async () => {
    brand = await openBrand(store());
    await addPeople(store(), brand);
    await keepNewcomers({ store: store(), world: movableWorld(NOW), zone: ZONE });
    await uplift(store());
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

  test.each(TABS)(
    "/report%s: headquarters see it, guides do not, managers but for experiments",
    async (tab) => {
      const isHq = ["/uplift", "/models"].includes(tab);
      for (const end of ["", ".csv", ".xlsx"]) {
        const path = `/report${tab}${end}`;
        await get("hq", path).expect(200);
        await get("guide", path).expect(403);
        await get("nobody", path).expect(302);
        for (const login of ["manager", "keeper"]) await get(login, path).expect(isHq ? 403 : 200);
      }
    },
  );

  test.each(["/heat", "/league", "/golden", "/months", "/funnel"])(
    "a neighbour's region does not exist at /report%s, nor in its files; bad values are named",
    async (tab) => {
      const [east] = brand.regions;
      for (const end of ["", ".csv", ".xlsx"])
        await get("manager", `/report${tab}${end}?in=region:${east}`).expect(404);
      const { text } = await get("manager", `/report${tab}?${DAYS}`).expect(200);
      expect(text).not.toMatch(/上海|杭州|广州|华东|华南/);
      const bad = await get("hq", `/report${tab}?from=2026-02-30`).expect(422);
      expect(bad.text).toContain("开始日期");
      await get("hq", `/report${tab}?in=planet:1`).expect(422);
      await get("hq", `/report${tab}?from=2020-01-01&to=2026-03-01`).expect(422);
    },
  );

  test("months and weeks before the first message are not known, and not nothing", async () => {
    const first = await store().read.row<{ day: string }>("SELECT MIN(sent_on) AS day FROM message");
    const { text } = await get("hq", "/report/months?from=2025-12-01&to=2026-03-12").expect(200);
    expect([first?.day.slice(0, 7), text.includes("才开始收到客户消息")]).toEqual(["2026-02", true]);
    const total = tableOf(text).rows.at(-1) ?? [];
    expect(total.slice(1, 3)).toEqual(["—", "—"]);
    expect(total[3]).toMatch(/^\d/);
    const golden = await get("hq", "/report/golden?from=2025-12-01&to=2026-03-12").expect(200);
    expect(golden.text).toMatch(/合计（\d+月\d+日起）/);
    expect(tableOf(golden.text).rows[0]?.slice(2, 4)).toEqual(["—", "—"]);
  });

  test.each([
    `/report/league?${DAYS}`,
    `/report/league?${DAYS}&sort=1`,
    `/report/golden?${DAYS}`,
    `/report/golden?${DAYS}&unit=month&sort=-1`,
    `/report/months?from=2026-01-01&to=2026-03-12`,
    "/report/uplift",
  ])("files of %s hold what the page shows, in its order", async (path) => {
    const page = await get("hq", path).expect(200);
    const seen = tableOf(page.text);
    expect(seen.rows.length).toBeGreaterThan(1);
    const [address, query = ""] = path.split("?");
    const csv = await get("hq", `${address}.csv?${query}`).expect(200);
    const [first = ""] = csv.text.split("\r\n\r\n");
    const lines = parse(first, { bom: true, relax_column_count: true }) as string[][];
    const shown = columnsSeen(lines[0] ?? [], seen.heads);
    expect(shown).toHaveLength(seen.heads.length);
    const asRead = lines.slice(1).map((line) => shown.map((at) => said(line[at] ?? "")));
    expect(asRead).toEqual(seen.rows.map((row) => row.map(said)));
    const sheet = (await bookOf(await get("hq", `${address}.xlsx?${query}`).buffer(true).parse(bytes)))
      .worksheets[0];
    expect(sheet?.rowCount).toBe(lines.length);
    for (const [row, line] of lines.entries())
      for (const at of shown) {
        const cell = sheet?.getCell(row + 1, at + 1);
        expect(saidOfCell(cell)).toBe(said(line[at] ?? ""));
      }
  });

  test("the first tab's workbook has every table of the page, its CSV the units in their order", async () => {
    const query = `${DAYS}&by=guide&sort=-issued`;
    const csv = parse((await get("hq", `/report.csv?${query}`)).text, { bom: true }) as string[][];
    const book = await bookOf(await get("hq", `/report.xlsx?${query}`).buffer(true).parse(bytes));
    expect(book.worksheets.map(({ name }) => name)).toEqual(["导购表现", "触点表现", "发送方式与结果"]);
    const [units] = book.worksheets;
    const issued = csv.slice(1).map((line) => Number(line[1]));
    expect(issued).toEqual([...issued.slice(0, -1)].sort((a, b) => b - a).concat(issued.at(-1) ?? 0));
    expect(csv.slice(1).map((_, at) => units?.getCell(at + 2, 2).value)).toEqual(issued);
    const { text } = await get("hq", `/report?${query}`);
    expect(text).toContain(`>${issued[0]}</a>`);
  });

  test("every figure of a page opens to a list that says the same number", async () => {
    let opened = 0;
    for (const tab of ["", "/league", "/golden", "/months", "/funnel"]) {
      const { text } = await get("hq", `/report${tab}?${DAYS}`);
      const links = [...text.matchAll(/<a href="(\/report\/(?:tasks|newcomers)\?[^"]+)">([\d,]+)<\/a>/g)];
      expect([tab, links.length > 0]).toEqual([tab, true]);
      for (const [, href = "", number] of links.slice(0, 12)) {
        // messages of newcomers open to the customers who wrote them
        const list = await get("hq", plain(href)).expect(200);
        expect(list.text).toMatch(new RegExp(`[共天] ${number} (个任务|条消息|位客户)`));
        opened++;
      }
    }
    expect(opened).toBeGreaterThan(30);
  });

  test("what an uplift compares opens to its tasks, for headquarters alone", async () => {
    const { text } = await get("hq", "/report/uplift").expect(200);
    const links = [...text.matchAll(/href="(\/report\/tasks\?[^"]*)"/g)].map(([, href = ""]) => plain(href));
    expect(links.map((href) => /arm=(\w+)&touchpoint=(\d)/.exec(href)?.slice(1).join(" "))).toEqual([
      ...["drawn 1", "held 1", "drawn 2", "held 2"],
    ]);
    expect((await get("hq", links[1] ?? "").expect(200)).text).toContain("2025年11月1日");
    await get("manager", links[1] ?? "").expect(404);
    await get("hq", `/report/tasks.csv?${(links[0] ?? "").split("?")[1]}`).expect(200);
    await get("hq", (links[0] ?? "").replace("arm=drawn", "arm=all")).expect(422);
  });

  test("a list goes page by page, and its files hold all of it", async () => {
    const path = `/report/tasks?${DAYS}&of=issued`;
    const first = await get("hq", path);
    const total = Number(/共 ([\d,]+) 个任务/.exec(first.text)?.[1]?.replace(",", ""));
    expect(total).toBeGreaterThan(100);
    const next = /href="([^"]+)" rel="next"/.exec(first.text)?.[1] ?? "";
    const second = await get("hq", plain(next)).expect(200);
    expect(tableOf(first.text).rows).toHaveLength(50);
    expect(tableOf(second.text).rows[0]).not.toEqual(tableOf(first.text).rows[0]);
    const csv = parse((await get("hq", path.replace("tasks", "tasks.csv"))).text, {
      bom: true,
    }) as string[][];
    expect(csv).toHaveLength(total + 1);
    const shown = tableOf(first.text);
    expect(csv.slice(0, 51).map((line) => line.map(said))).toEqual(
      [shown.heads, ...shown.rows].map((row) => row.map(said)),
    );
    const book = await bookOf(await get("hq", path.replace("tasks", "tasks.xlsx")).buffer(true).parse(bytes));
    expect(book.worksheets[0]?.rowCount).toBe(total + 1);
    await get("hq", `${path}&after=nonsense`).expect(422);
    await get("hq", `${path}&stage=99`).expect(422);
    await get("hq", "/report/tasks").expect(422);
  });

  test("a view is saved, found again, shared, and forgotten; not without the page's own word", async () => {
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await get("hq", "/report/heat")).text)?.[1];
    const post = (path: string, form: object) =>
      request(brand.url)
        .post(path)
        .set("Cookie", cookies.hq ?? "")
        .type("form")
        .send(form);
    const address = `/report/heat?${DAYS}`;
    await post("/report/views", { name: "看热力", address }).expect(403);
    const made = await post("/report/views", {
      _csrf: csrf,
      name: "看热力",
      address,
      shared_with: "manager",
    });
    expect([made.status, made.headers.location]).toEqual([303, address]);
    const page = await get("manager", "/report/league");
    expect(page.text).toMatch(/看热力<small>2026年3月1日 – 3月12日</);
    await post("/report/views", { _csrf: csrf, name: "", address }).expect(422);
    const id = /\/report\/views\/(\d+)\/remove/.exec((await get("hq", "/report")).text)?.[1];
    await post(`/report/views/${id}/remove`, { _csrf: csrf, back: "//evil" })
      .expect(303)
      .expect("Location", "/report");
    expect((await get("manager", "/report/league")).text).not.toContain("看热力");
  });

  test("a usual span is offered by its name, and opens as such; a day under way is not compared", async () => {
    const { text } = await get("hq", "/report?from=2026-02-11&to=2026-03-12&by=store");
    expect(plain(text)).toContain('name="address" value="/report?span=30d&by=store"');
    expect(text).toContain("每次打开都是当时的「近30天」");
    expect(text).toContain("「较上期」只比到昨天为止的 29 天");
    const opened = await get("hq", "/report?span=30d&by=store").expect(200);
    expect(opened.text).toContain("2026年2月11日 – 3月12日");
    await get("hq", "/report/heat?span=fortnight").expect(422);
    const frozen = await get("hq", "/report/heat?from=2026-03-02&to=2026-03-04");
    expect(frozen.text).toContain("日期会固定在 2026年3月2日 – 3月4日");
    expect(frozen.text).not.toContain("今天还没过完");
    expect((await get("hq", `/report?from=${TODAY}&to=${TODAY}`)).text).toContain("先不和之前的整天比");
  });

  test("spans without anything say what to do", async () => {
    const empty = "from=2024-01-01&to=2024-01-07";
    for (const [tab, words] of [
      ["", "这段时间没有下发任务"],
      ["/heat", "这段时间没有可以画的数据"],
      ["/golden", "这段时间没有新客户"],
      ["/months", "这段时间没有客户消息"],
      ["/funnel", "这些日子还没有漏斗"],
      ["/models", "还没有回测"],
    ] as const)
      expect((await get("hq", `/report${tab}?${empty}`).expect(200)).text).toContain(words);
    expect((await get("hq", `/report/tasks?${empty}`)).text).toContain("这个数字是 0");
    expect(TODAY).toBe("2026-03-12");
  });
});

/** One touchpoint's uplift as the night keeps it. */
async function uplift(store: Store): Promise<void> {
  const group = (occurrences: number, bought: number) => ({
    ...{ occurrences, bought },
    rate: { value: bought / occurrences, low: 0.1, high: 0.3 },
  });
  const effect = { difference: { value: 0.031, low: 0.004, high: 0.058 }, p: 0.02 };
  const figures = {
    ...{ key: "look/day-3", name: "三天关怀", from: "2025-11-01", to: "2026-01-29", hold_out: 5 },
    ...{ provisional: false, assigned: group(1900, 400), held_out: group(100, 18), uplift: effect },
    sent_only: { ...group(1500, 360), ...effect, biased: true },
    ...{ sample_ratio: { expected: [1900, 100], p: 0.9, holds: true }, sentence: "", sentence_zh: "" },
    p_adjusted: 0.02,
  };
  await store.write(async (sql) => {
    for (const id of [1, 2])
      await sql.run("INSERT INTO touchpoint_uplift (touchpoint_id, reckoned_at, figures) VALUES (?, ?, ?)", [
        ...[id, NOW, JSON.stringify({ ...figures, name: id === 1 ? "三天关怀" : "七天关怀" })],
      ]);
  });
}

/** The heads and rows of the first grid of a page, as text without marks and intervals. */
function tableOf(html: string): { heads: string[]; rows: string[][] } {
  const table = /<table class="table figures grid-table">([\s\S]*?)<\/table>/.exec(html)?.[1] ?? "";
  const textOf = (cell: string) =>
    plain(
      cell
        .replace(/<span class="flag[^>]*>[^<]*<\/span>/g, "")
        .replace(/<small class="interval"[\s\S]*?<\/small>/g, "")
        .replace(/<[^>]+>/g, ""),
    ).trim();
  const rows = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(([, row = ""]) =>
    [...row.matchAll(/<t[hd][^>]*>([\s\S]*?)<\/t[hd]>/g)].map(([, cell = ""]) => textOf(cell)),
  );
  return { heads: rows[0] ?? [], rows: rows.slice(1) };
}

function plain(html: string): string {
  return html.replaceAll("&#x3D;", "=").replaceAll("&amp;", "&").replaceAll("&quot;", '"');
}

/** Where the columns that are seen stand in the file, which has intervals and remarks besides. */
function columnsSeen(file: readonly string[], heads: readonly string[]): number[] {
  return heads.map((head) => file.indexOf(head));
}

/** A value as both say it: 1,234 and 1234, +2.1 and 2.1, nothing and a dash. */
function said(text: string): string {
  const bare = text.replaceAll(",", "").replace("−", "-").replace(/^\+/, "");
  if (bare === "—") return "";
  return /^-?\d+(\.\d+)?$/.test(bare) ? String(Number(bare)) : bare;
}

function saidOfCell(cell: exceljs.Cell | undefined): string {
  const { value = null, numFmt = "" } = cell ?? {};
  if (value === null) return "";
  if (typeof value !== "number") return said(String(value));
  if (numFmt === "0.0%") return `${(value * 100).toFixed(1)}%`;
  if (numFmt.startsWith("+")) return said(value.toFixed(1));
  return said(numFmt === "#,##0.00" ? value.toFixed(2) : String(value));
}

function bytes(res: request.Response, done: (error: Error | null, body: Buffer) => void): void {
  const chunks: Buffer[] = [];
  const stream = res as unknown as NodeJS.ReadableStream;
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () => done(null, Buffer.concat(chunks)));
}

async function bookOf(answer: request.Response): Promise<exceljs.Workbook> {
  const book = new exceljs.Workbook();
  await book.xlsx.load(answer.body as Buffer as unknown as ArrayBuffer);
  return book;
}
