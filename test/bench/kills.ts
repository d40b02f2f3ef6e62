// Bench of trust: the server is killed again and again at any step of its work; nothing is sent twice, nothing is lost,
// and every figure ends as it does when nobody is killed.
import { addDays } from "../../src/kernel/calendar.js";
import { seeded } from "../../src/kernel/world.js";
import { makeBrand } from "../../src/sandbox/brand.js";
import type { Brand } from "../../src/sandbox/brand-tables.js";
import type { Fault } from "../../src/sandbox/faults.js";
import { type BenchDatabase, onDatabase, onEachDatabase } from "./databases.js";
import { type Bench, type Mode, note, type Out, table, timed } from "./harness.js";
import { differences, type Figures } from "./kills/figures.js";
import { type Aim, phases } from "./kills/phases.js";
import { type Kill, type Lived, live } from "./kills/run.js";

const FROM = "2026-03-02";
/** Another run's luck: GUIDEPOST_KILLS_SEED=7. */
const seed = Number(process.env.GUIDEPOST_KILLS_SEED ?? 20260302);
const sizes: Record<Mode, { kills: number; days: number; guides: number }> = {
  full: { kills: Number(process.env.GUIDEPOST_KILLS ?? 200), days: 28, guides: 120 },
  ci: { kills: 10, days: 2, guides: 40 },
};

/** No double send, no lost task, no unknown left, no figure that differs: whatever the size. */
export const bench: Bench = {
  name: "kills",
  async run(mode, out) {
    const { kills: wanted, days, guides } = sizes[mode];
    const brand = brandOf(guides, days);
    const rows: (string | number)[][] = [];
    let kept = true;
    // whatever the database, the figures are the same: a small run is content with those of the first
    let calm: Lived | undefined;
    await onEachDatabase(out, async (database) => {
      const parts = { brand, from: FROM, days };
      const run = (one: BenchDatabase, more: Pick<Parameters<typeof live>[0], "kills" | "faults">) =>
        live({
          ...parts,
          url: one.url,
          store: one.store,
          ...more,
          progress: (text) => note(`${one.title}: ${text}`),
        });
      if (!calm || mode === "full") note(`${database.title}: ${days} days without a kill`);
      if (!calm || mode === "full")
        calm = await onDatabase(database.kind, (second) =>
          run(second, { kills: new Map(), faults: new Map() }),
        );
      const plans = { kills: drawKills(calm, wanted), faults: drawFaults(calm) };
      note(`${database.title}: ${days} days with ${plans.kills.size} kills`);
      const { ms, value: lived } = await timed(() => run(database, plans));
      rows.push(rowOf(database.title, lived, ms));
      if (!judge(out, database.title, calm, lived)) kept = false;
    });
    table(
      out,
      [
        "database",
        "kills",
        "inside a step",
        "tasks",
        "sent",
        "calls without an answer",
        "unknown at most",
        "left",
        "s",
      ],
      rows,
    );
    return kept;
  },
};

function rowOf(title: string, { inside, after, figures, ...lived }: Lived, ms: number): (string | number)[] {
  const sent = figures.tasks.filter((one) => / sent /.test(one)).length;
  return [
    ...[title, inside + after, inside, figures.tasks.length, sent],
    ...[lived.lostCalls, lived.unknownAtMost, lived.unknownLeft, ms / 1000],
  ];
}

