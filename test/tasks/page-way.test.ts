// Words a page puts into a chat: one tap, one message, whatever is tapped twice, lost, cancelled or never reported.
import { messageService } from "../../src/channels/messages.js";
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { matchesOf } from "../../src/tasks/page-proof.js";
import { reconcile } from "../../src/tasks/reconcile.js";
import { replyService } from "../../src/tasks/replies.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  enrolCustomer,
  minute,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
} from "../support/task-stand.js";

const log = { error: () => undefined };

describeOnEachDatabase("the way page", (open) => {
  let store: Store;
  let stand: Stand;
  let id: number;
  beforeEach(async () => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    await enrolCustomer(store, 11);
    id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
  });
  const words = "客户11，页面问候。";
  const deliveries = async () => (await store.read.rows("SELECT task_id FROM delivery")).length;
  /** the archive hears the guide write */
  const heard = async (text: string, at: number, msgid = `m${at}`) => {
    const messages = messageService({ store, zone: "Asia/Shanghai", log });
    const [row] = await store.read.rows<{ guide: string; customer: string }>(
      "SELECT g.userid AS guide, c.external_userid AS customer FROM guide g, customer c WHERE g.id = 1 AND c.id = 11",
    );
    const pair = { guideUserid: row?.guide ?? "", externalUserid: row?.customer ?? "" };
    const said = {
      ...pair,
      msgid,
      from: "guide" as const,
      at,
      type: "text",
      text,
      source: "archive" as const,
    };
    expect((await messages.record([said])).accepted).toBe(1);
  };

  it("lets only the tap that claimed the words send them, however often it asks", async () => {
    const { service } = stand;
    const both = await Promise.all([service.takeWords(1, id, "a"), service.takeWords(1, id, "b")]);
    expect(both.map(({ go }) => go).sort()).toEqual([false, true]);
    const first = both[0]?.go ? "a" : "b";
    expect(await service.takeWords(1, id, first)).toEqual({ words, go: true });
    expect(await service.takeWords(1, id, "another phone")).toEqual({ words, go: false });
    expect(await service.takeWords(1, id, "")).toEqual({ words, go: false });
  });

  it("gives back what the guide cancelled, once, and lets it be sent later", async () => {
    const { service } = stand;
    await service.takeWords(1, id, "a");
    expect(await service.putBack(1, id, "cancelled")).toMatchObject({ changed: true, state: "offered" });
    expect(await service.putBack(1, id, "cancelled")).toMatchObject({ changed: false, state: "offered" });
    expect((await service.one(1, id)).history.at(-1)).toMatchObject({
      to: "offered",
      note: "导购在微信里取消了",
    });
    expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["absent"]);
    expect(await service.takeWords(1, id, "a2")).toEqual({ words, go: true });
    expect(await service.reportSent(1, id)).toMatchObject({ state: "sent" });
    expect(await service.putBack(1, id, "cancelled")).toMatchObject({ changed: false, state: "sent" });
    expect(await deliveries()).toBe(1);
  });

  it("keeps what the chat system answered when it took nothing", async () => {
    await stand.service.takeWords(1, id, "a");
    await stand.service.putBack(1, id, "refused", "sendChatMessage:fail no permission");
    const [line] = (await stand.service.one(1, id)).history.slice(-1);
    expect(line?.note).toBe("微信没有接受：sendChatMessage:fail no permission");
  });

  it("is unproven until the archive shows the words", async () => {
    await stand.service.takeWords(1, id, "a");
    await stand.service.reportSent(1, id);
    expect((await stand.service.one(1, id)).proof).toBe("unproven");
    await heard(words, monday + minute);
    await replyService({ store, windowMs: 72 * 60 * minute, log }).settle();
    expect((await stand.service.one(1, id)).proof).toBe("proven");
  });

  it("takes the archive's word where the report was lost, and asks nobody", async () => {
    await stand.service.takeWords(1, id, "a");
    stand.pass(11 * minute);
    await heard(words, monday + minute);
    await reconcile(stand.setup);
    expect(await stand.task(id)).toMatchObject({ state: "sent", sent_at: monday + minute, acted_at: monday });
    expect(stand.notebook.entries.filter((one) => one.kind === "told" && one.note.kind === "text")).toEqual(
      [],
    );
    await reconcile(stand.setup);
    expect(await stand.service.reportSent(1, id)).toMatchObject({ changed: false, state: "sent" });
    expect(await deliveries()).toBe(1);
  });

  it("takes it also after the guide was asked, and not for other words", async () => {
    await stand.service.takeWords(1, id, "a");
    stand.pass(11 * minute);
    await heard("客户11，在吗？", monday + minute);
    await reconcile(stand.setup);
    expect((await stand.task(id)).state).toBe("unknown");
    await heard(`${words} `, monday + 5 * minute);
    await reconcile(stand.setup);
    expect(await stand.task(id)).toMatchObject({ state: "sent", sent_at: monday + 5 * minute });
  });
});

describe("what proves a claim", () => {
  const claim = (id: number, calledAt: number, words = "您好") => ({
    ...{ id, taskId: id, guideId: 1, customerId: 2, words, calledAt },
  });
  const said = (at: number, text = "您好", customerId = 2) => ({ guideId: 1, customerId, at, text });
  const ids = (...args: Parameters<typeof matchesOf>) => matchesOf(...args).map(([{ id }, at]) => [id, at]);
  const t = 10 * minute;

  it.each([
    ["the same words after the tap", [claim(1, t)], [said(t + 1)], [[1, t + 1]]],
    ["the clock of the chat system lags a little", [claim(1, t)], [said(t - minute)], [[1, t - minute]]],
    ["words from before the tap prove nothing", [claim(1, t)], [said(t - 3 * minute)], []],
    ["nor do others'", [claim(1, t)], [said(t + 1, "您好", 3)], []],
    ["white space does not matter", [claim(1, t, "您好 呀")], [said(t + 1, "您好呀\n")], [[1, t + 1]]],
    ["one record proves one claim", [claim(1, t), claim(2, t)], [said(t + 1)], [[1, t + 1]]],
    [
      "two prove two",
      [claim(1, t), claim(2, t)],
      [said(t + 2), said(t + 1)],
      [
        [1, t + 1],
        [2, t + 2],
      ],
    ],
  ])("%s", (_name, claims, records, expected) => {
    expect(ids(claims, records)).toEqual(expected);
  });
});
