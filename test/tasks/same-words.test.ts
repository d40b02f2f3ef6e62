// The same words for several customers: one tap claims them, one report ends them, and each is checked by itself.
import type { Store } from "../../src/infra/store.js";
import { offerDue } from "../../src/tasks/offering.js";
import { describeOnEachDatabase } from "../support/databases.js";
import {
  enrolCustomer,
  minute,
  monday,
  openShop,
  planTask,
  respec,
  type Stand,
  standOn,
} from "../support/task-stand.js";

describeOnEachDatabase("words for several", (open) => {
  let store: Store;
  let stand: Stand;
  let ids: number[];
  beforeEach(async () => {
    store = open();
    await openShop(store);
    await respec(store, "page", { words: "店里周末有辅食课，来坐坐吗？" });
    stand = standOn(store);
    ids = [];
    for (const customer of [11, 12, 13]) {
      await enrolCustomer(store, customer);
      ids.push(await planTask(store, "page", customer));
    }
    await offerDue(stand.setup);
  });

  it("are claimed by one tap, again by the same tap, and by no other", async () => {
    const words = "店里周末有辅食课，来坐坐吗？";
    const { service } = stand;
    expect(await service.takeTogether(1, ids, "a")).toEqual({ words, went: ids, stayed: [] });
    expect(await service.takeTogether(1, ids, "a")).toEqual({ words, went: ids, stayed: [] });
    const other = await service.takeTogether(1, ids, "b");
    expect([other.went, other.stayed.map(({ taskId }) => taskId)]).toEqual([[], ids]);
    expect(await stand.states()).toEqual(["sending", "sending", "sending"]);
  });

  it("are reported by one tap, at the time of the tap, and once", async () => {
    await stand.service.takeTogether(1, ids, "a");
    stand.pass(10 * minute);
    expect(await stand.service.reportTogether(1, ids, { sentAt: monday + 3 * minute })).toBe(3);
    expect(await stand.service.reportTogether(1, ids, {})).toBe(0);
    const sent = await store.read.rows<{ at: number }>("SELECT sent_at AS at FROM delivery");
    expect(sent.map(({ at }) => Number(at))).toEqual(ids.map(() => monday + 3 * minute));
  });

  it("never count as sent before they were claimed, nor after now", async () => {
    await stand.service.takeTogether(1, ids, "a");
    stand.pass(minute);
    await stand.service.reportTogether(1, ids.slice(0, 1), { sentAt: monday - 60 * minute });
    await stand.service.reportTogether(1, ids.slice(1, 2), { sentAt: monday + 60 * minute });
    const sent = await store.read.rows<{ at: number }>("SELECT sent_at AS at FROM delivery ORDER BY task_id");
    expect(sent.map(({ at }) => Number(at))).toEqual([monday, monday + minute]);
  });

  it("go back together", async () => {
    await stand.service.takeTogether(1, ids, "a");
    expect(await stand.service.reportTogether(1, ids, { why: "cancelled", said: "" })).toBe(3);
    expect(await stand.states()).toEqual(["offered", "offered", "offered"]);
  });

  it("leave out who may not have them any more, and say why", async () => {
    await store.write((sql) => sql.run("UPDATE customer SET opted_out = 1 WHERE id = 12"));
    const taken = await stand.service.takeTogether(1, ids, "a");
    expect(taken.went).toEqual([ids[0], ids[2]]);
    expect(taken.stayed).toEqual([{ taskId: ids[1], message: "不能发送：客户已退订。" }]);
  });

  it("that are not the same any more are not sent by one tap", async () => {
    await stand.service.edit(1, ids[1] ?? 0, "周末的辅食课给您留了位子。");
    await expect(stand.service.takeTogether(1, ids, "a")).rejects.toMatchObject({ kind: "conflict" });
    expect(await stand.states()).toEqual(["offered", "offered", "offered"]);
  });

  it("of a neighbour do not exist, and none is no choice", async () => {
    await expect(stand.service.takeTogether(2, ids, "a")).rejects.toMatchObject({ kind: "not_found" });
    await expect(stand.service.takeTogether(1, [], "a")).rejects.toMatchObject({ kind: "invalid" });
    await expect(stand.service.reportTogether(2, ids, {})).rejects.toMatchObject({ kind: "not_found" });
  });
});
