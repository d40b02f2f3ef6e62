// Who may do what, as one table that can be read.
import { type Action, actions, isAllowed } from "../../src/identity/permissions.js";
import { type Role, roles } from "../../src/identity/viewer.js";

const allowed: Record<Action, Role[]> = {
  see_report: ["hq", "manager", "store_manager"],
  see_experiments: ["hq"],
  see_journeys: ["hq", "manager", "store_manager"],
  edit_journeys: ["hq"],
  see_operations: ["hq"],
  edit_calendar: ["hq"],
  see_customers: ["hq", "manager", "store_manager", "guide"],
  keep_leaves: ["hq", "manager", "store_manager"],
  keep_contacts: ["hq"],
  work_tasks: ["guide"],
};

const cells = actions.flatMap((action) => roles.map((role) => [role, action] as const));

it.each(cells)("%s, %s", (role, action) => {
  expect(isAllowed(role, action)).toBe(allowed[action].includes(role));
});
