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
  /** saying yes to what somebody else wants to publish */
  approve_journeys: ["hq"],
  /** the library of words, and the claims nobody may make */
  keep_words: ["hq"],
  /** today at a glance, and what needs a decision */
  see_overview: ["hq"],
  /** one's own subtree beside last week and the brand; reminding its guides */
  see_team: ["manager", "store_manager"],
  /** jobs, faults in the data, the state of the house */
  see_operations: ["hq"],
  /** runs of timed jobs at once */
  run_jobs: ["hq"],
  /** failed and stuck tasks: made anew, closed */
  mend_tasks: ["hq"],
  /** the emergency stop, and its end */
  stop_everything: ["hq"],
  /** days off, quiet days, named days */
  edit_calendar: ["hq"],
  /** what became of a customer, and will */
  see_customers: ["hq", "manager", "store_manager", "guide"],
  /** dates of a customer and their children; whether they are followed up */
  correct_customers: ["hq", "manager", "store_manager"],
  /** children, tags and consent of a customer; everything personal taken off them */
  keep_customers: ["hq"],
  /** regions, stores and guides, each within their sight */
  see_org: ["hq", "manager", "store_manager"],
  /** who leaves for good, and who takes their customers */
  let_go: ["hq", "manager"],
  /** files that come in, and taking them back */
  import_data: ["hq"],
  /** who is on leave, and who stands in */
  keep_leaves: ["hq", "manager", "store_manager"],
  /** codes, welcome words, tags in the chat system, hand-overs there */
  keep_contacts: ["hq"],
  /** accounts and what they may see, who changed what, the settings of the house */
  keep_people: ["hq"],
  see_audit: ["hq"],
  keep_settings: ["hq"],
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
