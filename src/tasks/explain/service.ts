// Explain: everything that happened and will happen to one customer, touchpoint by touchpoint, each with its reason.
import { isInSight } from "../../customers/sight.js";
import type { Viewer } from "../../identity/viewer.js";
import type { Store } from "../../infra/store.js";
import { type ShopDay, shopDayOf } from "../../kernel/calendar.js";
import { Refusal } from "../../kernel/refusals.js";
import type { World } from "../../kernel/world.js";
import { type ExplainedCustomer, findCustomer } from "./customer.js";
import { entriesOf } from "./entries.js";
import { sentenceOf } from "./sentences.js";
import { inTimeOrder, type TimelineEntry } from "./timeline.js";

/** One line, as command, API and pages give it. */
export interface ExplainedLine {
  touchpoint: string;
  touchpoint_name: string;
  journey: string;
  /** the child's number, 0 for the customer themself */
  child: number;
  child_name: string | null;
  due_on: ShopDay | null;
  /** a state of a task, `to_come` (planned on its day) or `none` (no row, and none will come) */
  state: TimelineEntry["state"];
  reason: TimelineEntry["reason"];
  /** read from today's data, not written down */
  computed: boolean;
  sentence: string;
}

export interface Explained {
  /** external_userid */
  customer: string;
  name: string;
  /** the owner's name */
  guide: string | null;
  /** the day it was read on */
  today: ShopDay;
  /** by due day; what has none stands last */
  timeline: ExplainedLine[];
}

export interface ExplainParts {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's */
  zone: string;
}

/** Who asks for whom. */
export interface ExplainAsk {
  /** external_userid */
  customer: string;
  /** only what is due, was put off to, or went out on this day */
  on?: ShopDay;
}

export type ExplainService = ReturnType<typeof explainService>;

/** The service over one database. It writes nothing. */
export function explainService({ store, world, zone }: ExplainParts) {
  return {
    /** Raises a Refusal `not_found` for a customer there is not, or whom the viewer may not see. */
    explain: async (viewer: Viewer, { customer: asked, on }: ExplainAsk): Promise<Explained> => {
      const sql = store.read;
      const today = shopDayOf(world.now(), zone);
      const customer = await findCustomer(sql, asked);
      if (!(await isInSight(sql, viewer, customer))) throw new Refusal("not_found", "没有这位客户。");
      const lines = await entriesOf(sql, customer, today);
      const kept = on === undefined ? lines : lines.filter((line) => concerns(line, on, zone));
      return {
        ...{ customer: customer.externalUserid, name: customer.name, guide: customer.guideName, today },
        timeline: inTimeOrder(kept).map((line) => explained(line, customer, { today, zone })),
      };
    },
  };
}

function concerns({ dueOn, task }: TimelineEntry, on: ShopDay, zone: string): boolean {
  if (dueOn === null || dueOn === on) return true;
  return (
    task !== null && (task.releaseOn === on || (task.sentAt ? shopDayOf(task.sentAt, zone) === on : false))
  );
}

function explained(
  line: TimelineEntry,
  { children }: ExplainedCustomer,
  telling: { today: ShopDay; zone: string },
): ExplainedLine {
  const { touchpoint, childNo, dueOn, state, reason, computed } = line;
  return {
    ...{ touchpoint: touchpoint.key, touchpoint_name: touchpoint.name, journey: touchpoint.journeyName },
    ...{ child: childNo, child_name: children.get(childNo) ?? null, due_on: dueOn, state, reason, computed },
    sentence: sentenceOf(line, { ...telling, children }),
  };
}
