// A shop with guides, customers and a journey, and everything the work on tasks stands on: for tests of that work.
import { NotebookChannel } from "../../src/channels/notebook/channel.js";
import type { Channel } from "../../src/channels/port.js";
import type { Store } from "../../src/infra/store.js";
import type { TouchpointSpec } from "../../src/journeys/spec.js";
import { wordsCache } from "../../src/journeys/words-cache.js";
import { addDays, shopDayOf } from "../../src/kernel/calendar.js";
import { type MovableWorld, movableWorld } from "../../src/kernel/world.js";
import { senderOf } from "../../src/tasks/sending.js";
import { taskService } from "../../src/tasks/service.js";
import type { TaskSetup } from "../../src/tasks/setup.js";
import { emptied } from "./databases.js";

/** Monday 2 March 2026, 09:30 in Beijing: every guide's hour has come. */
export const monday = Date.UTC(2026, 2, 2, 1, 30);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
export const zone = "Asia/Shanghai";
export const today = "2026-03-02";

/** The corp of a sandbox in tests. */
export const corp = {
  corpid: "ww5823bf96d3bd56c7",
  secret: "app-secret",
  agentid: 1000002,
};

const joined = { anchor: "joined", offset: { unit: "days", n: 7 }, repeat: "once" } as const;
const born = { anchor: "child_born", offset: { unit: "months", n: 6 }, repeat: "once" } as const;
const bought = { anchor: "last_order", offset: { unit: "days", n: 45 }, repeat: "each" } as const;

/** The journey's touchpoints by name; ids count from 1. */
export const touchpoints = {
  greeting: { trigger: joined, send: "mass", words: "早上好，这里是{{store.name}}的{{guide.name}}。" },
  personal: { trigger: joined, send: "mass", words: "{{customer.name}}，您好！" },
  baby: { trigger: born, send: "mass", words: "{{child.name}}今天满6个月啦。" },
  page: { trigger: joined, send: "page", words: "{{customer.name}}，页面问候。" },
  call: { trigger: joined, send: "hand", words: null },
  bot: { trigger: joined, send: "bot", words: "{{customer.name}}，机器人问候。" },
  churn: { trigger: bought, send: "mass", words: "好久不见。" },
  noon: { trigger: joined, send: "mass", words: "中午好。", at: "12:05" },
} as const satisfies Record<string, Partial<TouchpointSpec>>;
export type TouchpointName = keyof typeof touchpoints;

/** Empties the tables and opens the shop: one store, guides lan (1) and mei (2). */
export async function openShop(store: Store): Promise<void> {
  await emptied(store);
  await store.write(async (sql) => {
    await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (5, 0, '华东', 0, '/5/')");
    await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (3, 's3', '万达店', 5)");
    await sql.run(
      "INSERT INTO guide (id, userid, name, store_id) VALUES (1, 'lan', '兰兰', 3), (2, 'mei', '梅梅', 3)",
    );
    await sql.run(
      "INSERT INTO journey (id, journey_key, name, state, live_version_id) VALUES (1, 'j', '新客旅程', 'live', 1)",
    );
    await sql.run(
      `INSERT INTO journey_version (id, journey_id, number, source, digest, published_at, published_by)
       VALUES (1, 1, 1, '', 'd', 0, 'system')`,
    );
    for (const [at, [key, part]] of Object.entries(touchpoints).entries()) {
      const rest = { at: null, graceDays: 3, priority: "service", audience: {} };
      const spec = JSON.stringify({ ...rest, key, name: key, ...part });
      await sql.run(
        "INSERT INTO touchpoint (id, journey_id, touchpoint_key, plans_from, live) VALUES (?, 1, ?, '2020-01-01', 1)",
        [at + 1, key],
      );
      await sql.run(
        "INSERT INTO touchpoint_version (version_id, touchpoint_id, position, name, spec) VALUES (1, ?, ?, ?, ?)",
        [at + 1, at, key, spec],
      );
    }
  });
}

/** Gives a touchpoint more than it says, from now on. */
export async function respec(
  store: Store,
  name: TouchpointName,
  more: Partial<TouchpointSpec>,
): Promise<void> {
  const id = Object.keys(touchpoints).indexOf(name) + 1;
  await store.write(async (sql) => {
    const row = await sql.row<{ spec: string }>(
      "SELECT spec FROM touchpoint_version WHERE touchpoint_id = ?",
      [id],
    );
    const spec = JSON.stringify({ ...JSON.parse(row?.spec ?? ""), ...more });
    await sql.run("UPDATE touchpoint_version SET spec = ? WHERE touchpoint_id = ?", [spec, id]);
  });
}

/** A customer of a guide's with one child and the anchors of everybody's touchpoints. */
export async function enrolCustomer(
  store: Store,
  id: number,
  { guideId = 1, childName = "豆豆" as string | null, name = `客户${id}` } = {},
): Promise<void> {
  await store.write(async (sql) => {
    await sql.run(
      "INSERT INTO customer (id, external_userid, name, guide_id, bucket) VALUES (?, ?, ?, ?, 0)",
      [id, `wm-${id}`, name, guideId],
    );
    await sql.run("INSERT INTO contact (customer_id, guide_id, began_on) VALUES (?, ?, '2026-02-23')", [
      ...[id, guideId],
    ]);
    await sql.run("INSERT INTO child (customer_id, child_no, name, born_on) VALUES (?, 1, ?, '2025-09-02')", [
      ...[id, childName],
    ]);
    const anchors = [
      ["joined", 0, "2026-02-23", 0],
      ["child_born", 1, "2025-09-02", 0],
      ["last_order", 0, "2026-01-16", 20260116],
    ];
    for (const [kind, child, on, cycle] of anchors)
      await sql.run(
        "INSERT INTO anchor (customer_id, kind, child_no, on_date, cycle_on, guide_id) VALUES (?, ?, ?, ?, ?, ?)",
        [id, kind ?? "", child ?? 0, on ?? "", cycle ?? 0, guideId],
      );
  });
}

