// What a touchpoint's words brought lately: the figures one asks for before trying others beside them.
import type { Store } from "../infra/store.js";
import { addDays, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { sumOwn } from "./queries.js";
import { sharedTree } from "./shared-tree.js";

/** Figures of the last so many days whose replies are in. */
const DAYS = 28;

export interface TouchpointAnswers {
  days: number;
  /** delivered in chats that are observed, and of them answered */
  observed: number;
  replied: number;
}

export interface TouchpointAnswersParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  replyWindowHours: number;
}

/** Of a touchpoint by its journey's key and its own; nothing at all where it never went out. */
export async function touchpointAnswers(
  { store, world, zone, replyWindowHours }: TouchpointAnswersParts,
  journey: string,
  touchpoint: string,
): Promise<TouchpointAnswers> {
  const row = await store.read.row<{ id: number }>(
    `SELECT t.id FROM touchpoint t JOIN journey j ON j.id = t.journey_id
     WHERE j.journey_key = ? AND t.touchpoint_key = ?`,
    [journey, touchpoint],
  );
  const none = { days: DAYS, observed: 0, replied: 0 };
  if (!row) return none;
  const to = shopDayOf(world.now() - replyWindowHours * 3_600_000, zone);
  const span = { from: addDays(to, 1 - DAYS), to };
  const cells = await sumOwn<number>(
    store.read,
    await sharedTree(store.read),
    { kind: "brand" },
    span,
    "touchpoint_id",
  );
  const cell = cells.find(({ unit }) => Number(unit) === row.id);
  return cell ? { days: DAYS, observed: Number(cell.observed), replied: Number(cell.replied) } : none;
}
