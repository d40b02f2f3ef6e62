// Who may do what: one table of actions and roles. How far they see is the slices' own business.
import type { Role } from "./viewer.js";

const table = {
  /** figures, their chart and their CSV */
  see_report: ["hq", "manager", "store_manager"],
  /** experiments and what touchpoints change, over the whole brand */
  see_experiments: ["hq"],
  /** what is live, and its words */
  see_journeys: ["hq", "manager", "store_manager"],
  /** drafts, publishing, pausing, archiving */
  edit_journeys: ["hq"],
  /** jobs, faults in the data, the state of the house */
  see_operations: ["hq"],
  /** days off, quiet days, named days */
  edit_calendar: ["hq"],
  /** what became of a customer, and will */
  see_customers: ["hq", "manager", "store_manager", "guide"],
  /** who is on leave, and who stands in */
  keep_leaves: ["hq", "manager", "store_manager"],
  /** codes, welcome words, tags in the chat system, hand-overs there */
  keep_contacts: ["hq"],
  /** the list of today and everything done from it */
  work_tasks: ["guide"],
} as const satisfies Record<string, readonly Role[]>;

/** Something a person may be allowed to do. */
export type Action = keyof typeof table;

/** Every action there is. */
export const actions = Object.keys(table) as Action[];

/** Whether a role may do something at all. */
export function isAllowed(role: Role, action: Action): boolean {
  const allowed: readonly Role[] = table[action];
  return allowed.includes(role);
}
