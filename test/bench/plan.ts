// Planning at the reference size: beside a bare insert of the same rows, a second run, a tenth of the customers, ten
// million older tasks; and what others feel meanwhile.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Store } from "../../src/infra/store.js";
import { addDays, daysFromTo, type ShopDay } from "../../src/kernel/calendar.js";
import { type BenchDatabase, onDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import {
  dueDay,
  insertBare,
  makeBareTable,
  makePlanBrand,
  type PlanSize,
  plansOn,
  ROUND_DAYS,
  reference,
} from "./plan-data.js";
import type { Felt } from "./plan-felt.js";
import { again, dayOnTop, emptyTasks, fresh, type Took } from "./plan-runs.js";

const sizes: Record<harness.Mode, { many: PlanSize; few: PlanSize; older: number }> = {
  full: { many: reference, few: { ...reference, customers: 300_000 }, older: 10_000_000 },
  ci: {
    many: { ...reference, customers: 400_000, joined: 2_000, ordered: 5_200, born: 316, guides: 1_300 },
    few: { ...reference, customers: 40_000, joined: 2_000, ordered: 5_200, born: 316, guides: 1_300 },
    older: 500_000,
  },
};

/** Days planned on top of older tasks, each once: they cannot be taken away again in reasonable time. */
const ON_TOP = 5;

/** The bench. */
export const bench: harness.Bench = {
  name: "plan",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const { many, few, older } = sizes[mode];
    await onEachDatabase(out, async (database) => {
      out(`### ${database.title}: ${harness.round(many.customers)} customers, 43 touchpoints`);
      await makePlanBrand(database.store, many);
      const felt = await feltBeside(database);
      const times = await onDatabase(database.kind, async (second) => {
        await makePlanBrand(second.store, few);
        return besideOthers(database, second);
      });
      await makeOlder(database, older);
      const daysOnTop = daysFromTo(dueDay, addDays(dueDay, ON_TOP - 1));
      const later = await rounds(daysOnTop, { older: (day) => dayOnTop(database.store, day) });
      tell(database, { ...times, ...later, felt, count: older }, bars, out);
    });
    return bars.kept();
  },
};

/** The contenders in turn. */
function besideOthers(many: BenchDatabase, few: BenchDatabase) {
  const days = daysFromTo(dueDay, addDays(dueDay, ROUND_DAYS - 1));
  return rounds([...days, ...days, ...days], {
    bare: (day) => bare(many.store, day),
    many: (day) => fresh(many.store, day),
    again: (day) => again(many.store, day),
    few: (day) => fresh(few.store, day),
  });
}

interface Told extends Record<"bare" | "many" | "again" | "few" | "older", Took> {
  felt: Felt;
  /** older tasks */
  count: number;
}

function tell({ title }: BenchDatabase, told: Told, bars: harness.Bars, out: harness.Out): void {
  const { bare, many, again, few, older, felt, count } = told;
  const row = (what: string, { ms, rows }: Took) => [what, ms, rows, ms / bare.ms];
  out(`\nMedians of interleaved rounds; with older tasks of ${ON_TOP} days, one on top of the other.`);
  harness.table(
    out,
    ["what", "ms", "new tasks", "× bare"],
    [
      row("bare insert, one transaction", bare),
      row("planner", many),
      row("planner, second run", again),
      row("planner, a tenth of the customers", few),
      row(`planner, ${harness.round(count)} older tasks`, older),
    ],
  );
  bars.atMost(`${title}: planner ÷ bare`, many.ms / bare.ms, 1.5, "×");
  bars.atMost(`${title}: second run ÷ first`, again.ms / many.ms, 0.6, "×");
  bars.atMost(`${title}: all customers ÷ a tenth, equally many due`, many.ms / few.ms, 1.3, "×");
  bars.atMost(`${title}: with older tasks ÷ without`, older.ms / many.ms, 1.4, "×");
  bars.atMost(`${title}: an order's wait while planning`, felt.wait, 50, "ms");
  bars.atMost(`${title}: /healthz while planning`, felt.health, 100, "ms");
  bars.atMost(`${title}: memory while planning`, felt.memory, 250, "MB");
}

async function rounds<K extends string>(
  days: readonly ShopDay[],
  contenders: Record<K, (day: ShopDay) => Promise<Took>>,
): Promise<Record<K, Took>> {
  const names = Object.keys(contenders) as K[];
  const took = new Map<K, Took[]>(names.map((name) => [name, []]));
  for (const day of days)
    for (const name of names) {
      const one = await contenders[name](day);
      took.get(name)?.push(one);
      harness.note(`${day} ${name}: ${harness.round(one.ms)} ms, ${harness.round(one.rows)} rows`);
    }
  const middle = (list: readonly Took[]): Took => ({
    ms: harness.median(list.map(({ ms }) => ms)),
    rows: harness.median(list.map(({ rows }) => rows)),
  });
  return Object.fromEntries(names.map((name) => [name, middle(took.get(name) ?? [])])) as Record<K, Took>;
}

/** The baseline: the same range reads into a table of the same shape and keys, in one transaction. */
async function bare(store: Store, day: ShopDay): Promise<Took> {
  const plans = await plansOn(store, day);
  await makeBareTable(store, "bare");
  const { ms } = await harness.timed(() => store.write((sql) => insertBare(sql, "bare", plans, "planned")));
  const row = await store.read.row<{ n: number }>("SELECT COUNT(*) AS n FROM bare");
  await store.write((sql) => sql.run("DROP TABLE bare"));
  return { ms, rows: Number(row?.n ?? 0) };
}

/** Finished tasks of the days before, as many as asked for. */
async function makeOlder({ store, title }: BenchDatabase, older: number): Promise<void> {
  await emptyTasks(store);
  let rows = 0;
  for (let ago = 1; rows < older && ago < 400; ago++) {
    const plans = await plansOn(store, addDays(dueDay, -ago));
    const made = await store.write(async (sql) => {
      await insertBare(sql, "task", plans, "sent");
      return sql.row<{ n: number }>("SELECT COUNT(*) AS n FROM task");
    });
    rows = Number(made?.n ?? 0);
    if (ago % 10 === 0) harness.note(`${title}: ${harness.round(rows)} older tasks`);
  }
  if (store.dialect.name === "mysql") await store.read.rows("ANALYZE TABLE task");
}

/** What others feel while a process of its own plans a day, as a server would. */
async function feltBeside({ url }: BenchDatabase): Promise<Felt> {
  const program = fileURLToPath(new URL("./plan-felt.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, url], { maxBuffer: 2 ** 20 });
  return JSON.parse(stdout) as Felt;
}
