// Words as a real customer would read them on the day they fall due, before anything is published.
import { setImmediate as turn } from "node:timers/promises";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import { isInSight } from "../customers/sight.js";
import type { Viewer } from "../identity/viewer.js";
import type { Sql, Store } from "../infra/store.js";
import { type Attachment, allowedAttachments } from "../journeys/attachments.js";
import { audienceBasis } from "../journeys/audience-basis.js";
import { type AudienceBasis, audienceCondition, type Condition } from "../journeys/audience-sql.js";
import { calendarDayIn, isDayTrigger, turnOf } from "../journeys/days.js";
import type { DayTrigger, TouchpointSpec } from "../journeys/spec.js";
import { daysFrom } from "../journeys/trigger-data.js";
import { anchorRanges, dueDays } from "../journeys/triggers.js";
import { compileMessage, type WordsContext, wordsFor } from "../journeys/words.js";
import { addDays, type ShopDay, shopDayOf, yearOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { loadNamedDays } from "../org/calendar-queries.js";

import { type AnchorFacts, anchorsOf, ordersOf, peopleOf } from "./facts.js";
import { childrenOf, contextOf } from "./wording.js";

/** What of a touchpoint its preview looks at. */
export type Previewed = Pick<TouchpointSpec, "trigger" | "audience" | "attachments">;

/** A customer words are tried on. */
export interface PreviewCustomer {
  id: number;
  externalUserid: string;
  name: string;
  guideName: string | null;
  storeName: string | null;
  /** the day it is rendered for; null: the customer has no date to count from, and it is rendered for today */
  dueOn: ShopDay | null;
  isInAudience: boolean;
  context: WordsContext;
}

/** Words said to somebody. */
export interface Said {
  /** null: they cannot be said */
  text: string | null;
  /** variables without a value, by name */
  missing: string[];
}

export interface WordPreviewParts {
  store: Store;
  world: Pick<World, "now">;
  zone: string;
  openPhone(cipher: string): string | undefined;
}

export type WordPreviews = ReturnType<typeof wordPreviews>;

/** Previews over one database; nobody is shown whom the viewer may not see. */
export function wordPreviews(parts: WordPreviewParts) {
  const { world, zone } = parts;
  const today = () => shopDayOf(world.now(), zone);
  return {
    today,
    /** A customer as the touchpoint meets them; undefined when there is none in the viewer's sight. */
    customer: (viewer: Viewer, id: number, touchpoint: Previewed) =>
      meet(parts, viewer, id, touchpoint, today()),
    /** The next one, by id, whom the touchpoint would meet; from the beginning when nobody comes after. */
    next: async (viewer: Viewer, after: number, touchpoint: Previewed) =>
      (await nextMet(parts, viewer, after, touchpoint, today())) ??
      (after > 0 ? await nextMet(parts, viewer, 0, touchpoint, today()) : undefined),
  };
}

/** The words with what a context holds. They must have been checked. */
export function sayTo(context: WordsContext, words: string): Said {
  const compiled = compileMessage(words);
  const rendered = compiled.render(wordsFor(context, compiled.variables));
  return "text" in rendered
    ? { text: rendered.text, missing: [] }
    : { text: null, missing: rendered.missing };
}

/** What may go along with the words to these babies on this day. */
export function sentAlong(
  attachments: readonly Attachment[],
  { children, today }: WordsContext,
): Attachment[] {
  return allowedAttachments(
    attachments,
    children.map(({ bornOn }) => bornOn),
    today,
  );
}

async function meet(
  parts: WordPreviewParts,
  viewer: Viewer,
  id: number,
  touchpoint: Previewed,
  today: ShopDay,
): Promise<PreviewCustomer | undefined> {
  const sql = parts.store.read;
  const row = await sql.row<{ id: number; guideId: number | null; bucket: number }>(
    `SELECT c.id, c.guide_id AS guideId, c.bucket FROM customer c WHERE c.id = ? AND ${IS_SOMEBODY}`,
    [id],
  );
  if (!row || !(await isInSight(sql, viewer, row))) return undefined;
  const people = await peopleOf(sql, [{ customerId: id, guideId: row.guideId ?? 0 }]);
  const customer = people.customers.get(id);
  if (!customer) return undefined;
  const anchors = (await anchorsOf(sql, [id])).get(id) ?? [];
  const due = await dueOf(sql, touchpoint, { anchors, bucket: row.bucket, today });
  const task = {
    ...{ customerId: id, guideId: row.guideId ?? 0, childNo: due?.childNo ?? 0 },
    ...{ dueOn: due?.on ?? today, anchorOn: due?.anchorOn ?? today },
  };
  const orders = (await ordersOf(sql, [id], true)).get(id);
  const guide = people.guides.get(row.guideId ?? 0);
  return {
    ...{ id, externalUserid: customer.externalUserid, name: customer.name, dueOn: due?.on ?? null },
    ...{ guideName: guide?.name ?? null, storeName: guide?.storeName ?? null },
    isInAudience: await isIn(sql, id, touchpoint, today),
    context: {
      ...contextOf(parts, task, people, orders, task.dueOn),
      children: childrenOf(task, [], people),
    },
  };
}

interface Due {
  on: ShopDay;
  anchorOn: ShopDay;
  childNo: number;
}

/** When the touchpoint meets a customer next; else when it last would have. */
async function dueOf(
  sql: Sql,
  { trigger }: Previewed,
  { anchors, bucket, today }: { anchors: readonly AnchorFacts[]; bucket: number; today: ShopDay },
): Promise<Due | undefined> {
  const all = isDayTrigger(trigger)
    ? await turnsOf(sql, trigger, bucket, today)
    : anchors
        .filter(({ kind }) => kind === trigger.anchor)
        .flatMap(({ onDate, childNo }) =>
          dueDays(trigger, onDate, "1990-01-01", addDays(today, 3660)).map((on) => ({
            on,
            anchorOn: onDate,
            childNo,
          })),
        );
  const sorted = all.toSorted((a, b) => (a.on < b.on ? -1 : 1));
  return sorted.find(({ on }) => on >= today) ?? sorted.at(-1);
}

async function turnsOf(sql: Sql, trigger: DayTrigger, bucket: number, today: ShopDay): Promise<Due[]> {
  const named = await loadNamedDays(sql);
  const year = yearOf(today);
  return [year - 1, year, year + 1].flatMap((one) => {
    const anchorOn = calendarDayIn(trigger.day, one, named);
    return anchorOn === undefined ? [] : [{ on: turnOf(trigger, anchorOn, bucket), anchorOn, childNo: 0 }];
  });
}

async function isIn(sql: Sql, id: number, { audience }: Previewed, today: ShopDay): Promise<boolean> {
  const { sql: where, params } = audienceCondition(audience, await audienceBasis(sql), today);
  return Boolean(await sql.row(`SELECT c.id FROM customer c WHERE c.id = ? AND ${where}`, [id, ...params]));
}

/** Customers one read looks through: an embedded database answers nobody else meanwhile. */
const SIGHT = 5_000;
/** Longer than this nobody wants to wait for a customer who may not be there, in milliseconds. */
const PATIENCE = 3_000;

async function nextMet(
  parts: WordPreviewParts,
  viewer: Viewer,
  after: number,
  touchpoint: Previewed,
  today: ShopDay,
): Promise<PreviewCustomer | undefined> {
  const { store, world } = parts;
  const basis = await audienceBasis(store.read);
  const last = Number(
    (await store.read.row<{ id: number | null }>("SELECT MAX(id) AS id FROM customer"))?.id ?? 0,
  );
  const until = world.now() + PATIENCE;
  for (let from = after; from < last && world.now() <= until; from += SIGHT) {
    const ids = await metAmong(store.read, touchpoint, {
      basis,
      today,
      from,
      since: datesAhead(touchpoint, today),
    });
    for (const { id } of ids) {
      const met = await meet(parts, viewer, id, touchpoint, today);
      if (met) return met;
    }
    await turn();
  }
  return undefined;
}

/** The earliest date whose day is still to come; null where it comes every year. */
function datesAhead({ trigger }: Previewed, today: ShopDay): ShopDay | null {
  if (isDayTrigger(trigger) || trigger.repeat === "yearly") return null;
  return anchorRanges(trigger, today)[0]?.from ?? addDays(today, -Math.round(daysFrom(trigger.offset)));
}

/** The first few of the next customers whom the touchpoint is for and who have the date it counts from. */
function metAmong(
  sql: Sql,
  { audience, trigger }: Previewed,
  {
    basis,
    today,
    from,
    since,
  }: { basis: AudienceBasis; today: ShopDay; from: number; since: ShopDay | null },
): Promise<{ id: number }[]> {
  const whom: Condition = audienceCondition(audience, basis, today);
  const dated = isDayTrigger(trigger) ? { sql: "1 = 1", params: [] } : datedBy(trigger.anchor, since);
  return sql.rows<{ id: number }>(
    `SELECT c.id FROM customer c WHERE c.id > ? AND c.id <= ? AND c.guide_id IS NOT NULL AND ${IS_SOMEBODY}
       AND ${dated.sql} AND ${whom.sql} ORDER BY c.id LIMIT 5`,
    [from, from + SIGHT, ...dated.params, ...whom.params],
  );
}

function datedBy(kind: string, since: ShopDay | null): Condition {
  return {
    sql: "EXISTS (SELECT 1 FROM anchor a WHERE a.customer_id = c.id AND a.kind = ? AND a.on_date >= ?)",
    params: [kind, since ?? "1900-01-01"],
  };
}
