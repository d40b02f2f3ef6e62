// What goes with words a page puts into a chat: over the sandbox's uploads, as the JS-SDK names it; what cannot, by hand.
import { type Channel, ChannelError } from "../../src/channels/port.js";
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pageParts } from "../../src/tasks/page-parts.js";
import { app, type OpenSandbox, openSandbox } from "../sandbox/open.js";
import * as attachments from "../support/attachments.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { enrolCustomer, openShop, planTask, type Stand, standOn } from "../support/task-stand.js";

let stage: OpenSandbox;
let channel: WecomChannel;
beforeAll(async () => {
  stage = await openSandbox();
  const settings = { ...app, baseUrl: stage.sandbox.url, archive: true };
  channel = new WecomChannel(settings, memoryTokenStore(), stage.world);
});
afterAll(async () => {
  channel.close();
  await stage.sandbox.close();
});

test("every kind is named as sendChatMessage and shareToExternalContact take it", async () => {
  const parts = [];
  for (const one of attachments.everyKind()) parts.push(await channel.pagePart(one));
  const id = expect.any(String);
  const picture = expect.stringMatching(/^http/);
  expect(parts.map(({ chat }) => chat)).toEqual([
    { msgtype: "image", image: { mediaid: id } },
    { msgtype: "file", file: { mediaid: id } },
    {
      msgtype: "news",
      news: { link: "https://example.com/a", title: "指南", desc: "六个月", imgUrl: picture },
    },
    { msgtype: "news", news: { link: "https://example.com/b", title: "活动", desc: "", imgUrl: "" } },
    {
      msgtype: "miniprogram",
      miniprogram: { appid: "wx0123456789abcdef", title: "商城", imgUrl: picture, page: "pages/i.html" },
    },
  ]);
  expect(parts.map(({ share }) => share?.msgtype)).toEqual(["image", "file", "link", "link", "miniprogram"]);
});

describeOnEachDatabase("a claimed task", (open) => {
  let store: Store;
  let stand: Stand;
  let id: number;
  const link = {
    kind: "link",
    title: "辅食指南",
    url: "https://example.com/a",
    picurl: "https://example.com/a.png",
  };
  const begin = async (more: Partial<Channel>) => {
    store = open();
    await openShop(store);
    stand = standOn(store);
    Object.assign(stand.notebook, more);
    await enrolCustomer(store, 11);
    id = await planTask(store, "page", 11);
    await offerDue(stand.setup);
    await stand.service.takeWords(1, id, "a");
    await store.write((sql) =>
      sql.run("UPDATE hand_over SET attachments = ? WHERE way = 'page'", [JSON.stringify([link])]),
    );
  };

  it("gives its parts to the page in order", async () => {
    await begin({ pagePart: (one) => channel.pagePart(one) });
    expect(await stand.service.pageParts(1, id)).toMatchObject({
      parts: [{ name: "链接「辅食指南」", chat: { msgtype: "news" }, share: { msgtype: "link" } }],
      ...{ notReady: [], byHand: [] },
    });
  });

  it("says what must go by hand where the channel has no such way", async () => {
    await begin({});
    const byHand = ["链接「辅食指南」"];
    expect(await pageParts(stand.setup, 1, id)).toEqual({ parts: [], notReady: [], byHand });
  });

  it.each([
    ["retry", "notReady"],
    ["wait", "notReady"],
    ["operations", "notReady"],
    ["fix", "byHand"],
  ] as const)("tells what cannot be had now from what never can: %s, %s", async (kind, where) => {
    await begin({ pagePart: () => Promise.reject(new ChannelError(kind, "no upload")) });
    const none = { parts: [], notReady: [], byHand: [] };
    expect(await pageParts(stand.setup, 1, id)).toEqual({ ...none, [where]: ["链接「辅食指南」"] });
    // the guide's page puts the words back and says why
    expect(await stand.service.putBack(1, id, "not_ready", "链接「辅食指南」")).toMatchObject({
      message: expect.stringContaining("附件还没有准备好"),
    });
    const [note] = await store.read.rows("SELECT note FROM task_event WHERE note IS NOT NULL");
    expect(note).toEqual({ note: "附件没有准备好：链接「辅食指南」" });
  });

  it("has none before it is claimed, and is nobody else's", async () => {
    await begin({ pagePart: (one) => channel.pagePart(one) });
    await expect(stand.service.pageParts(2, id)).rejects.toMatchObject({ kind: "not_found" });
    await stand.service.putBack(1, id, "cancelled");
    expect(await stand.service.pageParts(1, id)).toEqual({ parts: [], notReady: [], byHand: [] });
  });
});