/** What a planned task may be besides released today. */
export interface PlannedTask {
  guideId?: number;
  dueOn?: string;
  expiresOn?: string;
  releaseOn?: string;
  released?: boolean;
  state?: string;
  /** of a task about a child; 1 when left out */
  childNo?: number;
}

/** Plans a task, by default due and released today; gives its id. */
export async function planTask(
  store: Store,
  name: TouchpointName,
  customerId: number,
  { guideId = 1, dueOn = today, releaseOn = dueOn, released = true, ...rest }: PlannedTask = {},
): Promise<number> {
  const touchpointId = Object.keys(touchpoints).indexOf(name) + 1;
  const { anchor } = touchpoints[name].trigger;
  const anchorOn = anchor === "joined" ? "2026-02-23" : anchor === "child_born" ? "2025-09-02" : "2026-01-16";
  const { insertedId } = await store.write((sql) =>
    sql.run(
      `INSERT INTO task (touchpoint_id, occurrence, customer_id, child_no, version_id, guide_id, state, priority,
         variant, late, due_on, anchor_on, release_on, expires_on, released_on)
       VALUES (?, ?, ?, ?, 1, ?, ?, 0, 0, 0, ?, ?, ?, ?, ?)`,
      [
        ...[
          touchpointId,
          anchor === "last_order" ? 20260116 : 0,
          customerId,
          anchor === "child_born" ? (rest.childNo ?? 1) : 0,
        ],
        ...[guideId, rest.state ?? "planned", dueOn, anchorOn, releaseOn],
        ...[rest.expiresOn ?? addDays(dueOn, 3), released ? releaseOn : null],
      ],
    ),
  );
  return insertedId;
}

/** Everything, on a store and over a channel (default: a notebook that confirms there). */
export function standOn(
  store: Store,
  { channel, bot, world = movableWorld(monday), quiet = NEVER_QUIET }: Partial<StandParts> = {},
) {
  const notebook = new NotebookChannel(world);
  const main = channel ?? notebook;
  const facts: Parameters<TaskSetup["supplyFact"]>[0][] = [];
  const setup: TaskSetup = {
    ...{ store, world, log: { info: () => {}, warn: () => {}, error: () => {} } },
    config: {
      zone,
      day: {
        plan: "05:10",
        release: "08:20",
        guide_hour: "09:07",
        guide_jitter_minutes: 9,
        ...AFTERNOON,
        ...quiet,
      },
      caps: { customer_per_day: 1, customer_per_month: 12, guide_per_day: 60 },
    },
    channels: { tell: main, mass: main, bot: bot ?? new NotebookChannel(world, { confirmsThere: false }) },
    touchpoint: wordsCache(store).touchpoint,
    openPhone: () => undefined,
    claims: (text) =>
      text.includes("治愈")
        ? [{ term: "治愈", category: "医疗", reason: "不许", position: 0, found: "治愈", sentence: text }]
        : [],
    listUrl: (guideId, on) => `http://localhost/g/${guideId}/${on}`,
    listCard: ({ guide, day: on, lines, url }) => ({
      ...{ kind: "card", cardId: `list-${guide.id}-${on}`, title: `今日跟进 ${lines.length} 位客户`, url },
      description: lines.map(({ touchpointName, state }) => `${touchpointName} ${state}`).join(", "),
      ...{ lines: [], buttons: [] },
    }),
    supplyFact: async (fact) => {
      facts.push(fact);
      const column = fact.field === "child.name" ? "name" : "born_on";
      await store.write((sql) =>
        sql.run(`UPDATE child SET ${column} = ? WHERE customer_id = ?`, [fact.value, fact.customerId]),
      );
    },
  };
  return {
    ...{ store, setup, world, notebook, facts },
    sender: senderOf(setup),
    service: taskService(setup),
    /** lets time pass */
    pass: (ms: number) => world.set(world.now() + ms),
    day: () => shopDayOf(world.now(), zone),
    /** state and reason of each task, by id */
    states: async () => {
      const rows = await store.read.rows<{ id: number; state: string; reason: string | null }>(
        "SELECT id, state, reason FROM task ORDER BY id",
      );
      return rows.map(({ state, reason }) => (reason ? `${state}: ${reason}` : state));
    },
    task: async (id: number) => {
      const row = await store.read.row<Record<string, string | number | null>>(
        "SELECT * FROM task WHERE id = ?",
        [id],
      );
      if (!row) throw new Error(`no task ${id}`);
      return row;
    },
    handOvers: () =>
      store.read.rows<{
        id: number;
        ref: string;
        words: string;
        state: string;
        customers: number;
        provider_ref: string;
      }>("SELECT id, ref, words, state, customers, provider_ref FROM hand_over ORDER BY id"),
  };
}
export type Stand = ReturnType<typeof standOn>;

const AFTERNOON = {
  nudge_hour: "15:37",
  summary_hour: "20:37",
  weekly_hour: "09:37",
  card_hour: "20:30",
};

/** Tests go on at any hour. */
const NEVER_QUIET = { quiet_from: "00:00", quiet_to: "00:00" };

interface StandParts {
  quiet: { quiet_from: string; quiet_to: string };
  channel: Channel;
  bot: Channel;
  world: MovableWorld;
}
