// Kept in step with WeCom, whole: an empty database filled, lost callbacks healed, codes with their welcome, tags both ways,
// leavers' customers handed over, friendships ended; over real HTTP to the sandbox.
import { join } from "node:path";
import axios from "axios";
import { instantOf } from "../../src/kernel/calendar.js";
import type { SandboxOptions } from "../../src/sandbox/settings.js";
import { faultsOf } from "../channels/wecom/traffic.js";
import { archived } from "../support/chats.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { openSandboxHouse, type SandboxHouse } from "../support/house.js";
import { png } from "../support/pictures.js";

const zone = "Asia/Shanghai";
const at = (day: string, time: string) => instantOf(day, time, zone);
const day = 86_400_000;
const ids = Array.from({ length: 120 }, (_, n) => `wm${String(n + 1).padStart(3, "0")}`);

describeOnEachDatabase("kept in step", (store) => {
  let house: SandboxHouse;
  let { world, sandbox, services } = {} as SandboxHouse;
  const calls: string[] = [];
  /** what went over the wire and no document allows */
  const undocumented: string[] = [];

  beforeEach(async () => {
    await emptied(store());
    calls.length = 0;
    const onExchange: SandboxOptions["onExchange"] = (exchange) => {
      calls.push(exchange.path.replace("externalcontact/", ""));
      undocumented.push(...faultsOf(exchange));
    };
    const temperament = { refuses: 0 };
    house = await openSandboxHouse(store(), at("2026-03-09", "10:00"), { onExchange, temperament });
    ({ world, sandbox, services } = house);
    sandbox.connect({ callbackUrl: `${house.url}/wecom/callback` });
    const guides = ["lan", "mei", "ying"].map((userid) => ({ userid, name: `${userid}姐`, skill: 0 }));
    sandbox.enrol({
      guides,
      customers: ids.map((externalUserid, n) => ({ externalUserid, name: `妈妈${n + 1}` })),
      contacts: ids.map((externalUserid, n) => ({
        ...{ guideUserid: n < 70 ? "lan" : "mei", externalUserid },
        createdAt: at("2026-03-01", "09:00") + n * 1000,
      })),
    });
  });
  afterEach(async () => {
    await house.close();
    expect(undocumented.splice(0)).toEqual([]);
  });

  const contacts = () => services.contacts as NonNullable<typeof services.contacts>;
  const rows = <T = Record<string, unknown>>(sql: string, ...params: string[]) =>
    store().read.rows<T>(sql, params);
  const ownerOf = async (id: string) =>
    (
      await rows<{ userid: string | null }>(
        "SELECT g.userid FROM customer c LEFT JOIN guide g ON g.id = c.guide_id WHERE c.external_userid = ?",
        id,
      )
    )[0]?.userid ?? null;
  const welcomes = () => sandbox.inCorp((corp) => corp.welcomes());
  const brand = async () => {
    house.put("brand/stores.csv", "门店编码,门店名称,大区\nS1,徐汇店,华东\nS2,天河店,华南\n");
    house.put("brand/guides.csv", "导购账号,导购姓名,门店编码\nlan,兰兰,S1\nmei,小美,S1\nying,阿英,S2\n");
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
  };
  const journey = async () => {
    const touchpoint = {
      key: "day-3",
      name: "第3天",
      after: "joined",
      days: 3,
      send: "mass",
      words: "您好呀",
    };
    const file = house.put(
      "care.yaml",
      JSON.stringify({ key: "care", name: "关怀", touchpoints: [touchpoint] }),
    );
    await services.applyJourney(file, { yes: true, by: "system" });
  };

  test("an empty database and a sync: members, customers, tags and remarks; again changes nothing", async () => {
    await sandbox.inCorp((corp, now) => corp.remarks("lan", "wm001", "糖糖妈", now));
    await sandbox.inCorp((corp, now) => corp.tags("lan", "wm001", "会员", "金卡", true, now));
    await emptied(store());
    const seen: number[] = [];
    const done = await contacts().sync({ progress: ({ contacts: n }) => seen.push(n) });
    expect(done).toMatchObject({
      members: 3,
      newGuides: 3,
      contacts: 120,
      newCustomers: 120,
      ended: 0,
      failed: [],
    });
    expect(seen.at(-1)).toBe(120);
    expect(calls.filter((path) => path === "batch/get_by_user")).toHaveLength(2);
    expect(await rows("SELECT userid, name FROM guide ORDER BY userid")).toEqual(
      ["lan", "mei", "ying"].map((userid) => ({ userid, name: `${userid}姐` })),
    );
    const [first] = await rows(
      `SELECT c.name, c.joined_on, k.began_on, f.remark, f.since, x.name AS tag, x.source
       FROM customer c JOIN contact k ON k.customer_id = c.id JOIN follow f ON f.customer_id = c.id
       LEFT JOIN customer_tag x ON x.customer_id = c.id WHERE c.external_userid = 'wm001'`,
    );
    expect(first).toMatchObject({ name: "妈妈1", joined_on: "2026-03-01", began_on: "2026-03-01" });
    expect(first).toMatchObject({ remark: "糖糖妈", tag: "金卡", source: "wecom" });
    expect(Number(first?.since)).toBe(at("2026-03-01", "09:00"));
    const anchors =
      "SELECT COUNT(*) AS n FROM anchor WHERE on_date = '2026-03-01' AND kind IN ('joined', 'guide_assigned')";
    expect(Number((await rows<{ n: number }>(anchors))[0]?.n)).toBe(240);
    expect(await contacts().sync()).toMatchObject({
      newGuides: 0,
      tags: 0,
      newCustomers: 0,
      changed: 0,
      ended: 0,
    });
  });

  test("the first sync triggers nothing that is past, later ones do", async () => {
    world.set(at("2026-03-01", "08:00"));
    await journey();
    world.set(at("2026-03-04", "04:00"));
    await contacts().sync();
    world.set(at("2026-03-04", "05:15"));
    await services.passes.plan();
    expect(await rows("SELECT id FROM task")).toEqual([]);
    sandbox.enrol({
      customers: [{ externalUserid: "wm-late", name: "晚到" }],
      contacts: [{ guideUserid: "lan", externalUserid: "wm-late", createdAt: at("2026-03-02", "09:00") }],
    });
    world.set(at("2026-03-05", "03:10"));
    await services.passes.sync();
    world.set(at("2026-03-05", "05:15"));
    await services.passes.plan();
    expect(await rows("SELECT due_on, state FROM task")).toEqual([
      { due_on: "2026-03-05", state: "planned" },
    ]);
  });

  test("what lost callbacks would have told is found at night; what the customer ended stays ended", async () => {
    await contacts().sync();
    for (let n = 0; n < 3; n++) sandbox.faults.add({ kind: "lost", path: "callback" });
    await sandbox.contactAdded({
      guideUserid: "mei",
      externalUserid: "wm-new",
      customer: { externalUserid: "wm-new", name: "新妈妈" },
    });
    await sandbox.guideRemoves("lan", "wm001");
    await sandbox.customerLeaves("wm002", "lan");
    await sandbox.customerLeaves("wm003", "lan");
    await services.passes.callbacks();
    expect(await ownerOf("wm-new")).toBeNull();
    expect([await ownerOf("wm001"), await ownerOf("wm002"), await ownerOf("wm003")]).toEqual([
      "lan",
      "lan",
      null,
    ]);
    world.set(at("2026-03-10", "03:10"));
    expect(await services.passes.sync()).toContain("新客户 1");
    expect(await ownerOf("wm-new")).toBe("mei");
    // the list goes on naming whom only the customer has removed: that is heard when words do not arrive
    expect([await ownerOf("wm001"), await ownerOf("wm002"), await ownerOf("wm003")]).toEqual([
      null,
      "lan",
      null,
    ]);
  });

  test("what a new contact writes before they are known is taken in with them, heard or found at night", async () => {
    await contacts().sync();
    await brand();
    const add = (id: string) => {
      const customer = { externalUserid: id, name: id };
      return sandbox.contactAdded({ guideUserid: "lan", externalUserid: id, customer });
    };
    const { key } = await services.identity.keys.create("archive", world.now());
    const headers = { authorization: `Bearer ${key}` };
    const push = async (id: string, text: string) => {
      const messages = [archived(`of-${id}`, id, "lan", world.now(), text)];
      return (await axios.post(`${house.url}/api/intake/messages`, { messages }, { headers })).data;
    };
    const heard = () => rows("SELECT msgid, text FROM message ORDER BY msgid");
    expect(await push("wm-soon1", "你好呀")).toMatchObject({ accepted: 0, waiting: 1 });
    expect(await push("wm-night1", "我要投诉")).toMatchObject({ accepted: 0, waiting: 1 });
    expect(await heard()).toEqual([]);
    await add("wm-soon1");
    sandbox.faults.add({ kind: "lost", path: "callback" });
    await add("wm-night1");
    await services.passes.callbacks();
    expect(await heard()).toEqual([{ msgid: "of-wm-soon1", text: "你好呀" }]);
    world.set(at("2026-03-10", "03:10"));
    await services.passes.sync();
    expect(await heard()).toEqual([
      { msgid: "of-wm-night1", text: "我要投诉" },
      { msgid: "of-wm-soon1", text: "你好呀" },
    ]);
    // an urgent one counts as if it had come in at once
    expect(await rows("SELECT msgid, kind FROM urgent_reply")).toMatchObject([{ msgid: "of-wm-night1" }]);
    expect(await rows("SELECT id FROM early_message")).toEqual([]);
  });

  test("too many gone at once are not believed", async () => {
    await contacts().sync();
    sandbox.faults.add({ kind: "lost", path: "callback", times: 200 });
    for (const id of ids.slice(0, 60)) await sandbox.guideRemoves("lan", id);
    world.set(at("2026-03-10", "03:10"));
    expect(await contacts().sync()).toMatchObject({ ended: 0, doubted: 60 });
    expect(await ownerOf("wm001")).toBe("lan");
    expect(await contacts().sync({ endAll: true })).toMatchObject({ ended: 60, doubted: 0 });
    expect(await ownerOf("wm001")).toBeNull();
  });

  test("a code of a campaign and store: the customer, their anchors, the source, and one welcome by the code", async () => {
    await brand();
    await contacts().welcome.set("default", "您好，我是{{guide.name}}。", "system");
    await contacts().welcome.set(
      "campaign:618",
      "{{customer.name}}您好，{{store.name}}的{{guide.name}}欢迎您来{{campaign}}！",
      "system",
    );
    expect(await contacts().ways.add("618", undefined, "system")).toMatchObject({ made: 2, failed: 0 });
    expect(await contacts().ways.add("618", undefined, "system")).toMatchObject({
      made: 0,
      changed: 0,
      failed: 0,
    });
    const [way] = await rows<{ config_id: string; state: string }>(
      "SELECT * FROM contact_way ORDER BY store_id",
    );
    const scan = (externalUserid: string, name: string) =>
      sandbox.inCorp((corp, now) => corp.scans(way?.config_id ?? "", { externalUserid, name }, now));
    sandbox.faults.add({ kind: "code", code: 41096, path: "externalcontact/send_welcome_msg" });
    const guide = await scan("wm-a", "林悦");
    await services.passes.callbacks();
    const [customer] = await rows(
      "SELECT name, source, joined_on FROM customer WHERE external_userid = 'wm-a'",
    );
    expect(customer).toEqual({ name: "林悦", source: "618", joined_on: "2026-03-09" });
    expect(await ownerOf("wm-a")).toBe(guide);
    const anchors = await rows("SELECT kind FROM anchor WHERE on_date = '2026-03-09' ORDER BY kind");
    expect(anchors).toEqual([{ kind: "guide_assigned" }, { kind: "joined" }]);
    expect((await welcomes()).map(({ text }) => text)).toEqual(["林悦您好，徐汇店的小美欢迎您来618！"]);
    expect(await contacts().welcome.log(5)).toMatchObject([
      { customer: "wm-a", scope: "campaign:618", result: "sent" },
    ]);
    expect((await contacts().ways.list("618"))[0]).toMatchObject({
      store: "S1",
      customers: 1,
      guides: ["lan", "mei"],
    });
    // told again, and the pair again on the same day: nobody is welcomed twice
    sandbox.faults.add({ kind: "doubled", path: "callback" });
    await sandbox.contactAdded({ guideUserid: guide ?? "", externalUserid: "wm-a" });
    await services.passes.callbacks();
    expect(await welcomes()).toHaveLength(1);
  });

  test("a welcome that is late, or of a guide who chats already, is not sent, and an answer that never came not repeated", async () => {
    await brand();
    await contacts().welcome.set("default", "您好，我是{{guide.name}}。", "system");
    const add = async (id: string) => {
      const customer = { externalUserid: id, name: id };
      await sandbox.contactAdded({ guideUserid: "lan", externalUserid: id, customer });
    };
    sandbox.faults.add({ kind: "lost", path: "callback" });
    sandbox.faults.add({ kind: "code", code: 41051, path: "externalcontact/send_welcome_msg" });
    sandbox.faults.add({ kind: "reset_after", path: "externalcontact/send_welcome_msg" });
    for (const id of ["wm-lost", "wm-chats", "wm-silent"]) await add(id);
    await services.passes.callbacks();
    const results = async () =>
      Object.fromEntries((await contacts().welcome.log(9)).map(({ customer, result }) => [customer, result]));
    expect(await results()).toEqual({ "wm-chats": "chatting", "wm-silent": "unknown" });
    expect(await welcomes()).toHaveLength(1);
    sandbox.faults.add({ kind: "late", path: "callback", lateBy: 60_000 });
    await add("wm-late");
    world.set(world.now() + 60_000);
    await sandbox.step(world.now());
    await services.passes.callbacks();
    expect(await results()).toMatchObject({ "wm-late": "late" });
    expect(await welcomes()).toHaveLength(1);
    expect(await ownerOf("wm-late")).toBe("lan");
  });

  test("a code whose call had no answer is found, not made twice; its guides follow the store's", async () => {
    await brand();
    sandbox.faults.add({ kind: "reset_after", path: "externalcontact/add_contact_way" });
    expect(await contacts().ways.add("开学", ["S1"], "system")).toMatchObject({ made: 0, failed: 1 });
    world.set(world.now() + 120_000);
    expect(await contacts().ways.keep()).toMatchObject({ made: 1, failed: 0 });
    expect(calls.filter((path) => path === "add_contact_way")).toHaveLength(1);
    house.put("brand/guides.csv", "导购账号,导购姓名,门店编码\nying,阿英,S1\nlan,兰兰,S2\n");
    await services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
    expect(await contacts().ways.keep()).toMatchObject({ changed: 1 });
    expect((await contacts().ways.list())[0]?.guides).toEqual(["mei", "ying"]);
    expect(await contacts().ways.remove("开学", undefined, "system")).toBe(1);
    expect(calls.filter((path) => path === "del_contact_way")).toHaveLength(1);
  });

  test("tags both ways: a guide's come down, those HQ names go up, what a guide takes off stays off", async () => {
    await contacts().sync();
    const tags = async (id: string) =>
      (await services.tags.show(id)).tags.map(({ name, source }) => `${source} ${name}`);
    await sandbox.inCorp((corp, now) => corp.tags("lan", "wm001", "会员", "金卡", true, now));
    await services.passes.callbacks();
    expect(await tags("wm001")).toEqual(["wecom 金卡"]);
    // the same said twice in one second is taken for one push delivered twice
    world.set(world.now() + 1000);
    await sandbox.inCorp((corp, now) => corp.tags("lan", "wm001", "会员", "金卡", false, now));
    await services.passes.callbacks();
    expect(await tags("wm001")).toEqual([]);

    await services.tags.add(["wm001", "wm002", "wm100"], "沉睡", "system");
    await contacts().tags.add("沉睡", "system");
    expect(await contacts().tags.push()).toEqual({ marked: 3, failed: 0 });
    expect(await contacts().tags.push()).toEqual({ marked: 0, failed: 0 });
    // what we marked is ours, not a guide's
    expect(await contacts().sync()).toMatchObject({ changed: 0, marked: { marked: 0 } });
    expect(await tags("wm001")).toEqual(["manual 沉睡"]);
    await sandbox.inCorp((corp, now) => corp.tags("lan", "wm002", "Guidepost", "沉睡", false, now));
    await services.passes.callbacks();
    await services.tags.remove(["wm100"], "沉睡", "system");
    expect(await contacts().sync()).toMatchObject({ marked: { marked: 1, failed: 0 } });
    const standing = await rows("SELECT standing FROM contact_tag ORDER BY customer_id");
    expect(standing).toEqual([{ standing: "ours" }, { standing: "refused" }]);
  });

  test("a welcome with a picture, a link and a mini-program page: uploaded when it is set, there within the 20 s", async () => {
    await contacts().sync();
    await brand();
    const link = { kind: "link", title: "会员福利", url: "https://example.com/vip", desc: "领券" } as const;
    const page = {
      kind: "mini_program",
      title: "商城",
      appid: `wx${"a".repeat(16)}`,
      page: "pages/index",
    } as const;
    const add = [{ kind: "picture", name: "card.png", bytes: png() } as const, link];
    const words = "您好，我是{{guide.name}}。";
    await contacts().welcome.set("default", words, "system", {
      attachments: { keep: [], add: [...add, { ...page, name: "cover.png", bytes: png(60, 48) }] },
    });
    expect(calls.filter((path) => path === "media/upload")).toHaveLength(2);
    await sandbox.contactAdded({
      guideUserid: "mei",
      externalUserid: "wm-pic",
      customer: { externalUserid: "wm-pic", name: "小图" },
    });
    await services.passes.callbacks();
    const [sent] = await welcomes();
    expect(sent?.text).toBe("您好，我是小美。");
    const along = await sandbox.inCorp((corp) => corp.welcomeAttachments(sent?.code ?? ""));
    expect(along.map(({ msgtype, title }) => [msgtype, title])).toEqual([
      ["image", "card.png"],
      ["link", "会员福利"],
      ["miniprogram", "商城"],
    ]);
    // the words alone change: what goes along stays, and nothing is uploaded again
    await contacts().welcome.set("default", "您好！", "system");
    expect((await contacts().welcome.list())[0]?.attachments).toHaveLength(3);
    expect(calls.filter((path) => path === "media/upload")).toHaveLength(2);
    const bad = { ...link, title: "", url: "ftp://example.com" };
    await expect(
      contacts().welcome.set("default", "您好！", "system", {
        attachments: {
          ...{ keep: [], add: [bad, { kind: "picture", name: "x.png", bytes: Buffer.from("no picture") }] },
        },
      }),
    ).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ where: "标题" }, { where: "链接地址" }, { where: "图片" }],
    });
    sandbox.faults.add({ kind: "code", code: 40123, path: "media/upload" });
    await expect(
      contacts().welcome.set("default", "您好！", "system", {
        attachments: { keep: [], add: [{ kind: "picture", name: "y.png", bytes: png(33, 33) }] },
      }),
    ).rejects.toMatchObject({ kind: "unsupported" });
    expect((await contacts().welcome.list())[0]?.attachments).toHaveLength(3);
  });

  test("a taker who may have no more customers: the transfer ends full, told by callback or read, and nobody changes hands", async () => {
    await brand();
    await contacts().sync();
    await sandbox.inCorp((corp) => corp.fills("ying"));
    const ask = { from: "lan", to: "ying", by: "system" };
    await contacts().transfers.start({ ...ask, customers: ["wm001", "wm002"] });
    sandbox.faults.add({ kind: "lost", path: "callback" });
    world.set(world.now() + day + 600_000);
    await sandbox.step(world.now());
    await services.passes.callbacks();
    await services.passes.transfers();
    const ended = (await contacts().transfers.list()).map(({ customer, state }) => [customer, state]);
    expect(ended.sort()).toEqual([
      ["wm001", "full"],
      ["wm002", "full"],
    ]);
    expect([await ownerOf("wm001"), await ownerOf("wm002")]).toEqual(["lan", "lan"]);
    // asked again once there is room
    await sandbox.inCorp((corp) => corp.fills("ying", false));
    await contacts().transfers.start({ ...ask, customers: ["wm001"] });
    world.set(world.now() + day + 600_000);
    await sandbox.step(world.now());
    await services.passes.callbacks();
    await services.passes.transfers();
    expect([await ownerOf("wm001"), await ownerOf("wm002")]).toEqual(["ying", "lan"]);
  });

  test("a leaver's customers are handed over in WeCom: taken over after a day, or nobody's when they refuse", async () => {
    await brand();
    await contacts().sync();
    await sandbox.inCorp((corp, now) => corp.resigns("mei", now));
    await services.passes.callbacks();
    expect(await rows("SELECT left_on FROM guide WHERE userid = 'mei'")).toEqual([{ left_on: "2026-03-09" }]);
    await services.leaves.setLeft("mei", "2026-03-09", "ying");
    expect(await services.passes.transfers()).toBe("交接发起 50，完成 0");
    expect(await ownerOf("wm100")).toBe("mei");
    await sandbox.inCorp((corp, now) => corp.refuses("wm101", now));
    sandbox.faults.add({ kind: "lost", path: "callback" });
    await sandbox.inCorp((corp, now) => corp.refuses("wm102", now));
    await services.passes.callbacks();
    expect([await ownerOf("wm100"), await ownerOf("wm101")]).toEqual(["mei", null]);
    world.set(world.now() + day + 600_000);
    await sandbox.step(world.now());
    await services.passes.callbacks();
    expect(await services.passes.transfers()).toBe("交接发起 0，完成 49");
    expect([await ownerOf("wm100"), await ownerOf("wm101"), await ownerOf("wm102")]).toEqual([
      "ying",
      null,
      null,
    ]);
    expect(
      await rows("SELECT declined, COUNT(*) AS n FROM transfer GROUP BY declined ORDER BY declined"),
    ).toMatchObject([{ declined: 1, n: 2 }]);
    expect(await services.passes.transfers()).toBeUndefined();
    expect(calls.filter((path) => path === "resigned/transfer_customer")).toHaveLength(1);
  });

  test("a guide who stays hands over some: a call without an answer is looked up, a refusal leaves them where they are", async () => {
    await brand();
    await contacts().sync();
    sandbox.faults.add({ kind: "reset_after", path: "externalcontact/transfer_customer" });
    const ask = { from: "lan", to: "ying", by: "system", message: "以后由阿英照顾您" };
    await contacts().transfers.start({ ...ask, customers: ["wm001", "wm002", "wm003"] });
    expect((await contacts().transfers.list()).map(({ state }) => state)).toEqual([
      "calling",
      "calling",
      "calling",
    ]);
    world.set(world.now() + 180_000);
    await services.passes.transfers();
    expect((await contacts().transfers.list()).map(({ state }) => state)).toEqual([
      "waiting",
      "waiting",
      "waiting",
    ]);
    await sandbox.inCorp((corp, now) => corp.refuses("wm003", now));
    await services.passes.callbacks();
    world.set(world.now() + day + 600_000);
    await sandbox.step(world.now());
    await services.passes.callbacks();
    await services.passes.transfers();
    expect([await ownerOf("wm001"), await ownerOf("wm002"), await ownerOf("wm003")]).toEqual([
      "ying",
      "ying",
      "lan",
    ]);
    expect((await contacts().transfers.list()).map(({ customer, state }) => [customer, state])).toEqual([
      ["wm003", "refused"],
    ]);
    await expect(contacts().transfers.start({ ...ask, customers: ["wm100"] })).rejects.toMatchObject({
      kind: "not_found",
    });
    await expect(contacts().transfers.start({ ...ask, to: "lan" })).rejects.toMatchObject({
      kind: "invalid",
    });
  });

  test("words that do not arrive end the friendship: 84061 at the call, status 2 in the result", async () => {
    await brand();
    await contacts().sync({ trigger: true });
    await journey();
    for (let n = 0; n < 2; n++) sandbox.faults.add({ kind: "lost", path: "callback" });
    await sandbox.customerLeaves("wm001", "lan");
    await services.customers.push("customers", [{ external_userid: "wm001", joined_on: "2026-03-07" }]);
    await services.customers.push("customers", [{ external_userid: "wm002", joined_on: "2026-03-07" }]);
    await house.morning("2026-03-10");
    for (const { msgid } of sandbox.phone("lan")?.masses ?? []) await sandbox.guideConfirms("lan", msgid);
    world.set(at("2026-03-10", "10:30"));
    await services.passes.poll();
    const ended =
      "SELECT c.external_userid AS id, k.ended_on FROM contact k JOIN customer c ON c.id = k.customer_id WHERE k.ended_on IS NOT NULL";
    expect(await rows(ended)).toEqual([{ id: "wm001", ended_on: "2026-03-10" }]);
    expect(await rows("SELECT state, reason FROM task ORDER BY id")).toEqual([
      { state: "skipped", reason: "not_a_friend" },
      { state: "sent", reason: null },
    ]);
    world.set(at("2026-03-11", "03:10"));
    await services.passes.sync();
    expect(await ownerOf("wm001")).toBeNull();
  });
});
