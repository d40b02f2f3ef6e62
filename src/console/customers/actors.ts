// Who did something, by name: accounts, guides, machines that push, and the house itself.
import { selectIn } from "../../infra/batches.js";
import type { Sql } from "../../infra/store.js";

const KINDS = { account: "account", guide: "guide", api: "api_key" } as const;

const OTHERS: Readonly<Record<string, string>> = {
  ...{ system: "系统", rule: "规则", import: "导入", cli: "命令行", archive: "会话存档" },
};

/** Names of `account:3`, `guide:12`, `api:2` and the like, as far as they are known; null has none. */
export async function actorNames(
  sql: Sql,
  actors: readonly (string | null)[],
): Promise<(actor: string | null) => string> {
  const names = new Map<string, string>();
  for (const [kind, table] of Object.entries(KINDS)) {
    const ids = actors.flatMap((actor) => {
      const [of, id] = actor?.split(":") ?? [];
      return of === kind && Number.isSafeInteger(Number(id)) ? [Number(id)] : [];
    });
    const rows = await selectIn<{ id: number; name: string }>(
      sql,
      `SELECT id, name FROM ${table} WHERE id IN`,
      [...new Set(ids)],
    );
    for (const { id, name } of rows) names.set(`${kind}:${id}`, name);
  }
  return (actor) => (actor === null ? "" : (names.get(actor) ?? OTHERS[actor] ?? actor));
}
