// Audiences asked about: how many customers a rule finds now, what it says in Chinese; the limits between the stages.
import { markEverybody } from "../customers/customer-marks.js";
import { IS_SOMEBODY } from "../customers/known-ids.js";
import { loadLimits, setLimits } from "../customers/limits.js";
import type { StageLimits } from "../customers/stages.js";
import type { Store } from "../infra/store.js";
import { type ShopDay, shopDayOf } from "../kernel/calendar.js";
import type { World } from "../kernel/world.js";
import type { Audience } from "./audience.js";
import { audienceBasis } from "./audience-basis.js";
import { readAudience } from "./audience-schema.js";
import { audienceCondition } from "./audience-sql.js";
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
      const row = await store.read.row<{ customers: number; owned: number }>(
        `SELECT COUNT(*) AS customers, COUNT(c.guide_id) AS owned FROM customer c
         WHERE ${IS_SOMEBODY} AND ${condition.sql}`,
        condition.params,
      );
      const [customers, with_owner] = [Number(row?.customers ?? 0), Number(row?.owned ?? 0)];
      return { on, customers, with_owner, says: sayAudience(audience) };
    },

    /** The limits between the stages as they are. */
    limits: (): Promise<StageLimits> => loadLimits(store.read),

    /** Sets some of the limits; every customer is judged anew. Raises `invalid` with every fault. */
    setLimits: (changes: unknown): Promise<StageLimits> =>
      store.write(async (sql) => {
        await markEverybody(sql);
        return setLimits(sql, changes);
      }),
  };
}
