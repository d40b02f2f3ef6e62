// What HQ sends and asks beside words, on a whole installation: pictures uploaded in time and never missing, posters with
// the guide's own code, outcomes that open the next talk, one-off tasks, facts collected.
import { join } from "node:path";
import request from "supertest";
import { setNextTouch } from "../../src/customers/next-touch.js";
import { pictureOf } from "../../src/infra/pictures.js";
import { journeySource } from "../../src/journeys/folder.js";
import { addDays, instantOf } from "../../src/kernel/calendar.js";
import type { Exchange } from "../../src/sandbox/settings.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openSandboxHouse, password, type SandboxHouse, signedIn } from "../support/house.js";
import { png } from "../support/pictures.js";

const zone = "Asia/Shanghai";
const at = (day: string, time: string) => instantOf(day, time, zone);
/** Customers wm1 … wm9 joined on these days; wm8 and wm9 are mei's. */
const joined: Record<string, string> = {
  ...{ wm1: "2026-02-27", wm2: "2026-02-28", wm3: "2026-03-02", wm4: "2026-03-05", wm5: "2026-02-20" },
  ...{ wm6: "2026-02-20", wm7: "2026-03-06", wm8: "2026-02-27", wm9: "2026-02-20" },
};
const guideOf = (customer: string) => (customer > "wm7" ? "mei" : "lan");
const files: Record<string, string> = {
  "stores.csv": "门店编码,门店名称,大区,省份,城市\nS1,徐汇店,华东,上海市,上海市\n",
  "guides.csv": "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,梅梅,S1\n",
  "customers.csv": [
    "客户ID,姓名,导购账号,加入日期",
    ...Object.entries(joined).map(([id, day]) => `${id},客户${id},${guideOf(id)},${day}`),
  ].join("\n"),
  // wm8's baby is in its eighth month on 2 March
  "children.csv": "客户ID,宝宝序号,宝宝姓名,出生日期\nwm1,1,糖糖,2026-01-15\nwm8,1,豆豆,2025-07-20\n",
  "orders.csv": "订单号,客户ID,下单日期,数量\n",
};
const journey = `
key: content
name: 内容
touchpoints:
  - key: day-3
    name: 第3天
    after: joined
    days: 3
    send: mass
    words: 您好，这是给宝宝的喂养卡。
    attachments:
      - { kind: picture, file: card.png }
      - { kind: poster, file: poster.png, code: { left: 100, top: 250, size: 100 } }
      - { kind: link, title: 一段奶粉, url: "https://example.com/1", blocked_months: { from: 7 } }
  - key: call-10
    name: 第10天回访
    after: joined
    days: 10
    send: hand
    form:
      outcomes: [接通, 未接通]
      tags: [二胎计划, 要试用装]
      next_touch: true
  - key: agreed
    name: 约好的回访
    after: next_touch
    days: 0
    repeat: each
    send: hand
  - key: birthday
    name: 问宝宝生日
    after: joined
    days: 13
    grace_days: 7
    send: hand
    audience: { lacks: child.due_on }
    ask: child.born_on
`;

