// The emergency stop as a fact: whether it is on, since when, by whom. What it does to tasks stands in halt.ts.
import type { Sql } from "../infra/store.js";

/** Who pulled the emergency stop, when (epoch ms) and, where they said so, why. */
export interface Stopped {
  at: number;
  by: string;
  reason?: string;
}

const NAME = "stopped";

/** The emergency stop in force; null when work may go on. Release, offers and sending ask before each piece of work. */
export async function stoppedSince(sql: Sql): Promise<Stopped | null> {
  const row = await sql.row<{ value: string }>("SELECT value FROM setting WHERE name = ?", [NAME]);
  return row ? (JSON.parse(row.value) as Stopped) : null;
}

/** Pulls the stop; a second pull keeps the first and gives false. */
export async function pullStop(sql: Sql, stopped: Stopped): Promise<boolean> {
  const put = `${sql.dialect.insertIgnore} INTO setting (name, value) VALUES (?, ?)`;
  return (await sql.run(put, [NAME, JSON.stringify(stopped)])).affected === 1;
}

/** Lets work go on. */
export async function releaseStop(sql: Sql): Promise<void> {
  await sql.run("DELETE FROM setting WHERE name = ?", [NAME]);
}
