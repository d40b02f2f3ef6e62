// Saved views: a report's address under a name, one's own, and shared with a role if wished. What somebody sees through a
// shared one is still their own reach.
import { recordChange } from "../../identity/audit.js";
import { type Role, roles, type Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";

/** A view in somebody's list. */
export interface SavedView {
  id: number;
  name: string;
  /** path and query of a report page */
  address: string;
  sharedWith: Role | null;
  /** whose it is; "" for one's own */
  owner: string;
  isOwn: boolean;
}

export interface SavedViewService {
  /** One's own by name, then those shared with one's role. */
  list(viewer: Viewer): Promise<SavedView[]>;
  /** Keeps an address under a name; under a name that is there, anew. Raises `invalid`. */
  save(viewer: Viewer, view: { name: string; address: string; sharedWith?: Role | null }): Promise<number>;
  /** Forgets one of one's own. Raises `not_found`. */
  remove(viewer: Viewer, id: number): Promise<void>;
}

const LONGEST_NAME = 30;
const LONGEST_ADDRESS = 400;
const MOST = 50;

interface Row {
  id: number;
  name: string;
  address: string;
  sharedWith: Role | null;
  accountId: number;
  owner: string | null;
}

/** The service over one database. */
export function savedViewService({
  store,
  world,
}: {
  store: Store;
  world: Pick<World, "now">;
}): SavedViewService {
  return {
    list: async ({ accountId, role }) => {
      const rows = await store.read.rows<Row>(
        `SELECT v.id, v.name, v.address, v.shared_with AS sharedWith, v.account_id AS accountId, a.name AS owner
         FROM report_view v LEFT JOIN account a ON a.id = v.account_id
         WHERE v.account_id = ? OR v.shared_with = ? ORDER BY v.name, v.id`,
        [accountId, role],
      );
      const seen = rows.map(({ accountId: whose, owner, ...view }) => ({
        ...view,
        isOwn: whose === accountId,
        owner: whose === accountId ? "" : (owner ?? ""),
      }));
      return [...seen.filter(({ isOwn }) => isOwn), ...seen.filter(({ isOwn }) => !isOwn)];
    },
    save: async (viewer, view) => save(store, world.now(), viewer, view),
    remove: ({ accountId }, id) =>
      store.write(async (sql) => {
        const row = await sql.row<{ name: string; address: string; sharedWith: string | null }>(
          "SELECT name, address, shared_with AS sharedWith FROM report_view WHERE id = ? AND account_id = ?",
          [id, accountId],
        );
        if (!row) throw new Refusal("not_found", "没有找到这个视图，可能已经删除。");
        await sql.run("DELETE FROM report_view WHERE id = ?", [id]);
        const by = `account:${accountId}`;
        await recordChange(sql, {
          ...{ at: world.now(), by, action: "view.remove", subject: `view:${id}` },
          before: { ...row },
        });
      }),
  };
}

async function save(
  store: Store,
  at: number,
  { accountId, role }: Viewer,
  view: Parameters<SavedViewService["save"]>[1],
): Promise<number> {
  // a list that others find their work in is headquarters' to keep
  if (view.sharedWith && role !== "hq") throw new Refusal("forbidden", "只有总部可以把视图共享给别人。");
  const { name, address, sharedWith } = checked(view);
  return store.write(async (sql) => {
    const known = await sql.row<{ id: number; address: string; sharedWith: string | null }>(
      `SELECT id, address, shared_with AS sharedWith FROM report_view WHERE account_id = ? AND name = ?${sql.dialect.forUpdate}`,
      [accountId, name],
    );
    const count = await sql.row<{ n: number }>("SELECT COUNT(*) AS n FROM report_view WHERE account_id = ?", [
      accountId,
    ]);
    if (!known && Number(count?.n ?? 0) >= MOST)
      throw new Refusal("invalid", `最多保存 ${MOST} 个视图，请先删掉不用的。`);
    const tail = sql.dialect.onConflict(["account_id", "name"], ["address", "shared_with", "made_at"]);
    await sql.run(
      `INSERT INTO report_view (account_id, name, address, shared_with, made_at) VALUES (?, ?, ?, ?, ?)${tail}`,
      [accountId, name, address, sharedWith, at],
    );
    const made = await sql.row<{ id: number }>(
      "SELECT id FROM report_view WHERE account_id = ? AND name = ?",
      [accountId, name],
    );
    const id = Number(made?.id ?? 0);
    const before = known && { name, address: known.address, sharedWith: known.sharedWith };
    await recordChange(sql, {
      ...{ at, by: `account:${accountId}`, action: "view.save", subject: `view:${id}` },
      ...{ before, after: { name, address, sharedWith } },
    });
    return id;
  });
}

function checked(view: Parameters<SavedViewService["save"]>[1]) {
  const name = view.name.trim();
  const faults = [];
  if (name === "" || [...name].length > LONGEST_NAME)
    faults.push({ where: "名称", value: name, expected: `1 到 ${LONGEST_NAME} 个字` });
  if (!isReportAddress(view.address))
    faults.push({ where: "地址", value: view.address.slice(0, 80), expected: "报表页面的地址" });
  const sharedWith = view.sharedWith ?? null;
  if (sharedWith !== null && !roles.includes(sharedWith))
    faults.push({ where: "共享给", value: sharedWith, expected: "一个角色，或不共享" });
  if (faults.length > 0) throw new Refusal("invalid", "视图没有保存。", faults);
  return { name, address: view.address, sharedWith };
}

/** Pages of the report alone: nobody is sent anywhere else by a view that somebody shares. */
function isReportAddress(address: string): boolean {
  return address.length <= LONGEST_ADDRESS && /^\/report(\/[a-z]+)?(\?[\w=&%.:,+-]*)?$/.test(address);
}
