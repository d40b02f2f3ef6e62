// What the last check asks about the people of a task besides the customer: the guide, whom they stand in for, siblings.
import { endedPairs, pairOf } from "../customers/contacts.js";
import { declinedTransfers } from "../customers/transfers.js";
import type { Sql } from "../infra/store.js";
import type { ShopDay } from "../kernel/calendar.js";
import { leavesOf } from "../org/leaves.js";
import { partsOf } from "./bundles.js";
import { type AnchorFacts, distinct, type People } from "./facts.js";
import type { SendFacts } from "./recheck.js";
import type { TaskRow } from "./rows.js";

type GuideFacts = Pick<
  SendFacts,
  "guideGone" | "onLeave" | "leaveOver" | "contactEnded" | "siblingsMoved"
> & { declined: boolean };

/** What the caller has read already. */
interface KnownFacts {
  people: Pick<People, "customers" | "guides">;
  anchors: ReadonlyMap<number, readonly AnchorFacts[]>;
  /** whether the task's words, by its version and variant, can speak of siblings */
  speaksOfChildren(task: TaskRow): boolean;
}

/** The facts of these tasks as a question, in a few reads. */
export async function guideFactsOf(
  sql: Sql,
  tasks: readonly TaskRow[],
  { people, anchors, speaksOfChildren }: KnownFacts,
  today: ShopDay,
): Promise<(task: TaskRow) => GuideFacts> {
  const ended = await endedPairs(sql, distinct(tasks.map(({ customerId }) => customerId)));
  const guides = tasks.flatMap(({ guideId, deputyOf }) => [
    guideId,
    ...(deputyOf === null ? [] : [deputyOf]),
  ]);
  const isOnLeave = await leavesOf(sql, distinct(guides));
  const parts = await partsOf(
    sql,
    tasks.filter(({ childNo }) => childNo > 0).map(({ id }) => id),
  );
  const isGone = ({ guideId }: TaskRow) => {
    const guide = people.guides.get(guideId);
    return !guide || (guide.leftOn !== null && guide.leftOn <= today);
  };
  const unclear = tasks.filter(
    (task) => people.customers.get(task.customerId)?.ownerId === null || isGone(task),
  );
  const declined = await declinedTransfers(sql, distinct(unclear.map(({ customerId }) => customerId)));
  return (task) => ({
    guideGone: isGone(task),
    onLeave: isOnLeave(task.guideId, today),
    leaveOver: task.deputyOf !== null && !isOnLeave(task.deputyOf, task.releaseOn),
    contactEnded: ended.has(pairOf(task.customerId, task.guideId)),
    declined: declined.has(task.customerId),
    // a child counts from one date of its own at a time
    siblingsMoved: (parts.get(task.id) ?? []).some(
      ({ childNo, anchorOn }) =>
        !speaksOfChildren(task) ||
        !anchors
          .get(task.customerId)
          ?.some((a) => a.childNo === childNo && a.kind.startsWith("child_") && a.onDate === anchorOn),
    ),
  });
}
