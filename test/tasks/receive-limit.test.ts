// What WeCom lets a customer receive, over real HTTP to the sandbox: guides' own mass sends count, status 3 stands above
// our count, the rest goes on; and reminders, three a task in 24 hours.
import { WecomChannel } from "../../src/channels/wecom/channel.js";
import { memoryTokenStore } from "../../src/channels/wecom/token.js";
import type { Store } from "../../src/infra/store.js";
import type { Exchange } from "../../src/sandbox/settings.js";
import { remindToConfirm } from "../../src/tasks/confirm-reminding.js";
import { readGuideMasses } from "../../src/tasks/guide-masses.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { releaseDue } from "../../src/tasks/release.js";
import { app, type OpenSandbox, openSandbox } from "../sandbox/open.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  day,
  enrolCustomer,
  hour,
  minute,
  monday,
  openShop,
  planTask,
  type Stand,
  standOn,
  type TouchpointName,
} from "../support/task-stand.js";

describeOnEachDatabase("the receive limit", (open) => {
  let store: Store;
  let stand: Stand;
  let sandbox: OpenSandbox["sandbox"];
  let channel: WecomChannel;
  let exchanges: Exchange[];

  beforeEach(async () => {
    store = open();
    await openShop(store);
    exchanges = [];
    const opened = await openSandbox({ onExchange: (one) => exchanges.push(one) });
    sandbox = opened.sandbox;
    opened.world.set(monday);
    channel = new WecomChannel(
      { ...app, baseUrl: sandbox.url, archive: true },
      memoryTokenStore(),
      opened.world,
    );
    stand = standOn(store, { channel, world: opened.world });
    Object.assign(stand.setup.config, {
      receive_limit: { per_day: 1, per_month: 31, kept_for_best: 2 },
      caps: { customer_per_day: 3, customer_per_month: 12, guide_per_day: 60 },
    });
  });
  afterEach(async () => {
    channel.close();
    await sandbox.close();
  });

  const calls = (path: string) => exchanges.filter((one) => one.path.endsWith(path));
  const tasksFor = async (names: readonly TouchpointName[], customer: number, released = true) => {
    const ids: number[] = [];
    for (const name of names) ids.push(await planTask(store, name, customer, { released }));
    return ids;
  };
  const send = async () => {
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
    stand.pass(minute);
  };
  /** the guide taps everything that waits in the phone */
  const confirmAll = async () => {
    for (const { msgid, state } of sandbox.phone("lan")?.masses ?? [])
      if (state === "waiting") await sandbox.guideConfirms("lan", msgid);
    stand.pass(2 * minute);
    await pollOutstanding(stand.setup);
  };
  const hits = () =>
    store.read.rows<{ on_day: string; customer_id: number; told_by: string }>(
      "SELECT on_day, customer_id, told_by FROM limit_hit ORDER BY on_day, task_id",
    );
  const guideSends = async (customers: string[]) => {
    await sandbox.guideSendsMass("lan", customers, "周一好呀");
    stand.pass(minute);
  };

  it("of a customer whom a guide's own mass send reached is kept: our words go the day after", async () => {
    for (const id of [1, 2]) await enrolCustomer(store, id);
    await tasksFor(["greeting"], 1);
    await tasksFor(["greeting"], 2);
    await guideSends(["wm-1", "wm-9"]);
    expect(await readGuideMasses(stand.setup)).toEqual({ seen: 1, read: 1, received: 1 });
    await send();
    expect(await stand.states()).toEqual(["planned: receive_limit", "handed_over"]);
    expect(
      calls("add_msg_template").map(({ body }) => (body as { external_userid: string[] }).external_userid),
    ).toEqual([["wm-2"]]);
    expect(await hits()).toEqual([{ on_day: "2026-03-02", customer_id: 1, told_by: "ledger" }]);
    stand.pass(day);
    await releaseDue(stand.setup);
    await send();
    await confirmAll();
    expect(await stand.states()).toEqual(["sent", "sent"]);
    expect(await stand.task(1)).toMatchObject({ release_on: "2026-03-03", proven: 1 });
  });

  it("is asked of what is new and open, not of everything again", async () => {
    await enrolCustomer(store, 1);
    await guideSends(["wm-1"]);
    await readGuideMasses(stand.setup);
    for (let n = 0; n < 5; n++) {
      stand.pass(10 * minute);
      expect(await readGuideMasses(stand.setup)).toEqual({ seen: 0, read: 0, received: 0 });
    }
    expect([calls("get_groupmsg_task").length, calls("get_groupmsg_send_result").length]).toEqual([1, 1]);
    const filters = calls("get_groupmsg_list_v2").map(
      ({ body }) => (body as { filter_type: number }).filter_type,
    );
    expect(new Set(filters)).toEqual(new Set([1]));
  });

  it("is WeCom's to tell: status 3 puts off what we thought might go, and holds for the rest of the day", async () => {
    await enrolCustomer(store, 1);
    const [first] = await tasksFor(["greeting", "noon"], 1);
    await send();
    // nobody has told us of this one
    await guideSends(["wm-1"]);
    await confirmAll();
    expect(await stand.states()).toEqual(["planned: receive_limit", "offered"]);
    expect(await hits()).toEqual([{ on_day: "2026-03-02", customer_id: 1, told_by: "channel" }]);
    stand.pass(3 * hour);
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["planned: receive_limit", "planned: receive_limit"]);
    expect(calls("add_msg_template")).toHaveLength(1);
    expect(await stand.task(first ?? 0)).toMatchObject({ release_on: "2026-03-03", acted_at: null });
  });

  it("holds for mass messages alone: at release a page's words go, a mass message waits", async () => {
    await enrolCustomer(store, 1);
    const ids = await tasksFor(["greeting", "page"], 1, false);
    await guideSends(["wm-1"]);
    await readGuideMasses(stand.setup);
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 1, putOff: 1 });
    const days = await Promise.all(ids.map(async (id) => (await stand.task(id)).release_on));
    expect(days).toEqual(["2026-03-03", "2026-03-02"]);
  });

  it("of a month counts ours and the guides' own together", async () => {
    await enrolCustomer(store, 1);
    Object.assign(stand.setup.config, { receive_limit: { per_day: 9, per_month: 2, kept_for_best: 0 } });
    await tasksFor(["greeting"], 1);
    await send();
    await guideSends(["wm-1"]);
    await readGuideMasses(stand.setup);
    expect(await stand.states()).toEqual(["handed_over"]);
    // one of theirs, one of ours on its way: there is no third
    const [later] = await tasksFor(["personal"], 1, false);
    expect(await releaseDue(stand.setup)).toMatchObject({ released: 0, putOff: 1 });
    expect(await stand.task(later ?? 0)).toMatchObject({ state: "planned", release_on: "2026-03-03" });
  });

  describe("reminding", () => {
    const remind = () => remindToConfirm({ store, world: stand.world, channel, log: stand.setup.log }, [1]);
    const answers = () =>
      calls("remind_groupmsg_send").map(({ answer }) => (answer as { errcode: number }).errcode);
    beforeEach(async () => {
      await enrolCustomer(store, 1);
      await tasksFor(["greeting"], 1);
      await send();
    });

    it("goes three times in 24 hours, and WeCom never has to refuse", async () => {
      const counts: number[] = [];
      for (let n = 0; n < 5; n++) {
        counts.push(await remind());
        stand.pass(hour);
      }
      expect(counts).toEqual([1, 1, 1, 0, 0]);
      stand.pass(20 * hour);
      expect(await remind()).toBe(1);
      expect(answers()).toEqual([0, 0, 0, 0]);
    });

    it("believes WeCom when somebody else has reminded too", async () => {
      const [handOver] = await stand.handOvers();
      for (let n = 0; n < 3; n++)
        await channel.remind({ ref: "", providerRef: handOver?.provider_ref ?? "", guideUserid: "lan" });
      expect([await remind(), await remind()]).toEqual([0, 0]);
      expect(answers()).toEqual([0, 0, 0, 41094]);
    });

    it("stops when the guide has sent", async () => {
      await confirmAll();
      expect(await remind()).toBe(0);
    });
  });
});
