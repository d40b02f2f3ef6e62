// Accounts as HQ keeps them, on both databases: made, changed, shut, passwords; each written down, no password with it.
import { changesOf } from "../../src/identity/audit.js";
import { identityService } from "../../src/identity/service.js";
import type { Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase, emptied } from "../support/databases.js";

const START = Date.UTC(2026, 2, 2, 2);
const BY = "account:1";

function on(store: Store) {
  const world = movableWorld(START);
  const identity = identityService({ store, world, zone: "Asia/Shanghai", key: Buffer.alloc(32, 1) });
  const { people } = identity;
  const make = (login: string, role: "hq" | "guide" = "hq") =>
    people.create({ login, name: `名 ${login}`, role, ...(role === "guide" ? { guideId: 7 } : {}) }, BY);
  const enter = (login: string, password: string) => identity.signIn({ login, password, ip: "10.0.0.1" });
  const latest = async () => (await changesOf(store.read, { limit: 1 })).lines[0];
  return { world, identity, people, make, enter, latest };
}

describeOnEachDatabase("people", (store) => {
  beforeEach(async () => {
    await emptied(store());
    await store().write(async (sql) => {
      await sql.run("INSERT INTO region (id, parent_id, name, depth, trail) VALUES (5, 0, '华东', 0, '/5/')");
      await sql.run("INSERT INTO store (id, code, name, region_id) VALUES (6, 'S1', '徐汇店', 5)");
      await sql.run("INSERT INTO guide (id, userid, name, store_id) VALUES (7, 'lan', '兰兰', 6)");
    });
  });

  it("makes an account whose first password opens it, and writes it down without", async () => {
    const { make, enter, people, latest } = on(store());
    const { id, password } = await make("ops");
    expect((await enter("ops", password)).viewer).toMatchObject({ accountId: id, role: "hq" });
    expect(await people.show(id)).toMatchObject({
      login: "ops",
      sessions: 1,
      lastSignIn: START,
      place: null,
    });
    const line = await latest();
    expect(line).toMatchObject({ by: BY, action: "account.create", subject: `account:${id}` });
    expect(JSON.stringify(line)).not.toContain(password);
  });

  it("gives each role its place, and refuses one without", async () => {
    const { people } = on(store());
    const places = [
      [
        { role: "manager", regionId: 5 },
        { kind: "region", name: "华东" },
      ],
      [
        { role: "store_manager", storeId: 6 },
        { kind: "store", code: "S1" },
      ],
      [
        { role: "guide", guideId: 7 },
        { kind: "guide", code: "lan" },
      ],
    ] as const;
    for (const [person, place] of places) {
      const { id } = await people.create({ login: `x-${person.role}`, name: "x", ...person }, BY);
      expect((await people.show(id)).place).toMatchObject(place);
    }
    const without = people.create({ login: "y", name: "y", role: "manager", storeId: 6 }, BY);
    await expect(without).rejects.toMatchObject({ kind: "invalid", faults: [{ where: "范围" }] });
  });

  it("a login is taken once, in any case", async () => {
    const { make } = on(store());
    await make("ops");
    await expect(make("OPS")).rejects.toMatchObject({ kind: "conflict" });
  });

  it("a changed role has its own reach at once, and ends what was open", async () => {
    const { make, enter, people, identity, latest } = on(store());
    await make("first");
    const { id, password } = await make("ops");
    const { token } = await enter("ops", password);
    await people.change(id, { name: "新名", role: "manager", regionId: 5 }, BY);
    expect(await identity.sessionOf(token)).toBeUndefined();
    expect((await enter("ops", password)).viewer).toMatchObject({
      role: "manager",
      regionId: 5,
      name: "新名",
    });
    expect(await latest()).toMatchObject({
      ...{ action: "account.change", before: { role: "hq" } },
      after: { role: "manager", place: "华东" },
    });
  });

  it("shuts an account out at once and lets it in again", async () => {
    const { make, enter, people, identity } = on(store());
    await make("first");
    const { id, password } = await make("ops");
    const { token } = await enter("ops", password);
    await people.setDisabled(id, true, BY);
    expect(await identity.sessionOf(token)).toBeUndefined();
    await expect(enter("ops", password)).rejects.toMatchObject({ kind: "not_signed_in" });
    await people.setDisabled(id, false, BY);
    expect(await enter("ops", password)).toBeDefined();
  });

  it("the last of HQ is neither shut out nor made something else", async () => {
    const { make, people } = on(store());
    const [{ id: first }, { id: second }] = [await make("first"), await make("second")];
    await people.setDisabled(first, true, BY);
    await expect(people.setDisabled(second, true, BY)).rejects.toMatchObject({ kind: "conflict" });
    const other = people.change(second, { name: "x", role: "guide", guideId: 7 }, BY);
    await expect(other).rejects.toMatchObject({ kind: "conflict" });
    await people.setDisabled(first, false, BY);
    await people.setDisabled(second, true, BY);
  });

  it("two who shut each other out at once leave one", async () => {
    const { make, people } = on(store());
    const [{ id: first }, { id: second }] = [await make("first"), await make("second")];
    const done = await Promise.allSettled([first, second].map((id) => people.setDisabled(id, true, BY)));
    expect(done.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect((await people.counts()).get("hq")).toBe(1);
  });

  it("a new password ends every session and the old one", async () => {
    const { make, enter, people, identity } = on(store());
    const { id, password } = await make("ops");
    const { token } = await enter("ops", password);
    const next = await people.resetPassword(id, BY);
    expect(next).not.toBe(password);
    expect(await identity.sessionOf(token)).toBeUndefined();
    await expect(enter("ops", password)).rejects.toMatchObject({ kind: "not_signed_in" });
    await enter("ops", next);
    await enter("ops", next);
    expect(await people.endSessions(id, BY)).toBe(2);
  });

  it("one's own password: the page stays, the other devices go, and the record says so", async () => {
    const { make, enter, people, identity, latest } = on(store());
    const { id, password } = await make("ops");
    const [here, there] = [await enter("ops", password), await enter("ops", password)];
    await people.changeOwnPassword(id, { current: password, next: "a better one", token: here.token });
    expect(await identity.sessionOf(here.token)).toBeDefined();
    expect(await identity.sessionOf(there.token)).toBeUndefined();
    expect(await enter("ops", "a better one")).toBeDefined();
    expect(await latest()).toMatchObject({ by: `account:${id}`, action: "account.password" });
  });

  it.each([
    ["a wrong present one", "wrong", "a better one", "现在的密码"],
    ["one too short", "", "short", "密码"],
    ["the same again", "", "", "新密码"],
    ["the login", "", "somebody", "新密码"],
  ])("refuses %s", async (_what, current, next, where) => {
    const { make, people } = on(store());
    const { id, password } = await make("somebody");
    const asked = { current: current || password, next: next || password, token: "" };
    await expect(people.changeOwnPassword(id, asked)).rejects.toMatchObject({
      kind: "invalid",
      faults: [{ where }],
    });
  });

  it("nobody guesses on for long", async () => {
    const { make, people, world } = on(store());
    const { id, password } = await make("ops");
    const guess = () => people.changeOwnPassword(id, { current: "guess", next: "a better one", token: "" });
    for (let n = 0; n < 10; n++) await expect(guess()).rejects.toMatchObject({ kind: "invalid" });
    const right = { current: password, next: "a better one", token: "" };
    await expect(people.changeOwnPassword(id, right)).rejects.toMatchObject({ kind: "too_many" });
    world.set(START + 900_000);
    await people.changeOwnPassword(id, right);
  });

  it.each([
    ["all in their order", {}, ["a-ops", "b-guide", "c_ops"]],
    ["by login", { search: "OPS" }, ["a-ops", "c_ops"]],
    ["by name", { search: "名 b" }, ["b-guide"]],
    ["by WeCom account", { search: "lan" }, ["b-guide"]],
    ["a sign that means anything elsewhere", { search: "_" }, ["c_ops"]],
    ["by role", { role: "guide" }, ["b-guide"]],
    ["shut ones", { disabled: true }, ["c_ops"]],
    ["open ones", { disabled: false, search: "ops" }, ["a-ops"]],
  ] as const)("finds %s", async (_how, query, logins) => {
    const { make, people } = on(store());
    await make("a-ops");
    await make("b-guide", "guide");
    const { id } = await make("c_ops");
    await people.setDisabled(id, true, BY);
    expect((await people.list({ ...query, limit: 10 })).map(({ login }) => login)).toEqual(logins);
  });

  it("says who of the guides has left, and pages on", async () => {
    const { make, people, world } = on(store());
    const { id } = await make("b-guide", "guide");
    await make("other");
    await store().write((sql) => sql.run("UPDATE guide SET left_on = '2026-03-03' WHERE id = 7"));
    expect((await people.show(id)).isGone).toBe(false);
    world.set(START + 24 * 3_600_000);
    expect((await people.show(id)).isGone).toBe(true);
    expect((await people.list({ after: id, limit: 10 })).map(({ login }) => login)).toEqual(["other"]);
    await expect(people.show(99)).rejects.toMatchObject({ kind: "not_found" });
  });
});
