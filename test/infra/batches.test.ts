// Lists and rows of any length, on both databases.
import { grouped, insertRows, selectIn } from "../../src/infra/batches.js";
import { describeOnEachDatabase } from "../support/databases.js";

describeOnEachDatabase("batches", (db) => {
  test.each([1, 3, 8, 9, 64, 511, 512, 513, 1500])(
    "%i rows go in and come out by a list of as many",
    async (size) => {
      const names = Array.from({ length: size }, (_, n) => `n${size}-${n}`);
      await db().write((sql) =>
        insertRows(
          sql,
          "INSERT INTO setting (name, value)",
          names.map((name, n) => [name, String(n)]),
        ),
      );
      const rows = await selectIn<{ name: string; value: string }>(
        db().read,
        "SELECT name, value FROM setting WHERE value <> ? AND name IN",
        names,
        { params: ["0"], tail: " ORDER BY name" },
      );
      expect(rows).toHaveLength(size - 1);
      expect(new Map(rows.map(({ name, value }) => [name, value])).get(`n${size}-0`)).toBeUndefined();
    },
  );

  test("nothing asks nothing", async () => {
    await db().write((sql) => insertRows(sql, "INSERT INTO nowhere (a)", []));
    expect(await selectIn(db().read, "SELECT a FROM nowhere WHERE a IN", [])).toEqual([]);
  });
});

test("rows by their key keep their order", () => {
  const groups = grouped(["aa", "b", "cc", "d"], (word) => word.length);
  expect([...groups]).toEqual([
    [2, ["aa", "cc"]],
    [1, ["b", "d"]],
  ]);
});