describeOnEachDatabase("content", (store) => {
  let house: SandboxHouse;
  let world: SandboxHouse["world"];
  let sandbox: SandboxHouse["sandbox"];
  let services: SandboxHouse["services"];
  let url: string;
  let calls: Exchange[];

  beforeAll(async () => {
    calls = [];
    house = await openSandboxHouse(store(), at("2026-03-02", "04:00"), {
      ...{ seed: "content", receiveLimitPerDay: 3, onExchange: (one) => calls.push(one) },
      more: { caps: { customer_per_day: 3, customer_per_month: 30, guide_per_day: 60 } },
    });
    ({ world, sandbox, services, url } = house);
    sandbox.enrol({
      guides: [
        { userid: "lan", name: "兰兰", skill: 0 },
        { userid: "mei", name: "梅梅", skill: 0 },
      ],
      customers: Object.keys(joined).map((externalUserid) => ({ externalUserid, name: externalUserid })),
      contacts: Object.entries(joined).map(([externalUserid, day]) => ({
        ...{ guideUserid: guideOf(externalUserid), externalUserid, createdAt: at(day, "12:00") },
      })),
    });
    for (const [name, text] of Object.entries(files)) house.put(`brand/${name}`, text);
    house.put("content.yaml", journey);
    house.put("card.png", png(60, 40));
    house.put("poster.png", png(300, 400));
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false, today: "2026-03-01" });
    // the list of a day refuses who joins later: wm3 is told of on the next, wm4 and wm7 later
    await joins("wm3");
    await services.applyJourney(join(house.folder, "content.yaml"), {
      yes: false,
      insideGrace: false,
      by: "system",
    });
  });
  afterAll(() => house.close());

  const joins = (id: string) =>
    services.customers.push("customers", [
      { external_userid: id, name: `客户${id}`, guide_userid: guideOf(id), joined_on: joined[id] },
    ]);
  const made = (path: string) => calls.filter((one) => one.path === path).length;
  const masses = (userid = "lan") => sandbox.phone(userid)?.masses ?? [];
  /** A day's work until the words are with WeCom, and the guides' taps where told. */
  const work = async (day: string, tap = true) => {
    for (const [time, pass] of [
      ...([
        ["05:15", "plan"],
        ["08:25", "release"],
        ["09:30", "offer"],
        ["09:31", "dispatch"],
      ] as const),
    ]) {
      world.set(at(day, time));
      await services.passes[pass]();
    }
    if (!tap) return;
    world.set(at(day, "10:00"));
    for (const userid of ["lan", "mei"])
      for (const mass of masses(userid))
        if (mass.state === "waiting") await sandbox.guideConfirms(userid, mass.msgid);
    world.set(at(day, "10:30"));
    await services.passes.poll();
  };
  const stateOf = async (touchpoint: string, customer: string) => {
    const row = await store().read.row<{ id: number; state: string; reason: string | null; due: string }>(
      `SELECT t.id, t.state, t.reason, t.due_on AS due FROM task t JOIN touchpoint p ON p.id = t.touchpoint_id
         JOIN customer c ON c.id = t.customer_id
       WHERE p.touchpoint_key = ? AND c.external_userid = ? ORDER BY t.id DESC LIMIT 1`,
      [touchpoint, customer],
    );
    return (
      row && { ...row, id: Number(row.id), said: row.reason ? `${row.state}: ${row.reason}` : row.state }
    );
  };
  const said = async (touchpoint: string, customer: string) => (await stateOf(touchpoint, customer))?.said;
  const guideId = async (userid: string) =>
    (await store().read.row<{ id: number }>("SELECT id FROM guide WHERE userid = ?", [userid]))?.id ?? 0;

  it("sends pictures and posters of the guide's own code, and no product in a blocked month", async () => {
    await work("2026-03-02");
    expect([await said("day-3", "wm1"), await said("day-3", "wm8")]).toEqual(["sent", "sent"]);
    expect(masses("lan")[0]?.attachments.map(({ msgtype, title }) => [msgtype, title])).toEqual([
      ...[
        ["image", "card.png"],
        ["image", "poster.png"],
        ["link", "一段奶粉"],
      ],
    ]);
    expect(masses("mei")[0]?.attachments.map(({ title }) => title)).toEqual(["card.png", "poster.png"]);
    // the card once, a poster for each guide
    expect(made("media/upload")).toBe(3);
    expect(made("externalcontact/add_contact_way")).toBe(2);
    const posters = await Promise.all(
      [masses("lan"), masses("mei")].map(async ([mass]) => {
        const shown = await fetch(`${sandbox.url}/sandbox/media/${mass?.attachments[1]?.mediaId}`);
        return Buffer.from(await shown.arrayBuffer());
      }),
    );
    expect(posters.map(pictureOf)).toEqual(Array(2).fill({ type: "png", width: 300, height: 400 }));
    expect(posters[0]?.equals(posters[1] ?? Buffer.alloc(0))).toBe(false);
    const card = masses("lan")[0]?.attachments[0]?.mediaId;
    await work("2026-03-03");
    expect(await said("day-3", "wm2")).toBe("sent");
    expect(masses("lan")[0]?.attachments[0]?.mediaId).toBe(card);
  });

  it("uploads again before three days are over, and waits whole while an upload fails", async () => {
    const uploads = made("media/upload");
    for (const kind of ["busy", "reset", "busy"] as const) sandbox.faults.add({ path: "media/upload", kind });
    await work("2026-03-05", false);
    const before = masses("lan").length;
    expect(await said("day-3", "wm3")).toBe("sending");
    for (const minutes of [1, 5, 20, 60]) {
      world.set(at("2026-03-05", "09:31") + minutes * 60_000);
      await services.passes.dispatch();
    }
    expect(await said("day-3", "wm3")).toBe("handed_over");
    expect(masses("lan")).toHaveLength(before + 1);
    expect(masses("lan")[0]?.attachments).toHaveLength(3);
    expect(made("media/upload") - uploads).toBe(3 + 2);
    expect(masses().every(({ attachments }) => attachments.length === 3)).toBe(true);
  });

  it("shows the guide's page its files, and to nobody else", async () => {
    const task = await stateOf("day-3", "wm3");
    const agents = await Promise.all((["lan", "mei"] as const).map(guideAtWork));
    const [lan, mei] = agents as [
      Awaited<ReturnType<typeof guideAtWork>>,
      Awaited<ReturnType<typeof guideAtWork>>,
    ];
    const file = `/g/tasks/${task?.id}/files`;
    const shown = await lan.get(`${file}/0`).expect(200);
    expect([shown.type, (shown.body as Buffer).equals(png(60, 40))]).toEqual(["image/png", true]);
    expect(pictureOf((await lan.get(`${file}/1`).expect(200)).body as Buffer)).toMatchObject({ width: 300 });
    await lan.get(`${file}/2`).expect(404);
    await mei.get(`${file}/0`).expect(404);
    expect((await lan.get("/g/today").expect(200)).text).toContain(`${file}/1`);
  });

  it("collects a birthday: the guide's answer completes the task and sets the anchor", async () => {
    // wm5, wm6 and wm9 joined thirteen days ago; none of them has a child with a birthday
    expect([await said("birthday", "wm5"), await said("birthday", "wm9")]).toEqual(["offered", "offered"]);
    expect(await stateOf("birthday", "wm1")).toBeUndefined();
    const lan = await guideId("lan");
    const task = await stateOf("birthday", "wm5");
    expect((await services.tasks.one(lan, task?.id ?? 0)).asks).toEqual([
      { field: "child.born_on", label: "宝宝生日", word: "生日" },
      { field: "child.due_on", label: "预产期", word: "预产期" },
    ]);
    const answer = await services.tasks.supply(lan, task?.id ?? 0, "生日", "2025-12-01");
    expect(answer).toMatchObject({ state: "done_by_hand", message: "已记录宝宝生日。任务完成。" });
    const anchors = await store().read.rows(
      `SELECT a.on_date FROM anchor a JOIN customer c ON c.id = a.customer_id
       WHERE a.kind = 'child_born' AND c.external_userid = 'wm5'`,
    );
    expect(anchors).toEqual([{ on_date: "2025-12-01" }]);
  });

  it("asks nobody whose birthday came by an import meanwhile", async () => {
    house.put("brand/children.csv", "客户ID,宝宝序号,出生日期\nwm6,1,2025-11-11\n");
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await services.passes.plan();
    expect(await said("birthday", "wm6")).toMatch(/^cancelled: (superseded|audience_left)$/);
    expect(await said("birthday", "wm9")).toBe("offered");
  });

  it("writes an outcome down and tags the customer", async () => {
    await work("2026-03-09");
    const call = await stateOf("call-10", "wm1");
    const lan = await guideId("lan");
    const item = await services.tasks.one(lan, call?.id ?? 0);
    expect(item.form).toEqual({
      outcomes: ["接通", "未接通"],
      tags: ["二胎计划", "要试用装"],
      nextTouch: true,
    });
    await expect(services.tasks.doneByHand(lan, item.taskId, "聊了聊")).rejects.toThrow(
      "请选择结果：接通、未接通",
    );
    const told = await services.tasks.doneByHand(lan, item.taskId, "接通 想试二段 #要试用装 下次 3月12日");
    expect(told).toMatchObject({
      changed: true,
      state: "done_by_hand",
      message: "已记录：接通，3月12日再联系。",
    });
    expect(await services.tasks.doneByHand(lan, item.taskId, "接通")).toMatchObject({ changed: false });
    const stored = await store().read.rows("SELECT outcome, tags, note, next_touch_on FROM task_outcome");
    expect(stored).toEqual([
      { outcome: "接通", tags: "要试用装", note: "想试二段", next_touch_on: "2026-03-12" },
    ]);
    const tags = await store().read.rows("SELECT name, source, given_by FROM customer_tag");
    expect(tags).toEqual([{ name: "要试用装", source: "manual", given_by: `guide:${lan}` }]);
  });

  it("fills the form in on the phone", async () => {
    await work("2026-03-10");
    const lan = await guideAtWork("lan");
    const call = await stateOf("call-10", "wm2");
    const page = (await lan.get("/g/today").expect(200)).text;
    const csrf = /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
    expect(page).toContain('name="outcome" value="未接通"');
    const form = {
      _csrf: csrf,
      outcome: "未接通",
      tags: ["二胎计划", "要试用装"],
      note: "晚上再打",
      next: "2026-03-20",
    };
    await lan
      .post(`/g/tasks/${call?.id}/done`)
      .type("form")
      .send({ ...form, next: "2026-03-01" })
      .expect(422);
    await lan.post(`/g/tasks/${call?.id}/done`).type("form").send(form).expect(303);
    expect(await said("call-10", "wm2")).toBe("done_by_hand");
  });

  it("talks again on the day agreed on, knowing how it went; another day agreed on takes its place", async () => {
    await services.passes.planMarked();
    await work("2026-03-12");
    const lan = await guideId("lan");
    expect(await stateOf("agreed", "wm1")).toMatchObject({ state: "offered", due: "2026-03-12" });
    const again = await services.tasks.one(lan, (await stateOf("agreed", "wm1"))?.id ?? 0);
    expect(again.why).toBe("约好3月12日再联系；上次回访（3月9日）：接通，想试二段");
    await store().write((sql) => setNextTouch(sql, again.customerId, "2026-03-14"));
    await services.passes.planMarked();
    expect(await said("agreed", "wm1")).toBe("cancelled: anchor_corrected");
    await work("2026-03-14");
    expect(await stateOf("agreed", "wm1")).toMatchObject({ state: "offered", due: "2026-03-14" });
    await work("2026-03-20");
    expect(await said("agreed", "wm2")).toBe("offered");
  });

  it("makes a one-off task once for an audience, counts it, and closes it", async () => {
    const today = "2026-03-23";
    world.set(at(today, "05:20"));
    await joins("wm7");
    // an import that must not trigger: what HQ asks for once is asked of its customers all the same
    house.put("brand/customers.csv", "客户ID,姓名,导购账号,加入日期\nwm10,新来的,lan,2026-03-01\n");
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    await services.passes.plan();
    house.put(
      "visit.yaml",
      `key: visit\nname: 三月回访\nuntil: "${addDays(today, 4)}"\naudience: { lacks: child.born_on }\nsend: hand\nform: { outcomes: [到店, 不来] }\n`,
    );
    const read = () => services.readOneoff(journeySource(join(house.folder, "visit.yaml")));
    const oneoff = await services.oneoffs.create(await read(), "system");
    // all but wm1, wm5, wm6 and wm8 of the ten lack a birthday
    expect(oneoff).toEqual({
      ...{ key: "visit", name: "三月回访", on: today, until: addDays(today, 4), state: "open" },
      tasks: { all: 6, done: 0, open: 6, ended: 0 },
      warnings: [],
    });
    await expect(services.oneoffs.create(await read(), "system")).rejects.toThrow("已经有了");
    await work(today);
    await services.passes.plan();
    const lan = await guideId("lan");
    const visit = await stateOf("visit", "wm3");
    expect(visit?.said).toBe("offered");
    await services.tasks.doneByHand(lan, visit?.id ?? 0, "到店");
    expect((await services.oneoffs.list())[0]?.tasks).toEqual({ all: 6, done: 1, open: 5, ended: 0 });
    world.set(at(today, "11:00"));
    await services.passes.figures();
    const hq = { accountId: 0, role: "hq", name: "", guideId: null, storeId: null, regionId: null } as const;
    const { rows } = await services.reports.report(hq, { from: today, to: today, by: "touchpoint" });
    expect(rows.find(({ name }) => name.includes("三月回访"))).toMatchObject({ issued: 6, completed: 1 });
    expect(await services.oneoffs.close("visit", "system")).toMatchObject({ cancelled: 5 });
    expect((await services.oneoffs.list())[0]).toMatchObject({
      ...{ state: "closed", tasks: { all: 6, done: 1, open: 0, ended: 5 } },
    });
    expect(await said("visit", "wm4")).toBe("cancelled: archived");
    const bad = services.readOneoffData({ key: "x", name: "x", until: "2026-03-01", send: "hand" });
    await expect(bad).rejects.toMatchObject({
      faults: [{ where: "journey", expected: expect.stringContaining("2026-03-23") }],
    });
  });

  it("does the same over HTTP, for HQ alone", async () => {
    const hq = await hqCalls();
    const sale = { key: "sale", name: "特卖", until: "2026-03-23", send: "page", words: "您好" };
    const made = await hq.post("/api/oneoffs", { ...sale, audience: { level: "VIP" } }).expect(200);
    expect(made.body).toMatchObject({ key: "sale", tasks: { all: 0 } });
    const refused = await hq.post("/api/oneoffs", { ...sale, until: "soon" }).expect(422);
    expect(refused.body.error.faults).toEqual([expect.objectContaining({ field: "until", value: "soon" })]);
    await hq.post("/api/oneoffs/sale/close", {}).expect(200);
    await hq.post("/api/oneoffs/none/close", {}).expect(404);
    const listed = await hq.get("/api/oneoffs").expect(200);
    expect(listed.body.oneoffs.map(({ key, state }: Record<string, string>) => [key, state])).toEqual([
      ...[
        ["sale", "closed"],
        ["visit", "closed"],
      ],
    ]);
    await (await guideAtWork("lan")).get("/api/oneoffs").expect(403);
    const described = await request(url).get("/api/openapi.json").expect(200);
    expect(Object.keys(described.body.paths)).toContain("/api/oneoffs");
  });

  async function guideAtWork(login: "lan" | "mei") {
    const account = { login, name: login, role: "guide", password } as const;
    await services.identity
      .createAccount({ ...account, guideId: await guideId(login) })
      .catch(() => undefined);
    return signedIn(url, login);
  }

  /** HQ's calls, with the words a page would send along. */
  async function hqCalls() {
    await services.identity.createAccount({ login: "boss", name: "总部", role: "hq", password });
    const answer = await request(url).post("/sign-in").type("form").send({ login: "boss", password });
    const cookie = String(answer.headers["set-cookie"]?.[0]).split(";")[0] ?? "";
    const csrf = (await services.identity.sessionOf(cookie.split("=")[1] ?? ""))?.csrf ?? "";
    return {
      get: (path: string) => request(url).get(path).set("Cookie", cookie),
      post: (path: string, body: object) =>
        request(url).post(path).set("Cookie", cookie).set("X-CSRF-Token", csrf).send(body),
    };
  }
});
