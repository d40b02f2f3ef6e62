// Every state a task can be in, and every kind of edit of its touchpoint: what becomes of the row when a version is
// published over it. Sent, sending and finished rows never change; a guide's own words are theirs.
import type { Store } from "../../src/infra/store.js";
import { type JourneyService, journeyService } from "../../src/journeys/service.js";
import type { JourneySpec, TouchpointSpec } from "../../src/journeys/spec.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { movableWorld } from "../../src/kernel/world.js";
import { followVersion } from "../../src/tasks/follow-version.js";
import { STATES, type State } from "../../src/tasks/life.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const zone = "Asia/Shanghai";
const today = "2026-03-10";
const before: TouchpointSpec = {
  ...{
    key: "a",
    name: "a",
    at: null,
    graceDays: 3,
    priority: "service",
    send: "mass",
    audience: {},
    words: "早",
  },
  trigger: { anchor: "joined", offset: { unit: "days", n: 3 }, repeat: "once" },
};
const other: TouchpointSpec = { ...before, key: "b", words: "b" };
const journey = (...touchpoints: TouchpointSpec[]): JourneySpec => ({ key: "j", name: "旅程", touchpoints });
const how = { yes: true, by: "account:3" };

/** What an edit makes of a row. follows: it takes the new version · stays: nothing changes at all. */
type Fate = "follows" | "stays" | "moved" | `cancelled: ${string}`;
const EDITS = {
  words: { words: "晚" },
  trigger: { trigger: { ...before.trigger, offset: { unit: "days", n: 4 } } },
  grace: { graceDays: 5 },
  audience: { audience: { level: ["金卡"] } },
  priority: { priority: "churn" },
  way: { send: "page" },
  removed: null,
} as const satisfies Record<string, Partial<TouchpointSpec> | null>;
type Edit = keyof typeof EDITS;

const waiting: Record<Edit, Fate> = {
  ...{ words: "follows", trigger: "moved", grace: "moved", audience: "cancelled: audience_left" },
  ...{ priority: "follows", way: "follows", removed: "cancelled: archived" },
};
const offered: Record<Edit, Fate> = { ...waiting, trigger: "follows", grace: "follows", way: "stays" };
const never: Record<Edit, Fate> = {
  ...{ words: "stays", trigger: "stays", grace: "stays", audience: "stays" },
  ...{ priority: "stays", way: "stays", removed: "stays" },
};
/** Words are frozen when approved; what nobody has called yet can still end. */
const approved: Record<Edit, Fate> = {
  ...never,
  ...{ audience: "cancelled: audience_left", removed: "cancelled: archived" },
};
const FATES: Record<State, Record<Edit, Fate>> = {
  ...{ planned: waiting, held: waiting },
  // its dates are those it was offered with
  needs_data: { ...waiting, trigger: "follows", grace: "follows" },
  ...{ offered, approved },
  ...{ sending: never, handed_over: never, unknown: never, sent: never, done_by_hand: never, skipped: never },
  ...{ expired: never, cancelled: never, failed: never, merged: never, held_out: never },
};
const REASONS: Partial<Record<State, string>> = {
  ...{ held: "no_guide", needs_data: "no_data", expired: "grace_passed", cancelled: "opted_out" },
  ...{ skipped: "cap", failed: "channel_fault", merged: "merged", held_out: "held_out" },
};
const WAITING: readonly State[] = ["planned", "held"];

describeOnEachDatabase("a version over tasks in every state", (open) => {
  const world = movableWorld(instantOf(today, "10:00", zone));
  let store: Store;
  let service: JourneyService;

  /** One task a state, each of a customer of its own who has no level; a task with the guide's own words besides. */
  async function fill(): Promise<void> {
    await emptied(store);
    await service.apply(journey(before, other), "", how);
    await store.write(async (sql) => {
      const ids = await sql.row<{ touchpoint: number; version: number }>(
        `SELECT t.id AS touchpoint, j.live_version_id AS version FROM touchpoint t JOIN journey j ON j.id = t.journey_id
         WHERE t.touchpoint_key = 'a'`,
      );
      for (const [at, state] of [...STATES, "offered"].entries()) {
        await sql.run("INSERT INTO customer (id, external_userid, name, bucket) VALUES (?, ?, '', 0)", [
          ...[at + 1, `c${at + 1}`],
        ]);
        await sql.run(
          `INSERT INTO task (id, touchpoint_id, occurrence, slot, customer_id, child_no, version_id, guide_id, state,
             reason, priority, variant, late, due_on, anchor_on, release_on, expires_on, offered_at)
           VALUES (?, ?, 0, 20260307, ?, 0, ?, 7, ?, ?, 0, 0, 0, ?, '2026-03-07', ?, '2026-03-13', ?)`,
          [
            ...[
              at + 1,
              ids?.touchpoint ?? 0,
              at + 1,
              ids?.version ?? 0,
              state,
              REASONS[state as State] ?? null,
            ],
            ...[today, today, WAITING.includes(state as State) ? null : 1],
          ],
        );
      }
      await sql.run(
        "INSERT INTO task_edit (task_id, words, original, edited_at, edited_by) VALUES (?, '我的话', '早', 1, 'guide:7')",
        [STATES.length + 1],
      );
    });
  }

  const rows = () =>
    store.read.rows<Record<string, string | number | null>>(
      `SELECT t.id, t.state, t.reason, t.version_id, t.priority, t.due_on, t.expires_on, t.guide_id FROM task t ORDER BY t.id`,
    );

  beforeAll(() => {
    store = open();
    service = journeyService({ store, world, zone, onPublish: followVersion });
  });

  it.each(Object.keys(EDITS) as Edit[])("%s", async (edit) => {
    await fill();
    const was = await rows();
    const change = EDITS[edit];
    const after =
      change === null ? journey(other) : journey({ ...before, ...change } as TouchpointSpec, other);
    const foreseen = await service.preview(after);
    expect(await rows()).toEqual(was);
    const { counts } = await service.apply(after, "", how);
    expect(counts).toEqual(foreseen.counts);
    const live = await store.read.row<{ id: number }>("SELECT live_version_id AS id FROM journey");
    const is = await rows();
    const fateOf = (at: number): Fate => {
      const [old, now] = [was[at] ?? {}, is[at] ?? {}];
      if (now.state === "cancelled" && old.state !== "cancelled") return `cancelled: ${now.reason}`;
      if (now.due_on !== old.due_on || now.expires_on !== old.expires_on) return "moved";
      if (now.version_id === live?.id) return "follows";
      expect(now).toEqual(old);
      return "stays";
    };
    const fates = STATES.map((state, at) => `${state}: ${fateOf(at)}`);
    expect(fates).toEqual(STATES.map((state) => `${state}: ${FATES[state][edit]}`));
    const all = STATES.map((state) => FATES[state][edit]);
    const edited = offered[edit].startsWith("cancelled") ? 1 : 0;
    expect(counts.cancelled).toBe(all.filter((fate) => fate.startsWith("cancelled")).length + edited);
    expect(counts.moved).toBe(all.filter((fate) => fate === "moved").length);
    // the one with the guide's own words follows in all but its words
    expect(counts.rerendered).toBe(edit === "words" ? 4 : 0);
    const [own] = await store.read.rows("SELECT words FROM task_edit");
    expect(own).toEqual({ words: "我的话" });
  });

  it("back again: what nobody had seen is planned once more, the rest is history", async () => {
    await fill();
    await service.apply(journey(other), "", how);
    const gone = await rows();
    await service.apply(journey(before, other), "", how);
    expect(await rows()).toEqual(gone);
  });
});
