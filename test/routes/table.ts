// Every route of the whole app: who may, whose things it reaches, and what a write of it leaves behind. One line a route.
// A new route needs a line here; a test fails without it.
import type { Role } from "../../src/identity/viewer.js";
import type { Asked, Place, RouteStage } from "./stage.js";
import { apiLines } from "./table-api.js";
import { consoleLines } from "./table-console.js";
import { customerLines } from "./table-customers.js";
import { operationsLines } from "./table-operations.js";

/** A door that asks for something else than a role. */
export type Door =
  /** no sign-in at all */
  | "anybody"
  /** whoever has signed in */
  | "signed in"
  /** a machine with a key */
  | "key"
  /** what WeCom has signed */
  | "signature";

/** One route. */
export interface RouteLine {
  /** "POST /g/tasks/:id/skip", as its router has it */
  route: string;
  may: readonly Role[] | Door;
  /** What is asked. Left out: the path as it stands. `place` is own, neighbour's or none in turn where `scoped`. */
  ask?(stage: RouteStage, place: Place): Asked | Promise<Asked>;
  /** whose things: asked for own, neighbour's and none; others than HQ must not see the neighbour's */
  scoped?: true;
  /** statuses of a success; 200, 201, 303 and, of a GET, 302 unless said */
  ok?: readonly number[];
  /** statuses where there is no such thing, or it is a neighbour's; 404 unless said */
  missing?: readonly number[];
  /** what a write leaves: a line of the record, the task's own events, or nothing, and then why not */
  leaves?: "audit" | "task_event" | `nothing: ${string}`;
  /** refused without the page's word (the default of what a person writes), or only when another site sends it */
  door?: "csrf" | "ours";
}

/** All of them. */
export function routeTable(): RouteLine[] {
  return [...consoleLines, ...customerLines, ...apiLines, ...operationsLines];
}
