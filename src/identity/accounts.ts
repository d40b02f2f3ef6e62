// Rows of accounts: how one comes into being, what a password must be, and whose name stands for `account:3`.
import { hash } from "@node-rs/argon2";
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { Role } from "./viewer.js";

export interface NewAccount {
  /** unique, compared in lower case */
  login: string;
  name: string;
  role: Role;
  password: string;
  guideId?: number;
  storeId?: number;
  regionId?: number;
}

const MIN_PASSWORD = 8;

/** An account's row as it is stored; raises `conflict` when the login is taken. Gives its id. */
export async function putAccount(
  sql: Sql,
  account: Omit<NewAccount, "password">,
  passwordHash: string,
): Promise<number> {
  const login = account.login.trim().toLowerCase();
  const reach = [account.guideId ?? null, account.storeId ?? null, account.regionId ?? null];
  const { affected, insertedId } = await sql.run(insertAccount(sql), [
    ...[login, account.name, account.role, passwordHash],
    ...reach,
  ]);
  if (affected === 0)
    throw new Refusal("conflict", `登录名 ${login} 已经有人用了。`, [
      { where: "登录名", value: login, expected: "没有人用过的登录名" },
    ]);
  return insertedId;
}

/** The statement that puts an account in, and leaves one of this login alone. */
export function insertAccount({ dialect }: Pick<Sql, "dialect">): string {
  const columns = "login, name, role, password_hash, guide_id, store_id, region_id";
  return `${dialect.insertIgnore} INTO account (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
}

/** A password's hash. Raises `invalid` for one that is too short. */
export async function passwordHash(password: string): Promise<string> {
  if (password.length < MIN_PASSWORD)
    throw new Refusal("invalid", "密码太短。", [{ where: "密码", expected: `至少 ${MIN_PASSWORD} 个字符` }]);
  return hash(password);
}

/** The names of those who did something, by `account:3`; others (`system`) have none. */
export async function accountNames(sql: Sql, by: readonly (string | null)[]): Promise<Map<string, string>> {
  const ids = by.flatMap((one) => Number(/^account:(\d+)$/.exec(one ?? "")?.[1] ?? 0) || []);
  const rows = await selectIn<{ id: number; name: string }>(sql, "SELECT id, name FROM account WHERE id IN", [
    ...new Set(ids),
  ]);
  return new Map(rows.map(({ id, name }) => [`account:${id}`, name]));
}
