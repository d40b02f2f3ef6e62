// The whole way over wechaty: offered in the guide's own chat, approved there, said by the bot, answered, credited.
import { join } from "node:path";
import { messageService } from "../../src/channels/messages.js";
import type { ChannelEvents } from "../../src/channels/port.js";
import { projectRoot } from "../../src/infra/config.js";
import type { Store } from "../../src/infra/store.js";
import { pageRenderer } from "../../src/infra/templates-pages.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { type ChatService, chatService } from "../../src/tasks/chat.js";
import { listCard } from "../../src/tasks/list-card.js";
import { offerDue } from "../../src/tasks/offering.js";
import { replyService } from "../../src/tasks/replies.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  enrolCustomer,
  hour,
  minute,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
  zone,
} from "../support/task-stand.js";
import { until } from "../support/until.js";
import { openStage, type Stage } from "../support/wechaty/stage.js";

const cards = pageRenderer(join(projectRoot, "templates/cards"));
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A clock that runs with the machine's, from another moment on. */
function shiftedWorld(): MovableWorld & { shift(): number } {
  let shift = monday - Date.now();
  return {
    ...movableWorld(monday),
    now: () => Date.now() + shift,
    set: (ms) => {
      shift = ms - Date.now();
    },
    shift: () => shift,
  };
}

describeOnEachDatabase("a follow-up over wechaty", (open) => {
  let store: Store;
  let stage: Stage;
  let stand: Stand;
  let chat: ChatService;
  const failures: unknown[] = [];

  beforeEach(async () => {
    store = open();
    await openShop(store);
    await store.write((sql) => sql.run("DELETE FROM message"));
    await enrolCustomer(store, 11, { name: "王芳", childName: "小米" });
    // the account's people, by the ids the mock knows them by
    await store.write(async (sql) => {
      await sql.run("UPDATE guide SET userid = 'g1' WHERE id = 1");
      await sql.run("UPDATE customer SET external_userid = 'c1' WHERE id = 11");
    });
    const world = shiftedWorld();
    const replies = replyService({ store, windowMs: 72 * hour, log });
    const messages = messageService({ store, zone, log, onMessages: () => replies.settle() });
    const caught = async (work: Promise<unknown>) => {
      await work.catch((error: unknown) => failures.push(error));
    };
    const events: Pick<ChannelEvents, "guideSaid" | "message" | "contactAdded"> = {
      guideSaid: (said) => caught(chat.guideSaid(said)),
      message: (one) => caught(messages.record([{ ...one, at: one.at + world.shift() }])),
      contactAdded: async () => undefined,
    };
    stage = await openStage({ events, world });
    stand = standOn(store, { channel: stage.channel, bot: stage.channel, world });
    stand.setup.listCard = listCard(cards);
    stand.setup.onDelivered = () => replies.settle();
    chat = chatService({ store, world, zone, log, channel: stage.channel, tasks: stand.service, cards });
  });
  afterEach(() => stage.channel.close());

  const heardByGuide = () =>
    [...stage.mocker.cacheMessagePayload.values()]
      .filter((payload) => "listenerId" in payload && payload.listenerId === "g1")
      .map((payload) => payload.text ?? "");
  const guideTypes = async (text: string) => {
    const before = heardByGuide().length;
    stage.self.say(text).to(stage.self);
    await until(() => heardByGuide().length >= before + 2);
    return heardByGuide().at(-1);
  };

  test("from the morning's list to a credited answer", async () => {
    const id = await planTask(store, "bot", 11);
    await offerDue(stand.setup);
    await until(() => heardByGuide().length > 0);
    expect(heardByGuide()[0]).toContain("今日跟进 1 位客户");
    expect(await guideTypes("任务")).toContain("1. 王芳（小米） 加好友第7天【回复 发 1】");
    expect(await guideTypes("发 1")).toContain("已确认，半分钟后发出");
    stand.pass(minute);
    await stand.sender.dispatchDue();
    expect(await stand.task(id)).toMatchObject({ state: "sent" });

    const [customer] = stage.customers;
    const toCustomer = [...stage.mocker.cacheMessagePayload.values()].filter(
      (payload) => "listenerId" in payload && payload.listenerId === "c1",
    );
    expect(toCustomer.map(({ text }) => text)).toEqual(["王芳，机器人问候。"]);
    await new Promise((done) => setTimeout(done, 5));
    customer?.say("谢谢，宝宝挺好的").to(stage.self);
    await until(async () => (await stand.task(id)).replied_at !== null);

    expect(failures).toEqual([]);
    expect(await stand.task(id)).toMatchObject({ observed: 1, proven: 1 });
    const task = await stand.task(id);
    expect(Number(task.replied_at)).toBeGreaterThan(Number(task.sent_at));
    const rows = await store.read.rows(
      "SELECT sender, text, source, task_id FROM message ORDER BY sent_at, id",
    );
    expect(rows).toMatchObject([
      { sender: "guide", text: "王芳，机器人问候。", source: "wechaty", task_id: null },
      { sender: "customer", text: "谢谢，宝宝挺好的", source: "wechaty", task_id: id },
    ]);
  });
});
