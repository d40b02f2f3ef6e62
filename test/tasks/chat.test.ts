// The conversation with guides: over the real task service and the real words, on both databases.
import { join } from "node:path";
import { ChannelError, type GuideNote } from "../../src/channels/port.js";
import { projectRoot } from "../../src/infra/config.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { Refusal } from "../../src/kernel/refusals.js";
import { type ChatDeps, type ChatService, chatService } from "../../src/tasks/chat.js";
import { listCard } from "../../src/tasks/list-card.js";
import { offerDue } from "../../src/tasks/offering.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  minute,
  openShop,
  planTask,
  type Stand,
  standOn,
  zone,
} from "../support/task-stand.js";

const cards = pageRenderer(join(projectRoot, "templates/cards"));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describeOnEachDatabase("chat with guides", (open) => {
  let store: Store;
  let stand: Stand;
  let chat: ChatService;
  const service = (more: Partial<ChatDeps> = {}) =>
    chatService({
      store,
      world: stand.world,
      zone,
      log,
      channel: stand.notebook,
      tasks: stand.service,
      cards,
      ...more,
    });
  beforeEach(async () => {
    store = open();
    await openShop(store);
    await store.write((sql) => sql.run("DELETE FROM account"));
    stand = standOn(store);
    stand.setup.listCard = listCard(cards);
    chat = service();
    await enrolCustomer(store, 11, { name: "王芳", childName: "小米" });
    await enrolCustomer(store, 12, { name: "李娜", childName: null });
    await enrolCustomer(store, 13, { name: "张敏", childName: null });
    await enrolCustomer(store, 21, { guideId: 2, name: "别人的客户" });
  });
  const notes = (userid = "lan") =>
    stand.notebook.entries.flatMap((entry) =>
      entry.kind === "told" && entry.guideUserid === userid ? [entry.note] : [],
    );
  const textOf = (note: GuideNote | undefined) => (note?.kind === "text" ? note.text : JSON.stringify(note));
  /** Says something as a guide and gives the answer. */
  const say = async (text: string, guideUserid = "lan") => {
    const before = notes(guideUserid).length;
    await chat.guideSaid({ guideUserid, text, at: stand.world.now() });
    expect(notes(guideUserid)).toHaveLength(before + 1);
    return textOf(notes(guideUserid).at(-1));
  };
  /** The morning: everything offered, mass sends handed over. */
  const morning = async () => {
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
  };

  test("the morning's card and the list", async () => {
    await planTask(store, "bot", 11);
    await planTask(store, "greeting", 12);
    await planTask(store, "baby", 13);
    await planTask(store, "call", 13);
    await morning();
    const [card] = notes();
    expect(card).toMatchObject({
      ...{ kind: "card", cardId: "list-1-2026-03-02", title: "今日跟进 4 位客户" },
      lines: [
        { label: "王芳", value: "加好友第7天" },
        { label: "李娜", value: "加好友第7天" },
        { label: "张敏", value: "宝宝今天满6个月" },
        { label: "张敏", value: "加好友第7天" },
      ],
      buttons: [
        { text: "看任务", key: "list" },
        { text: "怎么用", key: "help" },
      ],
    });
    expect(card?.kind === "card" ? card.description : "").toBe(
      "1 位已放进群发助手，点一下确认就发出。1 位请打开列表逐个发送。1 位需要回访。1 位还缺资料，补上才能发。",
    );
    expect(await say("任务")).toBe(
      [
        "今天还有 4 位客户待跟进：",
        "1. 王芳（小米） 加好友第7天【回复 发 1】",
        "2. 李娜 加好友第7天【群发助手待确认】",
        "3. 张敏 宝宝今天满6个月【待补：宝宝小名】",
        "4. 张敏 加好友第7天【回访】",
        "带「群发助手」的 1 位：打开企业微信的群发助手，点一下确认就会发出。",
        "回复数字看内容，回复「帮助」看怎么做。",
      ].join("\n"),
    );
  });

  test("a number shows the words and what can be done", async () => {
    await planTask(store, "bot", 11);
    await planTask(store, "baby", 12);
    await planTask(store, "call", 13);
    await morning();
    expect(await say("1")).toBe(
      "1. 王芳（小米）\n加好友第7天 · bot\n状态：待处理\n\n内容：\n王芳，机器人问候。\n\n" +
        "发 1 —— 确认发送\n改 1 新内容 —— 换成自己的话\n跳过 1 原因｜稍后 1",
    );
    expect(await say("2")).toContain("补上后才能发：补 2 小名 小米");
    expect(await say("３。")).toContain("跟进后回复：完成 3 结果");
  });

  test("skip, with what is left; twice; and after it was done", async () => {
    const id = await planTask(store, "bot", 11);
    await planTask(store, "call", 12);
    await morning();
    expect(await say("跳过1太忙了")).toBe(
      "1. 王芳（小米）：已跳过：太忙，来不及。\n还剩 1 位待跟进，回复「任务」看列表。",
    );
    expect(await stand.task(id)).toMatchObject({ state: "skipped", reason: "guide_skipped_busy" });
    expect(await say("跳过 1 太忙")).toContain("这个任务已跳过，没有改动。");
    expect(await say("发 1-2")).toContain(
      "1. 王芳（小米）：这个任务已跳过，没有改动。\n2. 李娜：这个任务要您亲自完成",
    );
    expect(await say("完成 2 已电话回访，宝宝感冒了")).toBe(
      "2. 李娜：已记录：人工完成。\n今天的都处理完了，辛苦啦！",
    );
    expect(await say("任务")).toBe("今天的 2 位客户都处理完了，辛苦啦！");
  });

  test("what was done by hand was done when the guide said so, and never before it was offered", async () => {
    const [early, late] = [await planTask(store, "call", 11), await planTask(store, "call", 12)];
    await morning();
    const offeredAt = stand.world.now();
    stand.pass(2 * minute);
    const said = (text: string, at: number) => chat.guideSaid({ guideUserid: "lan", text, at });
    await said("完成 1 聊过了", offeredAt + minute);
    await said("完成 2 聊过了", offeredAt - minute);
    expect(await stand.task(early)).toMatchObject({ acted_at: offeredAt + minute });
    expect(await stand.task(late)).toMatchObject({ acted_at: offeredAt });
  });

  test("changed words, and words that may not be used", async () => {
    const id = await planTask(store, "bot", 11);
    await morning();
    expect(await say("改 1 王姐，小米最近睡得好吗？")).toContain("内容已修改。");
    expect(await say("1")).toContain("内容（你改过）：\n王姐，小米最近睡得好吗？");
    expect(await say("改 1 这款奶粉能治愈湿疹")).toContain("不能使用的说法");
    expect((await stand.service.one(1, id)).words).toBe("王姐，小米最近睡得好吗？");
    expect(await say("改 1")).toBe("请写号码和新内容：改 3 亲，宝宝最近睡得好吗？");
  });

  test("send by number, by range, all; and take back in time", async () => {
    const ids = [
      await planTask(store, "bot", 11),
      await planTask(store, "bot", 12),
      await planTask(store, "bot", 13),
    ];
    await planTask(store, "page", 12);
    await planTask(store, "greeting", 13);
    await morning();
    const state = async (id: number | undefined) => (await stand.task(id ?? 0)).state;
    expect(await say("发1")).toContain("已确认，半分钟后发出");
    expect(await state(ids[0])).toBe("approved");
    expect(await say("撤回")).toBe("已撤回 1 位，还没发出去。\n还剩 5 位待跟进，回复「任务」看列表。");
    expect(await state(ids[0])).toBe("offered");
    expect(await say("撤回")).toContain("没有可以撤回的");
    expect((await say("发 1-2")).split("\n")).toHaveLength(3);
    expect([await state(ids[0]), await state(ids[1])]).toEqual(["approved", "approved"]);
    expect(await say("全部发送")).toBe(
      "已确认 1 位，半分钟后发出；回复「撤回」可以取消。\n1 位在企业微信的群发助手里，点一下确认就会发出。\n1 位请打开任务页逐个发送。\n还剩 2 位待跟进，回复「任务」看列表。",
    );
    expect(await say("发 4")).toContain("请打开任务页面");
  });

  test("a number is taken back alone, wherever it is; a tap in the chat system is faster", async () => {
    const bots = [await planTask(store, "bot", 11), await planTask(store, "bot", 12)];
    const mass = await planTask(store, "greeting", 13, { expiresOn: "2026-03-06" });
    await morning();
    const state = async (id: number | undefined) => (await stand.task(id ?? 0)).state;
    await say("发 1-2");
    expect(await say("撤回 2")).toBe("2. 李娜：已撤回。\n还剩 2 位待跟进，回复「任务」看列表。");
    expect([await state(bots[0]), await state(bots[1])]).toEqual(["approved", "offered"]);
    expect(await say("撤回 2")).toContain("2. 李娜：还没有确认发送，不用撤回。");
    await say("撤回");
    expect(await say("撤回")).toBe(
      "没有可以撤回的：刚确认的半分钟内才能撤回，已发出的收不回来。\n" +
        "群发助手里还有 1 位没确认：3 号，要撤回请写号码：撤回 3。",
    );
    expect(await say("撤回 3")).toContain("3. 张敏：已从群发助手撤回");
    expect(await state(mass)).toBe("offered");
    await stand.sender.dispatchDue();
    expect(await state(mass)).toBe("offered");
    stand.pass(2.1 * 60 * minute);
    await stand.sender.dispatchDue();
    expect(await state(mass)).toBe("handed_over");
    const [made] = stand.notebook.entries.filter((entry) => entry.kind === "handedOver").slice(-1);
    stand.notebook.confirm(made?.kind === "handedOver" ? made.providerRef : "");
    expect(await say("撤回 3")).toContain("3. 张敏：已经发出去了，收不回来。");
    expect(await state(mass)).toBe("sent");
    expect(await say("撤回 9")).toContain("列表里没有 9 号");
    expect(await say("撤回消息怎么弄")).toContain("没看懂这句话");
  });

  test("after half a minute nothing is taken back any more", async () => {
    const id = await planTask(store, "bot", 11);
    await morning();
    await say("发 1");
    stand.pass(31_000);
    await stand.sender.dispatchDue();
    expect(await say("撤回")).toContain("没有可以撤回的");
    expect(await say("撤回 1")).toContain("1. 王芳（小米）：已经发出去了，收不回来。");
    expect((await stand.task(id)).state).toBe("sent");
  });

  test("a day's work in four messages where a bot sends", async () => {
    for (const id of [11, 12, 13]) await planTask(store, "bot", id);
    await planTask(store, "call", 12);
    await morning();
    expect(await say("全发")).toBe(
      "已确认 3 位，半分钟后发出；回复「撤回」可以取消。\n1 位需要你亲自回访。\n还剩 1 位待跟进，回复「任务」看列表。",
    );
    expect(await say("撤回 2")).toBe("2. 李娜：已撤回。\n还剩 2 位待跟进，回复「任务」看列表。");
    expect(await say("跳过２，已经聊过")).toContain("2. 李娜：已跳过：已经聊过。");
    stand.pass(31_000);
    await stand.sender.dispatchDue();
    expect(await say("完成4接通，想试二段")).toBe("4. 李娜：已记录：人工完成。\n今天的都处理完了，辛苦啦！");
    expect(await stand.states()).toEqual([
      "sent",
      "skipped: guide_skipped_already_spoke",
      "sent",
      "done_by_hand",
    ]);
  });

  test("what is no command is answered with help once in half a day, then with a line, and kept", async () => {
    expect(await say("今天好忙呀")).toMatch(/^没看懂这句话。\n\n你可以这样回复我/);
    expect(await say("[语音]")).toBe(
      "这里只看得懂文字。回复「帮助」看可以怎么说，回复「任务」看今天的客户。",
    );
    stand.pass(13 * 60 * minute);
    expect(await say("在吗")).toContain("你可以这样回复我");
    const kept = await store.read.rows("SELECT userid, guide_id, said, helped FROM free_text ORDER BY id");
    expect(kept).toEqual([
      { userid: "lan", guide_id: 1, said: "今天好忙呀", helped: 1 },
      { userid: "lan", guide_id: 1, said: "[语音]", helped: 0 },
      { userid: "lan", guide_id: 1, said: "在吗", helped: 1 },
    ]);
  });

  test("a missing fact is asked for, and its answer completes the words", async () => {
    const id = await planTask(store, "baby", 12);
    await morning();
    expect(await say("补 1 生日 下个月")).toContain("没看懂日期「下个月」");
    expect(await say("补 1 小名 治愈豆")).toContain("1. 李娜：内容里有不能使用的说法");
    expect(await say("补 1 豆豆")).toContain("已记录宝宝小名。");
    expect(stand.facts).toEqual([
      { customerId: 12, childNo: 1, field: "child.name", value: "豆豆", actor: "guide:1" },
    ]);
    expect((await stand.service.one(1, id)).words).toBe("豆豆今天满6个月啦。");
    expect(await say("补 1 生日 2025年9月3日")).toContain("已记录宝宝生日。");
    expect(stand.facts.at(-1)).toMatchObject({ field: "child.born_on", value: "2025-09-03" });
    expect(await say("补 1 什么")).toContain("要补哪一项？");
  });

  test("a number that is not on the list, and a list of yesterday, are answered and not guessed", async () => {
    const id = await planTask(store, "bot", 11, { expiresOn: "2026-03-06" });
    expect(await say("发 1")).toContain("还没给你看过列表。这是今天的：");
    await morning();
    expect(await say("发 1、9")).toBe(
      "1. 王芳（小米）：已确认，半分钟后发出；发“撤回”可以取消。\n今天的都处理完了，辛苦啦！\n列表里没有 9 号（共 1 位），回复「任务」看最新列表。",
    );
    await say("撤回");
    expect(await say("跳过 9-200")).toContain("列表里没有 9、10、11、12、13、14 等 192 个号（共 1 位）");
    expect(await say("跳过 9")).toBe("列表里没有 9 号（共 1 位），回复「任务」看最新列表。");
    stand.pass(day);
    const answer = await say("跳过 1 太忙");
    expect(answer).toContain("你上次看的是3月2日的列表，号码已经变了。这是今天的：");
    expect(answer).toContain("1. 王芳（小米）");
    expect((await stand.task(id)).state).toBe("offered");
    expect(await say("跳过 1 太忙")).toContain("已跳过");
  });

  test("words without a receipt: the guide is asked, and says whether they went out", async () => {
    const id = await planTask(store, "greeting", 11);
    stand.notebook.promises.reconciles = false;
    await offerDue(stand.setup);
    for (const [said, state, answer] of [
      ["没发出 1", "offered", "已记录：没有发出，会重新安排。"],
      ["已发出 1", "sent", "已记录：已发出。"],
    ] as const) {
      stand.notebook.failNext(new ChannelError("unknown", "timeout"), "before");
      await stand.sender.dispatchDue();
      for (let gone = 0; gone < 5; gone++) {
        stand.pass(minute);
        await reconcile(stand.setup);
      }
      expect(textOf(notes().at(-1))).toContain("王芳的消息没有收到回执");
      expect(await say("1")).toContain("回复「已发出 1」或「没发出 1」");
      expect(await say(said)).toContain(answer);
      expect((await stand.task(id)).state).toBe(state);
    }
  });

  test("a customer who went to another guide is no longer acted on by the old number", async () => {
    const id = await planTask(store, "bot", 11);
    await morning();
    await store.write((sql) => sql.run("UPDATE task SET guide_id = 2 WHERE id = ?", [id]));
    expect(await say("发 1")).toContain("列表里没有 1 号");
  });

  test("help, unknown words, strangers, guides who left", async () => {
    expect(await say("帮助")).toMatch(/^你可以这样回复我：\n任务 —— 看今天的客户/);
    expect(await say("在吗")).toMatch(/^没看懂这句话。\n\n你可以这样回复我：/);
    expect(await say("帮助")).not.toContain("催办");
    expect(await say("任务")).toBe("今天没有要跟进的客户，好好服务到店的客人吧。");
    expect(await say("报表")).toContain("报表是给店长和大区经理看的。");
    expect(await say("任务", "nobody")).toContain("还不在导购名单里");
    await store.write((sql) => sql.run("UPDATE guide SET left_on = '2026-03-02' WHERE userid = 'lan'"));
    expect(await say("任务")).toContain("还不在导购名单里");
  });

  test("a card's buttons", async () => {
    await planTask(store, "bot", 11);
    await morning();
    for (const [key, answer] of [
      ["list", "今天还有 1 位"],
      ["help", "你可以这样回复我"],
      ["sendall", "已确认 1 位"],
      ["old-key", "这个按钮已经没用了"],
    ]) {
      await chat.guideTapped({ guideUserid: "lan", key: key ?? "", cardId: "c", at: stand.world.now() });
      expect(textOf(notes().at(-1))).toContain(answer);
    }
  });

  test("figures, reports and urging through those who know them", async () => {
    const asked: unknown[] = [];
    const figures = { issued: 10, completed: 8, delivered: 7, observed: 5, replied: 2, messages: 3 };
    chat = service({
      figuresOf: async (...days) => {
        asked.push(days);
        return figures;
      },
      report: async (viewer, what) => {
        asked.push([viewer.accountId, viewer.regionId, what]);
        if (what.region === "火星") throw new Refusal("not_found", "没有这个大区。");
        return "完成率 80%";
      },
      urge: async (viewer) => `已提醒 3 位导购（${viewer.name}）`,
    });
    await store.write((sql) =>
      sql.run(
        `INSERT INTO account (id, login, name, role, password_hash, region_id) VALUES (7, 'mgr', '陈经理', 'manager', '', 5)`,
      ),
    );
    expect(await say("数据")).toBe(
      "兰兰，看看你的数据：\n" +
        "今天：给到 10 位，完成 8（80%），客户收到 7，回复 2（回复率 40%），来信 3 条\n" +
        "本月：给到 10 位，完成 8（80%），客户收到 7，回复 2（回复率 40%），来信 3 条\n" +
        "还有 2 位，慢慢来，回复「任务」接着聊。",
    );
    expect(await say("报表 华东 昨天", "MGR")).toBe("完成率 80%");
    expect(await say("报表 火星", "mgr")).toBe("没有这个大区。");
    expect(await say("报表 13月40日", "mgr")).toContain("没看懂日期");
    expect(await say("催办", "mgr")).toBe("已提醒 3 位导购（陈经理）");
    expect(await say("任务", "mgr")).toMatch(/^这个口令是导购用的。\n\n你可以这样回复我：\n报表/);
    expect(asked).toEqual([
      [1, "2026-03-02", "2026-03-02"],
      [1, "2026-03-01", "2026-03-02"],
      [7, 5, { region: "华东", day: "2026-03-01" }],
      [7, 5, { region: "火星", day: "2026-03-02" }],
    ]);
  });

  test("a fault is answered; an answer that cannot be told is tried again by the caller", async () => {
    chat = service({
      tasks: { ...stand.service, showList: () => Promise.reject(new Error("database gone")) },
    });
    expect(await say("任务")).toBe("抱歉，刚才没处理成功，请稍后再发一次。");
    chat = service({ channel: { tellGuide: () => Promise.reject(new Error("no network")) } });
    await expect(chat.guideSaid({ guideUserid: "lan", text: "任务", at: 0 })).rejects.toThrow("no network");
  });
});