/** Says what must hold, and whether it does. */
function judge(out: Out, title: string, calm: Lived, lived: Lived): boolean {
  const kills = lived.inside + lived.after;
  const parts = Object.keys(calm.figures) as (keyof Figures)[];
  const found: [what: string, lines: string[]][] = [
    ["sent twice, as the sandbox counted", lived.faults.doubled],
    ["faults in our rows", lived.faults.broken],
    ["jobs that failed", lived.faults.failed],
    ["faults without any kill", [...calm.faults.doubled, ...calm.faults.broken, ...calm.faults.failed]],
    ...parts.map((part): [string, string[]] => [
      `${part} that differ from the run without kills`,
      differences(calm.figures[part], lived.figures[part]),
    ]),
  ];
  for (const [what, lines] of found) {
    out(`- ${title}, ${what}: ${lines.length}`);
    for (const one of lines.slice(0, 60)) note(`${title}: ${what}: ${one}`);
  }
  out(`- ${title}, unknown after reconciliation: ${lived.unknownLeft} (bar ≤ ${kills} kills)`);
  return found.every(([, lines]) => lines.length === 0) && lived.unknownLeft <= kills;
}

/** Some guides of all regions with all that is theirs. */
function brandOf(guides: number, days: number): Brand {
  const whole = makeBrand(618, addDays(FROM, days));
  const every = Math.floor(whole.guides.length / guides);
  const some = whole.guides.filter((_, at) => at % every === 0).slice(0, guides);
  const userids = new Set(some.map(({ userid }) => userid));
  const codes = new Set(some.map(({ store }) => store));
  const customers = whole.customers.filter(({ guide }) => userids.has(guide));
  const ids = new Set(customers.map(({ externalUserid }) => externalUserid));
  return {
    guides: some,
    customers,
    stores: whole.stores.filter(({ code }) => codes.has(code)),
    children: whole.children.filter(({ externalUserid }) => ids.has(externalUserid)),
    orders: whole.orders.filter(({ externalUserid }) => ids.has(externalUserid)),
  };
}

/** Every aim in turn, a phase of it that did something, a step of that phase; half of the kills come a little later. */
function drawKills({ points }: Lived, wanted: number): Map<string, Kill> {
  const random = seeded(seed);
  const byAim = new Map<Aim, string[]>();
  for (const { aim } of phases) {
    const slots = [...points].filter(([slot, n]) => slot.endsWith(` ${aim}`) && n > 2).map(([slot]) => slot);
    byAim.set(aim, slots);
  }
  const kills = new Map<string, Kill>();
  while (kills.size < wanted && [...byAim.values()].some((slots) => slots.length > 0))
    for (const slots of byAim.values()) {
      const [slot] = slots.splice(Math.floor(random() * slots.length), 1);
      if (slot === undefined || kills.size === wanted) continue;
      const point = 1 + Math.floor(random() * (points.get(slot) ?? 1));
      kills.set(slot, { point, after: random() < 0.5 ? 0 : Math.floor(random() * 20) });
    }
  return kills;
}

const creating = "externalcontact/add_msg_template";
const reading = "externalcontact/get_groupmsg_task";
/** What may go wrong beside the kills, as often as it is named. */
const mishaps: readonly Fault[] = [
  ...(["reset", "reset_after", "reset_after", "http_500", "busy", "limit", "parallel"] as const).map(
    (kind) => ({ path: creating, kind }),
  ),
  ...(["token_expired", "token_invalid"] as const).map((kind) => ({ path: "*", kind })),
  ...(["reset", "busy", "http_500"] as const).map((kind) => ({ path: reading, kind, times: 3 })),
  { path: "externalcontact/get_groupmsg_list_v2", kind: "busy" },
  { path: "externalcontact/cancel_groupmsg_send", kind: "reset_after" },
  { path: "message/send", kind: "reset_after" },
  { path: "message/send", kind: "busy" },
  { path: "callback", kind: "doubled", times: 5 },
];

/** In every third phase something goes wrong in the sandbox. */
function drawFaults({ points }: Lived): Map<string, Fault[]> {
  const random = seeded(seed + 1);
  const faults = new Map<string, Fault[]>();
  for (const slot of points.keys()) {
    const fault = random() < 1 / 3 ? mishaps[Math.floor(random() * mishaps.length)] : undefined;
    if (fault) faults.set(slot, [fault]);
  }
  return faults;
}
