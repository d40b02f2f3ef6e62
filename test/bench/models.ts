// The models' night at the reference size: learning and foretelling everybody, a night without news, a night when one customer
// in a hundred has bought; and what others feel meanwhile.
import type { Store } from "../../src/infra/store.js";
import { instantOf } from "../../src/kernel/calendar.js";
import { type Night, runNight } from "../../src/models/nightly.js";
import { type BenchDatabase, onEachDatabase } from "./databases.js";
import * as harness from "./harness.js";
import { watchHealth } from "./health.js";
import { makeBuyers, nightDay } from "./models-data.js";
import { keepWriting } from "./other-writer.js";

const sizes: Record<harness.Mode, number> = { full: 3_000_000, ci: 12_000 };

/** The bench. */
export const bench: harness.Bench = {
  name: "models",
  run: async (mode, out) => {
    const bars = harness.bars(mode, out);
    const rows: (string | number)[][] = [];
    const asked = Number(process.env.GUIDEPOST_BENCH_CUSTOMERS);
    const customers = asked > 0 ? asked : sizes[mode];
    await onEachDatabase(out, async (database) => {
      rows.push(...(await measure(database, customers, bars)));
    });
    out(`\n${harness.round(customers)} customers of two years, seven in eight of whom have bought.`);
    harness.table(
      out,
      ["database", "night", "s", "customers foretold", "anchors written", "customers a second", "peak MB"],
      rows,
    );
    return bars.kept();
  },
};

async function measure(
  { store, title }: BenchDatabase,
  customers: number,
  bars: harness.Bars,
): Promise<(string | number)[][]> {
  await makeBuyers(store, customers);
  const memory = harness.watchMemory();
  const health = await watchHealth();
  const tail = store.dialect.onConflict(["name"], ["value"]);
  const others = keepWriting((n) =>
    store.write((sql) => sql.run(`INSERT INTO setting (name, value) VALUES ('bench', ?)${tail}`, [`${n}`])),
  );
  const first = await harness.timed(() => night(store, title));
  const wait = await others.stop();
  const { worst } = await health.stop();
  const peak = memory.peak();
  memory.stop();
  const quiet = await harness.timed(() => night(store, title));
  await store.write((sql) =>
    sql.run("UPDATE customer_figure SET quantity = quantity + 1 WHERE customer_id % 100 = 1"),
  );
  const some = await harness.timed(() => night(store, title));
  bars.atMost(`${title}: learning and everybody`, first.ms / 1000, 600, "s");
  bars.atMost(`${title}: memory`, peak, 500, "MB");
  bars.atMost(`${title}: a night without news ÷ the first`, quiet.ms / first.ms, 0.1, "×");
  bars.atMost(`${title}: one in a hundred ÷ the first`, some.ms / first.ms, 0.15, "×");
  bars.atMost(`${title}: /healthz meanwhile`, worst, 100, "ms");
  bars.atMost(`${title}: another writer's wait`, wait, 50, "ms");
  const line = (what: string, { ms, value }: { ms: number; value: Night }, mb: number | string = "") => [
    ...[title, what, ms / 1000, value.customers, value.anchors, (value.customers * 1000) / ms, mb],
  ];
  return [line("the first", first, peak), line("without news", quiet), line("one in a hundred bought", some)];
}

/** A night as the timed job runs it. */
function night(store: Store, title: string): Promise<Night> {
  let told = "";
  return runNight({
    ...{ store, today: nightDay, now: instantOf(nightDay, "02:20", "Asia/Shanghai") },
    progress: ({ step, done, of }) => {
      const tenth = `${title}: ${step} ${Math.floor((10 * done) / of) * 10} %`;
      if (tenth !== told) harness.note(tenth);
      told = tenth;
    },
  });
}
