// The place of an account as HQ types it: a region's path, a store's code or name, a guide's account or name.
import type { PersonForm } from "../../identity/people.js";
import type { Person } from "../../identity/people-rows.js";
import type { Role } from "../../identity/viewer.js";
import type { Sql } from "../../infra/store.js";
import { Refusal } from "../../kernel/refusals.js";
import { loadTree } from "../../org/queries.js";
import { readPlace } from "../../reports/within.js";

/** One place to choose: what is written into the field, and what else is known of it. */
export interface PlaceChoice {
  value: string;
  label: string;
}

const KINDS = {
  hq: undefined,
  manager: { kind: "region", where: "区域", example: "区域的名称，如 华东 或 华东/上海市" },
  store_manager: { kind: "store", where: "门店", example: "门店的编码或名称" },
  guide: { kind: "guide", where: "导购", example: "导购的企业微信账号" },
} as const;

const MOST = 20;

/** The id that a role needs, of the place somebody typed. Raises `invalid` when it is none, or of another kind. */
export async function placeIds(sql: Sql, role: Role, typed: string): Promise<Partial<PersonForm>> {
  const needs = KINDS[role];
  if (!needs) return {};
  const fault = { where: needs.where, value: typed, expected: needs.example };
  const place = typed === "" ? undefined : await found(sql, typed);
  if (place?.kind !== needs.kind) throw new Refusal("invalid", "账号没有保存。", [fault]);
  return { [`${place.kind}Id`]: place.id };
}

/** A place as it stands in the field: what `placeIds` reads back. */
export async function placeText(sql: Sql, place: Person["place"]): Promise<string> {
  if (place?.kind !== "region") return place?.code ?? "";
  return (await loadTree(sql)).pathName(place.id);
}

async function found(sql: Sql, typed: string) {
  try {
    return await readPlace(sql, await loadTree(sql), typed);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

/** Places of a role's kind whose name or code begins with, or holds, what was typed so far. */
export async function placesLike(sql: Sql, role: Role, typed: string): Promise<PlaceChoice[]> {
  const kind = KINDS[role]?.kind;
  if (kind === undefined) return [];
  if (kind === "region") return regionsLike(sql, typed);
  const like = `%${typed.replace(/[!%_]/g, "!$&")}%`;
  const select =
    kind === "store"
      ? "SELECT code AS value, name AS label FROM store WHERE code LIKE ? ESCAPE '!' OR name LIKE ? ESCAPE '!'"
      : `SELECT g.userid AS value, g.name AS name, s.name AS store FROM guide g JOIN store s ON s.id = g.store_id
         WHERE g.left_on IS NULL AND (g.userid LIKE ? ESCAPE '!' OR g.name LIKE ? ESCAPE '!')`;
  const rows = await sql.rows<{ value: string; label?: string; name?: string; store?: string }>(
    `${select} ORDER BY 1 LIMIT ${MOST}`,
    [like, like],
  );
  return rows.map(({ value, label, name, store }) => ({ value, label: label ?? `${name} · ${store}` }));
}

async function regionsLike(sql: Sql, typed: string): Promise<PlaceChoice[]> {
  const tree = await loadTree(sql);
  const paths = tree.nodes.map(({ id, depth }) => ({
    value: tree.pathName(id),
    label: tree.levels[depth] ?? "",
  }));
  return paths.filter(({ value }) => value.includes(typed)).slice(0, MOST);
}
