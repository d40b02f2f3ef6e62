// What people say that is no command: written down for HQ to read, and answered at length once, then in a line.
import type { Store } from "../infra/store.js";

/** Something said that nobody understood. */
export interface FreeTalk {
  userid: string;
  guideId: number | null;
  /** epoch ms */
  at: number;
  text: string;
}

/** One of them as HQ reads it; `name` is the guide's, or the userid of somebody else. */
export interface FreeTalkLine {
  name: string;
  /** epoch ms */
  at: number;
  text: string;
}

/** Help is not told again for so long. */
const HELP_LASTS = 12 * 3_600_000;
const MOST_CHARACTERS = 250;

/** Keeps what was said; gives whether it is to be answered with all that can be said, or with a line. */
export function keepFreeTalk(
  store: Store,
  { userid, guideId, at, text }: FreeTalk,
): Promise<"help" | "line"> {
  const said = [...text].slice(0, MOST_CHARACTERS).join("");
  return store.write(async (sql) => {
    const helped = await sql.row(
      "SELECT id FROM free_text WHERE userid = ? AND said_at > ? AND helped = 1 LIMIT 1",
      [userid, at - HELP_LASTS],
    );
    await sql.run("INSERT INTO free_text (userid, guide_id, said_at, said, helped) VALUES (?, ?, ?, ?, ?)", [
      ...[userid, guideId, at, said, helped ? 0 : 1],
    ]);
    return helped ? "line" : "help";
  });
}

/** What was said since an instant, the latest first. */
export async function freeTalkSince(
  { read }: Pick<Store, "read">,
  since: number,
  most: number,
): Promise<FreeTalkLine[]> {
  const rows = await read.rows<{ name: string | null; userid: string; at: number; said: string }>(
    `SELECT g.name, f.userid, f.said_at AS at, f.said FROM free_text f LEFT JOIN guide g ON g.id = f.guide_id
     WHERE f.said_at > ? ORDER BY f.said_at DESC, f.id DESC LIMIT ${Math.trunc(most)}`,
    [since],
  );
  return rows.map(({ name, userid, at, said }) => ({ name: name ?? userid, at: Number(at), text: said }));
}

/** Forgets what was said before an instant. */
export async function forgetFreeTalk(store: Store, before: number): Promise<void> {
  await store.write((sql) => sql.run("DELETE FROM free_text WHERE said_at < ?", [before]));
}
