// A journey's own state: paused, going on, archived. Each change is written down with who said so.
import { recordChange } from "../identity/audit.js";
import type { Sql } from "../infra/store.js";
import { Refusal } from "../kernel/refusals.js";
import { JOURNEY_STATE_NAMES } from "./overviews.js";
import type { JourneyState } from "./queries.js";

/** Who changes a journey, and when (epoch ms). `by`: `account:3`, `system`. */
export interface Saying {
  at: number;
  by: string;
}

/** A line of a journey's history. */
export interface JourneyEventLine extends Saying {
  what: "paused" | "resumed" | "archived" | "published";
}

const WHAT: Record<JourneyState, JourneyEventLine["what"]> = {
  live: "resumed",
  paused: "paused",
  archived: "archived",
};

const VERBS: Record<JourneyState, string> = { live: "resume", paused: "pause", archived: "archive" };

/** From which states a journey gets to a state by a word alone; out of the archive it comes only by being published. */
const FROM: Record<JourneyState, readonly JourneyState[]> = {
  live: ["paused"],
  paused: ["live"],
  archived: ["live", "paused"],
};

/**
 * Pauses a journey, lets it go on, or archives it; an archived journey's touchpoints end, and begin anew when it is
 * published again. False: it was so already. Raises `not_found`, and `conflict` for an archived one.
 */
export async function changeState(sql: Sql, key: string, to: JourneyState, saying: Saying): Promise<boolean> {
  const journey = await sql.row<{ id: number; name: string; state: JourneyState }>(
    `SELECT id, name, state FROM journey WHERE journey_key = ?${sql.dialect.forUpdate}`,
    [key],
  );
  if (!journey) throw new Refusal("not_found", `没有旅程 ${key}。`);
  if (journey.state === to) return false;
  if (!FROM[to].includes(journey.state))
    throw new Refusal(
      "conflict",
      `旅程「${journey.name}」${JOURNEY_STATE_NAMES[journey.state]}，重新发布后才能继续使用。`,
    );
  await sql.run("UPDATE journey SET state = ? WHERE id = ?", [to, journey.id]);
  if (to === "archived") await sql.run("UPDATE touchpoint SET live = 0 WHERE journey_id = ?", [journey.id]);
  await noteEvent(sql, journey.id, WHAT[to], saying);
  await recordChange(sql, {
    ...{ ...saying, action: `journey.${VERBS[to]}`, subject: `journey:${key}` },
    ...{ before: { state: journey.state }, after: { state: to } },
  });
  return true;
}

/** Writes down what happened to a journey. */
export async function noteEvent(
  sql: Sql,
  journeyId: number,
  what: JourneyEventLine["what"],
  { at, by }: Saying,
): Promise<void> {
  await sql.run("INSERT INTO journey_event (journey_id, at, actor, what) VALUES (?, ?, ?, ?)", [
    ...[journeyId, at, by, what],
  ]);
}

/** What happened to a journey, newest first; publishing has its own list, the versions. */
export async function eventsOf(sql: Sql, journeyId: number): Promise<JourneyEventLine[]> {
  const rows = await sql.rows<JourneyEventLine>(
    "SELECT at, actor AS `by`, what FROM journey_event WHERE journey_id = ? ORDER BY id DESC",
    [journeyId],
  );
  return rows.map((row) => ({ ...row, at: Number(row.at) }));
}
