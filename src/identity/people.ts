// Accounts as HQ keeps them: made, changed, shut and opened again, passwords given anew; and everybody's own password.
import { verify } from "@node-rs/argon2";
import type { Sql, Store } from "../infra/store.js";
import { shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { passwordHash, putAccount } from "./accounts.js";
import { attemptLimit } from "./attempts.js";
import { type Doer, recordChange } from "./audit.js";
import { type PeopleQuery, type Person, peopleByRole, peopleOf, personById } from "./people-rows.js";
import { digestOf, freshPassword } from "./secrets.js";
import type { Role } from "./viewer.js";

/** What HQ says of an account; the one id a role needs, and none else. */
export interface PersonForm {
  name: string;
  role: Role;
  regionId?: number | undefined;
  storeId?: number | undefined;
  guideId?: number | undefined;
}

export interface PeopleService {
  list(query: PeopleQuery): Promise<Person[]>;
  /** How many accounts of each role may come in. */
  counts(): Promise<Map<Role, number>>;
  /** Raises `not_found`. */
  show(id: number): Promise<Person>;
  /** A new account; its first password is told this once. Raises `invalid`, `conflict`. */
  create(person: PersonForm & { login: string }, by: string): Promise<{ id: number; password: string }>;
  /** Raises `not_found`, `invalid`, and `conflict` for the last of HQ. A role that changes ends the sessions. */
  change(id: number, person: PersonForm, by: string): Promise<void>;
  /** Shuts an account out at once, or lets it in again. Raises `not_found`, `conflict` for the last of HQ. */
  setDisabled(id: number, disabled: boolean, by: string): Promise<void>;
  /** A new password, told this once; sessions end. Raises `not_found`. */
  resetPassword(id: number, by: string): Promise<string>;
  /** Ends every session of an account; gives how many there were. Raises `not_found`. */
  endSessions(id: number, by: string): Promise<number>;
  /** Changes one's own password; the other sessions end, that of `token` stays. Raises `invalid`, `too_many`. */
  changeOwnPassword(id: number, asked: { current: string; next: string; token: string }): Promise<void>;
}

interface PeopleParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
}

const QUARTER_HOUR = 900_000;

