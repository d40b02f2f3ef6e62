// Publishing journeys: immutable versions of touchpoints that keep their identity, and what a version does to open tasks.
import type { Sql, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import { Refusal } from "../kernel/refusals.js";
import type { World } from "../kernel/world.js";
import { changesBetween, type JourneyChanges, sayChanges } from "./publish.js";
import { journeyByKey, type StoredJourney } from "./queries.js";
import { digestOf, type JourneySpec, type TouchpointSpec } from "./spec.js";
import { addJourney, addVersion } from "./versions.js";

/** A touchpoint of the version in force until now, and as the new version has it; null: it has it no more. */
export interface FollowedTouchpoint {
  id: number;
  before: TouchpointSpec;
  after: TouchpointSpec | null;
}

/** A version on its way to the open tasks of its journey. */
export interface Publication {
  /** null: only say what it would do */
  version: { id: number; number: number } | null;
  touchpoints: readonly FollowedTouchpoint[];
  today: ShopDay;
  /** epoch ms */
  at: number;
  /** `system`, `account:3` */
  actor: string;
}

/** Open tasks that follow a version, each counted once: cancelled, else moved to another day, else with new words. */
export interface FollowCounts {
  rerendered: number;
  moved: number;
  cancelled: number;
}

/** What publishing does to open tasks, inside the same transaction. Tasks stand to the right of journeys, so wire.ts
 *  gives this (tasks/follow-version.ts). */
export type OnPublish = (sql: Sql, publication: Publication) => Promise<FollowCounts>;

/** What a version does: to open tasks, and how many touchpoints begin with it. */
export interface PublishCounts extends FollowCounts {
  new: number;
}

/** What applying a file would do. */
export interface Preview {
  /** false: the live version says the same */
  differs: boolean;
  /** a version is in force, so publishing another must be confirmed */
  needsYes: boolean;
  /** the number of the version in force; null before the first */
  version: number | null;
  changes: JourneyChanges;
  /** the changes in Chinese */
  lines: string[];
  counts: PublishCounts;
}

export interface Applied {
  published: boolean;
  /** the number of the version now in force */
  version: number | null;
  changes: JourneyChanges;
  /** the changes in Chinese */
  lines: string[];
  counts: PublishCounts;
}

export interface JourneyDeps {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's, such as Asia/Shanghai */
  zone: string;
  onPublish: OnPublish;
}

export interface JourneyService {
  /** What `apply` would do, writing nothing. */
  preview(spec: JourneySpec): Promise<Preview>;
  /**
   * Publishes a journey as its next version; one that says what the live version says publishes nothing. `source` is
   * the file's text, kept for the record; `by` is who did it (`system`, `account:3`). Raises a Refusal (conflict) that
   * tells changes and counts when a version is in force and `yes` is not said.
   */
  apply(spec: JourneySpec, source: string, how: { yes: boolean; by: string }): Promise<Applied>;
}

/** The journeys' service. */
export function journeyService(deps: JourneyDeps): JourneyService {
  const { store, world, zone, onPublish } = deps;
  const follow = (sql: Sql, stored: StoredJourney | undefined, spec: JourneySpec, to: Target) => {
    const at = world.now();
    const touchpoints = followed(stored, spec);
    const { version, by: actor } = to;
    return onPublish(sql, { version, touchpoints, today: shopDayOf(at, zone), at, actor });
  };
  const preview = async (sql: Sql, stored: StoredJourney | undefined, spec: JourneySpec) => {
    const { changes, lines, differs } = compared(stored, spec);
    const counts = await follow(sql, stored, spec, { version: null, by: "system" });
    const version = stored?.version ?? null;
    return {
      ...{ differs, needsYes: differs && version !== null, version: version?.number ?? null },
      ...{ changes, lines, counts: { ...counts, new: newOnes(changes) } },
    };
  };
  return {
    preview: async (spec) => preview(store.read, await journeyByKey(store.read, spec.key), spec),
    apply: (spec, source, { yes, by }) =>
      store.write(async (sql) => {
        const stored = (await journeyByKey(sql, spec.key, true)) ?? (await addJourney(sql, spec));
        const { changes, lines, differs } = compared(stored, spec);
        if (!differs) return unchanged(stored);
        if (stored.version && !yes) throw unconfirmed(spec, await preview(sql, stored, spec));
        const at = world.now();
        const publishing = { source, by, at, today: shopDayOf(at, zone) };
        const version = await addVersion(sql, stored, spec, publishing);
        const counts = await follow(sql, stored, spec, { version, by });
        return {
          ...{ published: true, version: version.number, changes, lines },
          counts: { ...counts, new: newOnes(changes) },
        };
      }),
  };
}

interface Target {
  version: Publication["version"];
  by: string;
}

function compared(stored: StoredJourney | undefined, spec: JourneySpec) {
  const changes = changesBetween(stored?.version ? stored.spec : null, spec);
  return { changes, lines: sayChanges(changes), differs: stored?.version?.digest !== digestOf(spec) };
}

function followed(stored: StoredJourney | undefined, spec: JourneySpec): FollowedTouchpoint[] {
  const after = new Map(spec.touchpoints.map((touchpoint) => [touchpoint.key, touchpoint]));
  return (stored?.touchpoints ?? []).map(({ id, spec: before }) => ({
    ...{ id, before, after: after.get(before.key) ?? null },
  }));
}

function newOnes({ touchpoints }: JourneyChanges): number {
  return touchpoints.filter(({ kind }) => kind === "new").length;
}

function unchanged({ version }: StoredJourney): Applied {
  const counts = { rerendered: 0, moved: 0, cancelled: 0, new: 0 };
  const changes = { renamed: null, touchpoints: [] };
  return { published: false, version: version?.number ?? null, changes, lines: [], counts };
}

/** The counts of a version as one Chinese line. */
export function sayCounts({ rerendered, moved, cancelled, new: begun }: PublishCounts): string {
  return `未下发的任务：换新话术 ${rerendered}，改期 ${moved}，取消 ${cancelled}；新增触点 ${begun}`;
}

function unconfirmed(spec: JourneySpec, { lines, counts }: Preview): Refusal {
  const told = lines.map((line) => `- ${line}`).join("\n");
  return new Refusal(
    "conflict",
    `旅程「${spec.name}」已在运行，这次改动还没有发布。\n${sayCounts(counts)}\n${told}\n确认发布请加 --yes 再执行一次。`,
  );
}
