// Who may do what, as one table that can be read.
import { type Action, actions, isAllowed } from "../../src/identity/permissions.js";
import { type Role, roles } from "../../src/identity/viewer.js";

const allowed: Record<Action, Role[]> = {
  see_report: ["hq", "manager", "store_manager"],
  see_experiments: ["hq"],
  see_journeys: ["hq", "manager", "store_manager"],
  edit_journeys: ["hq"],
  approve_journeys: ["hq"],
  keep_words: ["hq"],
  see_overview: ["hq"],
  see_team: ["manager", "store_manager"],
  see_operations: ["hq"],
  run_jobs: ["hq"],
  mend_tasks: ["hq"],
  stop_everything: ["hq"],
  edit_calendar: ["hq"],
  see_customers: ["hq", "manager", "store_manager", "guide"],
  correct_customers: ["hq", "manager", "store_manager"],
  keep_customers: ["hq"],
  see_org: ["hq", "manager", "store_manager"],
  let_go: ["hq", "manager"],
  import_data: ["hq"],
  keep_leaves: ["hq", "manager", "store_manager"],
  keep_contacts: ["hq"],
  keep_people: ["hq"],
  see_audit: ["hq"],
  keep_settings: ["hq"],
  work_tasks: ["guide"],
};

const cells = actions.flatMap((action) => roles.map((role) => [role, action] as const));

it.each(cells)("%s, %s", (role, action) => {
  expect(isAllowed(role, action)).toBe(allowed[action].includes(role));
});
