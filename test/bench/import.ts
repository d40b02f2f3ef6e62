// Bench of customers coming in: files of a whole brand, for the first time and again; rate, memory, how long others wait.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ImportProgress, importDirectory } from "../../src/customers/import.js";
import type { Store } from "../../src/infra/store.js";
import { type BenchDatabase, onDatabase, onEachDatabase } from "./databases.js";
import { type Bench, bars, note, round, table, timed, watchMemory } from "./harness.js";
import { importBare } from "./import-bare.js";
import { type Brand, brandOf, rowsOf, today, writeBrand } from "./import-data.js";

/** Customers of the runs that are compared, and of the one that shows that memory does not grow with them. */
const sizes = {
  full: { compared: 200_000, large: 3_000_000 },
  ci: { compared: 10_000, large: 0 },
};

type Row = (string | number)[];

/** Bars: 20,000 rows a second into a database of three million customers, 300 MB; the ratios hold small sizes to it. */
export const bench: Bench = {
  name: "import",
  async run(mode, out) {
    const judged = bars(mode, out);
    const rows: Row[] = [];
    const { compared, large } = sizes[mode];
    await withBrand(compared, (brand, folder) =>
      onEachDatabase(out, async ({ kind, title, store }) => {
        const bare = await onDatabase(kind, (other) =>
          measure(other, "bare inserts, ids known", brand, folder),
        );
        const first = await measure({ title, store }, "import", brand, folder);
        const again = await measure({ title, store }, "import, all of it again", brand, folder);
        judged.atMost(`${title}: import ÷ bare inserts`, first.ms / bare.ms, 3, "×");
        judged.atMost(`${title}: the same again ÷ the first time`, again.ms / first.ms, 0.8, "×");
        rows.push(bare.row, first.row, again.row);
      }),
    );
    if (large > 0)
      await withBrand(large, (brand, folder) =>
        onEachDatabase(out, async (database) => {
          const whole = await measure(database, "import", brand, folder);
          judged.atLeast(`${database.title}: rows of ${round(large)} customers`, whole.rate, 20_000, "/s");
          judged.atMost(`${database.title}: memory for them`, whole.peak, 300, "MB");
          rows.push(whole.row);
        }),
      );
    table(
      out,
      [
        "database",
        "what",
        "customers",
        "rows",
        "rows a second",
        "by table",
        "longest 1 % of transactions ms",
        "peak MB",
      ],
      rows,
    );
    return judged.kept();
  },
};

async function withBrand(
  customers: number,
  work: (brand: Brand, folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "guidepost-bench-import-"));
  try {
    const brand = brandOf(customers);
    note(`files of ${round(customers)} customers`);
    await writeBrand(folder, brand);
    await work(brand, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(
  { title, store }: Pick<BenchDatabase, "title" | "store">,
  what: string,
  brand: Brand,
  folder: string,
): Promise<{ ms: number; rate: number; peak: number; row: Row }> {
  note(`${title}: ${what}, ${round(brand.customers)} customers`);
  const isBare = what.startsWith("bare");
  const watched = watchWrites(store);
  const pace = pacer();
  const memory = watchMemory();
  const { ms } = await timed<unknown>(() =>
    isBare
      ? importBare(watched.store, folder)
      : importDirectory(folder, {
          ...{ store: watched.store, secretKey: Buffer.alloc(32, 1), today, at: 0, trigger: false },
          progress: pace.tell,
        }),
  );
  const peak = memory.peak();
  memory.stop();
  const read = isBare ? rowsOf(brand) - brand.stores - brand.guides : rowsOf(brand);
  const rate = (read * 1000) / ms;
  return {
    ms,
    rate,
    peak,
    row: [title, what, brand.customers, read, rate, pace.say(), watched.slow(), peak],
  };
}

/** The same store, with the time each of its transactions took. */
function watchWrites(store: Store): { store: Store; slow(): number } {
  const times: number[] = [];
  const write: Store["write"] = async (work) => {
    const { ms, value } = await timed(() => store.write(work));
    times.push(ms);
    return value;
  };
  return {
    store: { ...store, write },
    slow: () => times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? 0,
  };
}

/** Rows a second of each large table. */
function pacer() {
  const tables = new Map<string, { rows: number; began: number; ended: number }>();
  let last = { rows: 0, at: process.uptime() };
  return {
    tell: ({ table: name, rows }: ImportProgress) => {
      const one = tables.get(name) ?? { rows: 0, began: last.at, ended: last.at };
      const at = process.uptime();
      tables.set(name, { ...one, rows: one.rows + rows - last.rows, ended: at });
      last = { rows, at };
    },
    say: () =>
      [...tables]
        .filter(([name]) => !["stores", "guides"].includes(name))
        .map(([name, { rows, began, ended }]) => `${name} ${round(Math.round(rows / (ended - began)))}`)
        .join(", "),
  };
}