/** The service over one database. Its callers have asked who may. */
export function peopleService(parts: PeopleParts): PeopleService {
  const { store, world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  return {
    list: (query) => peopleOf(store.read, query, world.now(), today()),
    counts: () => peopleByRole(store.read),
    show: (id) => mustBe(parts, store.read, id),
    create: (person, by) => create(parts, person, by),
    change: (id, person, by) => change(parts, id, person, by),
    setDisabled: (id, disabled, by) => setDisabled(parts, { id, disabled }, by),
    resetPassword: async (id, by) => {
      const password = freshPassword();
      const hashed = await passwordHash(password);
      await withSessionsEnded(parts, { id, by, action: "account.password-reset" }, (sql) =>
        sql.run("UPDATE account SET password_hash = ? WHERE id = ?", [hashed, id]),
      );
      return password;
    },
    endSessions: (id, by) => withSessionsEnded(parts, { id, by, action: "account.end-sessions" }),
    changeOwnPassword: ownPassword(parts),
  };
}

/** An account as its change is written down. */
function written({ login, name, role, disabled, place }: Person): object {
  return {
    login,
    name,
    role,
    disabled,
    place: place ? (place.kind === "region" ? place.name : `${place.code} ${place.name}`) : undefined,
  };
}

async function mustBe({ world, zone }: PeopleParts, sql: Sql, id: number): Promise<Person> {
  const now = world.now();
  const person = await personById(sql, id, now, shopDayOf(now, zone));
  if (!person) throw new Refusal("not_found", "没有这个账号。");
  return person;
}

async function create(parts: PeopleParts, person: PersonForm & { login: string }, by: string) {
  const reach = reachOf(person);
  const password = freshPassword();
  const hashed = await passwordHash(password);
  const id = await parts.store.write(async (sql) => {
    const { login, name, role } = person;
    const made = await putAccount(sql, { login, name, role, ...reach }, hashed);
    const after = written(await mustBe(parts, sql, made));
    await record(sql, { at: parts.world.now(), by }, made, { action: "account.create", after });
    return made;
  });
  return { id, password };
}

async function change(parts: PeopleParts, id: number, person: PersonForm, by: string): Promise<void> {
  const { regionId = null, storeId = null, guideId = null } = reachOf(person);
  await parts.store.write(async (sql) => {
    const before = await mustBe(parts, sql, id);
    if (before.role === "hq" && person.role !== "hq") await keepOneOfHq(sql, id);
    await sql.run(
      "UPDATE account SET name = ?, role = ?, region_id = ?, store_id = ?, guide_id = ? WHERE id = ?",
      [person.name, person.role, regionId, storeId, guideId, id],
    );
    const after = await mustBe(parts, sql, id);
    // what they may see is read anew with each request, but a session's length is its role's
    if (after.role !== before.role) await sql.run("DELETE FROM session WHERE account_id = ?", [id]);
    const sides = { before: written(before), after: written(after) };
    await record(sql, { at: parts.world.now(), by }, id, { action: "account.change", ...sides });
  });
}

async function setDisabled(
  parts: PeopleParts,
  { id, disabled }: { id: number; disabled: boolean },
  by: string,
): Promise<void> {
  await parts.store.write(async (sql) => {
    const before = await mustBe(parts, sql, id);
    if (disabled && before.role === "hq") await keepOneOfHq(sql, id);
    await sql.run("UPDATE account SET disabled = ? WHERE id = ?", [disabled ? 1 : 0, id]);
    if (disabled) await sql.run("DELETE FROM session WHERE account_id = ?", [id]);
    const sides = { before: written(before), after: written({ ...before, disabled }) };
    const action = disabled ? "account.disable" : "account.enable";
    await record(sql, { at: parts.world.now(), by }, id, { action, ...sides });
  });
}

/** Somebody must be left who can let others in. */
async function keepOneOfHq(sql: Sql, id: number): Promise<void> {
  const others = await sql.rows(
    `SELECT id FROM account WHERE role = 'hq' AND disabled = 0 AND id <> ?${sql.dialect.forUpdate}`,
    [id],
  );
  if (others.length === 0)
    throw new Refusal("conflict", "这是最后一个能用的总部账号。请先建立或启用另一个总部账号。");
}

async function withSessionsEnded(
  parts: PeopleParts,
  { id, by, action }: { id: number; by: string; action: string },
  more: (sql: Sql) => Promise<unknown> = async () => undefined,
): Promise<number> {
  return parts.store.write(async (sql) => {
    const { login } = await mustBe(parts, sql, id);
    await more(sql);
    const { affected } = await sql.run("DELETE FROM session WHERE account_id = ?", [id]);
    await record(sql, { at: parts.world.now(), by }, id, {
      action,
      after: { login, sessionsEnded: affected },
    });
    return affected;
  });
}

function record(
  sql: Sql,
  doer: Doer,
  id: number,
  what: { action: string; before?: object; after?: object },
): Promise<void> {
  return recordChange(sql, { ...doer, ...what, subject: `account:${id}` });
}

/** Ten wrong tries in a quarter hour: who holds another's open page must not guess on. */
function ownPassword(parts: PeopleParts): PeopleService["changeOwnPassword"] {
  const tries = attemptLimit(10, QUARTER_HOUR);
  const { store, world } = parts;
  return async (id, { current, next, token }) => {
    const at = world.now();
    if (!tries.take(String(id), at)) throw new Refusal("too_many", "尝试次数过多，请 15 分钟后再试。");
    const select = "SELECT login, password_hash AS hashed FROM account WHERE id = ?";
    const account = await store.read.row<{ login: string; hashed: string }>(select, [id]);
    if (!account?.hashed || !(await verify(account.hashed, current)))
      throw wrong("现在的密码", "你现在登录用的密码");
    if (next === current || next.toLowerCase() === account.login)
      throw wrong("新密码", "与现在的密码、登录名都不同");
    const hashed = await passwordHash(next);
    await store.write(async (sql) => {
      await sql.run("UPDATE account SET password_hash = ? WHERE id = ?", [hashed, id]);
      const others = "DELETE FROM session WHERE account_id = ? AND token_hash <> ?";
      const { affected } = await sql.run(others, [id, digestOf(token)]);
      const after = { login: account.login, sessionsEnded: affected };
      await record(sql, { at, by: `account:${id}` }, id, { action: "account.password", after });
    });
    tries.clear(String(id));
  };
}

function wrong(where: string, expected: string): Refusal {
  return new Refusal("invalid", "密码没有修改。", [{ where, expected }]);
}

const NEEDS: Readonly<Record<Role, "regionId" | "storeId" | "guideId" | undefined>> = {
  ...{ hq: undefined, manager: "regionId", store_manager: "storeId", guide: "guideId" },
};

/** The one id the role needs. Raises `invalid` when it is not there. */
function reachOf(person: PersonForm): Pick<PersonForm, "regionId" | "storeId" | "guideId"> & object {
  const needed = NEEDS[person.role];
  if (!needed) return {};
  const id = person[needed];
  if (id === undefined)
    throw new Refusal("invalid", "账号没有保存。", [
      { where: "范围", expected: "区域经理要选区域，店长要选门店，导购要选导购" },
    ]);
  return { [needed]: id };
}
