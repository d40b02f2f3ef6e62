// Real customers: 29,944 buyers, 953 babies, 29,971 trades come in whole, and a second time change nothing.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { importDirectory } from "../../src/customers/import.js";
import { projectRoot } from "../../src/infra/config.js";
import { describeOnEachDatabase } from "../support/databases.js";

const place = join(projectRoot, "../shared/data/import-real");
const isThere = existsSync(join(place, "customers.csv"));

const run = isThere
  ? describeOnEachDatabase
  : () => test.skip("real customers: their files are not beside the project", () => undefined);

run("real customers", (db) => {
  const importAll = () =>
    importDirectory(place, {
      ...{ store: db(), secretKey: Buffer.alloc(32, 7), today: "2026-11-22", at: 0, trigger: false },
      // the data's own folder is not ours to write to
      refusedDir: "/nowhere",
    });
  const tally = (tables: Awaited<ReturnType<typeof importAll>>, status: "new" | "unchanged") =>
    Object.fromEntries(tables.map((table) => [table.table, table[status]]));
  const all = { stores: 124, guides: 372, customers: 29_944, children: 953, orders: 29_971 };

  test("whole", async () => {
    const tables = await importAll();
    expect(tally(tables, "new")).toEqual(all);
    const kinds = await db().read.rows<{ kind: string; n: number }>(
      "SELECT kind, COUNT(*) AS n FROM anchor WHERE on_date IS NOT NULL GROUP BY kind ORDER BY kind",
    );
    expect(Object.fromEntries(kinds.map(({ kind, n }) => [kind, n]))).toEqual({
      ...{ joined: 29_944, guide_assigned: 29_944, first_order: 29_944, last_order: 29_944 },
      // one was born in 1984: kept as a row, shown as doubtful, counted from by nothing
      child_born: 952,
    });
    expect(await db().read.rows("SELECT field, value FROM data_fault")).toEqual([
      { field: "born_on", value: "1984-06-16" },
    ]);
    const row = await db().read.row(
      "SELECT MAX(quantity) AS most, MIN(ordered_on) AS first_ FROM customer_order",
    );
    expect(row).toEqual({ most: 10_000, first_: "2012-07-02" });
  });

  test("again", async () => {
    expect(tally(await importAll(), "unchanged")).toEqual(all);
  });
});
