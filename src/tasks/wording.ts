// The words of many tasks: rendered from what is known today; a guide's own edit stands before them.
import { selectIn } from "../infra/batches.js";
import type { Sql } from "../infra/store.js";
import { type Attachment, allowedAttachments } from "../journeys/attachments.js";
import { type WordsContext, wordsFor } from "../journeys/words.js";
import { inVariant, type WordedTouchpoint } from "../journeys/words-cache.js";
import type { ShopDay } from "../kernel/calendar.js";
import { type Part, partsOf } from "./bundles.js";
import { type ChildFacts, childOf, ordersOf, type People, peopleOf } from "./facts.js";
import type { TaskRow } from "./rows.js";
import type { TaskSetup } from "./setup.js";

/** A task with its words. */
export interface Worded {
  task: TaskRow;
  touchpoint: WordedTouchpoint;
  /** what would go out: the guide's edit, else the rendering; null for a follow-up without words, or when one is missing */
  text: string | null;
  /** the rendering, null when a value is missing */
  original: string | null;
  edited: boolean;
  /** variables without a value, by name; empty when the guide wrote the words */
  missing: string[];
  /** what goes with the words to this customer on this day */
  attachments: Attachment[];
}

/** The words of each task on a day, by task id. */
export async function wordTasks(
  setup: Pick<TaskSetup, "touchpoint" | "openPhone">,
  sql: Sql,
  tasks: readonly TaskRow[],
  today: ShopDay,
  known?: People,
): Promise<Map<number, Worded>> {
  const touchpoints = await touchpointsOf(setup, tasks);
  const people = known ?? (await peopleOf(sql, tasks));
  const speakOf = (name: string) =>
    [...touchpoints.values()].some(({ words, variants }) =>
      [words, ...(variants?.values() ?? [])].some((one) => one?.variables.some((v) => v.startsWith(name))),
    );
  const customerIds = tasks.map(({ customerId }) => customerId);
  const orders =
    speakOf("first_order") || speakOf("last_order")
      ? await ordersOf(sql, customerIds, speakOf("last_order.category"))
      : new Map();
  const ids = tasks.map(({ id }) => id);
  const encloses = [...touchpoints.values()].some(({ spec }) => spec.attachments);
  const parts = encloses || speakOf("children") ? await partsOf(sql, ids) : new Map<number, Part[]>();
  const edits = await editsOf(sql, tasks);
  const worded = new Map<number, Worded>();
  for (const task of tasks) {
    const found = touchpoints.get(keyOf(task));
    if (!found) throw new Error(`task ${task.id} has no touchpoint`);
    const touchpoint = inVariant(found, task.variant);
    const context = () => ({
      ...contextOf(setup, task, people, orders.get(task.customerId), today),
      children: childrenOf(task, parts.get(task.id) ?? [], people),
    });
    const attachments = attachmentsOf(touchpoint, () => context().children, today);
    worded.set(task.id, { ...wordOne(task, touchpoint, context, edits.get(task.id)), attachments });
  }
  return worded;
}

/** One task with its words. */
export async function wordTask(
  setup: Pick<TaskSetup, "touchpoint" | "openPhone">,
  sql: Sql,
  task: TaskRow,
  today: ShopDay,
): Promise<Worded> {
  return (await wordTasks(setup, sql, [task], today)).get(task.id) as Worded;
}

/** The touchpoints of tasks, by `keyOf`. */
export async function touchpointsOf(
  setup: Pick<TaskSetup, "touchpoint">,
  tasks: readonly Pick<TaskRow, "versionId" | "touchpointId">[],
): Promise<Map<string, WordedTouchpoint>> {
  const found = new Map<string, WordedTouchpoint>();
  for (const task of tasks)
    if (!found.has(keyOf(task)))
      found.set(keyOf(task), await setup.touchpoint(task.versionId, task.touchpointId));
  return found;
}

/** The same text for the same touchpoint of the same version. */
export function keyOf(task: Pick<TaskRow, "versionId" | "touchpointId">): string {
  return `${task.versionId} ${task.touchpointId}`;
}

