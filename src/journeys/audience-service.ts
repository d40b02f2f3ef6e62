// Audiences asked about: how many customers a rule finds now, what it says in Chinese; the limits between the stages.
import { setImmediate as turn } from "node:timers/promises";
import { markEverybody } from "../customers/customer-marks.js";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import { loadLimits, setLimits } from "../customers/limits.js";
import type { StageLimits } from "../customers/stages.js";
import { recordChange } from "../identity/audit.js";
import type { Sql, Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { Audience } from "./audience.js";
import { audienceBasis } from "./audience-basis.js";
import { readAudience } from "./audience-schema.js";
import { audienceCondition, type Condition } from "./audience-sql.js";
import { nameWarnings } from "./name-warnings.js";
import { sayAudience } from "./say-audience.js";

export interface AudienceServiceParts {
  store: Store;
  world: Pick<World, "now">;
  /** the brand's, such as Asia/Shanghai */
  zone: string;
}

/** What a rule finds. */
export interface AudienceCount {
  on: ShopDay;
  customers: number;
  /** of them those somebody can follow up */
  with_owner: number;
  /** the rule in Chinese */
  says: string;
  /** names it uses that nobody has, in Chinese */
  warnings: string[];
}

export type AudienceService = ReturnType<typeof audienceService>;

/** The service over one database. */
export function audienceService({ store, world, zone }: AudienceServiceParts) {
  return {
    /** Counts the customers of a rule given as plain data. Raises `invalid` with every fault of it. */
    count: async (rule: unknown): Promise<AudienceCount> => {
      const audience: Audience = readAudience(rule);
      const on = shopDayOf(world.now(), zone);
      const condition = audienceCondition(audience, await audienceBasis(store.read), on);
      const sum = { customers: 0, with_owner: 0 };
      for (const piece of await customerPieces(store.read)) {
        const row = await store.read.row<{ customers: number; owned: number }>(
          `SELECT COUNT(*) AS customers, COUNT(c.guide_id) AS owned FROM customer c
           WHERE ${piece.sql}${IS_SOMEBODY} AND ${condition.sql}`,
          [...piece.params, ...condition.params],
        );
        sum.customers += Number(row?.customers ?? 0);
        sum.with_owner += Number(row?.owned ?? 0);
        await turn();
      }
      const warnings = await nameWarnings(store.read, audience);
      return { on, ...sum, says: sayAudience(audience), warnings };
    },

    /** The limits between the stages as they are. */
    limits: (): Promise<StageLimits> => loadLimits(store.read),

    /** Sets some of the limits; every customer is judged anew. Raises `invalid` with every fault. */
    setLimits: (changes: unknown, by: string): Promise<StageLimits> =>
      store.write(async (sql) => {
        await markEverybody(sql);
        const before = await loadLimits(sql);
        const after = await setLimits(sql, changes);
        const change = { action: "audience.limits", subject: "setting:stage_limits", before, after };
        await recordChange(sql, { at: world.now(), by, ...change });
        return after;
      }),
  };
}

/** Customers counted by one read of an embedded database, which answers nobody else meanwhile. */
const SIGHT = 20_000;

/** All customers, as conditions to be asked for one after the other. */
export async function customerPieces(sql: Sql): Promise<Condition[]> {
  if (sql.dialect.name !== "sqlite") return [{ sql: "", params: [] }];
  const last = await sql.row<{ id: number | null }>("SELECT MAX(id) AS id FROM customer");
  const pieces = Math.ceil((last?.id ?? 0) / SIGHT);
  return Array.from({ length: pieces }, (_, n) => ({
    sql: "c.id > ? AND c.id <= ? AND ",
    params: [n * SIGHT, (n + 1) * SIGHT],
  }));
}
