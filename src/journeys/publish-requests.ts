// Requests to publish a draft, as they are kept: who asked for what content, and what somebody else said to it.
import { recordChange } from "../identity/audit.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import type { DraftService } from "./drafts.js";
import { digestOf } from "./spec.js";

/** `void`: the draft says something else now, or another request took its place. */
export type RequestState = "asked" | "returned" | "withdrawn" | "published" | "void";

/** A request to publish. */
export interface PublishAsk {
  id: number;
  journeyKey: string;
  /** of the content that is asked for */
  digest: string;
  insideGrace: boolean;
  note: string;
  state: RequestState;
  /** `account:3` */
  askedBy: string;
  /** epoch ms */
  askedAt: number;
  decidedBy: string | null;
  decidedAt: number | null;
  /** what was said when it was returned */
  answer: string | null;
  /** the number of the version it became */
  version: number | null;
}

const COLUMNS = `id, journey_key AS journeyKey, digest, inside_grace AS insideGrace, note, state, asked_by AS askedBy,
  asked_at AS askedAt, decided_by AS decidedBy, decided_at AS decidedAt, answer, version`;

/** The latest requests of a journey, newest first. */
export async function requestsOf(sql: Sql, journeyKey: string, most = 20): Promise<PublishAsk[]> {
  const rows = await sql.rows<Stored>(
    `SELECT ${COLUMNS} FROM publish_request WHERE journey_key = ? ORDER BY id DESC LIMIT ${most}`,
    [journeyKey],
  );
  return rows.map(read);
}

/** Requests that wait for somebody's answer, oldest first: one whose draft is gone, or says something else, does not. */
export async function waitingRequests(sql: Sql, drafts: Pick<DraftService, "read">): Promise<PublishAsk[]> {
  const rows = await sql.rows<Stored>(
    `SELECT ${COLUMNS} FROM publish_request WHERE state = 'asked' ORDER BY id`,
  );
  const waiting: PublishAsk[] = [];
  for (const row of rows) if (await saysStill(drafts, row)) waiting.push(read(row));
  return waiting;
}

async function saysStill(
  drafts: Pick<DraftService, "read">,
  { journeyKey, digest }: Pick<PublishAsk, "journeyKey" | "digest">,
): Promise<boolean> {
  try {
    return digestOf((await drafts.read(journeyKey)).spec) === digest;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}

/** By the numbers of a journey's versions: the requests they came from. */
export async function requestsByVersion(sql: Sql, journeyKey: string): Promise<Map<number, PublishAsk>> {
  const rows = await sql.rows<Stored>(
    `SELECT ${COLUMNS} FROM publish_request WHERE journey_key = ? AND state = 'published'`,
    [journeyKey],
  );
  return new Map(
    rows.map(read).flatMap((row) => (row.version === null ? [] : [[row.version, row] as const])),
  );
}

type Stored = Omit<PublishAsk, "insideGrace"> & { insideGrace: number };

function read(row: Stored): PublishAsk {
  const at = (value: number | null) => (value === null ? null : Number(value));
  return {
    ...row,
    insideGrace: Number(row.insideGrace) === 1,
    askedAt: Number(row.askedAt),
    decidedAt: at(row.decidedAt),
  };
}

/** Writes a request down; those before it are void. */
export async function addRequest(
  sql: Sql,
  {
    journeyKey,
    digest,
    insideGrace,
    note,
    by,
    at,
  }: Pick<PublishAsk, "journeyKey" | "digest" | "insideGrace" | "note"> & Stamp,
): Promise<number> {
  await sql.run("UPDATE publish_request SET state = 'void' WHERE journey_key = ? AND state = 'asked'", [
    journeyKey,
  ]);
  const { insertedId } = await sql.run(
    `INSERT INTO publish_request (journey_key, digest, inside_grace, note, state, asked_by, asked_at)
     VALUES (?, ?, ?, ?, 'asked', ?, ?)`,
    [journeyKey, digest, insideGrace ? 1 : 0, note, by, at],
  );
  const after = { request: insertedId, digest, insideGrace, note };
  await recordChange(sql, { at, by, action: "journey.submit", subject: `journey:${journeyKey}`, after });
  return insertedId;
}

/** Who says something, and when (epoch ms). */
interface Stamp {
  by: string;
  at: number;
}

/** What somebody says to a request. */
export interface Decision extends Stamp {
  state: Exclude<RequestState, "asked">;
  answer?: string;
  version?: number;
}

/** Answers a request; false: somebody has, a moment ago. */
export async function decide(sql: Sql, request: PublishAsk, decision: Decision): Promise<boolean> {
  const { state, by, at, answer = null, version = null } = decision;
  const { affected } = await sql.run(
    `UPDATE publish_request SET state = ?, decided_by = ?, decided_at = ?, answer = ?, version = ?
     WHERE id = ? AND state = 'asked'`,
    [state, by, at, answer, version, request.id],
  );
  if (affected === 0) return false;
  const before = { request: request.id, askedBy: request.askedBy, state: request.state };
  const after = { state, ...(answer ? { answer } : {}), ...(version ? { version } : {}) };
  const subject = `journey:${request.journeyKey}`;
  await recordChange(sql, { at, by, action: ACTIONS[state], subject, before, after });
  return true;
}

const ACTIONS: Record<Decision["state"], string> = {
  published: "journey.approve",
  returned: "journey.reject",
  withdrawn: "journey.withdraw",
  void: "journey.void",
};

/** How many people of HQ could approve one another's drafts. */
export async function hqAccounts(sql: Sql): Promise<number> {
  const row = await sql.row<{ n: number }>(
    "SELECT COUNT(*) AS n FROM account WHERE role = 'hq' AND disabled = 0",
  );
  return Number(row?.n ?? 0);
}
