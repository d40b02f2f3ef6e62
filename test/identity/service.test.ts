// Accounts, sessions, links and keys on both databases.
import type { NewAccount } from "../../src/identity/accounts.js";
import { identityService } from "../../src/identity/service.js";
import type { Store } from "../../src/infra/store.js";
import { movableWorld } from "../../src/kernel/world.js";
import { describeOnEachDatabase, runsCounted } from "../support/databases.js";

const START = Date.UTC(2026, 2, 2, 2);
const HOUR = 3_600_000;

function serviceOn(store: Store) {
  const world = movableWorld(START);
  const identity = identityService({ store, world, zone: "Asia/Shanghai", key: Buffer.alloc(32, 1) });
  const account = (login: string, more: Partial<NewAccount> = {}) =>
    identity.createAccount({ login, name: "王敏", role: "hq", password: "correct horse", ...more });
  const enter = (login: string, password = "correct horse", ip = "10.0.0.1") =>
    identity.signIn({ login, password, ip });
  return { world, identity, account, enter };
}

async function addGuide(store: Store, userid: string, storeId: number, leftOn: string | null = null) {
  const insert = "INSERT INTO guide (userid, name, store_id, left_on) VALUES (?, ?, ?, ?)";
  return (await store.write((sql) => sql.run(insert, [userid, "李娟", storeId, leftOn]))).insertedId;
}

describeOnEachDatabase("signing in", (store) => {
  it("opens a session that says who it is, until it ends", async () => {
    const { world, identity, account, enter } = serviceOn(store());
    const accountId = await account("Ops", { regionId: 4, role: "manager" });
    const opened = await enter(" ops ");
    const viewer = { accountId, role: "manager", name: "王敏", guideId: null, storeId: null, regionId: 4 };
    expect(opened.viewer).toEqual(viewer);
    expect(await identity.sessionOf(opened.token)).toEqual({ viewer, csrf: opened.csrf });
    world.set(opened.expiresAt - 1);
    expect(await identity.sessionOf(opened.token)).toBeDefined();
    world.set(opened.expiresAt);
    expect(await identity.sessionOf(opened.token)).toBeUndefined();
  });

  it("stores neither token nor password", async () => {
    const { account, enter } = serviceOn(store());
    await account("stored");
    const { token } = await enter("stored");
    const rows = await store().read.rows("SELECT * FROM session");
    const [row] = await store().read.rows<{ password_hash: string }>(
      "SELECT * FROM account WHERE login = 'stored'",
    );
    expect(JSON.stringify(rows)).not.toContain(token);
    expect(row?.password_hash).toMatch(/^\$argon2id\$/);
  });

  it.each([
    ["wrong", "a wrong password"],
    ["nobody", "correct horse"],
    ["guide:1", ""],
  ])("says the same to a wrong login and a wrong password (%s)", async (login, password) => {
    const { account, enter } = serviceOn(store());
    await account("wrong").catch(() => undefined);
    await expect(enter(login, password)).rejects.toMatchObject({
      kind: "not_signed_in",
      message: "账号或密码不正确。",
    });
  });

  it("stops guessing at one login, and lets its owner in a quarter hour later", async () => {
    const { world, account, enter } = serviceOn(store());
    await account("guessed");
    const tries = Array.from({ length: 12 }, (_, n) => enter("guessed", `guess ${n}`, `10.1.0.${n}`));
    const kinds = await Promise.all(tries.map((one) => one.catch((error) => error.kind)));
    expect(kinds.filter((kind) => kind === "too_many")).toHaveLength(2);
    await expect(enter("guessed")).rejects.toMatchObject({ kind: "too_many" });
    world.set(START + 900_000);
    expect(await enter("guessed")).toBeDefined();
  });

  it("stops one address that tries many logins, but not its right ones", async () => {
    const { account, enter } = serviceOn(store());
    await account("right");
    for (let n = 0; n < 60; n++) await enter("right");
    const tries = Array.from({ length: 51 }, (_, n) => enter(`none-${n}`, "x"));
    const kinds = await Promise.all(tries.map((one) => one.catch((error) => error.kind)));
    expect(kinds.filter((kind) => kind === "too_many")).toHaveLength(1);
  });

  it("ends sessions: signed out, password changed, disabled", async () => {
    const { identity, account, enter } = serviceOn(store());
    const id = await account("ending");
    const first = await enter("ending");
    await identity.signOut(first.token);
    expect(await identity.sessionOf(first.token)).toBeUndefined();
    const second = await enter("ending");
    await identity.setPassword(id, "another horse");
    expect(await identity.sessionOf(second.token)).toBeUndefined();
    const third = await enter("ending", "another horse");
    await identity.disable(id);
    expect(await identity.sessionOf(third.token)).toBeUndefined();
    await expect(enter("ending", "another horse")).rejects.toMatchObject({ kind: "not_signed_in" });
  });

  it("refuses a login that is taken, a short password, and unknown accounts", async () => {
    const { identity, account } = serviceOn(store());
    await account("taken");
    await expect(account("TAKEN")).rejects.toMatchObject({ kind: "conflict" });
    await expect(account("short", { password: "1234567" })).rejects.toMatchObject({ kind: "invalid" });
    await expect(identity.disable(999_999)).rejects.toMatchObject({ kind: "not_found" });
  });
});

