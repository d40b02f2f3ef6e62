// Quiet at work: nothing new goes out, what waits for a tap comes back at the opening, and a tap in the gap is flagged.
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { expireDue } from "../../src/tasks/expiry.js";
import { stopEverything } from "../../src/tasks/halt.js";
import { offerDue } from "../../src/tasks/offering.js";
import { pollOutstanding } from "../../src/tasks/outcomes.js";
import { enforceQuiet } from "../../src/tasks/quieting.js";
import { releaseDue } from "../../src/tasks/release.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { enrolCustomer, openShop, planTask, type Stand, standOn, zone } from "../support/task-stand.js";

const night = { quiet_from: "21:30", quiet_to: "08:00" };

describeOnEachDatabase("quiet", (store) => {
  let stand: Stand;
  const clock = (day: string, time: string) => stand.world.set(instantOf(day, time, zone));
  const quietDay = (on: string) =>
    store().write((sql) =>
      sql.run("INSERT INTO calendar_day (on_day, kind, name) VALUES (?, 'quiet', '静默日')", [on]),
    );
  beforeEach(async () => {
    await openShop(store());
    stand = standOn(store(), { quiet: night, world: movableWorld(instantOf("2026-03-02", "09:30", zone)) });
    for (const id of [1, 2]) await enrolCustomer(store(), id);
  });
  const morning = async () => {
    await offerDue(stand.setup);
    await stand.sender.dispatchDue();
  };
  const flags = async () =>
    (await store().read.rows<{ flag: number }>("SELECT outside_quiet AS flag FROM task ORDER BY id")).map(
      ({ flag }) => flag,
    );

  it("takes back at its beginning what no guide has confirmed, and makes it again at the next opening", async () => {
    await planTask(store(), "greeting", 1);
    await morning();
    expect(await stand.states()).toEqual(["handed_over"]);
    clock("2026-03-02", "21:29");
    expect(await enforceQuiet(stand.setup)).toBe(0);
    clock("2026-03-02", "21:30");
    expect(await enforceQuiet(stand.setup)).toBe(1);
    expect(await stand.states()).toEqual(["offered"]);
    clock("2026-03-03", "07:59");
    await stand.sender.dispatchDue();
    expect(await enforceQuiet(stand.setup)).toBe(0);
    expect(await stand.states()).toEqual(["offered"]);
    clock("2026-03-03", "08:00");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["handed_over"]);
    expect((await stand.handOvers()).map(({ state }) => state)).toEqual(["stopped", "dropped", "waiting"]);
  });

  it("flags a tap in the gap, and no other", async () => {
    await planTask(store(), "greeting", 1);
    await planTask(store(), "personal", 2);
    await morning();
    const handOvers = await stand.handOvers();
    const refOf = (word: string) => handOvers.find(({ words }) => words.includes(word))?.provider_ref ?? "";
    clock("2026-03-02", "20:00");
    stand.notebook.confirm(refOf("早上好"));
    await pollOutstanding(stand.setup);
    clock("2026-03-02", "21:31");
    stand.notebook.confirm(refOf("客户2"));
    expect(await enforceQuiet(stand.setup)).toBe(0);
    expect(await stand.states()).toEqual(["sent", "sent"]);
    expect(await flags()).toEqual([0, 1]);
  });

  it("makes no lists, no hand-overs and no bot's sends; the page says when it opens", async () => {
    clock("2026-03-02", "22:00");
    await planTask(store(), "greeting", 1);
    expect(await offerDue(stand.setup)).toEqual({ guides: 0, offered: 0, needsData: 0 });
    clock("2026-03-02", "20:00");
    const page = await planTask(store(), "page", 2);
    const bot = await planTask(store(), "bot", 2);
    await offerDue(stand.setup);
    clock("2026-03-02", "21:45");
    await stand.sender.dispatchDue();
    await expect(stand.service.takeWords(1, page)).rejects.toThrow("现在是免打扰时段，明天08:00 后再发。");
    const [answer] = await stand.service.approve(1, [bot]);
    expect(answer?.message).toContain("明天08:00 后发出");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered", "offered", "approved"]);
    clock("2026-03-03", "08:00");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["handed_over", "offered", "sent"]);
  });

  it("keeps a quiet day whole: planned tasks wait for the day after, or end as quiet", async () => {
    await quietDay("2026-03-03");
    const waits = await planTask(store(), "greeting", 1, { dueOn: "2026-03-03", released: false });
    await planTask(store(), "personal", 2, {
      dueOn: "2026-03-02",
      expiresOn: "2026-03-03",
      releaseOn: "2026-03-03",
      released: false,
    });
    clock("2026-03-03", "08:20");
    expect(await releaseDue(stand.setup)).toEqual({ released: 0, putOff: 1, skipped: 1, held: 0, merged: 0 });
    expect(await stand.states()).toEqual(["planned", "skipped: quiet"]);
    expect(await stand.task(waits)).toMatchObject({ release_on: "2026-03-04", released_on: null });
    clock("2026-03-03", "10:00");
    await morning();
    expect(await stand.states()).toEqual(["planned", "skipped: quiet"]);
    clock("2026-03-04", "09:30");
    await releaseDue(stand.setup);
    await morning();
    expect(await stand.states()).toEqual(["handed_over", "skipped: quiet"]);
  });

  it("takes back before a quiet day, and expires what has no day after it", async () => {
    await quietDay("2026-03-03");
    await planTask(store(), "greeting", 1, { dueOn: "2026-03-02", expiresOn: "2026-03-03" });
    await planTask(store(), "personal", 2, { dueOn: "2026-03-02", expiresOn: "2026-03-04" });
    await morning();
    clock("2026-03-02", "21:31");
    expect(await enforceQuiet(stand.setup)).toBe(2);
    clock("2026-03-03", "10:00");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["offered", "offered"]);
    clock("2026-03-04", "00:03");
    await expireDue(stand.setup);
    clock("2026-03-04", "08:00");
    await stand.sender.dispatchDue();
    expect(await stand.states()).toEqual(["expired: grace_passed", "handed_over"]);
  });

  it("leaves the emergency stop its own way", async () => {
    await planTask(store(), "greeting", 1);
    await morning();
    clock("2026-03-02", "22:00");
    expect(await stopEverything(stand.setup, "system")).toMatchObject({ withdrawn: 1 });
    expect(await stand.states()).toEqual(["planned: emergency_stop"]);
  });
});
