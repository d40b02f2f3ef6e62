// Settings, people and the record of changes as HQ meets them in a browser without scripts.
import { instantOf } from "../../../src/kernel/calendar.js";
import { type ApiHouse, openApiHouse } from "../../support/api-house.js";

let house: ApiHouse;
let hq: Awaited<ReturnType<ApiHouse["as"]>>;

beforeAll(async () => {
  house = await openApiHouse("2026-03-09");
  const { customers } = house.services;
  await customers.push("stores", [{ store_code: "S1", store_name: "徐汇店", 大区: "华东", 城市: "上海市" }]);
  await customers.push("guides", [{ guide_userid: "lan", guide_name: "兰兰", store_code: "S1" }]);
  await house.account("hq", "hq");
  hq = await house.as("hq");
});
afterAll(() => house.close());

const page = (path: string) => hq("get", path).set("Accept", "text/html");
const form = (path: string, body: object) =>
  hq("post", path).type("form").set("Accept", "text/html").send(body);

describe("people", () => {
  it("makes an account, shows its password once, and it opens the door", async () => {
    const body = { login: "Keeper", name: "何店长", role: "store_manager", place: "徐汇店" };
    const made = await form("/settings/people", body);
    expect(made.status).toBe(201);
    const password = /class="password">([^<]+)</.exec(made.text)?.[1] ?? "";
    expect(password).toMatch(/^[a-z2-9]{14}$/);
    await house.stranger().post("/sign-in").type("form").send({ login: "keeper", password }).expect(303);
    const list = await page("/settings/people?q=keeper");
    expect(list.text).toContain("徐汇店 · S1");
    expect(list.text).not.toContain(password);
  });

  it.each([
    ["a login with a space", { login: "a b" }, "登录名：应为2 到 64 个字母"],
    ["no name", { name: " " }, "姓名：应为1 到 120 个字"],
    ["a store there is none of", { place: "无此店" }, "门店：应为门店的编码或名称"],
    ["a place of another kind", { place: "lan" }, "门店：应为门店的编码或名称"],
    ["a login that is taken", { login: "hq" }, "登录名：应为没有人用过的登录名"],
  ])("refuses %s, and nothing that was typed is lost", async (_what, change, told) => {
    const typed = { login: "fresh", name: "新人", role: "store_manager", place: "S1", ...change };
    const answer = await form("/settings/people", typed);
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(told);
    expect(answer.text).toContain(`value="${typed.place}"`);
  });

  it("lists places of the role's kind while one types", async () => {
    const options = async (role: string, place: string) =>
      (await page(`/settings/people/places?role=${role}&place=${place}`)).text.trim();
    expect(await options("manager", "上海")).toBe('<option value="华东 / 上海市">省份</option>');
    expect(await options("store_manager", "徐")).toBe('<option value="S1">徐汇店</option>');
    expect(await options("guide", "兰")).toBe('<option value="lan">兰兰 · 徐汇店</option>');
    expect(await options("hq", "")).toBe("");
  });

  it("a region chosen is shown as it was chosen, and kept", async () => {
    const body = { login: "east", name: "孙经理", role: "manager", place: "华东 / 上海市" };
    const made = await form("/settings/people", body);
    expect(made.text).toContain('value="华东 / 上海市"');
    const id = /settings\/people\/(\d+)\/password/.exec(made.text)?.[1];
    await form(`/settings/people/${id}`, {
      name: "孙大经理",
      role: "manager",
      place: "华东 / 上海市",
    }).expect(303);
    expect((await page(`/settings/people/${id}`)).text).toContain("孙大经理");
  });

  it("one's own account stays open", async () => {
    const own = house.services.store.read.row<{ id: number }>("SELECT id FROM account WHERE login = 'hq'");
    const answer = await form(`/settings/people/${(await own)?.id}/disable`, {});
    expect(answer.status).toBe(409);
  });
});

describe("the record", () => {
  it("says who changed what, before and after, and finds it", async () => {
    await hq("put", "/api/audiences/limits", { activeDays: 65 }).expect(200);
    const { text } = await page("/settings/audit?action=audience");
    expect(text).toMatch(/活跃天数<\/dt><dd><del>60<\/del> <ins>65<\/ins>/);
    expect(text).toContain("人群 · 修改界限");
    expect((await page("/settings/audit?subject=setting:nothing")).text).toContain("没有符合的记录");
    expect((await page("/settings/audit?from=2026-03-10")).text).toContain("没有符合的记录");
    expect((await page("/settings/audit?to=2026-03-09")).text).toContain("人群 · 修改界限");
  });

  it.each(["from=soon", "to=2026-02-30", "after=x"])("a query that cannot be is told: %s", async (query) => {
    expect((await page(`/settings/audit?${query}`)).status).toBe(422);
  });

  it("turns its pages from the newest to the oldest", async () => {
    for (let day = 1; day <= 60; day++) {
      house.world.set(instantOf("2026-03-09", "11:00", "Asia/Shanghai") + day);
      await hq("put", "/api/audiences/limits", { newDays: day }).expect(200);
    }
    const first = await page("/settings/audit?action=audience.limits");
    const next = /href="([^"]+)">更早的/.exec(first.text)?.[1] ?? "";
    const second = await page(next.replaceAll("&amp;", "&").replaceAll("&#x3D;", "="));
    expect(first.text.match(/<th scope="row"/g)).toHaveLength(50);
    expect(second.text.match(/<th scope="row"/g)).toHaveLength(11);
    expect(second.text).not.toContain("更早的");
  });

  it("as a file it is whole and safe to open", async () => {
    await form("/settings/people", { login: "sum", name: "=SUM(A1)", role: "hq", place: "" }).expect(201);
    const csv = await page("/settings/audit.csv").expect(200);
    expect(csv.text.startsWith("\ufeff时间,谁,账号")).toBe(true);
    expect(csv.text.trim().split("\r\n").length).toBeGreaterThan(61);
    await house.services.store.write((sql) => sql.run("UPDATE account SET name = '=1+1' WHERE login = 'hq'"));
    const { text } = await page("/settings/audit.csv");
    expect(text).toContain(",'=1+1,");
    expect(text).not.toMatch(/(^|,)=1/m);
  });
});

