// Who drafted and published what, by name.
import type { Store } from "../../infra/store.js";

/** The names of HQ's accounts by their ids. */
export async function namesOfHq(store: Store): Promise<Map<number, string>> {
  const accounts = await store.read.rows<{ id: number; name: string }>(
    "SELECT id, name FROM account WHERE role = 'hq'",
  );
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

/** `account:3` by name. */
export function personOf(by: string | null, names: ReadonlyMap<number, string>): string {
  const account = /^account:(\d+)$/.exec(by ?? "")?.[1];
  return account ? (names.get(Number(account)) ?? `账号 ${account}`) : "系统";
}