describeOnEachDatabase("guides", (store) => {
  it("see as of where they work now; who left sees nothing", async () => {
    const { identity, account, enter } = serviceOn(store());
    const guideId = await addGuide(store(), "moving", 7);
    await account("moving", { role: "guide", guideId, storeId: 1 });
    const { token } = await enter("moving");
    expect((await identity.sessionOf(token))?.viewer).toMatchObject({ guideId, storeId: 7 });
    await store().write((sql) => sql.run("UPDATE guide SET left_on = '2026-03-02' WHERE id = ?", [guideId]));
    expect(await identity.sessionOf(token)).toBeUndefined();
  });

  it("come in by a link, five times, with an account made on the way", async () => {
    const { world, identity } = serviceOn(store());
    const guideId = await addGuide(store(), "linked", 3);
    const link = identity.linkFor(guideId, START + HOUR);
    expect(identity.guideOfLink(link)).toBe(guideId);
    const opened = await identity.openLink(link);
    expect(opened.viewer).toMatchObject({ role: "guide", guideId, storeId: 3, name: "李娟" });
    for (let n = 2; n <= 5; n++)
      expect((await identity.openLink(link)).viewer.accountId).toBe(opened.viewer.accountId);
    await expect(identity.openLink(link)).rejects.toMatchObject({ kind: "not_signed_in" });
    expect(await identity.openLink(identity.linkFor(guideId, START + 2 * HOUR))).toBeDefined();
    world.set(START + HOUR);
    expect(identity.guideOfLink(link)).toBeUndefined();
  });

  it("of eight openings of one link at once, five succeed", async () => {
    const { identity } = serviceOn(store());
    const link = identity.linkFor(await addGuide(store(), "raced", 3), START + HOUR);
    const opened = await Promise.allSettled(Array.from({ length: 8 }, () => identity.openLink(link)));
    expect(opened.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
  });

  it("many who open a known link at once do not wait for each other's locks", async () => {
    const counted = runsCounted(store());
    const { identity } = serviceOn(counted.store);
    const guideId = await addGuide(store(), "crowded", 3);
    for (let round = 1; round <= 10; round++) {
      const link = identity.linkFor(guideId, START + round * 60_000);
      await identity.openLink(link);
      const before = counted.runs();
      const all = Array.from({ length: 4 }, () => identity.openLink(link));
      expect(await Promise.all(all)).toHaveLength(4);
      // each spends the link and opens a session
      expect(counted.runs() - before).toBe(8);
    }
  });

  it.each([
    ["past", START, null],
    ["of a guide who left", START + HOUR, "2026-01-31"],
  ])("do not come in by a link that is %s", async (name, until, leftOn) => {
    const { identity } = serviceOn(store());
    const link = identity.linkFor(await addGuide(store(), name, 3, leftOn), until);
    await expect(identity.openLink(link)).rejects.toMatchObject({ kind: "not_signed_in" });
  });

  it("unknown do not come in either", async () => {
    const { identity } = serviceOn(store());
    await expect(identity.openLink(identity.linkFor(999_999, START + HOUR))).rejects.toMatchObject({
      kind: "not_signed_in",
    });
  });
});

describeOnEachDatabase("keys of machines", (store) => {
  it("are known until revoked, and never stored", async () => {
    const { identity } = serviceOn(store());
    const { id, key } = await identity.keys.create("CRM", START);
    expect(await identity.keys.find(key)).toEqual({ id, name: "CRM" });
    expect(await identity.keys.find(`${key}x`)).toBeUndefined();
    expect(await identity.keys.find("")).toBeUndefined();
    expect(JSON.stringify(await store().read.rows("SELECT * FROM api_key"))).not.toContain(key);
    await identity.keys.revoke(id, START + 1);
    expect(await identity.keys.find(key)).toBeUndefined();
    await expect(identity.keys.revoke(id, START + 2)).rejects.toMatchObject({ kind: "not_found" });
    expect(await identity.keys.list()).toEqual([{ id, name: "CRM", createdAt: START, revokedAt: START + 1 }]);
  });
});

describeOnEachDatabase("pruning", (store) => {
  it("drops what has expired and nothing else", async () => {
    const { world, identity, account, enter } = serviceOn(store());
    await account("old");
    await account("new", { role: "manager" });
    await enter("old");
    const { token } = await enter("new");
    world.set(START + 13 * HOUR);
    await identity.prune();
    expect(await store().read.rows("SELECT token_hash FROM session")).toHaveLength(1);
    expect(await identity.sessionOf(token)).toBeDefined();
  });
});
