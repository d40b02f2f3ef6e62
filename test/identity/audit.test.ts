// Changes of people: kept with their transaction, read newest first page by page, without secrets.
import { changesOf, recordChange, recordedActions } from "../../src/identity/audit.js";
import type { Store } from "../../src/infra/store.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const change = { at: 1_000, by: "account:1", action: "journey.publish", subject: "journey:care" };

describeOnEachDatabase("audit", (store) => {
  beforeEach(() => emptied(store()));
  const record = (...changes: Parameters<typeof recordChange>[1][]) =>
    store().write(async (sql) => {
      for (const one of changes) await recordChange(sql, one);
    });
  const read = (db: Store, query: object = {}) => changesOf(db.read, { limit: 50, ...query });

  it("gives back what was written", async () => {
    await record({ ...change, before: { version: 1 }, after: { version: 2, words: ["你好"] } }, change);
    const { lines, next } = await read(store());
    expect(next).toBeUndefined();
    expect(lines).toEqual([
      { id: expect.any(Number), ...change, before: undefined, after: undefined },
      { id: expect.any(Number), ...change, before: { version: 1 }, after: { version: 2, words: ["你好"] } },
    ]);
  });

  it("goes with its transaction when that fails", async () => {
    const failed = store().write(async (sql) => {
      await recordChange(sql, change);
      throw new Error("no");
    });
    await expect(failed).rejects.toThrow("no");
    expect((await read(store())).lines).toEqual([]);
  });

  it("keeps no secret that was passed along", async () => {
    await record({ ...change, after: { name: "王", phone: "13800000000", deep: [{ newPassword: "abc" }] } });
    const [line] = (await read(store())).lines;
    expect(line?.after).toEqual({ name: "王", phone: "•••", deep: [{ newPassword: "•••" }] });
  });

  it.each([
    ["who", { by: "account:2" }, [4]],
    ["what", { action: "journey.pause" }, [2]],
    ["an area, and none that begins alike", { action: "journey" }, [2, 1]],
    ["on what", { subject: "journey:care" }, [3, 2, 1]],
    ["from", { from: 3 }, [4, 3]],
    ["to", { to: 3 }, [2, 1]],
    ["all together", { by: "account:1", subject: "journey:care", from: 2, action: "journeys" }, [3]],
  ])("asks by %s", async (_by, query, expected) => {
    await record(
      { ...change, at: 1 },
      { ...change, at: 2, action: "journey.pause" },
      { ...change, at: 3, action: "journeys.export" },
      { ...change, at: 4, by: "account:2", action: "account.create", subject: "account:9" },
    );
    expect((await read(store(), query)).lines.map(({ at }) => at)).toEqual(expected);
    expect(await recordedActions(store().read)).toEqual([
      ...["account.create", "journey.pause", "journey.publish", "journeys.export"],
    ]);
  });

  it("turns its pages without leaving out or repeating, also within one moment", async () => {
    const one = (_no: unknown, i: number) => ({ ...change, at: i < 3 ? 1 : 2, subject: `s:${i}` });
    await record(...Array.from({ length: 7 }, one));
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await read(store(), { limit: 2, ...(after ? { after } : {}) });
      seen.push(...page.lines.map(({ subject }) => subject));
      after = page.next;
    } while (after);
    expect(seen).toEqual(["s:6", "s:5", "s:4", "s:3", "s:2", "s:1", "s:0"]);
  });

  it.each(["x", "1", "1-", "1-2-3", "-1-2"])("refuses a page called %s", async (after) => {
    await expect(read(store(), { after })).rejects.toMatchObject({ kind: "invalid" });
  });
});
