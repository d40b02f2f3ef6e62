// Who changed what, from what, to what: written with the change itself, read newest first.
import type { Param, Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";

/** Who does something, and when. */
export interface Doer {
  /** epoch ms */
  at: number;
  /** account:12, or who worked at a terminal */
  by: string;
}

/** One write of a person. `before` and `after` are plain values without secrets of customers; left out for none. */
export interface Change extends Doer {
  /** AREA.WHAT, such as journey.publish */
  action: string;
  /** KIND:KEY, such as journey:care */
  subject: string;
  before?: object | undefined;
  after?: object | undefined;
}

/** A change as it is kept. */
export interface AuditLine extends Doer {
  id: number;
  action: string;
  subject: string;
  before: object | undefined;
  after: object | undefined;
}

/** Which changes are asked for. */
export interface AuditQuery {
  by?: string | undefined;
  /** journey.publish, or all of an area: journey */
  action?: string | undefined;
  subject?: string | undefined;
  /** epoch ms, included */
  from?: number | undefined;
  /** epoch ms, not included */
  to?: number | undefined;
  /** goes on after the page that gave this as `next` */
  after?: string | undefined;
  limit: number;
}

/** Some changes, newest first; `next` asks for those before them, undefined at the end. */
export interface AuditPage {
  lines: AuditLine[];
  next: string | undefined;
}

/** Writes a change down, in the transaction that makes it. */
export async function recordChange(sql: Sql, change: Change): Promise<void> {
  await sql.run(
    `INSERT INTO audit_entry (done_at, done_by, action, subject, before_json, after_json)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [
      ...[change.at, change.by.slice(0, 64), change.action, change.subject.slice(0, 191)],
      ...[jsonOf(change.before), jsonOf(change.after)],
    ],
  );
}

/** Takes what stood there and what came off all that was done to some subjects, part of a transaction: somebody wants to
 *  be forgotten. That something was done, when and by whom, stays. */
export async function forgetDetails(sql: Sql, subjects: readonly string[]): Promise<void> {
  for (const subject of subjects)
    await sql.run("UPDATE audit_entry SET before_json = NULL, after_json = NULL WHERE subject = ?", [
      subject,
    ]);
}

/** Takes off what came of one kind of change where it was exactly this, part of a transaction: subjects of before that
 *  did not say whom it was about. */
export async function forgetAfter(sql: Sql, action: string, after: object): Promise<void> {
  await sql.run("UPDATE audit_entry SET after_json = NULL WHERE action = ? AND after_json = ?", [
    ...[action, jsonOf(after)],
  ]);
}

interface Row {
  id: number;
  done_at: number;
  done_by: string;
  action: string;
  subject: string;
  before_json: string | null;
  after_json: string | null;
}

/** Changes that fit, newest first. Raises `invalid` for an `after` that no page gave. */
export async function changesOf(sql: Sql, query: AuditQuery): Promise<AuditPage> {
  const { where, params } = conditionsOf(query);
  const rows = await sql.rows<Row>(
    `SELECT id, done_at, done_by, action, subject, before_json, after_json FROM audit_entry
     WHERE ${where} ORDER BY done_at DESC, id DESC LIMIT ?`,
    [...params, query.limit + 1],
  );
  const lines = rows.slice(0, query.limit).map(lineOf);
  const last = lines.at(-1);
  return { lines, next: last && rows.length > query.limit ? `${last.at}-${last.id}` : undefined };
}

/** What has been done so far, by name: what one can ask for. */
export async function recordedActions(sql: Sql): Promise<string[]> {
  // from one to the next in the index: there are few, and millions of lines of each
  const next = "SELECT action FROM audit_entry WHERE action > ? ORDER BY action LIMIT 1";
  const actions: string[] = [];
  for (;;) {
    const row = await sql.row<{ action: string }>(next, [actions.at(-1) ?? ""]);
    if (!row) return actions;
    actions.push(row.action);
  }
}

function conditionsOf(query: AuditQuery): { where: string; params: Param[] } {
  const parts: [condition: string, ...params: Param[]][] = [["1 = 1"]];
  if (query.by) parts.push(["done_by = ?", query.by]);
  // an area is a range of its index: "journey." up to "journey/"
  if (query.action?.includes(".")) parts.push(["action = ?", query.action]);
  else if (query.action) parts.push(["action >= ? AND action < ?", `${query.action}.`, `${query.action}/`]);
  if (query.subject) parts.push(["subject = ?", query.subject]);
  if (query.from !== undefined) parts.push(["done_at >= ?", query.from]);
  if (query.to !== undefined) parts.push(["done_at < ?", query.to]);
  if (query.after !== undefined) {
    const [at, id] = placeOf(query.after);
    parts.push(["(done_at < ? OR (done_at = ? AND id < ?))", at, at, id]);
  }
  return {
    where: parts.map(([condition]) => condition).join(" AND "),
    params: parts.flatMap(([, ...params]) => params),
  };
}

function placeOf(after: string): [at: number, id: number] {
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? [];
  if (at === undefined || id === undefined) throw new Refusal("invalid", "这一页的链接不完整，请从头翻起。");
  return [Number(at), Number(id)];
}

function lineOf(row: Row): AuditLine {
  return {
    ...{ id: Number(row.id), at: Number(row.done_at), by: row.done_by, action: row.action },
    ...{ subject: row.subject, before: parsed(row.before_json), after: parsed(row.after_json) },
  };
}

function parsed(json: string | null): object | undefined {
  return json === null ? undefined : (JSON.parse(json) as object);
}

/** Never to be kept twice, whoever passes them along by mistake. */
const SECRET = /password|phone|mobile|secret|token|csrf/i;
const MASK = "•••";

function jsonOf(value: object | undefined): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (key, inner: unknown) =>
    SECRET.test(key.split(".").at(-1) ?? "") && ["string", "number"].includes(typeof inner) ? MASK : inner,
  );
}