describe("calendar and limits", () => {
  it("sets a day, shows it, takes it out", async () => {
    const set = await form("/settings/calendar/set", {
      on: "2026-08-08",
      kind: "quiet",
      name: "盘点",
    }).expect(303);
    expect(set.headers.location).toBe("/settings/calendar?year=2026&told=set");
    expect((await page("/settings/calendar?year=2026")).text).toContain("盘点");
    const key = { on: "2026-08-08", kind: "quiet", name: "盘点", year: 2026 };
    await form("/settings/calendar/remove", key).expect(303);
    expect((await page("/settings/calendar?year=2026")).text).not.toContain("盘点");
  });

  it.each([
    [2026, "seeded", "静默日和法定节假日"],
    [2026, "full", "没有可以补的日子"],
    [2040, "seeded_short", "法定节假日还不齐"],
    [2040, "full_short", "法定节假日还不齐"],
  ])("fills in %i (%s) and says what is still missing", async (year, told, said) => {
    const filled = await form("/settings/calendar/seed", { year }).expect(303);
    expect(filled.headers.location).toBe(`/settings/calendar?year=${year}&told=${told}`);
    expect((await page(filled.headers.location ?? "")).text).toContain(said);
  });

  it("takes a holiday of several days at once, and says of a year not announced what to do when", async () => {
    expect((await page("/settings/calendar?year=2040")).text).toContain("公布之前不用做什么");
    const span = { on: "2040-10-01", to: "2040-10-11", kind: "off", name: "国庆节" };
    const set = await form("/settings/calendar/set", span).expect(303);
    expect(set.headers.location).toBe("/settings/calendar?year=2040&told=set");
    const { text } = await page("/settings/calendar?year=2040");
    expect(text).toContain("法定节假日已齐全");
    expect(text).not.toMatch(/还不齐|设置 → 日历/);
  });

  it.each([
    [
      "a last day before the first",
      { on: "2026-08-08", to: "2026-08-07", kind: "off" },
      "到哪天：应为同一年里",
    ],
    ["a festival of two days", { on: "2026-08-08", to: "2026-08-09", kind: "named" }, "到哪天：应为"],
    ["no date", { on: "", kind: "quiet" }, "日期：应为2000 到 2100 年的日期"],
    ["a day there is none of", { on: "2026-02-30", kind: "quiet" }, "日期：应为2000 到"],
    ["a year that no calendar has", { on: "1200-02-10", kind: "off" }, "日期：应为2000 到"],
    ["a festival without a name", { on: "2026-08-08", kind: "named" }, "名称：应为节日的名称"],
  ])("refuses %s beside the form", async (_what, body, told) => {
    const answer = await form("/settings/calendar/set", body);
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(told)]);
  });

  it("moves a limit; one that cannot be is told with what was typed", async () => {
    const fields = { newDays: "30", activeDays: "70", churnedDays: "120", trialQuantity: "1" };
    const whole = { ...fields, hoardQuantity: "6", hoardDays: "45" };
    expect((await form("/settings/limits", whole).expect(200)).text).toContain("已保存");
    const answer = await form("/settings/limits", { ...whole, churnedDays: "十天" });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('value="十天"');
  });

  it("a limit sent twice is refused by its name", async () => {
    const twice = await hq("post", "/settings/limits")
      .type("form")
      .set("Accept", "text/html")
      .send("activeDays=70&activeDays=80&newDays=30");
    expect(twice.status).toBe(422);
    expect(twice.text).toContain("最近一次下单后多少天内算活跃");
    expect(twice.text).toContain("只填一个值");
  });
});

describe("either language", () => {
  it("a page speaks English to who chose it, and stays where they were", async () => {
    const chosen = await hq("post", "/language")
      .type("form")
      .set({ Referer: "http://127.0.0.1/settings/people?q=a", Host: "127.0.0.1" })
      .send({ language: "en" });
    expect([chosen.status, chosen.headers.location]).toEqual([303, "/settings/people?q=a"]);
    const cookie = String(chosen.headers["set-cookie"]).split(";")[0] ?? "";
    expect(cookie).toBe("guidepost_language=en");
    const door = await house.stranger().get("/sign-in").set("Cookie", cookie).expect(200);
    expect(door.text).toContain('<html lang="en">');
    expect(door.text).toContain(">Sign in</button>");
  });

  it("no other site sends one elsewhere by it", async () => {
    const answer = await hq("post", "/language")
      .type("form")
      .set({ Referer: "http://evil.example/x", Host: "127.0.0.1" })
      .send({ language: "en" });
    expect(answer.headers.location).toBe("/");
  });
});
