// Publishing journeys: immutable versions of touchpoints that keep their identity, and what a version does to open tasks.
import { type Change, recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import { dayWarnings } from "./day-warnings.js";
import { audienceWarnings } from "./name-warnings.js";
import { changesBetween, type JourneyChanges, sayChanges } from "./publish.js";
import { type FollowCounts, type Preview, type PublishCounts, unconfirmed } from "./publish-counts.js";
import { type JourneyState, journeyByKey, type StoredJourney, touchpointsKnown } from "./queries.js";
import { digestOf, type JourneySpec, type TouchpointSpec } from "./spec.js";
import { changeState, noteEvent } from "./states.js";
import { addJourney, addVersion, type Publishing } from "./versions.js";

/** A touchpoint of the version in force until now, and as the new version has it; null: it has it no more. */
export interface FollowedTouchpoint {
  id: number;
  before: TouchpointSpec;
  after: TouchpointSpec | null;
}

/** A touchpoint that begins with a version, or comes back with it; id 0: it never was there before. */
export interface BegunTouchpoint {
  id: number;
  spec: TouchpointSpec;
}

/** A version on its way to the open tasks of its journey. */
export interface Publication {
  /** null: only say what it would do */
  version: { id: number; number: number } | null;
  touchpoints: readonly FollowedTouchpoint[];
  begun: readonly BegunTouchpoint[];
  /** HQ's choice: new and changed touchpoints also plan what is due inside the grace before today */
  insideGrace: boolean;
  today: ShopDay;
  /** epoch ms */
  at: number;
  /** `system`, `account:3` */
  actor: string;
}

/** What publishing does to open tasks, inside the same transaction. Tasks stand to the right of journeys, so wire.ts
 *  gives this (tasks/follow-version.ts). */
export type OnPublish = (sql: Sql, publication: Publication) => Promise<FollowCounts>;

export interface Applied {
  published: boolean;
  /** the number of the version now in force */
  version: number | null;
  changes: JourneyChanges;
  /** the changes in Chinese */
  lines: string[];
  /** days of the calendar that touchpoints wait for and a year does not have, in Chinese */
  warnings: string[];
  counts: PublishCounts;
}

export interface JourneyDeps {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's, such as Asia/Shanghai */
  zone: string;
  onPublish: OnPublish;
}

/** How a version is published. */
export interface HowToPublish {
  /** said when a version is in force */
  yes: boolean;
  by: string;
  /** new and changed touchpoints also plan what is due inside the grace; left out: from today on */
  insideGrace?: boolean | undefined;
  /** what belongs to publishing, in its transaction: what it raises lets nothing be published */
  also?: ((sql: Sql, version: { id: number; number: number }) => Promise<void>) | undefined;
}

export interface JourneyService {
  /** What `apply` would do, writing nothing. */
  preview(spec: JourneySpec, insideGrace?: boolean): Promise<Preview>;
  /**
   * Publishes a journey as its next version; one that says what the live version says publishes nothing. `source` is
   * the file's text, kept for the record; `by` is who did it (`system`, `account:3`). Raises a Refusal (conflict) that
   * tells changes and counts when a version is in force and `yes` is not said. A paused journey stays paused; an
   * archived one goes on, with touchpoints that begin anew.
   */
  apply(spec: JourneySpec, source: string, how: HowToPublish): Promise<Applied>;
  /** Pauses a journey, lets it go on, or archives it; false: it was so already. Raises `not_found`, `conflict`. */
  setState(key: string, to: JourneyState, by: string): Promise<boolean>;
}

/** The journeys' service. */
export function journeyService(deps: JourneyDeps): JourneyService {
  const { store, world, zone } = deps;
  const preview = (...asked: Asked) => previewOf(deps, ...asked);
  return {
    preview: async (spec, insideGrace = false) =>
      preview(store.read, await journeyByKey(store.read, spec.key), spec, insideGrace),
    apply: async (spec, source, { yes, by, insideGrace = false, also }) => {
      // counted before, for counting takes longer than a transaction may
      const known = await journeyByKey(store.read, spec.key);
      const before = await preview(store.read, known, spec, insideGrace);
      if (before.needsYes && !yes) throw unconfirmed(spec, known?.state, before);
      return store.write(async (sql) => {
        const stored = (await journeyByKey(sql, spec.key, true)) ?? (await addJourney(sql, spec));
        const { changes, lines, differs } = compared(stored, spec);
        const { warnings } = before;
        if (!differs) return { ...unchanged(stored), warnings };
        if (stored.version && !yes)
          throw unconfirmed(spec, stored.state, await preview(sql, stored, spec, insideGrace));
        const at = world.now();
        const to = { by, insideGrace, touchpoints: await followed(sql, stored, spec) };
        const publishing = { source, by, at, today: shopDayOf(at, zone), insideGrace };
        const version = await addVersion(sql, stored, spec, publishing);
        const { newToday, newInsideGrace } = before.counts;
        const counts = {
          ...(await follow(deps, sql, stored, spec, { ...to, version })),
          newToday,
          newInsideGrace,
        };
        if (stored.state === "archived") await noteEvent(sql, stored.id, "published", { at, by });
        await also?.(sql, version);
        const done = { version: version.number, lines, counts: countsOf(counts, changes, insideGrace) };
        await recordChange(sql, published(stored, spec.key, publishing, done));
        return { ...done, published: true, changes, warnings };
      });
    },
    setState: (key, to, by) => store.write((sql) => changeState(sql, key, to, { at: world.now(), by })),
  };
}

/** Of many lines the first are kept: the versions themselves say all. */
const LINES_KEPT = 20;

function published(
  { version, state }: StoredJourney,
  key: string,
  { at, by, insideGrace }: Pick<Publishing, "at" | "by" | "insideGrace">,
  done: Pick<Applied, "version" | "lines" | "counts">,
): Change {
  const { newToday, newInsideGrace, ...counts } = done.counts;
  const after = { version: done.version, changes: done.lines.slice(0, LINES_KEPT), counts, insideGrace };
  const before = version ? { version: version.number, state } : undefined;
  return { at, by, action: "journey.publish", subject: `journey:${key}`, before, after };
}

type Asked = [sql: Sql, stored: StoredJourney | undefined, spec: JourneySpec, insideGrace: boolean];

async function previewOf(deps: JourneyDeps, ...[sql, stored, spec, insideGrace]: Asked): Promise<Preview> {
  const { changes, lines, differs } = compared(stored, spec);
  const counts = await follow(deps, sql, stored, spec, { version: null, by: "system", insideGrace });
  const version = stored?.version ?? null;
  const warnings = [
    ...(await dayWarnings(sql, spec, shopDayOf(deps.world.now(), deps.zone))),
    ...(await audienceWarnings(sql, spec)),
  ];
  return {
    ...{ differs, needsYes: differs && version !== null, version: version?.number ?? null, warnings },
    ...{ changes, lines, counts: countsOf(counts, changes, insideGrace) },
  };
}

interface Target {
  version: Publication["version"];
  by: string;
  insideGrace: boolean;
  /** as they were before the version was written; looked up when left out */
  touchpoints?: Followed;
}

type Followed = Pick<Publication, "touchpoints" | "begun">;

async function follow(
  { world, zone, onPublish }: JourneyDeps,
  sql: Sql,
  stored: StoredJourney | undefined,
  spec: JourneySpec,
  { version, by: actor, insideGrace, touchpoints }: Target,
): Promise<FollowCounts> {
  const at = world.now();
  const followers = touchpoints ?? (await followed(sql, stored, spec));
  return onPublish(sql, { ...followers, version, insideGrace, today: shopDayOf(at, zone), at, actor });
}

function compared(stored: StoredJourney | undefined, spec: JourneySpec) {
  const isInForce = stored?.version && stored.state !== "archived";
  const changes = changesBetween(isInForce ? stored.spec : null, spec);
  return {
    changes,
    lines: sayChanges(changes),
    differs: !isInForce || stored.version?.digest !== digestOf(spec),
  };
}

/** The touchpoints of the version in force with what becomes of them, and those that begin. */
async function followed(sql: Sql, stored: StoredJourney | undefined, spec: JourneySpec): Promise<Followed> {
  const inForce = stored && stored.state !== "archived" ? stored.touchpoints : [];
  const after = new Map(spec.touchpoints.map((touchpoint) => [touchpoint.key, touchpoint]));
  const kept = new Set(inForce.map((one) => one.spec.key));
  const ids = stored ? await touchpointsKnown(sql, stored.id) : new Map<string, number>();
  return {
    touchpoints: inForce.map(({ id, spec: before }) => ({
      id,
      before,
      after: after.get(before.key) ?? null,
    })),
    begun: spec.touchpoints
      .filter(({ key }) => !kept.has(key))
      .map((touchpoint) => ({ id: ids.get(touchpoint.key) ?? 0, spec: touchpoint })),
  };
}

function countsOf(
  counts: FollowCounts,
  { touchpoints }: JourneyChanges,
  insideGrace: boolean,
): PublishCounts {
  return {
    ...counts,
    new: insideGrace ? counts.newInsideGrace : counts.newToday,
    touchpoints: touchpoints.filter(({ kind }) => kind === "new").length,
  };
}

function unchanged({ version }: StoredJourney): Omit<Applied, "warnings"> {
  const none = { rerendered: 0, moved: 0, cancelled: 0, newToday: 0, newInsideGrace: 0 };
  const counts = { ...none, new: 0, touchpoints: 0 };
  const changes = { renamed: null, touchpoints: [] };
  return { published: false, version: version?.number ?? null, changes, lines: [], counts };
}
