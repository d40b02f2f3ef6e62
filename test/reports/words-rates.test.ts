// How often words were answered: sums of the roll-ups of who said them, in a span and since they say so, on both databases.
import { wordsRates } from "../../src/reports/words-rates.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { makeOrg } from "./support.js";

const span = { from: "2026-03-01", to: "2026-03-10" };

describeOnEachDatabase("rates of words", (open) => {
  beforeAll(async () => {
    await makeOrg(open());
    const rows: [
      touchpoint: number,
      variant: number,
      region: number,
      day: string,
      observed: number,
      replied: number,
    ][] = [
      [1, 0, 1, "2026-02-28", 100, 100],
      [1, 0, 1, "2026-03-01", 20, 5],
      [1, 0, 2, "2026-03-05", 20, 5],
      [1, 0, 3, "2026-03-05", 20, 20],
      [1, 1, 1, "2026-03-05", 10, 1],
      [2, 0, 1, "2026-03-05", 7, 7],
      [0, 0, 1, "2026-03-05", 500, 500],
    ];
    await open().write(async (sql) => {
      for (const [touchpoint, variant, region, day, observed, replied] of rows)
        await sql.run(
          `INSERT INTO rollup_region (touchpoint_id, variant, on_day, region_id, issued, completed, on_time, delivered,
             observed, replied, messages, open_tasks, last_sent_at) VALUES (?, ?, ?, ?, 0, 0, 0, ?, ?, ?, 0, 0, 0)`,
          [touchpoint, variant, day, region, observed + 1, observed, replied],
        );
    });
  });

  it("adds up whole regions, the variants asked for, and the days since", async () => {
    const rates = await wordsRates(
      open().read,
      span,
      new Map([
        ["all", [{ touchpointId: 1, variants: [0], from: "2026-01-01" }]],
        ["late", [{ touchpointId: 1, variants: [0], from: "2026-03-02" }]],
        [
          "both",
          [
            { touchpointId: 1, variants: [0, 1], from: "2026-01-01" },
            { touchpointId: 2, variants: [0], from: "2026-01-01" },
          ],
        ],
        ["never", [{ touchpointId: 9, variants: [0], from: "2026-01-01" }]],
        ["nowhere", []],
      ]),
    );
    expect(rates.get("all")).toMatchObject({
      delivered: 42,
      observed: 40,
      replied: 10,
      small: false,
      rate: { value: 0.25 },
    });
    expect(rates.get("late")).toMatchObject({ observed: 20, replied: 5, small: true });
    expect(rates.get("both")).toMatchObject({ observed: 57, replied: 18 });
    expect(rates.get("never")).toMatchObject({ observed: 0, rate: null, small: true });
    expect(rates.get("nowhere")).toMatchObject({ observed: 0, rate: null });
    // Wilson, 10 of 40
    expect(rates.get("all")?.rate?.low).toBeCloseTo(0.1419, 3);
    expect(rates.get("all")?.rate?.high).toBeCloseTo(0.4019, 3);
  });
});
