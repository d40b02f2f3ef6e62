// Audiences: the condition on the database picks the customers that the words of the design mean.
import { type Audience, audienceCondition, isEveryone } from "../../src/journeys/audience.js";
import { describeOnEachDatabase } from "../support/databases.js";

const regions: Record<string, number[]> = { 华东: [1, 11, 12], 上海市: [11], 华南: [2] };
const regionIds = (names: readonly string[]) => names.flatMap((name) => regions[name] ?? []);

/** What of a customer an audience looks at. */
interface AudienceMember {
  source: string | null;
  level: string | null;
  brandPreference: string | null;
  tags: readonly string[];
  /** of the owner's store; null without an owner */
  regionId: number | null;
}

const sources = [null, "门店", "电商", "it's"];
const levels = [null, "VIP", "vip"];
const tagLists = [[], ["早产"], ["早产", "二胎"], ["过敏"]];
const storeRegions = [null, 11, 12, 2];
const members: AudienceMember[] = sources.flatMap((source) =>
  levels.flatMap((level) =>
    tagLists.flatMap((tags) =>
      storeRegions.map((regionId) => ({ source, level, brandPreference: level && "甲", tags, regionId })),
    ),
  ),
);

const audiences: [string, Audience, number][] = [
  ["everyone", {}, 192],
  ["one source", { source: ["门店"] }, 48],
  ["two sources", { source: ["门店", "电商"] }, 96],
  ["a value with a quote", { source: ["it's"] }, 48],
  ["letters as written", { level: ["VIP"] }, 64],
  ["brand preference", { brand_preference: ["甲"] }, 128],
  ["a tag", { tag: ["早产"] }, 96],
  ["any of the tags, each customer once", { tag: ["早产", "二胎", "过敏"] }, 144],
  ["a region with all below it", { region: ["华东"] }, 96],
  ["regions of several levels", { region: ["上海市", "华南"] }, 96],
  ["a region nobody knows", { region: ["西北"] }, 0],
  ["no value at all", { source: [] }, 0],
  [
    "all fields together",
    { source: ["门店"], level: ["VIP"], brand_preference: ["甲"], tag: ["二胎"], region: ["华东"] },
    2,
  ],
];

describeOnEachDatabase("audience", (store) => {
  beforeAll(() =>
    store().write(async (sql) => {
      const guideOf: Record<number, number> = { 11: 101, 12: 102, 2: 103 };
      await sql.run(
        "INSERT INTO store (id, code, name, region_id) VALUES (1,'a','a',11),(2,'b','b',12),(3,'c','c',2)",
      );
      await sql.run(
        "INSERT INTO guide (id, userid, name, store_id) VALUES (101,'a','a',1),(102,'b','b',2),(103,'c','c',3)",
      );
      for (const [index, { regionId, source, level, brandPreference, tags }] of members.entries()) {
        const guideId = regionId === null ? null : guideOf[regionId]!;
        await sql.run(
          `INSERT INTO customer (id, external_userid, name, guide_id, source, level, brand_preference, bucket)
           VALUES (?, ?, ?, ?, ?, ?, ?, 0)`,
          [index + 1, `wm${index}`, "x", guideId, source, level, brandPreference],
        );
        for (const name of tags)
          await sql.run("INSERT INTO customer_tag (customer_id, name, source) VALUES (?, ?, 'hq')", [
            index + 1,
            name,
          ]);
      }
    }),
  );

  it.each(audiences)("%s", async (_name, audience, count) => {
    const { sql, params } = audienceCondition(audience, regionIds);
    const rows = await store().read.rows<{ id: number }>(
      `SELECT c.id FROM customer c WHERE ${sql} ORDER BY c.id`,
      params,
    );
    const expected = members.flatMap((member, index) => (inAudience(audience, member) ? [index + 1] : []));
    expect(rows.map((row) => row.id)).toEqual(expected);
    expect(rows).toHaveLength(count);
  });
});

it.each(audiences)("only the empty audience is everyone: %s", (_name, audience) => {
  expect(isEveryone(audience)).toBe(Object.keys(audience).length === 0);
});

it("puts no value into the statement itself", () => {
  const { sql, params } = audienceCondition({ source: ["x' OR 1 = 1 --"], tag: ["y"] }, regionIds);
  expect(sql).not.toMatch(/OR 1|y'/);
  expect(params).toEqual(["x' OR 1 = 1 --", "y"]);
});

/** Whether a customer belongs to the audience, said once more without a database. */
function inAudience(audience: Audience, member: AudienceMember): boolean {
  const { source, level, brand_preference, tag, region } = audience;
  const isOneOf = (values: readonly string[] | undefined, value: string | null) =>
    values === undefined || (value !== null && values.includes(value));
  return (
    isOneOf(source, member.source) &&
    isOneOf(level, member.level) &&
    isOneOf(brand_preference, member.brandPreference) &&
    (tag === undefined || member.tags.some((name) => tag.includes(name))) &&
    (region === undefined || (member.regionId !== null && regionIds(region).includes(member.regionId)))
  );
}
