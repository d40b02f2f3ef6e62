// Customers handed over: accepted, declined, in bulk from a guide who left; owner, contacts, anchors and marks follow.
import type { Store } from "../../src/infra/store.js";
import { describeOnEachDatabase } from "../support/databases.js";
import { openPlanShop, type PlanStand, planStandOn } from "../support/plan-stand.js";

describeOnEachDatabase("transfers", (open) => {
  let store: Store;
  let stand: PlanStand;
  beforeEach(async () => {
    store = open();
    await openPlanShop(store);
    await store.write((sql) => sql.run("DELETE FROM transfer"));
    stand = planStandOn(store);
    await stand.customers.push("guides", [{ guide_userid: "hong", guide_name: "红", store_code: "S1" }]);
    await stand.customer("c1", { joined_on: "2026-01-01" });
    await stand.child("c1", 1, { born_on: "2026-02-02" });
    await store.write((sql) => sql.run("DELETE FROM anchor_mark"));
  });
  const told = async (outcome: string, guide?: string, id = "c1") => {
    const row = { external_userid: id, outcome, ...(guide ? { guide_userid: guide } : {}) };
    return (await stand.customers.push("transfers", [row]))[0];
  };
  const leave = (guide: string, on = "2026-03-01", to?: string) =>
    store.write((sql) =>
      sql.run(
        "UPDATE guide SET left_on = ?, successor_id = (SELECT x.id FROM (SELECT id FROM guide WHERE userid = ?) x) WHERE userid = ?",
        [on, to ?? "", guide],
      ),
    );
  const owner = async (id = "c1") =>
    (
      await store.read.row<{ userid: string | null }>(
        "SELECT g.userid FROM customer c LEFT JOIN guide g ON g.id = c.guide_id WHERE c.external_userid = ?",
        [id],
      )
    )?.userid ?? null;
  const contacts = async () => {
    const rows = await store.read.rows<Record<string, string | null>>(
      "SELECT g.userid, k.began_on AS began, k.ended_on AS ended FROM contact k JOIN guide g ON g.id = k.guide_id ORDER BY g.id",
    );
    return rows.map(({ userid, began, ended }) => `${userid} ${began}${ended ? ` to ${ended}` : ""}`);
  };
  const anchors = async () => {
    const rows = await store.read.rows<Record<string, string | null>>(
      "SELECT a.kind, a.on_date AS day, g.userid FROM anchor a LEFT JOIN guide g ON g.id = a.guide_id WHERE a.on_date IS NOT NULL ORDER BY a.kind",
    );
    return rows.map(({ kind, day, userid }) => `${kind} ${day} ${userid}`);
  };

  it("accepted: owner, contacts and every anchor are the new guide's, and planning hears of it", async () => {
    expect(await told("accepted", "mei")).toMatchObject({ status: "changed" });
    expect(await owner()).toBe("mei");
    expect(await contacts()).toEqual(["lan 2026-01-01 to 2026-03-02", "mei 2026-03-02"]);
    expect(await anchors()).toEqual([
      "child_born 2026-02-02 mei",
      "guide_assigned 2026-03-02 mei",
      "joined 2026-01-01 mei",
    ]);
    expect(await store.read.rows("SELECT id FROM anchor_mark")).toHaveLength(3);
    expect(await told("accepted", "mei")).toMatchObject({ status: "unchanged" });
    expect(await store.read.rows("SELECT id FROM anchor_mark")).toHaveLength(3);
  });

  it.each<[string, (() => Promise<unknown>)[], string | null, string]>([
    ["whom nobody handed over: they stay", [], "lan", "unchanged"],
    ["by a guide still with us: they go back", [() => told("accepted", "mei")], "lan", "changed"],
    ["of a guide who has left", [() => leave("lan")], null, "changed"],
    [
      "from a guide who has left to another",
      [() => leave("lan"), () => told("accepted", "mei")],
      null,
      "changed",
    ],
    [
      "once they are another's by now",
      [
        () => told("accepted", "mei"),
        () => stand.customer("c1", { guide_userid: "hong", joined_on: "2026-01-01" }),
      ],
      "hong",
      "unchanged",
    ],
    ["twice", [() => leave("lan"), () => told("declined")], null, "unchanged"],
  ])("declined, %s", async (_case, before, expected, status) => {
    for (const step of before) await step();
    expect(await told("declined")).toMatchObject({ status });
    expect(await owner()).toBe(expected);
  });

  it("declined, then a friend of another guide's: theirs", async () => {
    await leave("lan");
    await told("declined");
    await stand.customers.contactAdded({ guideUserid: "hong", externalUserid: "c1", at: stand.world.now() });
    expect(await owner()).toBe("hong");
  });

  it("no friend of anybody's any more, then handed over: theirs", async () => {
    const at = stand.world.now();
    await stand.customers.contactEnded({ guideUserid: "lan", externalUserid: "c1", at });
    expect(await owner()).toBe(null);
    expect(await told("accepted", "lan")).toMatchObject({ status: "changed" });
    expect(await owner()).toBe("lan");
    expect((await anchors()).every((line) => line.endsWith(" lan"))).toBe(true);
  });

  it("all customers of who left go to the successor, from that day on, once", async () => {
    const many = Array.from({ length: 450 }, (_, at) => ({
      ...{ external_userid: `b${at}`, name: "", guide_userid: "lan", joined_on: "2026-01-01" },
    }));
    await stand.customers.push("customers", many);
    await leave("lan", "2026-03-03", "mei");
    expect(await stand.customers.handOverLeavers()).toBe(0);
    stand.on("2026-03-03");
    expect(await stand.customers.handOverLeavers()).toBe(451);
    expect(await stand.customers.handOverLeavers()).toBe(0);
    expect(await owner("b449")).toBe("mei");
    await leave("mei", "2026-03-03");
    await leave("lan", "2026-03-03", "mei");
    await stand.customer("late", { joined_on: "2026-03-03" });
    expect(await stand.customers.handOverLeavers()).toBe(0);
    expect(await owner("late")).toBe("lan");
  });

  it.each([
    ["a customer nobody knows", { external_userid: "nobody", outcome: "declined" }, "external_userid"],
    ["no guide to take them", { external_userid: "c1", outcome: "accepted" }, "guide_userid"],
    ["another outcome", { external_userid: "c1", outcome: "perhaps" }, "outcome"],
  ])("refuses %s", async (_case, row, field) => {
    const [result] = await stand.customers.push("transfers", [row]);
    expect(result).toMatchObject({ status: "refused", faults: [{ field }] });
  });
});