function wordOne(
  task: TaskRow,
  touchpoint: WordedTouchpoint,
  context: () => WordsContext,
  edit: string | undefined,
): Omit<Worded, "attachments"> {
  const { words } = touchpoint;
  const rendered = words?.render(wordsFor(context(), words.variables));
  const original = rendered && "text" in rendered ? rendered.text : null;
  const missing = rendered && "missing" in rendered ? rendered.missing : [];
  if (edit !== undefined) return { task, touchpoint, text: edit, original, edited: true, missing: [] };
  return { task, touchpoint, text: original, original, edited: false, missing };
}

/** Attachments as a hand-over keeps them; null for none. */
export function written(attachments: readonly Attachment[]): string | null {
  return attachments.length > 0 ? JSON.stringify(attachments) : null;
}

/** What may go to a customer today by the babies the words speak of. */
function attachmentsOf(
  { spec }: WordedTouchpoint,
  children: () => readonly ChildFacts[],
  today: ShopDay,
): Attachment[] {
  if (!spec.attachments) return [];
  const births = children().map(({ bornOn }) => bornOn);
  return allowedAttachments(spec.attachments, births, today);
}

/** Whether a task cannot go out as it is: it needs words, and a value for them is missing (or they come to nothing). */
export function lacksWords({ touchpoint, text }: Worded): boolean {
  return touchpoint.words !== null && text === null;
}

async function editsOf(sql: Sql, tasks: readonly TaskRow[]): Promise<Map<number, string>> {
  const rows = await selectIn<{ id: number; words: string }>(
    sql,
    "SELECT task_id AS id, words FROM task_edit WHERE task_id IN",
    tasks.map(({ id }) => id),
  );
  return new Map(rows.map(({ id, words }) => [id, words]));
}

/** Whom the words speak of: the task's child with those merged into it, by number; of a task about no child all the
 *  customer has. */
export function childrenOf(
  task: Pick<TaskRow, "customerId" | "childNo">,
  parts: readonly Pick<Part, "childNo">[],
  people: People,
): ChildFacts[] {
  const children = people.children.get(task.customerId) ?? [];
  const numbers = new Set([task.childNo, ...parts.map(({ childNo }) => childNo)]);
  const meant = task.childNo === 0 ? children : children.filter(({ childNo }) => numbers.has(childNo));
  return meant.toSorted((a, b) => a.childNo - b.childNo);
}

/** Their names for a list; null when none is known. */
export function childNamesOf(
  task: Pick<TaskRow, "customerId" | "childNo">,
  parts: readonly Pick<Part, "childNo">[],
  people: People,
): string | null {
  if (parts.length === 0) return childOf(task, people)?.name ?? null;
  const names = childrenOf(task, parts, people).flatMap(({ name }) => name ?? []);
  return names.length > 0 ? names.join("、") : null;
}

/** What words can be filled from for a task, or for one that might be. */
export function contextOf(
  setup: Pick<TaskSetup, "openPhone">,
  task: Pick<TaskRow, "customerId" | "guideId" | "childNo" | "dueOn" | "anchorOn">,
  people: People,
  orders: Pick<WordsContext, "firstOrderOn" | "lastOrder"> | undefined,
  today: ShopDay,
): Omit<WordsContext, "children"> {
  const customer = people.customers.get(task.customerId);
  const guide = people.guides.get(task.guideId);
  const child = childOf(task, people);
  return {
    today,
    dueOn: task.dueOn,
    anchorOn: task.anchorOn,
    customer: {
      name: customer?.name ?? null,
      phone: customer?.phoneCipher ? (setup.openPhone(customer.phoneCipher) ?? null) : null,
      birthday: customer?.birthday ?? null,
      level: customer?.level ?? null,
      brandPreference: customer?.brandPreference ?? null,
    },
    child: child ? { name: child.name, bornOn: child.bornOn, dueOn: child.dueOn } : null,
    guide: { name: guide?.name ?? null },
    store: { name: guide?.storeName ?? null },
    firstOrderOn: orders?.firstOrderOn ?? null,
    lastOrder: orders?.lastOrder ?? null,
  };
}
