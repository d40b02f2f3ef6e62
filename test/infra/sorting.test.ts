// Rows sorted by a thread through a temporary file: in order, stable, and complete up to what cannot be read.
import { join } from "node:path";
import { sortRows } from "../../src/infra/sorting.js";
import type { SheetRow } from "../../src/infra/workbooks.js";
import { seeded } from "../../src/kernel/world.js";
import { freshFolder, type TestFolder } from "../support/folders.js";

const folders: TestFolder[] = [];
afterAll(() => {
  for (const one of folders) one.drop();
});

/** The rows of a file, sorted by its first column; a second, `own`, tells them apart. */
async function sorted(lines: readonly string[], byOwn = false): Promise<{ rows: SheetRow[]; steps: number }> {
  const folder = freshFolder({ "rows.csv": lines });
  folders.push(folder);
  const sorting = sortRows({ path: join(folder.path, "rows.csv"), keyAt: 0, ownAt: byOwn ? 1 : undefined });
  const rows: SheetRow[] = [];
  let steps = 0;
  try {
    for await (const batch of sorting.batches(() => steps++)) rows.push(...batch);
  } catch (error) {
    rows.push({ line: 0, cells: [(error as Error).message] });
  } finally {
    await sorting.stop();
  }
  return { rows, steps };
}

describe("sortRows", () => {
  test("gives every row by its key with its line, those of one key as they came", async () => {
    const random = seeded(5);
    const keys = Array.from({ length: 5_003 }, () => `wm${Math.floor(random() * 2_500)}`);
    const lines = keys.map((key, n) => ({ line: n + 2, cells: [key, `第${n}行, "quoted"`] }));
    const text = lines.map(({ cells: [key, said = ""] }) => `${key},"${said.replaceAll('"', '""')}"`);
    const { rows, steps } = await sorted(["key,said", ...text]);
    const expected = [...lines].sort(({ cells: [a = ""] }, { cells: [b = ""] }) =>
      a < b ? -1 : a > b ? 1 : 0,
    );
    expect(rows).toEqual(expected);
    expect(steps).toBeGreaterThan(5);
  });

  test("a heading without rows gives nothing", async () => {
    expect((await sorted(["key,own"])).rows).toEqual([]);
  });

  test("what has a key of its own may be sorted; where two keys share it, all stays as it came", async () => {
    const order = async (owns: string[]) => {
      const lines = ["b", "a", "c", "a"].map((key, n) => `${key},${owns[n]}`);
      return (await sorted(["key,own", ...lines], true)).rows.map(({ line }) => line);
    };
    expect(await order(["T1", "T2", "T3", "T2"])).toEqual([3, 5, 2, 4]);
    expect(await order(["T1", "T2", "T3", "T1"])).toEqual([2, 3, 4, 5]);
  });

  test("rows before a place that cannot be read are given, and then it is said", async () => {
    const lines = Array.from({ length: 700 }, (_, n) => `k${999 - n},x`);
    const { rows } = await sorted(["key,own", ...lines, '"never closed,y', "z,z"]);
    expect(rows.slice(0, 2).map(({ cells: [key] }) => key)).toEqual(["k300", "k301"]);
    expect(rows).toHaveLength(701);
    expect(rows.at(-1)?.cells[0]).toMatch("rows.csv cannot be read from line 702 on");
  });

  test("whoever stops early leaves no thread behind", async () => {
    const folder = freshFolder({ "rows.csv": ["key", ...Array.from({ length: 3_000 }, (_, n) => `k${n}`)] });
    folders.push(folder);
    const sorting = sortRows({ path: join(folder.path, "rows.csv"), keyAt: 0, ownAt: undefined });
    for await (const batch of sorting.batches(() => undefined)) {
      expect(batch).toHaveLength(512);
      break;
    }
    await sorting.stop();
  });
});
