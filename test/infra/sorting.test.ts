// Rows sorted through a temporary file: in order, stable, and complete whatever happens while they are read.
import { type Keyed, sortedByKey } from "../../src/infra/sorting.js";
import { seeded } from "../../src/kernel/world.js";

async function* batchesOf<T>(rows: readonly T[], size: number, error?: Error): AsyncGenerator<T[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size);
  if (error) throw error;
}

async function all<T>(batches: AsyncIterable<T[]>): Promise<T[]> {
  const rows: T[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

function rowsOf(count: number): Keyed<{ n: number; text: string }>[] {
  const random = seeded(5);
  return Array.from({ length: count }, (_, n) => {
    const key = `wm${Math.floor(random() * (count / 2))}`;
    return { key, value: { n, text: `第${n}行, "quoted"\n${key}` } };
  });
}

describe("sortedByKey", () => {
  test("gives every row by its key, those of one key as they came", async () => {
    const rows = rowsOf(5_003);
    const sorted = await all(sortedByKey(batchesOf(rows, 700)));
    const expected = [...rows].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    expect(sorted).toEqual(expected.map(({ value }) => value));
  });

  test("nothing comes of nothing", async () => {
    expect(await all(sortedByKey(batchesOf([], 10)))).toEqual([]);
  });

  test("what has a key of its own may be sorted; where two keys share it, all stays as it came", async () => {
    const rows = (owns: string[]) =>
      ["b", "a", "c", "a"].map((key, n) => ({ key, own: owns[n], value: `${key}${n}` }));
    expect(await all(sortedByKey(batchesOf(rows(["T1", "T2", "T3", "T2"]), 2)))).toEqual([
      "a1",
      "a3",
      "b0",
      "c2",
    ]);
    expect(await all(sortedByKey(batchesOf(rows(["T1", "T2", "T3", "T1"]), 2)))).toEqual([
      "b0",
      "a1",
      "c2",
      "a3",
    ]);
  });

  test("rows that came before a failure are given before it is thrown", async () => {
    const given: string[] = [];
    const rows = ["b", "a"].map((key) => ({ key, value: key }));
    const reading = async () => {
      const broken = batchesOf(rows, 1, new Error("broken there"));
      for await (const batch of sortedByKey(broken)) given.push(...batch);
    };
    await expect(reading()).rejects.toThrow("broken there");
    expect(given).toEqual(["a", "b"]);
  });

  test("whoever stops early leaves no thread behind", async () => {
    for await (const batch of sortedByKey(batchesOf(rowsOf(3_000), 500))) {
      expect(batch).toHaveLength(512);
      break;
    }
  });
});
