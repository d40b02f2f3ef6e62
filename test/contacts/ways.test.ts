// Codes whose making fails midway: what was made stays, what was not says why and is made later, and none is made twice;
// over real HTTP to the sandbox.
import { join } from "node:path";
import { instantOf } from "../../src/kernel/calendar.js";
import type { Fault } from "../../src/sandbox/faults.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";
import { openSandboxHouse, type SandboxHouse } from "../support/house.js";

const add = "externalcontact/add_contact_way";
const at = instantOf("2026-03-09", "10:00", "Asia/Shanghai");
const hour = 3_600_000;
const stores = ["S1", "S2", "S3", "S4", "S5"];

describeOnEachDatabase("codes of a campaign", (store) => {
  let house: SandboxHouse;
  const calls: string[] = [];
  /** what happens to the nth call that makes a code, from 1 */
  let mishaps: Record<number, Omit<Fault, "path">>;

  beforeEach(async () => {
    await emptied(store());
    calls.length = 0;
    mishaps = {};
    house = await openSandboxHouse(store(), at, {
      onExchange: ({ path }) => {
        calls.push(path);
        arm();
      },
    });
    house.sandbox.enrol({
      guides: stores.map((code) => ({ userid: `g-${code}`, name: code, skill: 0 })),
      customers: [],
      contacts: [],
    });
    const rows = stores.map((code) => `${code},${code}店,华东`).join("\n");
    house.put("brand/stores.csv", `门店编码,门店名称,大区\n${rows}\n`);
    const guides = stores.map((code) => `g-${code},${code}导购,${code}`).join("\n");
    house.put("brand/guides.csv", `导购账号,导购姓名,门店编码\n${guides}\n`);
    await house.services.customers.importFrom(join(house.folder, "brand"), { trigger: false });
  });
  afterEach(() => house.close());

  const ways = () => (house.services.contacts as NonNullable<typeof house.services.contacts>).ways;
  const made = () => calls.filter((path) => path === add).length;
  /** The mishap of the next call that makes a code is put in its way. */
  function arm(): void {
    const next = made() + 1;
    const mishap = mishaps[next];
    if (!mishap) return;
    delete mishaps[next];
    house.sandbox.faults.add({ path: add, ...mishap });
  }
  const lines = async () =>
    (await ways().list("618")).map(({ store: code, picture, error }) => [code, picture !== null, error]);
  /** How many codes there are in WeCom, by what they bring along. */
  const there = async () => {
    const rows = await store().read.rows<{ state: string; configId: string | null }>(
      "SELECT state, config_id AS configId FROM contact_way ORDER BY id",
    );
    const found = await house.sandbox.inCorp((corp) => corp.ways());
    return rows.map(({ state, configId }) => {
      const own = found.filter((one) => one.state === state);
      return [own.length, own.some((one) => one.configId === configId)];
    });
  };
  const one = [1, true];

  test("one that is refused keeps nobody else's from being made, says why, and is made when that is mended", async () => {
    mishaps = { 3: { kind: "code", code: 41054 } };
    expect(await ways().add("618", undefined, "system")).toEqual({ made: 4, changed: 0, failed: 1 });
    expect(await lines()).toEqual(
      stores.map((code) => [code, code !== "S3", code === "S3" ? expect.stringContaining("41054") : null]),
    );
    expect(await ways().add("618", undefined, "system")).toEqual({ made: 1, changed: 0, failed: 0 });
    expect([await there(), made()]).toEqual([[one, one, one, one, one], 6]);
  });

  test("where the set-up must be mended nothing more is asked: the rest says so and is made the next night", async () => {
    mishaps = { 3: { kind: "code", code: 60020 } };
    expect(await ways().add("618", undefined, "system")).toEqual({ made: 2, changed: 0, failed: 3 });
    expect(made()).toBe(3);
    expect(await lines()).toEqual(
      stores.map((code, n) => [code, n < 2, n < 2 ? null : expect.stringContaining("60020")]),
    );
    house.world.set(at + 17 * hour);
    expect(await ways().keep()).toEqual({ made: 3, changed: 0, failed: 0 });
    expect(await there()).toEqual([one, one, one, one, one]);
  });

  test("a process that dies in between leaves rows without codes, which the next one makes, and no second of any", async () => {
    // the second call's answer is never written down: as if the process had ended there
    mishaps = { 2: { kind: "reset_after" }, 3: { kind: "code", code: 60020 } };
    await ways().add("618", undefined, "system");
    expect(await there()).toEqual([one, [1, false], [0, false], [0, false], [0, false]]);
    house.world.set(house.world.now() + hour);
    expect(await ways().keep()).toEqual({ made: 4, changed: 0, failed: 0 });
    expect(await there()).toEqual([one, one, one, one, one]);
  });

  test("a lost call is found however many nights pass before somebody can look", async () => {
    mishaps = { 1: { kind: "reset_after" } };
    expect(await ways().add("618", ["S1"], "system")).toMatchObject({ made: 0, failed: 1 });
    for (const night of [1, 2]) {
      house.world.set(at + night * 24 * hour);
      house.sandbox.faults.add({ path: "externalcontact/list_contact_way", kind: "code", code: 48002 });
      expect(await ways().keep()).toMatchObject({ made: 0, failed: 1 });
    }
    house.world.set(at + 3 * 24 * hour);
    expect(await ways().keep()).toMatchObject({ made: 1, failed: 0 });
    expect([await there(), made()]).toEqual([[one], 1]);
  });

  test("a campaign taken back while its codes are being made gets no new one", async () => {
    mishaps = { 2: { kind: "code", code: 60020 } };
    await ways().add("618", undefined, "system");
    expect(await ways().remove("618", undefined, "system")).toBe(5);
    house.world.set(at + 24 * hour);
    expect(await ways().keep()).toEqual({ made: 0, changed: 0, failed: 0 });
    expect(await house.sandbox.inCorp((corp) => corp.ways())).toEqual([]);
  });
});
